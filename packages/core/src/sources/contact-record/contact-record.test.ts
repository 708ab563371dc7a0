import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { unixMillis } from "../../instant.ts";
import type { JsonObject } from "../../json.ts";
import { recordColumns } from "../../column.ts";
import type { SourceRecord } from "../../record.ts";
import type { DecodeContext } from "../../source.ts";
import { contactRecordSource } from "./contact-record.ts";

const context: DecodeContext = {
  digest: (text) => createHash("sha256").update(text).digest("base64url"),
  observedTime: unixMillis(Date.UTC(2026, 10, 21)),
  memory: undefined,
};

const instance = "arn:aws:connect:us-east-1:111122223333:instance/i-1";
const time = (text: string): number => Date.parse(text);

function readFixture(name: string): readonly string[] {
  return readFileSync(new URL(`fixtures/${name}`, import.meta.url), "utf8")
    .trimEnd()
    .split("\n");
}

function receive(body: string) {
  const value: JsonObject = JSON.parse(body);
  const received = { value, body, carrier: undefined };
  const decoded = contactRecordSource.decode(received);
  if (!decoded.ok) return decoded;
  const row = contactRecordSource.normalize(decoded.value, received, context);
  return { row, references: contactRecordSource.refer?.(decoded.value) };
}

function accept(body: string) {
  const result = receive(body);
  if ("rejected" in result) throw new Error(result.rejected.detail);
  return result;
}

function rowOf(body: string): SourceRecord {
  return accept(body).row;
}

function quirk(contactId: string): string {
  const body = readFixture("constructed-quirks.ndjson").find((line) => line.includes(`"ContactId":"${contactId}"`));
  if (body === undefined) throw new Error(`no fixture ${contactId}`);
  return body;
}

describe("an external transfer delivered three times in six days", () => {
  const bodies = readFixture("constructed-redelivered-external-transfer.ndjson");

  test("the first delivery makes this row", () => {
    const { record_id: recordId, ...row } = rowOf(bodies[0] ?? "");
    expect(recordId).toMatch(/^[\w~]{8}[\w-]{16}$/);
    expect(row).toEqual({
      source: "contact_record",
      instance_id: "3f6c1f5e-0f0b-4d8c-9f57-6a2f4f1d8c11",
      account_id: "111122223333",
      region: "us-east-1",
      event_name: "CONTACT_RECORD",
      event_time: time("2022-06-01T17:47:28Z"),
      observed_time: context.observedTime,
      severity_number: 9,
      severity_text: undefined,
      contact_id: "external-transfer",
      agent_id: "7c9e6679-7425-40de-944b-e07fc1f90ae7",
      agent_username: "ana.ruiz",
      flow_id: undefined,
      session_id: undefined,
      message: "contact record: VOICE INBOUND, queue Sales, agent ana.ruiz, CUSTOMER_DISCONNECT",
      attributes:
        '{"Agent":{"DeviceInfo":{"OperatingSystem":"Windows 11"}},"ContactDetails":{},' +
        '"CustomerEndpoint":{"Type":"TELEPHONE_NUMBER"},"SystemEndpoint":{"Type":"TELEPHONE_NUMBER"},' +
        '"TransferredToEndpoint":{"Type":"TELEPHONE_NUMBER"}}',
      original_id: "external-transfer",
      original_body: bodies[0],
      initial_contact_id: undefined,
      previous_contact_id: undefined,
      next_contact_id: undefined,
      related_contact_id: undefined,
      channel: "VOICE",
      initiation_method: "INBOUND",
      disconnect_reason: "CUSTOMER_DISCONNECT",
      initiation_time: time("2022-06-01T17:20:00Z"),
      connected_to_system_time: time("2022-06-01T17:20:00Z"),
      disconnect_time: time("2022-06-01T17:47:28Z"),
      last_update_time: time("2022-06-01T17:48:35Z"),
      scheduled_time: undefined,
      transfer_completed_time: time("2022-06-01T17:28:12Z"),
      transferred_to: "+15555550142",
      queue_id: "q-1",
      queue_name: "Sales",
      enqueue_time: time("2022-06-01T17:20:05Z"),
      dequeue_time: time("2022-06-01T17:20:32Z"),
      queue_duration_s: 27,
      agent_connection_attempts: 1,
      accepted_by_agent_time: undefined,
      connected_to_agent_time: time("2022-06-01T17:20:32Z"),
      agent_interaction_duration_s: 239,
      customer_hold_duration_s: 221,
      longest_hold_duration_s: 180,
      number_of_holds: 2,
      after_contact_work_start_time: time("2022-06-01T17:28:12Z"),
      after_contact_work_end_time: time("2022-06-01T17:28:27Z"),
      after_contact_work_duration_s: 15,
      agent_pause_duration_s: undefined,
      routing_profile_id: "rp-1",
      routing_profile_name: "Sales",
      hierarchy_level_1: undefined,
      hierarchy_level_2: undefined,
      hierarchy_level_3: undefined,
      hierarchy_level_4: undefined,
      hierarchy_level_5: undefined,
      customer_endpoint_address: "+15555550100",
      system_endpoint_address: "+15555550199",
      agent_quality_score: undefined,
      customer_quality_score: undefined,
      quality_issues: undefined,
      user_attributes: undefined,
      tags: undefined,
    });
  });

  test("each version is a record of its own, of one contact", () => {
    const rows = bodies.map(rowOf);
    expect(new Set(rows.map((row) => row.record_id)).size).toBe(3);
    expect(new Set(rows.map((row) => row.contact_id)).size).toBe(1);
    expect(rows.map((row) => row["last_update_time"])).toEqual([
      time("2022-06-01T17:48:35Z"),
      time("2022-06-03T08:00:00Z"),
      time("2022-06-07T08:00:00Z"),
    ]);
  });

  test("one version delivered twice is one record, however it is spaced", () => {
    const [body = ""] = bodies;
    expect(rowOf(JSON.stringify(JSON.parse(body), null, 2)).record_id).toBe(rowOf(body).record_id);
  });

  test("attribute keys that differ in case only both survive", () => {
    expect(rowOf(bodies[2] ?? "")["user_attributes"]).toBe('{"greetingPlayed":"true","GreetingPlayed":"yes"}');
  });

  test("after-contact work starts before the customer disconnects", () => {
    const row = rowOf(bodies[0] ?? "");
    expect(Number(row["after_contact_work_start_time"])).toBeLessThan(Number(row["disconnect_time"]));
  });
});

