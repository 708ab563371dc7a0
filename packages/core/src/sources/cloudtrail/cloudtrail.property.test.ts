import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { unixMillis } from "../../instant.ts";
import type { JsonObject, JsonValue } from "../../json.ts";
import type { Carrier } from "../../source.ts";
import { cloudtrailSource } from "./cloudtrail.ts";
import { parseConnectId } from "./connect-id.ts";

const digest = (text: string) => createHash("sha256").update(text).digest("base64url");
const CONTEXT = { digest, observedTime: unixMillis(1_800_000_000_000), memory: undefined };

/** Any JSON, with the keys and texts that mean something to the decoder among them. */
const text = fc.oneof(
  fc.string(),
  fc.constantFrom(
    "null",
    "***",
    "%",
    "arn%3Aaws%3Aconnect",
    "arn:aws:connect:eu-west-2:1:instance/i/agent/a",
    "a:b",
    "2026-11-20T10:00:00Z",
  ),
);
const key = fc.oneof(
  fc.string(),
  fc.constantFrom("__proto__", "constructor", "type", "arn", "principalId", "InstanceId", "UserId", "ContactId"),
);
const { json } = fc.letrec<{ json: JsonValue }>((tie) => ({
  json: fc.oneof(
    { depthSize: "small" },
    text,
    fc.double({ noNaN: true }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("json"), { maxLength: 3 }),
    fc.dictionary(key, tie("json"), { maxKeys: 4 }),
  ),
}));
const record = fc
  .record(
    {
      eventTime: fc.oneof(fc.constant("2026-11-20T10:00:00Z"), json),
      eventName: fc.oneof(
        fc.constantFrom("UpdateUserRoutingProfile", "CreateInstance", "TagResource", "TransferContact"),
        json,
      ),
      eventSource: fc.oneof(fc.constantFrom("connect.amazonaws.com", "lambda.amazonaws.com"), json),
      userIdentity: json,
      requestParameters: json,
      responseElements: json,
      insightDetails: json,
      additionalEventData: json,
      eventID: json,
      eventVersion: json,
      resources: json,
      extra: json,
    },
    { requiredKeys: [] },
  )
  // through JSON, as every record comes: drops -0 and makes __proto__ an own property
  .map((value): string => JSON.stringify(value));

function rowOf(body: string, carrier?: Carrier) {
  const value: JsonObject = JSON.parse(body);
  const received = { value, body, carrier };
  cloudtrailSource.recognize(value);
  const decoded = cloudtrailSource.decode(received);
  if (!decoded.ok) return undefined;
  cloudtrailSource.refer?.(decoded.value);
  return cloudtrailSource.normalize(decoded.value, received, CONTEXT);
}

test("no record makes it throw, and every row has the same keys", () => {
  const keys = Object.keys(rowOf('{"eventTime":"2026-11-20T10:00:00Z","eventName":"x"}') ?? {});
  expect(keys).toHaveLength(67);
  fc.assert(
    fc.property(record, (body) => {
      const row = rowOf(body);
      expect(row === undefined ? keys : Object.keys(row)).toEqual(keys);
    }),
    { numRuns: 1000 },
  );
});

test("a column never holds anything but text, a finite number, a boolean or nothing", () => {
  fc.assert(
    fc.property(record, (body) => {
      for (const value of Object.values(rowOf(body) ?? {})) {
        const kind = Number.isFinite(value) ? "finite number" : typeof value;
        expect(["string", "finite number", "boolean", "undefined"]).toContain(kind);
      }
    }),
    { numRuns: 300 },
  );
});

test("the same bytes have the same id, by whichever way they came", () => {
  fc.assert(
    fc.property(record, fc.string(), (body, way) => {
      const row = rowOf(body);
      const again = rowOf(body, { id: way, accountId: way, region: way, origin: way });
      expect(again?.record_id).toBe(row?.record_id);
    }),
  );
});

test("an id reads the same bare, in an ARN and in an encoded ARN", () => {
  fc.assert(
    fc.property(fc.uuid(), fc.uuid(), (instance, agent) => {
      const arn = `arn:aws:connect:eu-west-2:111122223333:instance/${instance}/agent/${agent}`;
      expect(parseConnectId(arn)).toEqual({ id: agent, instanceId: instance, resourceType: "user" });
      expect(parseConnectId(encodeURIComponent(arn))).toEqual(parseConnectId(arn));
      expect(parseConnectId(agent)?.id).toBe(agent);
    }),
  );
});

test("any text is an id or not, without a throw, and an id holds no white space or mask", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), text), (input) => {
      expect(parseConnectId(input)?.id ?? "id").toMatch(/^[^\s*%]+$/);
    }),
  );
});
