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
  return readFileSync(new URL(`fixtures/${name}`, import.meta.url), "utf8").trimEnd().split("\n");
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

function quirk(eventId: string): string {
  const body = readFixture("constructed-quirks.ndjson").find((line) => line.includes(`"EventId":"${eventId}"`));
  if (body === undefined) throw new Error(`no fixture ${eventId}`);
  return body;
}

function jsonColumn(row: SourceRecord, column: string): unknown {
  return JSON.parse(String(row[column]));
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
    expect(recordId).toMatch(/^[\w-]{24}$/);
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

describe("time precision", () => {
  test("one genuine timestamp keeps the milliseconds of the whole event", () => {
    expect(rowOf(quirk("one-genuine-timestamp-2018"))).toMatchObject({
      time_precision: "ms",
      event_time: time("2018-10-10T12:00:31.031Z"),
      status_start_time: time("2018-10-10T12:00:30.417Z"),
    });
  });

  test("a full minute fits the fake pattern", () => {
    expect(rowOf(readFixture("2018-masked-first-state-change.ndjson")[0] ?? "")).toMatchObject({
      time_precision: "s",
      event_time: time("2018-07-09T19:11:00Z"),
    });
  });

  test("the same pattern is taken as real from August 2019 on", () => {
    const [body = ""] = readFixture("2018-real-sequence.ndjson");
    expect(rowOf(body.replace("2018-05-16", "2019-08-01"))).toMatchObject({
      time_precision: "ms",
      event_time: time("2019-08-01T16:12:59.059Z"),
    });
  });

  test("timestamps without a fraction have seconds precision in any year", () => {
    const body = quirk("directory-style-instance").replace("10:00:00.456Z", "10:00:00Z");
    expect(rowOf(body)).toMatchObject({ time_precision: "s", event_time: time("2026-11-20T10:00:00Z") });
  });
});

describe("models and spellings", () => {
  test("the omnichannel heartbeat of 2026 fills slots, proficiencies and next status", () => {
    const row = rowOf(readFixture("2026-docs-heartbeat.ndjson")[0] ?? "");
    expect(row).toMatchObject({
      message: "heartbeat: Available",
      status_id: "example-ARN",
      next_status_name: "Lunch",
      next_status_enqueued_time: time("2019-08-13T20:58:00.004Z"),
      model_version: "2017-10-01",
      attributes: undefined,
    });
    expect(jsonColumn(row, "slots")).toEqual([
      { channel: "CHAT", available_slots: 3, maximum_slots: 3 },
      { channel: "VOICE", available_slots: 1, maximum_slots: 1 },
    ]);
    expect(jsonColumn(row, "proficiencies")).toEqual([
      { name: "Technology", value: "Kinesis", level: 3 },
      { name: "Location", value: "WA", level: 1 },
    ]);
  });

  test("proficiency levels are read in both spellings", () => {
    expect(jsonColumn(rowOf(quirk("proficiency-level-both-spellings")), "proficiencies")).toEqual([
      { name: "Language", value: "Spanish", level: 5 },
      { name: "Language", value: "English", level: 3 },
    ]);
  });

  test("the next status is read with the older spelling of its time", () => {
    expect(rowOf(quirk("next-status-old-spelling"))).toMatchObject({
      message: "next status Lunch",
      next_status_enqueued_time: time("2026-11-20T10:00:00.400Z"),
    });
  });

  test("misspelt account and state start keys are read, null contact ids are not", () => {
    const [body = ""] = readFixture("2020-misspelt-keys.ndjson");
    const row = rowOf(body);
    expect(row).toMatchObject({
      account_id: "123456789012",
      contact_id: undefined,
      contact_count: 1,
      hierarchy_level_1: "Team1",
      hierarchy_level_2: undefined,
    });
    expect(jsonColumn(row, "contacts")).toMatchObject([{ state_start_time: time("2020-10-08T11:53:27.107Z") }]);
    expect(agentEventSource.refer?.(decodeText(body))).toEqual({ contactIds: [], links: [] });
  });

  test("the state start is read as the guide's prose spells it", () => {
    expect(jsonColumn(rowOf(quirk("state-start-prose-spelling")), "contacts")).toEqual([
      { contact_id: "c-1", channel: "VOICE", state: "CONNECTED", state_start_time: time("2026-11-20T09:59:58.321Z") },
    ]);
  });

  test("a username that only the previous snapshot knows is taken from there", () => {
    const event = JSON.parse(quirk("nothing-visible-changed"));
    event.CurrentAgentSnapshot.Configuration.Username = null;
    expect(rowOf(JSON.stringify(event)).agent_username).toBe("ana.ruiz");
  });

  test("all five hierarchy levels have columns", () => {
    expect(rowOf(quirk("hierarchy-all-levels"))).toMatchObject({
      hierarchy_level_1: "EMEA",
      hierarchy_level_2: "Spain",
      hierarchy_level_3: "Madrid",
      hierarchy_level_4: "Sales",
      hierarchy_level_5: "Team 1",
    });
  });

  test("a hierarchy level that is missing, null or made of nulls is absent", () => {
    expect(rowOf(quirk("hierarchy-missing-and-null-levels"))).toMatchObject({
      hierarchy_level_1: "EMEA",
      hierarchy_level_2: undefined,
      hierarchy_level_3: undefined,
      hierarchy_level_4: undefined,
    });
  });

  test("cross-Region fields have columns, the contact's own go to the attributes", () => {
    const row = rowOf(quirk("cross-region"));
    expect(row).toMatchObject({ current_region: "eu-west-2", configured_regions: '["eu-west-2","eu-central-1"]' });
    expect(jsonColumn(row, "attributes")).toEqual({
      CurrentAgentSnapshot: {
        Contacts: [{ GlobalResiliencyMetadata: { ActiveRegion: "eu-west-2", OriginRegion: "eu-central-1" } }],
      },
    });
  });

  test('the text "null" counts as null', () => {
    const row = rowOf(quirk("null-written-as-text"));
    expect(row).toMatchObject({ first_name: undefined, has_previous_snapshot: false, severity_number: 13 });
    expect(jsonColumn(row, "contacts")).toEqual([
      { contact_id: "c-1", channel: "VOICE", initiation_method: "INBOUND", state: "ERROR" },
    ]);
  });

  test("unknown types, states, channels and keys are kept", () => {
    const row = rowOf(quirk("unknown-values-and-keys"));
    expect(row).toMatchObject({ event_name: "MOOD_CHANGE", message: "MOOD_CHANGE: Available", status_type: "NAPPING" });
    expect(jsonColumn(row, "contacts")).toMatchObject([{ state: "TELEPORTED", channel: "HOLOGRAM" }]);
    expect(jsonColumn(row, "attributes")).toEqual({
      CurrentAgentSnapshot: { Contacts: [{ Mood: "happy" }], Presence: { Desk: 7 } },
      Weather: "rain",
    });
  });

  test("status types of 2017 are derived", () => {
    expect(rowOf(quirk("status-without-type-2017"))).toMatchObject({
      message: "Available -> Lunch",
      status_type: "CUSTOM",
      time_precision: "s",
    });
  });
});

describe("identities", () => {
  test("a directory-style instance id is an instance id", () => {
    expect(rowOf(quirk("directory-style-instance"))).toMatchObject({ instance_id: "d-92673ef055", region: "us-east-1" });
  });

  test("an ARN that does not parse still tells agents apart by its last segment", () => {
    expect(rowOf(quirk("masked-arn-that-does-not-parse"))).toMatchObject({
      agent_id: "agent-7",
      instance_id: undefined,
      region: undefined,
    });
  });

  test("masked ids are kept as written", () => {
    expect(rowOf(readFixture("2018-masked-first-state-change.ndjson")[0] ?? "")).toMatchObject({
      agent_id: "************",
      instance_id: "**********",
      account_id: "**********",
    });
  });

  test("an agent's own queue has the agent's id and no name", () => {
    const row = rowOf(quirk("agent-queue-without-a-name"));
    expect(row.message).toBe("contact CONNECTING (VOICE)");
    expect(jsonColumn(row, "contacts")).toMatchObject([{ queue_id: "7c9e6679-7425-40de-944b-e07fc1f90ae7" }]);
  });

  test("the same EventId delivered twice, differently spaced, is one record", () => {
    const body = quirk("task-paused");
    expect(rowOf(JSON.stringify(JSON.parse(body), null, 1)).record_id).toBe(rowOf(body).record_id);
  });

  test("without an EventId the content is the identity", () => {
    const { EventId: _, ...event } = JSON.parse(quirk("directory-style-instance"));
    const body = JSON.stringify(event);
    expect(rowOf(body)).toMatchObject({ original_id: undefined, record_id: rowOf(body).record_id });
    expect(rowOf(body.replace("LOGIN", "LOGOUT")).record_id).not.toBe(rowOf(body).record_id);
  });
});

describe("contacts", () => {
  test("a paused task is a TASK although agent events write TASKS", () => {
    const row = rowOf(quirk("task-paused"));
    expect(row).toMatchObject({ message: "contact PAUSED (TASK, Sales)", severity_number: 9 });
    expect(jsonColumn(row, "contacts")).toMatchObject([{ channel: "TASK", state: "PAUSED" }]);
  });

  test("a contact newly rejected is a warning", () => {
    expect(rowOf(quirk("voice-rejected"))).toMatchObject({
      message: "contact REJECTED (VOICE, Sales)",
      severity_number: 13,
    });
  });

  test("a contact that was missed already is no second warning", () => {
    expect(rowOf(quirk("still-missed-while-next-status-is-set"))).toMatchObject({
      message: "next status Lunch",
      severity_number: 9,
      contact_id: "c-1",
    });
  });

  test("of two chats the event belongs to the one that changed", () => {
    const body = quirk("two-chats-one-ends");
    expect(rowOf(body)).toMatchObject({ contact_id: "chat-b", contact_count: 2, message: "contact ENDED (CHAT, Sales)" });
    expect(agentEventSource.refer?.(decodeText(body))).toEqual({
      contactIds: ["chat-a", "chat-b"],
      links: [{ contact_id: "chat-b", relation: "initial", other_contact_id: "chat-0" }],
    });
  });

  test("a contact cleared while another stays is the event's contact", () => {
    expect(rowOf(quirk("contact-cleared-while-another-stays"))).toMatchObject({
      contact_id: "chat-b",
      contact_count: 1,
      message: "contact cleared after ENDED (CHAT, Sales)",
    });
  });

  test("a state change that shows nothing says so", () => {
    expect(rowOf(quirk("nothing-visible-changed"))).toMatchObject({
      message: "no visible change: Available",
      contact_id: undefined,
    });
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
