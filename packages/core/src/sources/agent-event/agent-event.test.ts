import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../json.ts";
import type { SourceRecord } from "../../record.ts";
import { unixMillis } from "../../instant.ts";
import type { DecodeContext } from "../../source.ts";
import { agentEventSource } from "./agent-event.ts";
import type { AgentEventWire } from "./wire.ts";

const context: DecodeContext = {
  digest: (text) => createHash("sha256").update(text).digest("base64url"),
  observedTime: unixMillis(Date.UTC(2026, 10, 21)),
  memory: undefined,
};

function readFixture(name: string): readonly string[] {
  return readFileSync(new URL(`fixtures/${name}`, import.meta.url), "utf8")
    .trimEnd()
    .split("\n");
}

function decodeText(body: string): AgentEventWire {
  const value: JsonObject = JSON.parse(body);
  const decoded = agentEventSource.decode({ value, body, carrier: undefined });
  if (!decoded.ok) throw new Error(decoded.rejected.detail);
  return decoded.value;
}

function rowOf(body: string): SourceRecord {
  const value: JsonObject = JSON.parse(body);
  return agentEventSource.normalize(decodeText(body), { value, body, carrier: undefined }, context);
}

function rejectionOf(value: JsonObject) {
  return agentEventSource.decode({ value, body: JSON.stringify(value), carrier: undefined });
}

const time = (text: string): number => Date.parse(text);

describe("after-contact work as Amazon's guide of 2018 prints it", () => {
  const [ended = "", cleared = ""] = readFixture("2018-seed-after-contact-work.ndjson");

  test("the contact that ends makes this row", () => {
    const queue = { queue_id: "queue-ARN-for-BasicQueue", queue_name: "BasicQueue" };
    const contact = {
      contact_id: "ContactId-1",
      channel: "VOICE",
      initiation_method: "OUTBOUND",
      state: "ENDED",
      state_start_time: time("2018-10-25T18:55:27Z"),
      connected_to_agent_time: time("2018-10-25T18:55:21Z"),
      ...queue,
    };
    const before = { ...contact, state: "CONNECTED", state_start_time: time("2018-10-25T18:55:21Z") };
    const { record_id: recordId, contacts, previous_contacts: previousContacts, ...row } = rowOf(ended);
    expect(recordId).toMatch(/^[\w~]{8}[\w-]{16}$/);
    expect(JSON.parse(String(contacts))).toEqual([contact]);
    expect(JSON.parse(String(previousContacts))).toEqual([before]);
    expect(row).toEqual({
      source: "agent_event",
      instance_id: "aaaaaaaa-bbbb-cccc-dddd-111111111111",
      account_id: "012345678901",
      region: "us-east-1",
      event_name: "STATE_CHANGE",
      event_time: time("2018-10-25T18:55:27Z"),
      observed_time: context.observedTime,
      severity_number: 9,
      severity_text: undefined,
      contact_id: "ContactId-1",
      agent_id: "agent-ARN",
      agent_username: "(Removed)",
      flow_id: undefined,
      session_id: undefined,
      message: "contact ENDED (VOICE, BasicQueue)",
      attributes: undefined,
      original_id: "EventId-1",
      original_body: ended,
      event_type: "STATE_CHANGE",
      status_id: "agent-state-ARN",
      status_name: "Available",
      status_type: "ROUTABLE",
      status_start_time: time("2018-10-25T18:43:59Z"),
      previous_status_name: "Available",
      previous_status_type: "ROUTABLE",
      previous_status_start_time: Date.UTC(2018, 9, 25, 18, 43, 59),
      previous_next_status_name: undefined,
      next_status_name: undefined,
      next_status_enqueued_time: undefined,
      first_name: "(Removed)",
      last_name: "(Removed)",
      routing_profile_id: "routing-profile-ARN",
      routing_profile_name: "Basic Routing Profile",
      hierarchy_level_1: undefined,
      hierarchy_level_2: undefined,
      hierarchy_level_3: undefined,
      hierarchy_level_4: undefined,
      hierarchy_level_5: undefined,
      contact_count: 1,
      slots: undefined,
      proficiencies: undefined,
      has_current_snapshot: true,
      has_previous_snapshot: true,
      time_precision: "s",
      current_region: undefined,
      configured_regions: undefined,
      model_version: "2017-10-01",
    });
  });

  test("the event that clears the contact names it, 5 whole seconds later", () => {
    const row = rowOf(cleared);
    expect(row).toMatchObject({
      contact_id: "ContactId-1",
      message: "contact cleared after ENDED (VOICE, BasicQueue)",
      contacts: undefined,
      contact_count: 0,
      severity_number: 9,
    });
    expect(row.event_time - rowOf(ended).event_time).toBe(5000);
  });

  test("the JSON fixture is the printed text without its one comment", () => {
    const printed = readFixture("2018-seed-after-contact-work.txt");
    expect(printed.map((line) => line.replace(" //Agent entered ACW at this time", ""))).toEqual([ended, cleared]);
  });

  test("the guide's edition of 2019, with edited milliseconds, keeps them", () => {
    const rows = readFixture("2019-docs-after-contact-work.ndjson").map(rowOf);
    expect(rows.map((row) => [row["time_precision"], row.event_time])).toEqual([
      ["ms", time("2019-05-25T18:55:27.017Z")],
      ["ms", time("2019-05-25T18:55:32.022Z")],
    ]);
  });
});