describe("quirks", () => {
  test("a contact abandoned in queue, its agent and endpoints null", () => {
    expect(rowOf(quirk("abandoned-in-queue-all-null"))).toMatchObject({
      agent_id: undefined,
      queue_duration_s: 487,
      agent_connection_attempts: 0,
      customer_endpoint_address: undefined,
      after_contact_work_duration_s: undefined,
      hierarchy_level_1: undefined,
    });
  });

  test("a record without its format version is recognized by its keys", () => {
    const body = quirk("no-format-version-2017");
    expect(contactRecordSource.recognize(JSON.parse(body))).toBe(true);
    expect(rowOf(body)).toMatchObject({ instance_id: "d-92673ef055", transfer_completed_time: undefined });
  });

  test("a transferred contact names the whole chain", () => {
    const { row, references } = accept(quirk("transferred-chain"));
    expect(row).toMatchObject({ initial_contact_id: "c-0", previous_contact_id: "c-1", next_contact_id: "c-3" });
    const id = "transferred-chain";
    expect(references).toEqual({
      contactIds: [id],
      links: [
        { contact_id: id, relation: "initial", other_contact_id: "c-0" },
        { contact_id: id, relation: "previous", other_contact_id: "c-1" },
        { contact_id: id, relation: "next", other_contact_id: "c-3" },
        { contact_id: id, relation: "related", other_contact_id: "c-9" },
      ],
    });
  });

  test("hierarchy groups have GroupName here; null and missing levels are absent", () => {
    expect(rowOf(quirk("hierarchy-group-names"))).toMatchObject({
      hierarchy_level_1: "EMEA",
      hierarchy_level_2: undefined,
      hierarchy_level_3: undefined,
      hierarchy_level_4: undefined,
      hierarchy_level_5: "Team 1",
    });
  });

  test("audio quality has scores and issues", () => {
    expect(rowOf(quirk("audio-quality-2025"))).toMatchObject({
      agent_quality_score: 3.2,
      customer_quality_score: 4.41,
      quality_issues: '{"agent":["HighPacketLoss","HighJitterBuffer"],"customer":[]}',
    });
  });

  test("a task that has not ended stands at its last update", () => {
    expect(rowOf(quirk("scheduled-task-not-ended"))).toMatchObject({
      event_time: time("2022-06-01T17:29:34Z"),
      disconnect_time: undefined,
      scheduled_time: time("2022-06-02T09:00:00Z"),
      message: "contact record: TASK API",
    });
  });

  test("a chat may end without a reason", () => {
    expect(rowOf(quirk("chat-without-disconnect-reason"))).toMatchObject({
      channel: "CHAT",
      disconnect_reason: undefined,
      agent_pause_duration_s: 7,
      tags: '{"aws:connect:instanceId":"3f6c1f5e-0f0b-4d8c-9f57-6a2f4f1d8c11"}',
    });
  });

  test("without an update time the content tells versions apart", () => {
    const body = quirk("never-updated");
    expect(rowOf(body).record_id).toBe(rowOf(body).record_id);
    expect(rowOf(body.replace("ana.ruiz", "leo.ruiz")).record_id).not.toBe(rowOf(body).record_id);
  });

  test("unknown values and keys are kept", () => {
    const row = rowOf(quirk("unknown-values-and-keys"));
    expect(row).toMatchObject({ channel: "HOLOGRAM", initiation_method: "TELEPATHY", disconnect_reason: "BORED" });
    expect(JSON.parse(String(row.attributes))).toMatchObject({
      Mood: { Customer: "happy" },
      Recordings: [{ Location: "bucket/key", Status: "AVAILABLE" }],
    });
  });

  test("a number that no integer column can hold is absent", () => {
    const agent = { AgentInteractionDuration: 1e300, NumberOfHolds: "3.0" };
    const body = JSON.stringify({ ContactId: "c", InitiationTimestamp: "2022-06-01T17:20:00Z", Agent: agent });
    expect(rowOf(body)).toMatchObject({ agent_interaction_duration_s: undefined, number_of_holds: 3 });
  });
});

