import { describe, expect, test } from "vitest";
import { unixMillis } from "../../instant.ts";
import { DEFAULT_ADHERENCE_SETTINGS, deriveAdherence, deriveLiveAdherence } from "./derive-adherence.ts";
import { deriveAgent } from "./derive-agent.ts";
import { AgentScript, at } from "./fixtures/agent-script.ts";
import { clock } from "./fixtures/summaries.ts";
import type { Adherence, AdherenceSettings, AdherenceShift } from "./types/adherence.ts";

const MINUTE = 60_000;

function shift(from: string, to: string, fields: Partial<AdherenceShift> = {}): AdherenceShift {
  return {
    activity_name: "Work",
    is_productive: true,
    statuses: [],
    start_time: at(from),
    end_time: at(to),
    start_early_ms: 0,
    start_late_ms: 0,
    end_early_ms: 0,
    end_late_ms: 0,
    ...fields,
  };
}

/** Statuses from clocks on, with heartbeats in between. */
function dayOf(...statuses: readonly (readonly [string, string])[]): AgentScript {
  const script = new AgentScript();
  for (const [start, name] of statuses) {
    const until = new Date(at(start) - 1).toISOString().slice(11, 23);
    if (script.bodies().length > 0) script.beatsUntil(until);
    script.at(start).status(name);
  }
  return script;
}

const lunchDay = (script: AgentScript, to: string) =>
  deriveAgent(script.beatsUntil(to).rows(), { from: at("00:00"), to: at(to) }).activity;

function judge(
  script: AgentScript,
  shifts: readonly AdherenceShift[],
  settings: Partial<AdherenceSettings> = {},
  to = "12:00",
): Adherence {
  return deriveAdherence({
    agentId: "ana",
    activity: lunchDay(script, to),
    shifts,
    from: at("07:00"),
    to: at(to),
    settings: { ...DEFAULT_ADHERENCE_SETTINGS, ...settings },
  });
}

const minutes = (sums: Adherence) =>
  [sums.adherent_ms, sums.threshold_ms, sums.non_adherent_ms, sums.scheduled_ms].map((value) => value / MINUTE);

describe("Amazon's examples", () => {
  const agentA = () => dayOf(["07:30", "Available"], ["10:30", "Break"]);

  test("agent A, who worked before the shift and left for a break at half past ten, is 83 % adherent", () => {
    const sums = judge(agentA(), [shift("08:00", "11:00")], { formula: "2023" });
    expect(minutes(sums)).toEqual([150, 0, 30, 180]);
    expect(sums.adherence).toBeCloseTo(0.83, 2);
    expect(judge(agentA(), [shift("08:00", "11:00")]).adherence).toBe(sums.adherence);
  });

  const agentB = () => dayOf(["09:00", "Available"], ["10:45", "Break"]);
  const breakShift = (fields: Partial<AdherenceShift>) =>
    shift("10:30", "11:00", { activity_name: "Break", is_productive: false, ...fields });
  const meeting = (fields: Partial<AdherenceShift>) =>
    shift("11:00", "12:00", { activity_name: "Team Meeting", is_productive: false, ...fields });

  test("agent B, who forgot to leave Break, is 92 % adherent by the rule of 2023, any custom status", () => {
    const sums = judge(agentB(), [shift("09:00", "10:30"), breakShift({}), meeting({})], { formula: "2023" });
    expect(minutes(sums)).toEqual([165, 0, 15, 180]);
    expect(sums.adherence).toBeCloseTo(0.92, 2);
  });

  test("and 58 % by the custom method of 2026, each activity mapped to its status", () => {
    const shifts = [
      shift("09:00", "10:30", { statuses: ["Available"] }),
      breakShift({ statuses: ["Break"] }),
      meeting({ statuses: ["Team Meeting"] }),
    ];
    const sums = judge(agentB(), shifts);
    expect(minutes(sums)).toEqual([105, 0, 75, 180]);
    expect(sums.adherence).toBeCloseTo(0.58, 2);
  });

  test("agent C, three minutes late for a break that may start five minutes late, uses the threshold", () => {
    const shifts = [
      shift("09:00", "10:00"),
      breakShift({
        start_time: at("10:00"),
        end_time: at("10:30"),
        start_early_ms: 5 * MINUTE,
        start_late_ms: 5 * MINUTE,
      }),
    ];
    const sums = judge(dayOf(["09:00", "Available"], ["10:03", "Break"], ["10:30", "Available"]), shifts);
    expect(minutes(sums)).toEqual([87, 3, 0, 90]);
    expect(sums.adherence).toBe(1);
    expect(sums.stretches.map((row) => [clock(row.start_time), row.adherence, row.activity_name])).toEqual([
      ["09:00:00", "adherent", "Work"],
      ["10:00:00", "using_thresholds", "Break"],
      ["10:03:00", "adherent", "Break"],
    ]);
  });
});

