import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { COMMON_COLUMNS } from "../../column.ts";
import { unixMillis } from "../../instant.ts";
import type { JsonObject } from "../../json.ts";
import type { SourceRecord } from "../../record.ts";
import type { Carrier } from "../../source.ts";
import { ccpLogSource } from "./ccp-log.ts";
import { SoftphoneCalls } from "./softphone-calls.ts";

const CONTACT = "cccccccc-1111-4111-8111-111111111111";
const AGENT = "99999999-aaaa-bbbb-cccc-dddddddddddd";
const MINIMAL = {
  component: "ccp",
  level: "INFO",
  text: "Agent initialized",
  time: "2026-11-20T12:08:10.255Z",
  loggerId: "1795176490201-gmihrgp6jbg",
};

function decodeBody(body: string, carrier?: Carrier, memory?: unknown) {
  const value: JsonObject = JSON.parse(body);
  const received = { value, body, carrier };
  const decoded = ccpLogSource.decode(received);
  if (!decoded.ok) return decoded.rejected;
  return ccpLogSource.normalize(decoded.value, received, {
    digest: (text) => createHash("sha256").update(text).digest("base64url"),
    observedTime: unixMillis(1_800_000_000_000),
    memory,
  });
}

function normalizeBody(body: string, carrier?: Carrier, memory?: unknown): SourceRecord {
  const outcome = decodeBody(body, carrier, memory);
  if ("reason" in outcome) throw new Error(`rejected: ${outcome.reason} ${outcome.detail}`);
  return outcome;
}

function normalizeEntry(fields: object, carrier?: Carrier, memory?: unknown): SourceRecord {
  return normalizeBody(JSON.stringify({ ...MINIMAL, ...fields }), carrier, memory);
}

describe("irregularities", () => {
  test.each([
    ["a number of milliseconds", 1_767_225_600_000, 1_767_225_600_000],
    ["a text", "2026-01-01T00:00:00.000Z", 1_767_225_600_000],
  ])("the time may be %s", (_, time, expected) => {
    expect(normalizeEntry({ time }).event_time).toBe(expected);
  });

  test.each([[{ time: undefined }], [{ time: "yesterday" }], [{ time: {} }]])(
    "with %j the carrier's time counts, else it is rejected",
    (fields) => {
      expect(normalizeEntry(fields, { time: unixMillis(1_767_225_600_000) }).event_time).toBe(1_767_225_600_000);
      expect(decodeBody(JSON.stringify({ ...MINIMAL, ...fields }))).toMatchObject({ reason: "bad_time" });
    },
  );

  test.each([
    [{ text: undefined }, { reason: "missing_field", detail: "text" }],
    [{ text: null }, { reason: "missing_field", detail: "text" }],
    [{ text: 7 }, { reason: "bad_type", detail: "text: number instead of text" }],
  ])("%j is rejected", (fields, rejection) => {
    expect(decodeBody(JSON.stringify({ ...MINIMAL, ...fields }))).toEqual(rejection);
  });

  test.each([[{}], [{ tabId: null }], [{ agentResourceId: {} }], [{ agentResourceId: null }]])(
    "%j is absent",
    (fields) => {
      expect(normalizeEntry(fields)).toMatchObject({ tab_id: undefined, agent_id: undefined });
    },
  );

  test("objects may be a string, absent, or empty", () => {
    expect(normalizeEntry({ objects: `{"contactId":"${CONTACT}"` })).toMatchObject({
      contact_id: CONTACT,
      contact_id_source: "object",
      attributes: JSON.stringify({ objects: `{"contactId":"${CONTACT}"` }),
    });
    expect(
      [normalizeEntry({}), normalizeEntry({ objects: [] }), normalizeEntry({ objects: "" })].map(
        (row) => row.attributes,
      ),
    ).toEqual([undefined, undefined, undefined]);
  });

  test("JSON that redaction broke stays text", () => {
    const text = `AWSClient: <-- Operation 'createAdditionalConnection' failed: {"message":"Cannot create new connection by phone number[redacted]`;
    expect(normalizeEntry({ text, level: "TRACE" })).toMatchObject({
      message: text,
      event_name: "api_failed",
      operation: "createAdditionalConnection",
    });
  });

  test("a text of many lines becomes one", () => {
    expect(normalizeEntry({ text: "LocalSD v=0\r\no=- 1 2\r\n" }).message).toBe("LocalSD v=0 o=- 1 2");
  });

  test.each([
    ["TEST", 1],
    ["TRACE", 1],
    ["DEBUG", 5],
    ["INFO", 9],
    ["LOG", 10],
    ["WARN", 13],
    ["ERROR", 17],
    ["CRITICAL", 21],
    ["warn", 13],
    ["LATER", 9],
  ])("level %s has severity %i and stays as written", (level, severity) => {
    expect(normalizeEntry({ level })).toMatchObject({ severity_number: severity, severity_text: level });
  });

  test.each([
    [
      "an error",
      { type: "TypeError", message: "Cannot read…", stack: ["TypeError: …", "    at f"] },
      "TypeError",
      "Cannot read…",
    ],
    [
      "an AWS error",
      { type: "[object Object]", message: "kaput", stack: ["InternalServiceException", "    at f"] },
      "InternalServiceException",
      "kaput",
    ],
    ["a thrown string", { type: "[object String]", stack: [] }, "[object String]", undefined],
    ["a plain string", "it broke", undefined, "it broke"],
    ["null", null, undefined, undefined],
    ["something else", [1], undefined, undefined],
  ])("the exception may be %s", (_, exception, type, message) => {
    expect(normalizeEntry({ exception })).toMatchObject({ exception_type: type, exception_message: message });
  });

  test("what has no column of an exception is kept in attributes", () => {
    expect(normalizeEntry({ exception: { type: "E", stack: ["E: x"] }, objects: [{ a: 1 }] }).attributes).toBe(
      '{"objects":[{"a":1}],"exception":{"stack":["E: x"]}}',
    );
    expect(normalizeEntry({ exception: [1] }).attributes).toBe('{"exception":[1]}');
  });
});

