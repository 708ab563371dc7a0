import { describe, expect, test } from "vitest";
import { unixMillis } from "../../instant.ts";
import { deriveAgent } from "./derive-agent.ts";
import { deriveIntervals } from "./derive-intervals.ts";
import { AgentScript, at, type ScriptContact } from "./fixtures/agent-script.ts";
import { clock } from "./fixtures/summaries.ts";
import { deriveMetrics, joinIntervals } from "./agent-metrics.ts";
import { sumIntervals } from "./interval-sums.ts";
import { localBoundaries, utcOffset } from "./local-intervals.ts";
import { DEFAULT_METRIC_SETTINGS } from "./metric-settings.ts";
import { zoneOffset } from "./time-zone.ts";
import type { AgentMetricSettings } from "./types/agent-metric-settings.ts";

const QUARTER = 900_000;
const HOUR = 3_600_000;
const DAY = 86_400_000;

function atWork(): AgentScript {
  return new AgentScript().at("09:00").login().at("09:00").status("Available");
}

const call = (State: string, fields: Partial<ScriptContact> = {}): ScriptContact => ({
  ContactId: "c-1",
  State,
  ...fields,
});

function intervalsOf(script: AgentScript, to: string, from = "09:00") {
  const derived = deriveAgent(script.rows(), { from: at(from), to: at(to) });
  return deriveIntervals(derived, localBoundaries({ from: at(from), to: at(to) }, QUARTER, utcOffset));
}

function metricsOf(script: AgentScript, to: string, settings: Partial<AgentMetricSettings> = {}) {
  return deriveMetrics({
    intervals: intervalsOf(script, to),
    from: at("09:00"),
    to: at(to),
    settings: { ...DEFAULT_METRIC_SETTINGS, ...settings },
  }).figures;
}

