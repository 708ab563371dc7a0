import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { unixMillis } from "../../instant.ts";
import type { JsonObject } from "../../json.ts";
import { recordColumns } from "../../column.ts";
import type { SourceRecord } from "../../record.ts";
import type { Carrier, DecodeContext } from "../../source.ts";
import { contactEventSource } from "./contact-event.ts";

const context: DecodeContext = {
  digest: (text) => createHash("sha256").update(text).digest("base64url"),
  observedTime: unixMillis(Date.UTC(2026, 10, 21)),
  memory: undefined,
};

const time = (text: string): number => Date.parse(text);

function readFixture(name: string): readonly string[] {
  return readFileSync(new URL(`fixtures/${name}`, import.meta.url), "utf8")
    .trimEnd()
    .split("\n");
}

function receive(body: string, carrier?: Carrier) {
  const value: JsonObject = JSON.parse(body);
  const received = { value, body, carrier };
  const decoded = contactEventSource.decode(received);
  if (!decoded.ok) return decoded;
  const row = contactEventSource.normalize(decoded.value, received, context);
  return { row, references: contactEventSource.refer?.(decoded.value) };
}

function accept(body: string, carrier?: Carrier) {
  const result = receive(body, carrier);
  if ("rejected" in result) throw new Error(result.rejected.detail);
  return result;
}

function rowOf(body: string, carrier?: Carrier): SourceRecord {
  return accept(body, carrier).row;
}

function quirk(id: string): string {
  const body = readFixture("constructed-quirks.ndjson").find((line) => line.includes(`"id":"${id}"`));
  if (body === undefined) throw new Error(`no fixture ${id}`);
  return body;
}

describe("the guide's samples", () => {
  const [completed = "", disconnected = "", connected = "", updated = ""] = readFixture(
    "docs-envelopes-case-variants.ndjson",
  );

  test("the COMPLETED sample makes this row", () => {
    const { record_id: recordId, attributes, tags, ...row } = rowOf(completed);
    expect(recordId).toMatch(/^[\w~]{8}[\w-]{16}$/);
    expect(JSON.parse(String(tags))).toEqual({
      "aws:connect:instanceId": "12345678-1234-1234-1234-123456789012",
      "aws:connect:systemEndpoint": "+11234567890",
    });
    expect(JSON.parse(String(attributes))).toEqual({
      agentInfo: { agentInitiatedHoldDuration: 0, activeRegion: "us-west-2" },
      globalResiliencyMetadata: { trafficDistributionGroupId: "9cc7ce93-4560-48ef-a151-b403dd23d63e" },
    });
    expect(row).toEqual({
      source: "contact_event",
      instance_id: "12345678-1234-1234-1234-123456789012",
      account_id: "111122223333",
      region: "us-west-2",
      event_name: "COMPLETED",
      event_time: time("2026-05-28T00:06:43Z"),
      observed_time: context.observedTime,
      severity_number: 9,
      severity_text: undefined,
      contact_id: "11111111-1111-1111-1111-111111111111",
      agent_id: "12345678-1234-1234-1234-123456789012",
      agent_username: undefined,
      flow_id: undefined,
      session_id: undefined,
      message: "COMPLETED (VOICE, INBOUND)",
      original_id: "c3ef0c5d-289c-0167-c8d2-df76c1744c65",
      original_body: completed,
      event_type: "COMPLETED",
      channel: "VOICE",
      initiation_method: "INBOUND",
      disconnect_reason: undefined,
      initial_contact_id: undefined,
      previous_contact_id: undefined,
      related_contact_id: undefined,
      initiation_time: time("2026-05-28T00:04:48.433Z"),
      connected_to_system_time: time("2026-05-28T00:04:49.234Z"),
      enqueue_time: time("2026-05-28T00:05:12.412Z"),
      connected_to_agent_time: time("2026-05-28T00:05:30.973Z"),
      disconnect_time: undefined,
      after_contact_work_start_time: undefined,
      after_contact_work_end_time: undefined,
      queue_id: "12345678-1234-1234-1234-123456789012",
      queue_type: "STANDARD",
      updated_properties: undefined,
      system_endpoint_address: "+11234567890",
      active_region: "us-east-1",
      origin_region: "us-east-1",
      detail_type: "Amazon Connect Contact Event",
    });
  });

  test("the renamed detail-type, the channel Voice and one PascalCase key are read", () => {
    const { row, references } = accept(disconnected);
    expect(row).toMatchObject({
      event_name: "DISCONNECTED",
      event_time: time("2021-08-04T17:18:37Z"),
      channel: "VOICE",
      agent_id: undefined,
      detail_type: "Connect Customer Contact Event",
      instance_id: "12345678-1234-1234-1234-123456789012",
    });
    expect(JSON.parse(String(row.attributes))).toMatchObject({
      CustomerVoiceActivity: { greetingStartTimestamp: "2021-08-04T17:29:20.000Z" },
      agentInfo: { hierarchyGroups: { level1: {} } },
    });
    expect(references).toMatchObject({
      links: [
        { relation: "initial", other_contact_id: "11111111-2222-3333-4444-555555555555" },
        { relation: "previous", other_contact_id: "11111111-2222-3333-4444-555555555555" },
      ],
    });
  });

  test("a detail in PascalCase throughout is read", () => {
    expect(rowOf(connected)).toMatchObject({
      event_name: "CONNECTED_TO_AGENT",
      event_time: time("2021-08-04T17:29:09Z"),
      agent_id: "12345678-1234-1234-1234-123456789012",
      enqueue_time: time("2021-08-04T17:29:04Z"),
      queue_type: "type",
      initiation_method: "INBOUND",
    });
  });

  test("the 1970 sentinel is absent, and an update stands at its envelope's time", () => {
    expect(rowOf(updated)).toMatchObject({
      connected_to_system_time: undefined,
      event_time: time("2021-08-04T17:43:48Z"),
      updated_properties: '["RoutingCriteria.Step.Status"]',
      message: "CONTACT_DATA_UPDATED (CHAT, API): RoutingCriteria.Step.Status",
    });
  });
});

