import { unixMillis, type SourceName, type SourceRecord } from "@fourwire/core";
import type { RejectedInput } from "@fourwire/store";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { splitText } from "../test/pieces.ts";
import { describeShape, Pipeline, type PipelineOptions } from "./pipeline.ts";

const OBSERVED_TIME = unixMillis(Date.UTC(2026, 10, 20, 12));
const CCP_LOG = {
  component: "ccp",
  level: "INFO",
  text: "Agent initialized",
  time: "2026-11-20T12:08:10.255Z",
  loggerId: "1-a",
};
const FLOW_LOG = {
  ContactId: "f0b21968-952b-47ba-b764-f29a57bcf626",
  ContactFlowId: "arn:aws:connect:us-east-2:0123456789012:instance/d-92673ef055/contact-flow/8a9b",
  ContactFlowModuleType: "SetQueue",
  Timestamp: "2021-04-13T00:14:31.581Z",
};

interface Outcome {
  readonly rows: readonly SourceRecord[];
  readonly rejected: readonly RejectedInput[];
}

function decode(text: string, options: Partial<PipelineOptions> = {}): Outcome {
  const pipeline = new Pipeline({ origin: "test", observedTime: OBSERVED_TIME, ...options });
  for (const piece of splitText(text)) pipeline.accept(piece);
  const { batches, rejected } = pipeline.takeAll();
  return { rows: batches.flatMap((batch) => batch.rows), rejected };
}

function lines(...values: readonly unknown[]): string {
  return values.map((value) => `${typeof value === "string" ? value : JSON.stringify(value)}\n`).join("");
}

function sourcesOf(outcome: Outcome): readonly SourceName[] {
  return outcome.rows.map((row) => row.source);
}

describe("what is no record of ours", () => {
  test("is rejected as of unknown shape, with its bytes, its place and what it looks like", () => {
    const { rows, rejected } = decode(lines(CCP_LOG, { a: 1, b: 2 }));
    expect(rows.length).toBe(1);
    expect(rejected).toEqual([
      {
        source: "unknown",
        reason: "unknown_shape",
        detail: 'no source has this shape; its keys are "a", "b"',
        origin: "test",
        position: JSON.stringify(CCP_LOG).length + 1,
        size_bytes: 13,
        body: Buffer.from('{"a":1,"b":2}'),
      },
    ]);
  });

  test.each([
    [[], "a JSON array, not a record"],
    [null, "a JSON null, not a record"],
    [7, "a JSON number, not a record"],
    [{ StartAction: "a", Actions: [] }, "a flow definition (Flow language), not a record"],
    [{ start: "a", modules: [] }, "a flow definition (version 1 export), not a record"],
    [{}, "no source has this shape; its keys are "],
  ])("%j is described as %s", (value, expected) => {
    expect(describeShape(value)).toBe(expected);
  });

  test("is held back until the first record shows that the input is one of ours", () => {
    const pipeline = new Pipeline({ origin: "test", observedTime: OBSERVED_TIME });
    for (const piece of splitText(lines({ a: 1 }))) pipeline.accept(piece);
    expect(pipeline.take().rejected).toEqual([]);
    for (const piece of splitText(lines(CCP_LOG))) pipeline.accept(piece);
    expect(pipeline.take().rejected).toMatchObject([{ reason: "unknown_shape" }]);
  });

  test("a hundred values, none of them ours, are a foreign input", () => {
    const foreign = new Pipeline({ origin: "test", observedTime: OBSERVED_TIME });
    for (const piece of splitText(lines(...Array.from({ length: 100 }, (_, a) => ({ a }))))) foreign.accept(piece);
    expect([foreign.isForeign, foreign.isOurs]).toEqual([true, false]);
  });

  test.each([[{ source: "ccp_log" as const }], [{ isKnownOurs: true }]])(
    "every value is accounted for when the input is known to be ours: %j",
    (options) => {
      const many = Array.from({ length: 250 }, (_, a) => ({ a }));
      expect(decode(lines(...many), options).rejected.length).toBe(250);
    },
  );
});