describe("intervals", () => {
  test("a status across midnight and across quarters of an hour is split at each, without any event there", () => {
    const script = new AgentScript()
      .at("23:40")
      .status("Available")
      .beatsUntil("+1 00:20")
      .at("+1 00:20")
      .status("Lunch");
    const derived = deriveAgent(script.rows(), { from: at("23:00"), to: at("+1 00:21") });
    const boundaries = localBoundaries({ from: at("23:00"), to: at("+1 00:21") }, QUARTER, utcOffset);
    expect(
      deriveIntervals(derived, boundaries).map((row) => [clock(row.start_time), row.idle_ms, row.non_productive_ms]),
    ).toEqual([
      ["23:30:00", 300_000, 0],
      ["23:45:00", 900_000, 0],
      ["00:00:00", 900_000, 0],
      ["00:15:00", 300_000, 60_000],
    ]);
    const days = deriveIntervals(derived, localBoundaries({ from: at("23:00"), to: at("+1 00:21") }, DAY, utcOffset));
    expect(days.map((row) => [row.idle_ms, row.non_productive])).toEqual([
      [1_200_000, []],
      [1_200_000, [{ status_name: "Lunch", duration_ms: 60_000 }]],
    ]);
  });

  test("two chats at once: contact time and after-contact work are unions, contact times are sums", () => {
    const chat = (ContactId: string, State: string, since: string) => ({
      ContactId,
      State,
      since,
      Channel: "CHAT",
      connected: since,
    });
    const script = atWork()
      .at("09:01")
      .contacts(chat("a", "CONNECTED", "09:01"), chat("b", "CONNECTED", "09:01"));
    script.at("09:02").contacts(chat("a", "ENDED", "09:02"), chat("b", "CONNECTED", "09:01"));
    script
      .at("09:03")
      .contacts(chat("a", "ENDED", "09:02"), chat("b", "ENDED", "09:03"))
      .at("09:04")
      .contacts();
    expect(intervalsOf(script, "09:05")).toMatchObject([
      {
        contact_ms: 180_000,
        idle_ms: 120_000,
        interaction_ms: 180_000,
        after_contact_work_ms: 120_000,
        contact_after_contact_work_ms: 180_000,
        after_contact_work_count: 2,
        after_contact_work_ended_ms: 180_000,
        handled_count: 2,
      },
    ]);
  });

  test("holds, offers and answers", () => {
    const script = atWork().at("09:01").contacts(call("CONNECTING")).at("09:01:05").contacts(call("CONNECTED"));
    script.at("09:02").contacts(call("CONNECTED_ONHOLD", { since: "09:01:05" }));
    script
      .at("09:02:30")
      .contacts(call("CONNECTED", { since: "09:01:05" }))
      .at("09:03")
      .contacts();
    script.at("09:04").contacts(call("CONNECTING")).at("09:04:20").contacts(call("MISSED")).at("09:04:30").contacts();
    expect(intervalsOf(script, "09:05")).toMatchObject([
      {
        hold_count: 1,
        hold_ms: 30_000,
        interaction_ms: 85_000,
        incoming_connecting_ms: 25_000,
        handled_count: 1,
        offer_count: 2,
        answered_count: 1,
        missed_count: 1,
        connecting_ms: 25_000,
        error_ms: 10_000,
      },
    ]);
  });

  test("a session presumed over counts neither as logged in nor as after-contact work, although nothing took them away", () => {
    const script = atWork()
      .at("09:01")
      .contacts(call("ENDED", { connected: "09:00:30" }))
      .beatsUntil("10:01");
    const span = { from: at("09:00"), to: at("20:00") };
    const derived = deriveAgent(script.rows(), span);
    const [whole] = deriveIntervals(derived, localBoundaries(span, DAY, utcOffset));
    expect(whole).toMatchObject({
      logged_in_ms: 61 * 60_000,
      contact_after_contact_work_ms: 60 * 60_000,
      after_contact_work_ms: 60 * 60_000,
      presumed_offline_ms: 10 * HOUR - 61 * 60_000 + HOUR,
    });
  });

  test("quarters join into the hours of a zone 30 minutes off", () => {
    const offset = zoneOffset("Asia/Kolkata");
    const script = atWork().beatsUntil("11:00");
    const span = { from: at("09:00"), to: at("11:00") };
    const quarters = deriveIntervals(deriveAgent(script.rows(), span), localBoundaries(span, QUARTER, offset));
    const hours = joinIntervals(quarters, localBoundaries(span, HOUR, offset));
    expect(hours.map((row) => [clock(row.start_time), row.idle_ms])).toEqual([
      ["08:30:00", 1_800_000],
      ["09:30:00", 3_600_000],
      ["10:30:00", 1_800_000],
    ]);
    expect(sumIntervals(hours)).toEqual(sumIntervals(quarters));
  });
});

describe("the clock of a zone", () => {
  const span = (from: string, to: string) => ({ from: unixMillis(Date.parse(from)), to: unixMillis(Date.parse(to)) });
  const days = (zone: string, from: string, to: string) =>
    localBoundaries(span(from, to), DAY, zoneOffset(zone)).map((time) => new Date(time).toISOString());

  test("days are 25 and 23 hours where the clock changes", () => {
    expect(days("Europe/Berlin", "2026-10-24T22:00:00Z", "2026-10-26T00:00:00Z")).toEqual([
      "2026-10-24T22:00:00.000Z",
      "2026-10-25T23:00:00.000Z",
      "2026-10-26T23:00:00.000Z",
    ]);
    expect(days("Europe/Berlin", "2026-03-28T23:00:00Z", "2026-03-29T23:00:00Z")).toEqual([
      "2026-03-28T23:00:00.000Z",
      "2026-03-29T22:00:00.000Z",
      "2026-03-30T22:00:00.000Z",
    ]);
  });

  test("a clock set back at midnight does not begin the day twice", () => {
    // Cuba sets its clock back from 01:00 to 00:00
    expect(days("America/Havana", "2026-10-31T12:00:00Z", "2026-11-02T00:00:00Z")).toEqual([
      "2026-10-31T04:00:00.000Z",
      "2026-11-01T04:00:00.000Z",
      "2026-11-02T05:00:00.000Z",
    ]);
  });

  test("the hour that comes twice is two intervals", () => {
    const hours = localBoundaries(
      span("2026-10-25T00:00:00Z", "2026-10-25T02:00:00Z"),
      HOUR,
      zoneOffset("Europe/Berlin"),
    );
    expect(hours.map((time) => new Date(time).toISOString().slice(11, 16))).toEqual(["00:00", "01:00", "02:00"]);
  });

  test("Kathmandu's hours begin a quarter past", () => {
    const [first] = localBoundaries(
      span("2026-11-20T09:00:00Z", "2026-11-20T10:00:00Z"),
      HOUR,
      zoneOffset("Asia/Kathmandu"),
    );
    expect(new Date(first ?? 0).toISOString()).toBe("2026-11-20T08:15:00.000Z");
  });

  test("an unknown zone is named in the error", () => {
    expect(() => zoneOffset("Mars/Olympus")).toThrow('time zone not known: "Mars/Olympus"');
  });
});

