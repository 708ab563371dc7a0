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

function quirk(eventId: string): string {
  const body = readFixture("constructed-quirks.ndjson").find((line) => line.includes(`"EventId":"${eventId}"`));
  if (body === undefined) throw new Error(`no fixture ${eventId}`);
  return body;
}

function jsonColumn(row: SourceRecord, column: string): unknown {
  return JSON.parse(String(row[column]));
}

const time = (text: string): number => Date.parse(text);

describe("time precision", () => {
  test("one genuine timestamp keeps the milliseconds of the whole event", () => {
    expect(rowOf(quirk("one-genuine-timestamp-2018"))).toMatchObject({
      time_precision: "ms",
      event_time: time("2018-10-10T12:00:31.031Z"),
      status_start_time: time("2018-10-10T12:00:30.417Z"),
    });
  });

  test("a genuine timestamp in the previous snapshot counts too", () => {
    const event = JSON.parse(quirk("status-without-type-2017"));
    event.PreviousAgentSnapshot.AgentStatus.StartTimestamp = "2017-10-10T09:00:01.417Z";
    expect(rowOf(JSON.stringify(event))).toMatchObject({
      time_precision: "ms",
      event_time: time("2017-10-10T12:00:30.030Z"),
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

  test("cross-Region fields have columns, the contact's own stand in contacts", () => {
    const row = rowOf(quirk("cross-region"));
    expect(row).toMatchObject({ current_region: "eu-west-2", configured_regions: '["eu-west-2","eu-central-1"]' });
    expect(row.attributes).toBeUndefined();
    expect(jsonColumn(row, "contacts")).toEqual([
      expect.objectContaining({ active_region: "eu-west-2", origin_region: "eu-central-1" }),
    ]);
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
    expect(rowOf(quirk("directory-style-instance"))).toMatchObject({
      instance_id: "d-92673ef055",
      region: "us-east-1",
    });
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

  test("clearing a missed contact is no warning", () => {
    const event = JSON.parse(quirk("still-missed-while-next-status-is-set"));
    event.CurrentAgentSnapshot.Contacts = [];
    expect(rowOf(JSON.stringify(event))).toMatchObject({
      message: "contact cleared after MISSED (VOICE, Sales); next status Lunch",
      severity_number: 9,
    });
  });

  test("a contact that names itself as its first is no link", () => {
    const body = quirk("two-chats-one-ends").replaceAll('"chat-0"', '"chat-b"');
    expect(agentEventSource.refer?.(decodeText(body)).links).toEqual([]);
  });

  test("of two chats the event belongs to the one that changed", () => {
    const body = quirk("two-chats-one-ends");
    expect(rowOf(body)).toMatchObject({
      contact_id: "chat-b",
      contact_count: 2,
      message: "contact ENDED (CHAT, Sales)",
    });
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

describe("messages", () => {
  test("a line break in a name does not break the line", () => {
    const body = quirk("status-without-type-2017").replaceAll('"Lunch"', String.raw`"Lunch\nbreak"`);
    expect(rowOf(body)).toMatchObject({ message: "Available -> Lunch break", status_name: "Lunch\nbreak" });
  });

  test("more than three contact changes are counted, not spelt out", () => {
    const event = JSON.parse(quirk("nothing-visible-changed"));
    const contacts = ["c-1", "c-2", "c-3", "c-4", "c-5"].map((id) => ({ ContactId: id, State: "CONNECTING" }));
    event.CurrentAgentSnapshot.Contacts = contacts;
    expect(rowOf(JSON.stringify(event)).message).toBe(
      "contact CONNECTING; contact CONNECTING; contact CONNECTING; 2 more contacts changed",
    );
  });

  test("a changed routing profile is named", () => {
    const event = JSON.parse(quirk("nothing-visible-changed"));
    event.CurrentAgentSnapshot.Configuration.RoutingProfile.Name = "Service";
    expect(rowOf(JSON.stringify(event)).message).toBe("routing profile Sales -> Service");
  });
});