describe("event times", () => {
  test.each([
    ["initiated-rounded-up-envelope", "2023-02-01T21:24:00.999Z"],
    ["connected-to-system", "2026-05-28T00:04:49.234Z"],
    ["completed-after-contact-work", "2026-05-28T00:06:42.900Z"],
    ["completed-without-after-contact-work", "2026-05-28T00:06:30.050Z"],
    ["sentinel-for-its-own-time", "2026-05-28T00:06:43Z"],
  ])("%s stands at %s", (id, expected) => {
    expect(rowOf(quirk(id)).event_time).toBe(time(expected));
  });

  test("a contact queued stands at its enqueue time", () => {
    const [queued = ""] = readFixture("constructed-two-regions.ndjson");
    expect(rowOf(queued).event_time).toBe(time("2026-05-28T00:05:12.412Z"));
  });

  test("a bare detail without a time of its own stands at its carrier's time", () => {
    const body = '{"contactId":"c-1","eventType":"PAUSED","instanceArn":"arn"}';
    const carrier = { time: unixMillis(time("2026-05-28T00:00:00Z")), id: "id-1", region: "eu-west-2" };
    expect(rowOf(body, carrier)).toMatchObject({ event_time: carrier.time, original_id: "id-1", region: "eu-west-2" });
    expect(receive(body)).toEqual({
      ok: false,
      rejected: { reason: "bad_time", detail: "no instant for PAUSED in the detail and none in the envelope" },
    });
  });
});