describe("the formulas of 2023 and 2026", () => {
  const tolerant = shift("09:00", "10:00", { start_early_ms: 5 * MINUTE, end_late_ms: 10 * MINUTE });

  test("differ where thresholds count adherent time outside the shift", () => {
    const script = () => dayOf(["08:50", "Available"], ["09:30", "Break"], ["09:40", "Available"], ["10:05", "Break"]);
    const sums = judge(script(), [tolerant]);
    expect(minutes(sums)).toEqual([50, 10, 10, 60]);
    expect(sums.threshold_outside_ms).toBe(10 * MINUTE);
    expect(sums.adherence).toBeCloseTo(60 / 70);
    expect(judge(script(), [tolerant], { formula: "2023" }).adherence).toBeCloseTo(50 / 60);
  });

  test("Offline during a non-productive activity is adherent or not, by the setting", () => {
    const shifts = [shift("09:00", "10:00", { is_productive: false, activity_name: "Lunch" })];
    const script = () => dayOf(["09:00", "Offline"]);
    expect(judge(script(), shifts).adherence).toBe(1);
    expect(judge(script(), shifts, { offline_is_non_productive: false }).adherence).toBe(0);
  });

  test("Offline during a productive activity is not adherent", () => {
    expect(judge(dayOf(["09:00", "Offline"]), [shift("09:00", "10:00")]).adherence).toBe(0);
  });

  test("an edited plan is derived again, up to any day back", () => {
    const script = () => dayOf(["09:00", "Training"], ["10:00", "Available"]);
    const work = shift("09:00", "11:00");
    const edited = [
      shift("09:00", "10:00", { is_productive: false, activity_name: "Training" }),
      shift("10:00", "11:00"),
    ];
    expect([judge(script(), [work]).adherence, judge(script(), edited).adherence]).toEqual([0.5, 1]);
  });

  test("without a plan, or with nothing known of it, there is no adherence", () => {
    expect(judge(dayOf(["09:00", "Available"]), []).adherence).toBeNull();
    const before = judge(dayOf(["11:00", "Available"]), [shift("09:00", "10:00")]);
    expect([before.adherence, before.unknown_ms]).toEqual([null, 60 * MINUTE]);
  });

  test("a gap is neither adherent nor not", () => {
    const script = new AgentScript().at("09:00").status("Available").at("09:20").status("Available");
    const sums = judge(script, [shift("09:00", "10:00")]);
    expect([sums.unknown_ms / MINUTE, sums.adherent_ms / MINUTE, sums.adherence]).toEqual([20, 40, 1]);
  });

  test("contacts do not count: on a call past the start of lunch the agent is not adherent", () => {
    const script = new AgentScript().at("09:00").status("Available");
    script.at("09:01").contacts({ ContactId: "c-1", State: "CONNECTED" }).beatsUntil("10:00");
    const lunch = shift("09:30", "10:00", { is_productive: false, activity_name: "Lunch" });
    expect(judge(script, [lunch], {}, "10:00").non_adherent_ms).toBe(30 * MINUTE);
  });
});

describe("live", () => {
  const lunch = shift("12:00", "12:30", { is_productive: false, activity_name: "Lunch", start_late_ms: 5 * MINUTE });
  const liveAt = (time: string, shifts: readonly AdherenceShift[]) =>
    deriveLiveAdherence({
      status: {
        start_time: at("11:00"),
        end_time: at(time),
        activity: "idle",
        status_name: "Available",
        status_type: "ROUTABLE",
        is_unknown: false,
        record_ids: [],
      },
      shifts,
      settings: DEFAULT_ADHERENCE_SETTINGS,
    });

  test("out of adherence since the threshold ran out", () => {
    const shifts = [shift("09:00", "12:00"), lunch];
    expect(liveAt("11:30", shifts)).toMatchObject({
      adherence: "adherent",
      since_time: at("11:00"),
      activity_name: "Work",
    });
    expect(liveAt("12:02", shifts)).toMatchObject({ adherence: "using_thresholds", since_time: at("12:00") });
    expect(liveAt("12:05", shifts)).toMatchObject({
      adherence: "non_adherent",
      since_time: at("12:05"),
      activity_name: "Lunch",
      is_productive: false,
    });
    expect(liveAt("12:40", shifts)).toMatchObject({ adherence: "unscheduled", since_time: unixMillis(at("12:30")) });
  });
});
