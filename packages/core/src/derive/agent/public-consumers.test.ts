import { describe, expect, test } from "vitest";
import { newestRecords } from "./contact-metrics.ts";
import { deriveAgent } from "./derive-agent.ts";
import { deriveIntervals } from "./derive-intervals.ts";
import { AgentScript, at, decodeEvent, type ScriptContact } from "./fixtures/agent-script.ts";
import { activityLines, sessionLines } from "./fixtures/summaries.ts";
import { localBoundaries, utcOffset } from "./local-intervals.ts";
import type { AgentEventRow } from "./types/agent-event-row.ts";
import type { ContactRecordRow } from "./types/contact-record-row.ts";

// What programs in the open that read the same streams get wrong. Each test computes the figure their way too, and shows
// that it differs from the right one: a test that both would pass proves nothing.

const day = { from: at("00:00"), to: at("09:10") };

function atWork(): AgentScript {
  return new AgentScript().at("09:00").login().at("09:00:02").status("Available");
}

const chat = (ContactId: string, State: string, since: string): ScriptContact => ({
  ContactId,
  State,
  since,
  Channel: "CHAT",
  connected: "09:01",
});

interface LooseContact {
  readonly contact_id: string;
  readonly state: string;
}

const contactsOf = (row: AgentEventRow | undefined): LooseContact[] => JSON.parse(row?.contacts ?? "[]");