describe("identity", () => {
  const [queuedWest = "", queuedEast = "", updatedWest = "", updatedEast = ""] = readFixture(
    "constructed-two-regions.ndjson",
  );

  test("two Regions' copies of one event are one record", () => {
    expect(rowOf(queuedEast).record_id).toBe(rowOf(queuedWest).record_id);
    expect([rowOf(queuedEast).original_id, rowOf(queuedEast).region]).toEqual(["linked-queued-east", "us-east-1"]);
  });

  test("two Regions' copies of an update, which has no time of its own, are one record by their content", () => {
    expect(rowOf(updatedEast).record_id).toBe(rowOf(updatedWest).record_id);
  });

  test("an update of something else is another record", () => {
    expect(rowOf(updatedWest.replace('["Tags"]', '["ContactLens"]')).record_id).not.toBe(rowOf(updatedWest).record_id);
  });

  test("the order of keys makes no difference", () => {
    const { detail, ...envelope } = JSON.parse(updatedWest);
    const reversed = Object.fromEntries(Object.entries(detail).reverse());
    expect(rowOf(JSON.stringify({ ...envelope, detail: reversed })).record_id).toBe(rowOf(updatedWest).record_id);
  });

  test("a task paused twice makes two records although the details are equal", () => {
    expect(rowOf(quirk("task-paused-again")).record_id).not.toBe(rowOf(quirk("task-paused-first")).record_id);
  });

  test("the bare detail and its envelope are one record", () => {
    const [bare = ""] = readFixture("constructed-bare-detail.ndjson");
    const envelope = { "detail-type": "Amazon Connect Contact Event", id: "x", detail: JSON.parse(bare) };
    expect(rowOf(JSON.stringify(envelope)).record_id).toBe(rowOf(bare).record_id);
  });
});

describe("quirks", () => {
  test("a bare detail has no envelope facts, and tags keep the case of their keys", () => {
    const [bare = ""] = readFixture("constructed-bare-detail.ndjson");
    expect(rowOf(bare)).toMatchObject({
      detail_type: undefined,
      original_id: undefined,
      region: "us-west-2",
      account_id: "111122223333",
      disconnect_reason: "CUSTOMER_DISCONNECT",
      message: "DISCONNECTED (VOICE, INBOUND, CUSTOMER_DISCONNECT)",
      tags: '{"aws:connect:instanceId":"x","aws:connect:systemEndpoint":"+15555550199","Dept":"Finance","dept":"finance"}',
    });
  });

  test("of two keys that differ in case only, the first that is not null counts", () => {
    const keys = '"Channel":null,"channel":"CHAT","CHANNEL":"TASK"';
    const detail = `{"contactId":"c","eventType":"INITIATED","initiationTimestamp":"2026-05-28T00:00:00.123Z",${keys}}`;
    expect(rowOf(`{"detail-type":"Amazon Connect Contact Event","detail":${detail}}`)["channel"]).toBe("CHAT");
  });

  test("after-contact work has columns; a hierarchy group here has no name and goes to the attributes", () => {
    const row = rowOf(quirk("completed-after-contact-work"));
    expect(row).toMatchObject({
      after_contact_work_start_time: time("2026-05-28T00:06:30.100Z"),
      after_contact_work_end_time: time("2026-05-28T00:06:42.900Z"),
    });
    expect(JSON.parse(String(row.attributes))).toMatchObject({
      agentInfo: { afterContactWorkDuration: 12, hierarchyGroups: { level1: {} } },
    });
  });

  test("a transferred contact names the chain", () => {
    expect(accept(quirk("transferred-chain")).references).toEqual({
      contactIds: ["c-4"],
      links: [
        { contact_id: "c-4", relation: "initial", other_contact_id: "c-0" },
        { contact_id: "c-4", relation: "previous", other_contact_id: "c-1" },
        { contact_id: "c-4", relation: "related", other_contact_id: "c-9" },
      ],
    });
  });

  test("a later detail-type, event type, channel and key are kept", () => {
    expect(rowOf(quirk("later-detail-type"))).toMatchObject({
      detail_type: "Connect Something Contact Event",
      event_name: "TELEPORTED",
      channel: "HOLOGRAM",
      attributes: '{"mood":"happy"}',
    });
  });
});