describe("a real day of 2018", () => {
  const rows = readFixture("2018-real-sequence.ndjson").map(rowOf);

  test("reads as a person would tell it", () => {
    expect(rows.map((row) => row.message)).toEqual([
      "logged in",
      "status Available",
      "heartbeat: Available",
      "Available -> Break",
      "heartbeat: Break",
      "Break -> Lunch",
      "heartbeat: Lunch",
      "Lunch -> Offline",
      "heartbeat: Offline",
      "logged out",
      "heartbeat: Offline",
    ]);
  });

  test("a login has neither snapshot, so no contact count and no username", () => {
    expect(rows[0]).toMatchObject({
      event_name: "LOGIN",
      has_current_snapshot: false,
      has_previous_snapshot: false,
      contact_count: undefined,
      agent_username: undefined,
      agent_id: "562eb325-04bd-56cb-9382-7ee17b2db8e5",
      status_type: undefined,
    });
  });

  test("the first state change has no previous snapshot, the logout has both", () => {
    expect(rows.map((row) => row["has_previous_snapshot"]).slice(0, 4)).toEqual([false, false, true, true]);
    expect(rows[9]).toMatchObject({ has_current_snapshot: true, has_previous_snapshot: true });
  });

  test("milliseconds that repeat the seconds are cut off everywhere", () => {
    expect(rows.map((row) => row["time_precision"])).toEqual(rows.map(() => "s"));
    expect(rows.map((row) => row.event_time % 1000)).toEqual(rows.map(() => 0));
    expect(rows[9]).toMatchObject({ status_start_time: time("2018-05-16T16:50:18Z") });
  });

  test("missing status types are derived from the names", () => {
    expect([1, 3, 7].map((index) => rows[index]?.["status_type"])).toEqual(["ROUTABLE", "CUSTOM", "OFFLINE"]);
  });
});

describe("rejections", () => {
  test("a missing agent is a missing field", () => {
    expect(rejectionOf({ EventType: "LOGIN", EventTimestamp: "2026-11-20T10:00:00Z" })).toEqual({
      ok: false,
      rejected: { reason: "missing_field", detail: "AgentARN is missing" },
    });
  });

  test("an agent that is not text is a bad type", () => {
    expect(rejectionOf({ AgentARN: 7, EventType: "LOGIN" })).toEqual({
      ok: false,
      rejected: { reason: "bad_type", detail: "AgentARN is not text: 7" },
    });
  });

  test("a missing type is a missing field", () => {
    expect(rejectionOf({ AgentARN: "a", EventTimestamp: "2026-11-20T10:00:00Z" })).toMatchObject({
      rejected: { reason: "missing_field", detail: "EventType is missing" },
    });
  });

  test("a time without a zone is a bad time", () => {
    expect(rejectionOf({ AgentARN: "a", EventType: "LOGIN", EventTimestamp: "2026-11-20 10:00" })).toEqual({
      ok: false,
      rejected: { reason: "bad_time", detail: 'EventTimestamp is not an instant: "2026-11-20 10:00"' },
    });
  });
});

describe("recognition", () => {
  test("every fixture is recognized", () => {
    const names = ["2018-real-sequence", "2018-masked-first-state-change", "2020-misspelt-keys", "constructed-quirks"];
    const values = names.flatMap((name) => readFixture(`${name}.ndjson`)).map((body): JsonObject => JSON.parse(body));
    expect(values.map((value) => agentEventSource.recognize(value))).toEqual(values.map(() => true));
  });

  test("contact records, contact events and flow logs are not agent events", () => {
    const others: JsonObject[] = [
      { AWSContactTraceRecordFormatVersion: "2017-03-10", ContactId: "c-1", Agent: null },
      { ContactId: "c-1", EventType: "QUEUED", InstanceArn: "arn" },
      { "detail-type": "Amazon Connect Contact Event", detail: {} },
      { ContactId: "c-1", ContactFlowId: "f", ContactFlowModuleType: "PlayPrompt" },
    ];
    expect(others.map((value) => agentEventSource.recognize(value))).toEqual([false, false, false, false]);
  });
});