describe("the contact", () => {
  const other = "eeeeeeee-2222-4222-8222-222222222222";
  test.each([
    ["the category", { text: ` ${CONTACT} SESSION contactId ${other}`, objects: [{ contactId: other }] }, "category"],
    ["an object", { text: `contactId ${other}`, objects: [{ x: 1 }, { contactId: CONTACT }] }, "object"],
    ["an API request's parameters", { objects: [{ request: { params: { contactId: CONTACT } } }] }, "object"],
    ["parameters", { objects: [{ params: { contactId: CONTACT } }] }, "object"],
    ["an event's payload", { objects: [{ data: { contactId: CONTACT } }] }, "object"],
    ["a snapshot with one contact", { objects: [{ snapshot: { contacts: [{ contactId: CONTACT }] } }] }, "object"],
    ["a text", { text: `Contact detected: contactId ${CONTACT} agent connectionId ${other}` }, "text"],
    ["JSON in a text", { text: `payload {\\"contactId\\":\\"${CONTACT}\\"}` }, "text"],
    ["an event name", { text: `Publishing event: contact::connected::${CONTACT}` }, "text"],
  ])("is read from %s", (_, fields, source) => {
    expect(normalizeEntry(fields)).toMatchObject({ contact_id: CONTACT, contact_id_source: source });
  });

  test("a snapshot of several contacts is about none of them alone, but refers to all", () => {
    const objects = [
      {
        snapshot: {
          contacts: [
            { contactId: CONTACT, initialContactId: other },
            { contactId: other, initialContactId: other },
          ],
        },
      },
    ];
    const body = JSON.stringify({ ...MINIMAL, objects });
    const decoded = ccpLogSource.decode({ value: JSON.parse(body), body, carrier: undefined });
    expect(normalizeBody(body).contact_id).toBeUndefined();
    expect(decoded.ok && ccpLogSource.refer?.(decoded.value)).toEqual({
      contactIds: [CONTACT, other],
      links: [{ contact_id: CONTACT, relation: "initial", other_contact_id: other }],
    });
  });
});

describe("identity", () => {
  test("a copy forwarded to the embedding page is the same record", () => {
    const original = {
      text: " [Softphone Manager] ready",
      component: "softphone",
      line: 13,
      tabId: "t",
      contextLayer: "CCP",
    };
    const copy = {
      ...original,
      component: "ccp",
      line: 0,
      tabId: null,
      agentResourceId: AGENT,
      time: Date.parse(MINIMAL.time),
    };
    expect(normalizeEntry(copy).record_id).toBe(normalizeEntry(original).record_id);
  });

  test.each([{ text: "x" }, { level: "WARN" }, { time: "2026-11-20T12:08:10.256Z" }, { loggerId: "other" }])(
    "another %j is another record",
    (fields) => {
      expect(normalizeEntry(fields).record_id).not.toBe(normalizeEntry({}).record_id);
    },
  );
});

describe("properties", () => {
  const keys = [
    "component",
    "level",
    "text",
    "time",
    "tabId",
    "exception",
    "objects",
    "line",
    "agentResourceId",
    "loggerId",
    "contextLayer",
    "agent",
    "internal",
    "__proto__",
    "constructor",
  ];
  const entry = fc
    .array(
      fc.tuple(
        fc.constantFrom(...keys),
        fc.oneof(fc.jsonValue(), fc.constantFrom(" contactId", `${CONTACT} SESSION`, "'x' API request failed")),
      ),
    )
    .map((fields) => Object.fromEntries([...Object.entries(MINIMAL), ...fields]));
  const columnNames = [...COMMON_COLUMNS, ...ccpLogSource.columns]
    .map((column) => column.name)
    .filter((name) => name !== "ingested_time" && name !== "schema_version");

  test("nothing throws, and every row has exactly the declared columns in their order", () => {
    const memory = ccpLogSource.createMemory?.();
    fc.assert(
      fc.property(entry, (value) => {
        const outcome = decodeBody(JSON.stringify(value), { time: unixMillis(1_700_000_000_000) }, memory);
        expect("reason" in outcome ? columnNames : Object.keys(outcome)).toEqual(columnNames);
      }),
    );
  });

  test("the same bytes have the same id, with and without memory", () => {
    fc.assert(
      fc.property(entry, (value) => {
        const body = JSON.stringify(value);
        const [first, second] = [decodeBody(body), decodeBody(body, undefined, new SoftphoneCalls())];
        expect("record_id" in first && first.record_id).toEqual("record_id" in second && second.record_id);
      }),
    );
  });

  test("a key called __proto__ changes nothing and stays in the body", () => {
    const body = `${JSON.stringify(MINIMAL).slice(0, -1)},"__proto__":{"agent":"mallory"},"objects":[{"__proto__":{"contactId":"${CONTACT}"}}]}`;
    expect(normalizeBody(body)).toMatchObject({
      agent_username: undefined,
      contact_id: undefined,
      original_body: body,
    });
    expect(({} as { agent?: string }).agent).toBeUndefined();
  });
});