describe("recognition and rejection", () => {
  test("every fixture is recognized", () => {
    const names = [
      "docs-envelopes-case-variants",
      "constructed-quirks",
      "constructed-two-regions",
      "constructed-bare-detail",
    ];
    const values = names.flatMap((name) => readFixture(`${name}.ndjson`)).map((body): JsonObject => JSON.parse(body));
    expect(values.map((value) => contactEventSource.recognize(value))).toEqual(values.map(() => true));
  });

  test("other events, other sources and other vendors' contact events are not", () => {
    const others: JsonObject[] = [
      { "detail-type": "Contact Lens Post Call Rules Matched", source: "aws.connect", detail: {} },
      { "detail-type": "Later Contact Event", source: "example.crm", detail: {} },
      { AgentARN: "a", EventType: "LOGIN", InstanceARN: "i" },
      { AWSContactTraceRecordFormatVersion: "2017-03-10", ContactId: "c", InstanceARN: "i" },
      { eventType: "AwsApiCall", eventSource: "connect.amazonaws.com" },
    ];
    expect(others.map((value) => contactEventSource.recognize(value))).toEqual(others.map(() => false));
  });

  test.each([
    ["{}", "missing_field", "detail is missing"],
    ['{"detail":7}', "bad_type", "detail is not an object: 7"],
    ['{"detail":{}}', "missing_field", "detail.contactId is missing"],
    ['{"detail":{"contactId":7}}', "bad_type", "detail.contactId is not text: 7"],
    ['{"detail":{"contactId":"c"}}', "missing_field", "detail.eventType is missing"],
  ])("%s is rejected as %s: %s", (body, reason, detail) => {
    const value = { "detail-type": "Amazon Connect Contact Event", ...JSON.parse(body) };
    expect(receive(JSON.stringify(value))).toEqual({ ok: false, rejected: { reason, detail } });
  });
});

describe("hostile input", () => {
  const value = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom<unknown>("null", "arn", "2022-06-01T17:20:00.123Z", "1970-01-01T00:00:00.001Z", "c-1"),
  );
  const part = (...keys: readonly string[]) =>
    fc.oneof(value, fc.dictionary(fc.constantFrom(...keys, "__proto__"), value));
  const detail = fc.record(
    {
      contactId: fc.oneof(value, fc.constant("c-1")),
      ContactId: value,
      EventType: fc.constantFrom<unknown>("QUEUED", "queued", "CONNECTED_TO_AGENT", "COMPLETED", "PAUSED", 7),
      Channel: value,
      agentInfo: part("agentArn", "AgentArn", "connectedToAgentTimestamp"),
      QueueInfo: part("queueArn", "EnqueueTimestamp"),
      updatedProperties: value,
      tags: part("a", "aws:connect:systemEndpoint"),
      globalResiliencyMetadata: part("activeRegion"),
      ["__proto__"]: value,
    },
    { requiredKeys: ["EventType"] },
  );
  const event = fc.record(
    {
      "detail-type": fc.constant("Amazon Connect Contact Event"),
      time: fc.oneof(value, fc.constant("2022-06-01T17:20:00Z")),
      id: value,
      region: value,
      detail: fc.oneof({ weight: 5, arbitrary: detail }, { weight: 1, arbitrary: value }),
    },
    { requiredKeys: ["detail"] },
  );

  test("any JSON with these keys becomes a row or a rejection; the same bytes the same one", () => {
    const keys = recordColumns(contactEventSource.columns).map((column) => column.name);
    let accepted = 0;
    fc.assert(
      fc.property(event, (fields) => {
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
      '{"detail-type":"Amazon Connect Contact Event","time":"2026-05-28T00:06:43Z","detail":{"contactId":"c",' +
        '"eventType":"PAUSED","__proto__":{"polluted":true},"tags":{"__proto__":"x"}}}',
    );
    expect(row).toMatchObject({ attributes: '{"__proto__":{"polluted":true}}', tags: '{"__proto__":"x"}' });
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
  });
});