describe("defects of public consumers", () => {
  test("only the first contact is read (Aspect quickstart, Slack counter)", () => {
    const script = atWork()
      .at("09:01")
      .contacts(chat("a", "ENDED", "09:01"), chat("b", "CONNECTED", "09:01"));
    const rows = script.rows();
    expect(contactsOf(rows.at(-1))[0]?.state).toBe("ENDED");
    expect(deriveAgent(rows, { ...day, to: at("09:02") }).state.activity).toBe("on_contact");
  });

  test("a LOGIN's null snapshot is dereferenced (Aspect quickstart, Salesforce, SNS notifier)", () => {
    const [login] = atWork().rows();
    expect(login?.has_current_snapshot).toBe(false);
    if (login === undefined) throw new Error("no login");
    expect(sessionLines(deriveAgent([login], { ...day, to: at("09:00:01") }).login_sessions)).toEqual([
      "09:00:00-... open",
    ]);
  });

  test("an event older than the last one is dropped (Aspect quickstart)", () => {
    const rows = atWork().at("09:01").status("Break").at("09:02").status("Available").rows();
    const [login, available, onBreak, back] = rows;
    if (!login || !available || !onBreak || !back) throw new Error("four events");
    const arrived = [login, available, back, onBreak];
    const theirs = arrived.filter(
      (row, index) => row.event_time >= Math.max(...arrived.slice(0, index).map((old) => old.event_time), 0),
    );
    expect(theirs).not.toContain(onBreak);
    expect(deriveAgent(arrived, day).activity).toEqual(deriveAgent(rows, day).activity);
    expect(activityLines(deriveAgent(arrived, day).activity)).toContain("09:01:00-09:02:00 non_productive (Break)");
  });

  test("a value with a comma and no quote is lost in CSV (Aspect quickstart): names are kept whole here", () => {
    const rows = atWork().at("09:01").status("Lunch, late").rows();
    expect("Lunch, late".split(",")).toHaveLength(2);
    expect(deriveAgent(rows, day).state.status_name).toBe("Lunch, late");
  });

  test("only the first record of a batch is read (Slack counter)", () => {
    const rows = atWork().at("09:01").status("Break").rows();
    expect(rows[0]?.status_name).toBeNull();
    expect(deriveAgent(rows, { ...day, to: at("09:02") }).state.status_name).toBe("Break");
  });

  test("ENDED is shown as a status (Slack counter)", () => {
    const script = atWork()
      .at("09:01")
      .contacts(chat("a", "ENDED", "09:01"));
    const { state } = deriveAgent(script.rows(), { ...day, to: at("09:02") });
    expect([state.status_name, state.activity]).toEqual(["Available", "after_contact_work"]);
  });

  test("names are decoded as ASCII (Slack counter)", () => {
    const script = new AgentScript({ username: "jörg.ñúñez" }).at("09:00").login().at("09:00:02").status("Pausa café");
    const { state } = deriveAgent(script.rows(), { ...day, to: at("09:01") });
    expect([state.agent_username, state.status_name]).toEqual(["jörg.ñúñez", "Pausa café"]);
  });

  test("the time of ingestion stands in for the event's, and a duration is invented (Timestream loader)", () => {
    const script = atWork().at("09:01").status("Break").at("09:04").status("Available");
    const observed = at("12:00");
    const { activity } = deriveAgent(script.rows(), day);
    expect(activity.every((row) => row.start_time < observed && row.end_time <= day.to)).toBe(true);
    expect(activity.find((row) => row.status_name === "Break")?.duration_ms).toBe(180_000);
  });

  test("the last voice contact overrides the status (PHP board)", () => {
    const call: ScriptContact = {
      ContactId: "c-1",
      State: "CONNECTED",
      InitiationMethod: "OUTBOUND",
      connected: "09:02",
    };
    const script = atWork().at("09:01").status("Break").at("09:02").contacts(call);
    const { state, activity } = deriveAgent(script.rows(), { ...day, to: at("09:03") });
    expect([state.status_name, state.activity]).toEqual(["Break", "on_contact"]);
    expect(activityLines(activity).at(-1)).toBe("09:02:00-09:03:00 non_productive (Break) c-1 on contact");
  });

  test("every record counts as news, heartbeats too (SNS notifier)", () => {
    const rows = atWork().at("09:01").status("Break").beatsUntil("09:09").rows();
    const theirs = rows.filter((row) => row.status_name === "Break").length;
    expect(theirs).toBeGreaterThan(1);
    expect(deriveAgent(rows, day).activity.filter((row) => row.status_name === "Break")).toHaveLength(1);
  });

  test("handle time leaves out after-contact work (arena ingest)", () => {
    const script = atWork()
      .at("09:01")
      .contacts(chat("a", "CONNECTED", "09:01"));
    const rows = script
      .at("09:03")
      .contacts(chat("a", "ENDED", "09:03"))
      .at("09:04")
      .contacts()
      .rows();
    const theirs = at("09:03") - at("09:01");
    const [interval] = deriveIntervals(deriveAgent(rows, day), localBoundaries(day, 86_400_000, utcOffset));
    expect((interval?.interaction_ms ?? 0) + (interval?.contact_after_contact_work_ms ?? 0)).toBe(180_000);
    expect(theirs).toBe(120_000);
  });

  test("after-contact work ends only when no contact is left (the guide's own rule)", () => {
    const script = atWork()
      .at("09:01")
      .contacts(chat("a", "ENDED", "09:01"), chat("b", "CONNECTED", "09:01"));
    const rows = script
      .at("09:02")
      .contacts(chat("b", "CONNECTED", "09:01"))
      .rows();
    expect(contactsOf(rows.at(-1))).toHaveLength(1);
    expect(deriveAgent(rows, day).after_contact_work).toMatchObject([{ contact_id: "a", duration_ms: 60_000 }]);
  });

  test("the first contact record wins, and later corrections are dropped (Redshift loader)", () => {
    const base = {
      record_id: "r-1",
      contact_id: "c-1",
      last_update_time: at("09:00"),
      after_contact_work_duration_s: 1,
    };
    const first = base as unknown as ContactRecordRow;
    const corrected = { ...first, record_id: "r-2", last_update_time: at("09:05"), after_contact_work_duration_s: 9 };
    expect(newestRecords([first, corrected])[0]?.after_contact_work_duration_s).toBe(9);
    expect([first, corrected].find((row) => row.contact_id === "c-1")?.after_contact_work_duration_s).toBe(1);
  });

  test("an agent who beats after the logout counts as logged in (common)", () => {
    const rows = atWork().at("09:01").status("Offline").at("09:02").logout().at("09:04").beat().rows();
    expect(rows.at(-1)?.event_type).toBe("HEART_BEAT");
    expect(deriveAgent(rows, day).state.is_logged_in).toBe(false);
  });

  test("without a Type every status counts as not available, or all as available (common)", () => {
    const rows = atWork().at("09:01").status("Lunch").rows();
    const wire = atWork().snapshot();
    expect(JSON.stringify(wire)).not.toContain('"Type"');
    expect(rows.map((row) => row.status_type)).toEqual([null, "ROUTABLE", "CUSTOM"]);
  });

  test("a status that spans an interval's edge counts in one of the two (common)", () => {
    const script = new AgentScript().at("09:10").status("Available").beatsUntil("09:20");
    const span = { from: at("09:00"), to: at("09:20") };
    const intervals = deriveIntervals(deriveAgent(script.rows(), span), localBoundaries(span, 900_000, utcOffset));
    expect(intervals.map((row) => row.idle_ms)).toEqual([300_000, 300_000]);
  });

  test("an event delivered twice counts twice (common)", () => {
    const body = atWork()
      .at("09:01")
      .contacts(chat("a", "CONNECTED", "09:01"))
      .bodies();
    const rows = [...body, ...body].map(decodeEvent);
    expect(rows).toHaveLength(6);
    expect(deriveAgent(rows, day).contact_states).toHaveLength(1);
  });

  test("a lost event goes unnoticed and its time counts as idle (common)", () => {
    const rows = atWork().at("09:01").status("Lunch").lose().at("09:03").status("Available").rows();
    const { activity, gaps } = deriveAgent(rows, { ...day, to: at("09:04") });
    expect(gaps).toHaveLength(1);
    expect(activity.filter((row) => row.activity === "idle").every((row) => row.start_time >= at("09:03"))).toBe(true);
  });
});
