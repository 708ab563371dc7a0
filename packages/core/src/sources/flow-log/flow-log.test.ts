import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { COMMON_COLUMNS } from "../../column.ts";
import { unixMillis } from "../../instant.ts";
import type { JsonObject } from "../../json.ts";
import type { SourceRecord } from "../../record.ts";
import type { Carrier, DecodeContext } from "../../source.ts";
import { flowLogSource } from "./flow-log.ts";

const CONTEXT: DecodeContext = {
  digest: (text) => createHash("sha256").update(text).digest("base64url"),
  observedTime: unixMillis(1_800_000_000_000),
  memory: undefined,
};

const INSTANCE = "arn:aws:connect:eu-west-2:123456789012:instance/11111111-2222-4333-8444-555555555555";
const MINIMAL = {
  ContactId: "f0b21968-952b-47ba-b764-f29a57bcf626",
  ContactFlowId: `${INSTANCE}/contact-flow/aaaaaaaa-0000-4000-8000-000000000001`,
  ContactFlowModuleType: "SetQueue",
  Timestamp: "2021-04-13T00:14:31.581Z",
};

function decodeBody(body: string, carrier?: Carrier) {
  const value: JsonObject = JSON.parse(body);
  const received = { value, body, carrier };
  const decoded = flowLogSource.decode(received);
  return decoded.ok ? flowLogSource.normalize(decoded.value, received, CONTEXT) : decoded.rejected;
}

function normalizeBody(body: string, carrier?: Carrier): SourceRecord {
  const outcome = decodeBody(body, carrier);
  if ("reason" in outcome) throw new Error(`rejected: ${outcome.reason} ${outcome.detail}`);
  return outcome;
}

function normalizeEntry(fields: object, carrier?: Carrier): SourceRecord {
  return normalizeBody(JSON.stringify({ ...MINIMAL, ...fields }), carrier);
}

function readFixture(name: string): string {
  return readFileSync(new URL(`fixtures/${name}`, import.meta.url), "utf8");
}

const FORMS = readFixture("constructed-forms.ndjson").trimEnd().split("\n");

describe("recognizing", () => {
  test.each([
    ["a contact with a block", { ContactId: "c", ContactFlowModuleType: "SetQueue" }, true],
    ["a contact with a flow", { ContactId: "c", ContactFlowId: "f" }, true],
    ["the lower-cased keys of an Athena export", { contactid: "c", contactflowmoduletype: "SetQueue" }, true],
    ["a contact alone", { ContactId: "c" }, false],
    ["a flow without a contact", { ContactFlowId: "f" }, false],
    ["a contact record", { AWSContactTraceRecordFormatVersion: "2017-03-10", ContactId: "c" }, false],
  ])("%s: %j is %s", (_, value, isFlowLog) => {
    expect(flowLogSource.recognize(value)).toBe(isFlowLog);
  });

  test("every fixture is recognized", () => {
    const bodies = [readFixture("2017-docs-set-queue.json"), readFixture("2021-docs-single-entry.ndjson"), ...FORMS];
    expect(bodies.map((body) => flowLogSource.recognize(JSON.parse(body)))).toEqual(bodies.map(() => true));
  });
});