describe("one bad record", () => {
  test.each([
    ["torn", '{"component":"ccp","te', "invalid_json"],
    ["without its time", { ...CCP_LOG, time: undefined }, "bad_time"],
    ["with a time that cannot be read", { ...FLOW_LOG, Timestamp: "2017-11-09T12:17.898Z" }, "bad_time"],
    ["of an unknown shape", { hello: "world" }, "unknown_shape"],
    ["nested too deeply", `{"component":"ccp","objects":${"[".repeat(10_000)}${"]".repeat(10_000)}}`, "too_deep"],
    [
      "a wrapper nested too deeply",
      `{"invocationId":"i","records":${"[".repeat(10_000)}${"]".repeat(10_000)}}`,
      "too_deep",
    ],
    [
      "a log event whose message is nested too deeply",
      { timestamp: 1, message: `${"[".repeat(10_000)}${"]".repeat(10_000)}` },
      "too_deep",
    ],
    [
      "a log event whose message is a deep object",
      { timestamp: 1, message: `{"a":${"[".repeat(100_000)}${"]".repeat(100_000)}}` },
      "unknown_shape",
    ],
  ])("%s never fails the rest", (_, bad, reason) => {
    const outcome = decode(lines(CCP_LOG, bad, FLOW_LOG));
    expect(sourcesOf(outcome)).toEqual(["ccp_log", "flow_log"]);
    expect(outcome.rejected).toMatchObject([{ reason }]);
    expect(outcome.rejected[0]?.body.length).toBeGreaterThan(0);
  });

  test("depth names its limit in the detail", () => {
    const { rejected } = decode(
      lines(CCP_LOG, { timestamp: 1, message: `${"[".repeat(10_000)}${"]".repeat(10_000)}` }),
    );
    expect(rejected[0]?.detail).toMatch(/256/);
  });

  test("no JSON objects make it throw", () => {
    const keys = fc.constantFrom(
      "component",
      "text",
      "time",
      "level",
      "loggerId",
      "ContactId",
      "ContactFlowId",
      "Timestamp",
      "EventType",
      "EventId",
      "eventName",
      "eventSource",
      "detail-type",
      "detail",
      "logs",
      "Records",
      "kinesis",
      "data",
      "awslogs",
      "logEvents",
      "messageType",
      "__proto__",
      "constructor",
    );
    const value = fc.letrec((tie) => ({
      node: fc.oneof(
        { depthSize: "small" },
        fc.jsonValue({ maxDepth: 1 }),
        fc.constantFrom("2026-11-20T12:08:10.255Z", "null", "ccp", "aws.connect", "e30="),
        tie("object"),
        fc.array(tie("node"), { maxLength: 3 }),
      ),
      object: fc.dictionary(keys, tie("node"), { maxKeys: 8 }),
    })).object;
    fc.assert(
      fc.property(fc.array(value, { maxLength: 5 }), (values) => {
        const outcome = decode(lines(...values, CCP_LOG));
        expect(sourcesOf(outcome)).toContain("ccp_log");
      }),
      { numRuns: 500 },
    );
  });
});

describe("hostile keys", () => {
  test("__proto__ and constructor in a record stay data", () => {
    const text = `{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},${JSON.stringify(CCP_LOG).slice(1)}\n`;
    const { rows } = decode(text + text.replaceAll("Agent initialized", "second"));
    expect(rows.map((row) => row.original_body)).toEqual([
      text.trim(),
      text.trim().replaceAll("Agent initialized", "second"),
    ]);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });
});

describe("the named source", () => {
  test("is used for what has its shape, and the others are still recognized", () => {
    expect(sourcesOf(decode(lines(CCP_LOG, FLOW_LOG), { source: "flow_log" }))).toEqual(["ccp_log", "flow_log"]);
  });
});

describe("redaction", () => {
  const withToken = {
    ...CCP_LOG,
    text: 'connecting {"mediaLegContextToken":"very-secret-token"}',
    objects: [{ authToken: "another-secret" }],
  };

  test("credentials leave every column of a CCP log record, the rest of it stays", () => {
    const [row] = decode(lines(withToken)).rows;
    const texts = JSON.stringify(row);
    expect(texts).not.toMatch(/very-secret-token|another-secret/);
    expect(row?.message).toBe('connecting {"mediaLegContextToken":"[redacted]"}');
    expect(JSON.parse(row?.original_body ?? "")).toEqual({
      ...withToken,
      text: row?.message,
      objects: [{ authToken: "[redacted]" }],
    });
  });

  test("the bytes of a rejected record are cleaned too", () => {
    const { rejected } = decode(lines(CCP_LOG, { ...withToken, time: "never" }));
    expect(Buffer.from(rejected[0]?.body ?? []).toString()).not.toMatch(/very-secret-token|another-secret/);
  });

  test("the bytes of a torn line are cleaned too", () => {
    const { rejected } = decode(lines(CCP_LOG, JSON.stringify(withToken).slice(0, -2), CCP_LOG));
    expect(rejected).toMatchObject([{ reason: "invalid_json" }]);
    expect(Buffer.from(rejected[0]?.body ?? []).toString()).not.toMatch(/very-secret-token|another-secret/);
  });

  test("does not change the id of a record", () => {
    const plain = decode(lines(withToken)).rows[0]?.record_id;
    expect(decode(JSON.stringify([withToken])).rows[0]?.record_id).toBe(plain);
  });
});

describe("the same record", () => {
  test("has one id and one row in whatever arrangement it comes", () => {
    const texts = [
      lines(CCP_LOG, FLOW_LOG),
      JSON.stringify([CCP_LOG, FLOW_LOG]),
      JSON.stringify(CCP_LOG) + JSON.stringify(FLOW_LOG),
      JSON.stringify([CCP_LOG, FLOW_LOG], undefined, 2),
    ];
    const outcomes = texts.map((text) =>
      decode(text).rows.map(({ record_id, message, event_time }) => ({ record_id, message, event_time })),
    );
    for (const outcome of outcomes) expect(outcome).toEqual(outcomes[0]);
    expect(outcomes[0]?.length).toBe(2);
  });
});