describe("metrics", () => {
  /** Ten minutes: 1 ringing, 3 connected, 1 after-contact work, 2 lunch, 3 available. */
  const script = atWork().at("09:01").contacts(call("CONNECTING")).at("09:02").contacts(call("CONNECTED"));
  script
    .at("09:05")
    .contacts(call("ENDED", { connected: "09:02" }))
    .at("09:06")
    .contacts()
    .at("09:07")
    .status("Lunch");
  script.at("09:09").status("Available");

  test("occupancy follows the edition of 2026: idle includes the time of offers", () => {
    const figures = metricsOf(script, "09:10");
    expect(figures.contact_time.value).toBe(240_000);
    expect(figures.idle_time.value).toBe(240_000);
    expect(figures.occupancy).toMatchObject({ value: 0.5, unit: "ratio", formula: "occupancy" });
    expect(figures.concurrency.unit).toBe("average");
    expect(figures.online_time.value).toBe(600_000);
    expect(figures.non_productive_share.value).toBe(0.2);
  });

  test("by the edition of 2023 it does not", () => {
    const figures = metricsOf(script, "09:10", { idle_includes_offer_time: false });
    expect(figures.idle_time.value).toBe(180_000);
    expect(figures.occupancy.value).toBeCloseTo(4 / 7);
    expect(figures.idle_time.how).toBe("time in activity idle, error");
  });

  test("handle time includes or leaves out what was in a custom status, by the setting", () => {
    const busy = atWork()
      .at("09:01")
      .status("Break")
      .at("09:02")
      .contacts(call("CONNECTED", { InitiationMethod: "OUTBOUND" }));
    busy.at("09:04").contacts();
    expect(metricsOf(busy, "09:05").handle_time.value).toBe(120_000);
    expect(metricsOf(busy, "09:05", { handle_time_excludes_custom_status: true }).handle_time.value).toBe(0);
    expect(metricsOf(busy, "09:05").contact_time.value).toBe(0);
  });

  test("percentages and averages over nothing are null, not 0", () => {
    const offline = new AgentScript().at("09:00").login().at("09:00:01").status("Offline").at("09:01").logout();
    const figures = metricsOf(offline, "09:10");
    expect([
      figures.occupancy.value,
      figures.contact_share.value,
      figures.idle_share.value,
      figures.non_productive_share.value,
      figures.average_handle_time.value,
      figures.average_after_contact_work_time.value,
      figures.answer_rate.value,
      figures.concurrency.value,
    ]).toEqual(Array.from({ length: 8 }, () => null));
    expect(figures.online_time.value).toBe(0);
  });

  test("every figure names its rows", () => {
    const figures = Object.values(metricsOf(script, "09:10"));
    expect(figures.filter((figure) => figure.rows.length === 0 || figure.how === "")).toEqual([]);
    expect(metricsOf(script, "09:10").occupancy.rows[0]).toEqual({
      table: "agent_activity",
      where: { activity: ["contact"] },
      agent_ids: ["ana"],
      from_time: at("09:00"),
      to_time: at("09:10"),
    });
  });

  test("what lies in a gap is unknown and in no other figure", () => {
    const lost = atWork()
      .at("09:01")
      .contacts(call("CONNECTED"))
      .lose()
      .at("09:04")
      .contacts()
      .at("09:05")
      .status("Lunch");
    expect(intervalsOf(lost, "09:06")).toMatchObject([
      { unknown_ms: 240_000, idle_ms: 60_000, non_productive_ms: 60_000, contact_ms: 0, interaction_ms: 0 },
    ]);
  });
});