describe("forms", () => {
  test("the documentation's entry of 2021 becomes a whole row", () => {
    const body = readFixture("2021-docs-single-entry.ndjson").trimEnd();
    const arn = "arn:aws:connect:us-west-2:0123456789012:instance/nnnnnnnnnnn-3333-4444-5555-111111111111";
    const queue = `${arn}/queue/aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee`;
    expect(normalizeBody(body, { id: "3869", origin: "/aws/connect/example", accountId: "999999999999" })).toEqual({
      record_id: expect.stringMatching(/^[\w~]{8}[\w-]{16}$/),
      source: "flow_log",
      instance_id: "nnnnnnnnnnn-3333-4444-5555-111111111111",
      account_id: "0123456789012",
      region: "us-west-2",
      event_name: "SetQueue",
      event_time: Date.parse("2021-04-13T00:14:31.581Z"),
      observed_time: CONTEXT.observedTime,
      severity_number: 9,
      severity_text: undefined,
      contact_id: "11111111-2222-3333-4444-555555555555",
      agent_id: undefined,
      agent_username: undefined,
      flow_id: "123456789000-aaaa-bbbbbbbbb-cccccccccccc",
      session_id: undefined,
      message: "Set working queue",
      attributes: undefined,
      original_id: "3869",
      original_body: body,
      flow_arn: `${arn}/contact-flow/123456789000-aaaa-bbbbbbbbb-cccccccccccc`,
      flow_name: undefined,
      flow_kind: "flow",
      block_id: undefined,
      block_type: "SetQueue",
      parameters: JSON.stringify({ Queue: queue }),
      results: undefined,
      external_results: undefined,
      result_data: undefined,
      module_stack: undefined,
      lambda_arn: undefined,
      queue_id: "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
      is_error: false,
      is_exit: false,
      log_group: "/aws/connect/example",
    });
  });

  test("the documentation's entry of 2017 takes its time from the carrier, its queue from Events", () => {
    const row = normalizeBody(readFixture("2017-docs-set-queue.json"), { time: unixMillis(1_510_229_878_980) });
    expect(row).toMatchObject({
      event_time: 1_510_229_878_980,
      instance_id: "d-92673ef055",
      queue_id: "f0300e43-9547-477c-b8ba-0bb7a72f7fa1",
      message: "Set working queue",
      parameters: undefined,
      is_exit: false,
    });
    expect(JSON.parse(row.attributes ?? "")).toEqual({
      Events: {
        Queue: [
          "arn:aws:connect:us-east-2:670047220557:instance/d-92673ef044/queue/f0300e43-9547-477c-b8ba-0bb7a72f7fa1",
        ],
      },
    });
  });

  test("the forms of 2023 to 2026 tell entry, exit, failure and module apart", () => {
    const rows = FORMS.map((body) => normalizeBody(body));
    expect(rows.map((row) => [row.message, row.severity_number, row.is_exit, row.block_id !== undefined])).toEqual([
      ["Set logging behavior: Enable", 9, false, false],
      ["Get customer input", 9, false, false],
      ["Get customer input: Error", 17, true, false],
      ["Transfer to queue: false", 9, true, false],
      ["Check hours of operation: true", 9, true, true],
      ["AWS Lambda function: customer-lookup", 9, false, true],
      ["AWS Lambda function: returned", 9, true, true],
      ["Lambda returned an error", 17, true, true],
      ["Get customer profile: MultipleFound", 13, true, true],
      ["Unknown block", 9, false, false],
    ]);
  });

  test("a failed Lambda function keeps its words and is an error; its entry keeps ARN and arguments", () => {
    expect(normalizeBody(FORMS[7] ?? "")).toMatchObject({
      is_error: true,
      results: "The Lambda Function Returned An Error.",
      external_results: undefined,
    });
    const entry = normalizeBody(FORMS[5] ?? "");
    expect(entry.lambda_arn).toBe("arn:aws:lambda:eu-west-2:123456789012:function:customer-lookup");
    expect(JSON.parse(String(entry.parameters))).toMatchObject({ TimeLimit: "8000", Parameters: { ani: "[number]" } });
  });

  test("a module keeps its version in flow_arn only, its stack and its result data", () => {
    expect(normalizeBody(FORMS[8] ?? "")).toMatchObject({
      flow_kind: "module",
      flow_id: "bbbbbbbb-0000-4000-8000-000000000002",
      flow_arn: `${INSTANCE}/flow-module/bbbbbbbb-0000-4000-8000-000000000002:$SAVED`,
      block_id: "Find the caller",
      result_data: '{"ProfileId":"p-1"}',
      module_stack: JSON.stringify([
        `${INSTANCE}/flow-module/bbbbbbbb-0000-4000-8000-000000000002`,
        MINIMAL.ContactFlowId,
      ]),
      is_error: false,
    });
  });

  test("lower-cased keys of an Athena export make the same row but for id and body", () => {
    const queue = `${INSTANCE}/queue/cccccccc-0000-4000-8000-000000000003`;
    const lower = JSON.stringify({
      contactid: MINIMAL.ContactId,
      contactflowid: MINIMAL.ContactFlowId,
      contactflowmoduletype: "SetQueue",
      timestamp: MINIMAL.Timestamp,
      parameters: { queue },
    });
    const amazon = normalizeEntry({ Parameters: { Queue: queue } });
    const { record_id: _id, original_body: _body, parameters, ...rest } = normalizeBody(lower);
    expect(amazon).toMatchObject(rest);
    expect(parameters).toBe(JSON.stringify({ queue }));
  });

  test.each([{ ContactFlowModuleType: "null" }, { ContactFlowModuleType: null }, { ContactFlowModuleType: undefined }])(
    "a block type of %j is kept as unknown",
    (fields) => {
      expect(normalizeEntry(fields)).toMatchObject({
        event_name: "unknown",
        block_type: undefined,
        message: "Unknown block",
      });
    },
  );

  test.each([{}, { Parameters: null }, { Parameters: {} }])("parameters of %j are none", (fields) => {
    expect(normalizeEntry({ ...fields, Results: "true" })).toMatchObject({ parameters: undefined, is_exit: true });
  });

  test("numbers and booleans in parameters stay the texts they were", () => {
    expect(normalizeEntry({ Parameters: { Timeout: "5000", Add: "false" } }).parameters).toBe(
      '{"Timeout":"5000","Add":"false"}',
    );
  });

  test("a field that nobody knows yet is kept in attributes, also one called __proto__", () => {
    const body = `${JSON.stringify(MINIMAL).slice(0, -1)},"Later":{"a":1},"__proto__":{"polluted":true}}`;
    expect(normalizeBody(body).attributes).toBe('{"Later":{"a":1},"__proto__":{"polluted":true}}');
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  test("a flow given by a bare id loses its version only", () => {
    expect(normalizeEntry({ ContactFlowId: "aaaa:$SAVED" }, { accountId: "1", region: "eu-west-1" })).toMatchObject({
      flow_id: "aaaa",
      flow_kind: undefined,
      account_id: "1",
      region: "eu-west-1",
    });
  });

  test("the queue of an agent is an agent's id", () => {
    const queue = `${INSTANCE}/queue/agent/dddddddd-0000-4000-8000-000000000004`;
    expect(normalizeEntry({ Parameters: { Queue: queue } }).queue_id).toBe("dddddddd-0000-4000-8000-000000000004");
  });
});

describe("failures and messages", () => {
  test.each([
    ["Loop", "NotDone", 9, "Loop: NotDone"],
    ["Transfer", "false", 9, "Transfer to queue: false"],
    ["CheckAttribute", "false", 9, "Check contact attributes: false"],
    ["GetUserInput", "Timeout", 13, "Get customer input: Timeout"],
    ["GetUserInput", "NoMatch", 13, "Get customer input: NoMatch"],
    ["GetUserInput", "Error", 17, "Get customer input: Error"],
    ["GetUserInput", "Reporterrorintent", 9, "Get customer input: Reporterrorintent"],
    ["GetUserInput", "InvalidCardIntent", 9, "Get customer input: InvalidCardIntent"],
    ["GetUserInput", "4", 9, "Get customer input: 4"],
    ["StoreUserInput", "Timeout", 13, "Store customer input: Timeout"],
    ["PlayPrompt", "No prompt provided", 17, "Play prompt: No prompt provided"],
    ["GetCustomerProfile", "MultipleFoundError", 13, "Get customer profile: MultipleFoundError"],
    ["GetCase", "Case not found", 13, "Get case: Case not found"],
    ["ShowView", "Unsupported", 17, "Show view: Unsupported"],
    [
      "InvokeExternalResource",
      "Instance has reached concurrent Lambda thread access limit",
      17,
      "Lambda returned an error: Instance has reached concurrent Lambda thread access limit",
    ],
    ["UpdateContactCallbackNumber", "InvalidCallbackNumber", 17, "Set callback number: InvalidCallbackNumber"],
    ["CreateTask", "SomeException", 17, "Create task: SomeException"],
  ])("%s answering %s has severity %i and reads as: %s", (ContactFlowModuleType, Results, severity, message) => {
    expect(normalizeEntry({ ContactFlowModuleType, Results })).toMatchObject({
      severity_number: severity,
      is_error: severity === 17,
      message,
    });
  });

  test.each([
    ["Transfer", { ContactFlowId: "x" }, "Transfer to flow"],
    ["Transfer", { PhoneNumber: "x" }, "Transfer to phone number"],
    ["SetAttributes", { Key: "tier", Value: "gold" }, "Set contact attributes: tier"],
    ["SetContactFlow", { ContactFlowId: "x", Type: "CustomerQueue" }, "Set event flow: CustomerQueue"],
    ["SetRecordingAndAnalyticsBehavior", {}, "Set recording and analytics behavior"],
    ["xray", {}, "xray"],
  ])("%s with %j reads as: %s", (ContactFlowModuleType, Parameters, message) => {
    expect(normalizeEntry({ ContactFlowModuleType, Parameters }).message).toBe(message);
  });

  test("a very long result is cut in the message and whole in its column", () => {
    const row = normalizeEntry({ Results: "x".repeat(5_000) });
    expect(row.message).toHaveLength("Set working queue: ".length + 201);
    expect(row.results).toHaveLength(5_000);
  });
});

describe("rejecting", () => {
  test("a malformed time without a carrier's time is rejected, not guessed", () => {
    expect(decodeBody(readFixture("2017-docs-set-queue.json"))).toEqual({
      reason: "bad_time",
      detail: 'Timestamp: "2017-11-09T12:17.898Z"',
    });
  });

  test.each([
    [{ ContactId: undefined }, { reason: "missing_field", detail: "ContactId" }],
    [{ ContactId: "" }, { reason: "missing_field", detail: "ContactId" }],
    [{ ContactId: 7 }, { reason: "bad_type", detail: "ContactId: number instead of text" }],
    [{ Timestamp: undefined }, { reason: "bad_time", detail: "Timestamp: undefined" }],
  ])("an entry with %j is rejected", (fields, rejection) => {
    expect(decodeBody(JSON.stringify({ ...MINIMAL, ...fields }))).toEqual(rejection);
  });
});

describe("identity", () => {
  test("two equal entries with different CloudWatch ids are two records, with one id they are one", () => {
    const first = normalizeEntry({}, { id: "1" });
    expect(normalizeEntry({}, { id: "2" }).record_id).not.toBe(first.record_id);
    expect(normalizeEntry({}, { id: "1", time: unixMillis(5) }).record_id).toBe(first.record_id);
  });

  test("without a CloudWatch id the content counts, however it is indented", () => {
    const pretty = JSON.stringify(MINIMAL, undefined, 4);
    expect(normalizeBody(pretty).record_id).toBe(normalizeEntry({}).record_id);
    expect(normalizeBody(pretty.replaceAll("\n", " ")).record_id).toBe(normalizeEntry({}).record_id);
    expect(normalizeEntry({}, { id: "" }).record_id).toBe(normalizeEntry({}).record_id);
  });

  test("entries whose time is the carrier's differ by it", () => {
    const body = readFixture("2017-docs-set-queue.json");
    const at = (time: number) => normalizeBody(body, { time: unixMillis(time) }).record_id;
    expect(at(1_510_229_878_980)).toBe(at(1_510_229_878_980));
    expect(at(1_510_229_878_980)).not.toBe(at(1_510_229_878_981));
  });
});

describe("properties", () => {
  const keys = [
    ...Object.keys(MINIMAL),
    "Parameters",
    "Results",
    "ExternalResults",
    "ResultData",
    "Events",
    "Identifier",
    "ModuleExecutionStack",
    "ContactFlowName",
    "contactid",
    "contactflowmoduletype",
    "__proto__",
    "constructor",
  ];
  const entry = fc
    .array(fc.tuple(fc.constantFrom(...keys), fc.jsonValue()))
    .map((fields) => Object.fromEntries([...Object.entries(MINIMAL), ...fields]));
  const columnNames = [...COMMON_COLUMNS, ...flowLogSource.columns]
    .map((column) => column.name)
    .filter((name) => name !== "ingested_time" && name !== "schema_version");

  test("nothing throws, and every row has exactly the declared columns in their order", () => {
    fc.assert(
      fc.property(entry, (value) => {
        const outcome = decodeBody(JSON.stringify(value), { time: unixMillis(1_700_000_000_000) });
        expect("reason" in outcome ? columnNames : Object.keys(outcome)).toEqual(columnNames);
      }),
    );
  });

  test("the same bytes have the same id", () => {
    fc.assert(
      fc.property(entry, (value) => {
        const body = JSON.stringify(value);
        expect(decodeBody(body)).toEqual(decodeBody(body));
      }),
    );
  });
});
