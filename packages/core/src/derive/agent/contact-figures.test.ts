import { describe, expect, test } from "vitest";
import { deriveContactMetrics, newestRecords } from "./contact-metrics.ts";
import { deriveAgent } from "./derive-agent.ts";
import { AgentScript, at } from "./fixtures/agent-script.ts";
import { DEFAULT_METRIC_SETTINGS } from "./metric-settings.ts";
import { reconcile } from "./reconcile.ts";
import type { AgentMetricSettings } from "./types/agent-metric-settings.ts";
import type { ContactRecordRow } from "./types/contact-record-row.ts";

const EMPTY: ContactRecordRow = {
  record_id: "r-1",
  contact_id: "c-1",
  agent_id: null,
  agent_username: null,
  channel: "VOICE",
  initiation_method: "INBOUND",
  queue_id: null,
  next_contact_id: null,
  disconnect_reason: null,
  last_update_time: null,
  initiation_time: null,
  disconnect_time: null,
  transfer_completed_time: null,
  enqueue_time: null,
  queue_duration_s: null,
  connected_to_agent_time: null,
  agent_interaction_duration_s: null,
  customer_hold_duration_s: null,
  agent_pause_duration_s: null,
  number_of_holds: null,
  after_contact_work_start_time: null,
  after_contact_work_end_time: null,
  after_contact_work_duration_s: null,
};

const record = (id: string, fields: Partial<ContactRecordRow>): ContactRecordRow => ({
  ...EMPTY,
  record_id: `r-${id}`,
  contact_id: `c-${id}`,
  ...fields,
});

/** One call of 60 s with a hold of 20 s and 10 s of after-contact work, one without any, one abandoned, one transferred. */
const records = [
  record("1", {
    agent_id: "ana",
    initiation_time: at("09:00"),
    enqueue_time: at("09:00:10"),
    queue_duration_s: 20,
    connected_to_agent_time: at("09:00:30"),
    agent_interaction_duration_s: 40,
    customer_hold_duration_s: 20,
    number_of_holds: 1,
    after_contact_work_duration_s: 10,
    after_contact_work_end_time: at("09:01:40"),
    disconnect_time: at("09:01:30"),
    disconnect_reason: "AGENT_DISCONNECT",
  }),
  record("2", {
    agent_id: "ana",
    initiation_time: at("09:02"),
    enqueue_time: at("09:02"),
    queue_duration_s: 40,
    connected_to_agent_time: at("09:02:40"),
    agent_interaction_duration_s: 30,
    customer_hold_duration_s: 0,
    number_of_holds: 0,
    disconnect_time: at("09:03:10"),
  }),
  record("3", {
    initiation_time: at("09:04"),
    enqueue_time: at("09:04"),
    queue_duration_s: 5,
    disconnect_time: at("09:04:05"),
  }),
  record("4", {
    initiation_time: at("09:05"),
    enqueue_time: at("09:05"),
    queue_duration_s: 10,
    next_contact_id: "c-5",
    transfer_completed_time: at("09:05:10"),
    disconnect_time: at("09:05:10"),
  }),
];

function figuresOf(rows: readonly ContactRecordRow[], settings: Partial<AgentMetricSettings> = {}) {
  return deriveContactMetrics({
    records: rows,
    settings: { ...DEFAULT_METRIC_SETTINGS, ...settings },
    serviceLevelSeconds: 20,
  }).figures;
}

describe("contact-record metrics", () => {
  test("of four contacts", () => {
    const values = Object.fromEntries(Object.entries(figuresOf(records)).map(([name, figure]) => [name, figure.value]));
    expect(values).toEqual({
      contacts_handled: 2,
      contacts_queued: 4,
      contacts_abandoned: 1,
      abandonment_rate: 0.25,
      service_level: 0.5,
      contacts_answered_in_time: 0,
      contacts_abandoned_in_time: 1,
      average_queue_answer_time: 30_000,
      average_queue_abandon_time: 5_000,
      after_contact_work_time: 10_000,
      average_after_contact_work_time: 5_000,
      interaction_time: 70_000,
      average_interaction_time: 35_000,
      hold_time: 20_000,
      average_hold_time: 10_000,
      interaction_and_hold_time: 90_000,
      handle_time: 100_000,
      average_handle_time: 50_000,
      average_pause_time: null,
      average_holds: 0.25,
      contacts_put_on_hold: 2,
      average_resolution_time: 46_250,
      average_contact_duration: 43_750,
      contacts_transferred_out: 1,
      contacts_agent_hung_up_first: 1,
    });
  });

  test("the service level of the data lake's example counts answers only, up to the threshold", () => {
    expect(figuresOf(records, { service_level_removed_from_queue: false }).service_level.value).toBe(0.25);
  });

  test("contacts put on hold count NumberOfHolds of 0 as documented, or do not", () => {
    expect(figuresOf(records, { holds_count_zero: false }).contacts_put_on_hold.value).toBe(1);
  });

  test("a figure names the records it was read from", () => {
    expect(figuresOf(records).contacts_abandoned.record_ids).toEqual(["r-3"]);
  });

  test("rates and averages over nothing are null", () => {
    const { abandonment_rate, service_level, average_handle_time, average_holds } = figuresOf([]);
    expect([abandonment_rate, service_level, average_handle_time, average_holds].map((figure) => figure.value)).toEqual(
      [null, null, null, null],
    );
  });

  test("a contact record delivered again six days later replaces the first, whichever comes first", () => {
    const [first] = records;
    if (first === undefined) throw new Error("no record");
    const early = { ...first, last_update_time: at("09:02") };
    const late = { ...early, record_id: "r-1b", last_update_time: at("+6 09:00"), after_contact_work_duration_s: 25 };
    for (const rows of [
      [early, late],
      [late, early],
    ]) {
      expect(newestRecords(rows).map((row) => row.record_id)).toEqual(["r-1b"]);
      expect(figuresOf(rows).after_contact_work_time.value).toBe(25_000);
    }
  });
});