describe("recognition and rejection", () => {
  test("every fixture is recognized, and nothing of the other sources", () => {
    const values = readFixture("constructed-quirks.ndjson").map((body): JsonObject => JSON.parse(body));
    expect(values.every((value) => contactRecordSource.recognize(value))).toBe(true);
    const others: JsonObject[] = [
      { AgentARN: "a", EventType: "LOGIN", InstanceARN: "i" },
      { ContactId: "c", EventType: "QUEUED", InitiationMethod: "INBOUND", InstanceARN: "i" },
      { ContactId: "c", ContactFlowModuleType: "PlayPrompt", ContactFlowId: "f" },
    ];
    expect(others.some((value) => contactRecordSource.recognize(value))).toBe(false);
  });

  test("a record without a contact is a missing field", () => {
    expect(receive('{"ContactId":null}')).toEqual({
      ok: false,
      rejected: { reason: "missing_field", detail: "ContactId is missing" },
    });
  });

  test("a record without any time is a bad time", () => {
    expect(receive('{"ContactId":"c","DisconnectTimestamp":"1970-01-01T00:00:00.001Z"}')).toMatchObject({
      rejected: { reason: "bad_time" },
    });
  });
});

describe("hostile input", () => {
  const value = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom<unknown>("null", instance, "2022-06-01T17:20:00Z", "1970-01-01T00:00:00.001Z", 27, "c-1"),
  );
  const part = (...keys: readonly string[]) =>
    fc.oneof(value, fc.dictionary(fc.constantFrom(...keys, "__proto__"), value));
  const record = fc.record(
    {
      ContactId: value,
      DisconnectTimestamp: value,
      LastUpdateTimestamp: value,
      InitiationTimestamp: fc.oneof(value, fc.constant("2022-06-01T17:20:00Z")),
      InstanceARN: value,
      Agent: part("ARN", "AgentInteractionDuration", "HierarchyGroups", "RoutingProfile", "Username"),
      Queue: part("ARN", "Duration", "Name", "EnqueueTimestamp"),
      QualityMetrics: part("Agent", "Customer"),
      CustomerEndpoint: part("Address"),
      Attributes: part("a"),
      ["__proto__"]: value,
    },
    { requiredKeys: [] },
  );

  test("any JSON with these keys becomes a row or a rejection; the same bytes the same one", () => {
    const keys = recordColumns(contactRecordSource.columns).map((column) => column.name);
    let accepted = 0;
    fc.assert(
      fc.property(record, (fields) => {
        const body = JSON.stringify(fields);
        const result = receive(body);
        expect(receive(body)).toEqual(result);
        if ("rejected" in result) return;
        accepted++;
        expect(Object.keys(result.row)).toEqual(keys);
      }),
      { numRuns: 500 },
    );
    expect(accepted).toBeGreaterThan(50);
  });

  test("a __proto__ key is kept as a key and changes no prototype", () => {
    const row = rowOf(
      '{"ContactId":"c","InitiationTimestamp":"2022-06-01T17:20:00Z","__proto__":{"polluted":true},' +
        '"Attributes":{"__proto__":"x"}}',
    );
    expect(row).toMatchObject({ attributes: '{"__proto__":{"polluted":true}}', user_attributes: '{"__proto__":"x"}' });
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
  });
});