describe("reconciliation", () => {
  const talk = { ContactId: "c-1", State: "CONNECTED", connected: "09:00:30.400", since: "09:00:30.400" };
  const script = () =>
    new AgentScript()
      .at("09:00")
      .login()
      .at("09:00:02")
      .status("Available")
      .at("09:00:30.400")
      .contacts(talk)
      .at("09:01:00.400")
      .contacts({ ...talk, State: "CONNECTED_ONHOLD" })
      .at("09:01:20.400")
      .contacts(talk)
      .at("09:01:30.900")
      .contacts({ ...talk, State: "ENDED", since: "09:01:30.900" });
  const derive = (events: AgentScript) => deriveAgent(events.rows(), { from: at("00:00"), to: at("09:05") });
  const [first] = records;
  if (first === undefined) throw new Error("no record");
  const told = { ...first, agent_interaction_duration_s: 40, last_update_time: at("09:03") };
  const kinds = (events: AgentScript, rows: readonly ContactRecordRow[], now = "09:05") =>
    reconcile({ derivation: derive(events), records: rows, now: at(now) }).contacts.map((row) => [
      row.field,
      row.difference,
      row.kind,
    ]);

  test("whole seconds against milliseconds differ by precision", () => {
    const result = reconcile({
      derivation: derive(script().at("09:01:40.700").contacts()),
      records: [told],
      now: at("09:05"),
    });
    expect(result.contacts.map((row) => [row.field, row.difference, row.kind])).toEqual([
      ["interaction", 500, "precision"],
      ["after_contact_work", -200, "precision"],
      ["conversation_end", 900, "precision"],
    ]);
    expect(result.agent.find((row) => row.field === "interaction")).toMatchObject({
      event_value: 40_500,
      record_value: 40_000,
      difference: 500,
      by_kind: { precision: 500, unexplained: 0 },
    });
  });

  test("a supervisor's record of listening in is no contact that events should show", () => {
    const listened = { ...told, record_id: "r-9", contact_id: "c-9", initiation_method: "MONITOR" };
    const events = script().at("09:01:40.700").contacts();
    expect(kinds(events, [told, listened])).toEqual(kinds(events, [told]));
  });

  test("an external transfer: after-contact work begins before the customer disconnects", () => {
    const transferred = { ...told, transfer_completed_time: at("09:01:30"), disconnect_time: at("09:20:46") };
    expect(kinds(script().at("09:01:40.700").contacts(), [transferred]).at(-1)).toEqual([
      "conversation_end",
      -1_155_100,
      "external_transfer",
    ]);
  });

  test("a record not there yet is late, after an hour it is missing", () => {
    const events = script().at("09:01:40").contacts();
    expect(kinds(events, [])).toEqual([["contacts_handled", null, "late_record"]]);
    expect(kinds(events, [], "11:00")).toEqual([["contacts_handled", null, "unexplained"]]);
  });

  test("a record written before after-contact work was over is late", () => {
    const early = { ...told, after_contact_work_duration_s: null, last_update_time: at("09:01:35") };
    expect(kinds(script().at("09:01:40").contacts(), [early])[1]).toEqual(["after_contact_work", null, "late_record"]);
  });

  test("missing events are a gap", () => {
    const events = script().at("09:01:40").contacts().lose().at("09:03").status("Lunch");
    expect(kinds(events, [told])).toContainEqual(["after_contact_work", 79_100, "gap"]);
  });

  test("a chat left uncleared when going Offline", () => {
    const events = script().at("09:01:40").status("Offline").at("09:04").contacts();
    expect(kinds(events, [told])).toContainEqual(["after_contact_work", 139_100, "uncleared_chat"]);
  });

  test("a record of a contact the events do not show, and a difference nothing explains", () => {
    const other = { ...told, contact_id: "c-9", record_id: "r-9" };
    const wrong = { ...told, customer_hold_duration_s: 50 };
    expect(kinds(script().at("09:01:40.700").contacts(), [wrong, other])).toEqual([
      ["interaction", 500, "precision"],
      ["hold", -30_000, "unexplained"],
      ["after_contact_work", -200, "precision"],
      ["conversation_end", 900, "precision"],
      ["contacts_handled", null, "unexplained"],
    ]);
  });
});
