import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { recordColumns } from "../../column.ts";
import { unixMillis } from "../../instant.ts";
import type { JsonObject } from "../../json.ts";
import type { DecodeContext } from "../../source.ts";
import { agentEventSource } from "./agent-event.ts";

const context: DecodeContext = {
  digest: (text) => createHash("sha256").update(text).digest("base64url"),
  observedTime: unixMillis(Date.UTC(2026, 10, 21)),
  memory: undefined,
};

const arn = "arn:aws:connect:us-east-1:111122223333:instance/i-1/agent/a-1";
const instant = fc.constantFrom("2018-05-16T16:12:59.059Z", "2026-11-20T10:00:00Z", "1970-01-01T00:00:00.001Z", 1.7e12);
const anything = fc.oneof({ weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) }, { weight: 1, arbitrary: instant });
const text = fc.oneof(anything, fc.constantFrom<unknown>("null", "", arn, "c-1", "c-2", "ENDED", "MISSED", "TASKS"));

function objectOf(keys: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 4, arbitrary: fc.record({ ...keys, ["__proto__"]: anything }, { requiredKeys: [] }) },
    { weight: 1, arbitrary: anything },
  );
}

const queue = objectOf({ ARN: text, Name: text });
const contact = objectOf({
  ContactId: text,
  InitialContactId: text,
  Channel: text,
  State: text,
  StateStartTimestamp: text,
  StartStateTimestamp: text,
  QueueTimestamp: text,
  Queue: queue,
});
const snapshot = objectOf({
  AgentStatus: objectOf({ ARN: text, Name: text, StartTimestamp: text, Type: text }),
  NextAgentStatus: objectOf({ Name: text, EnqueueTimestamp: text }),
  Configuration: objectOf({
    Username: text,
    AgentHierarchyGroups: objectOf({ Level1: queue, Level5: queue }),
    Proficiencies: fc.oneof(anything, fc.array(objectOf({ Name: text, Level: text }))),
    RoutingProfile: objectOf({ ARN: text, Concurrency: fc.array(objectOf({ AvailableSlots: text, Channel: text })) }),
  }),
  Contacts: fc.oneof(anything, fc.array(contact, { maxLength: 5 })),
  AgentCrossRegionRoutingConfiguration: objectOf({ ConfiguredRegions: fc.array(text), CurrentRegion: text }),
});
const event = fc.record(
  {
    AgentARN: fc.oneof(text, fc.constant(arn)),
    AWSAccoutId: text,
    CurrentAgentSnapshot: snapshot,
    PreviousAgentSnapshot: snapshot,
    EventId: text,
    EventTimestamp: fc.oneof(text, instant),
    EventType: fc.constantFrom<unknown>("LOGIN", "STATE_CHANGE", "HEART_BEAT", "LOGOUT", "NEW", 7),
    InstanceARN: text,
    Version: text,
    ["__proto__"]: anything,
  },
  { requiredKeys: [] },
);

function receive(body: string) {
  const value: JsonObject = JSON.parse(body);
  const received = { value, body, carrier: undefined };
  const decoded = agentEventSource.decode(received);
  return decoded.ok
    ? { wire: decoded.value, row: agentEventSource.normalize(decoded.value, received, context) }
    : decoded;
}

test("any JSON with these keys becomes a row or a rejection, never an exception", () => {
  const keys = recordColumns(agentEventSource.columns).map((column) => column.name);
  let accepted = 0;
  fc.assert(
    fc.property(event, (value) => {
      const result = receive(JSON.stringify(value));
      if ("rejected" in result) return;
      accepted++;
      expect(Object.keys(result.row)).toEqual(keys);
      expect(agentEventSource.refer?.(result.wire).contactIds.every((id) => typeof id === "string")).toBe(true);
    }),
    { numRuns: 500 },
  );
  expect(accepted).toBeGreaterThan(50);
});

test("the same bytes always make the same row", () => {
  fc.assert(
    fc.property(event, (value) => {
      const body = JSON.stringify(value);
      expect(receive(body)).toEqual(receive(body));
    }),
  );
});

test("a __proto__ key is kept as a key and changes no prototype", () => {
  const body =
    `{"AgentARN":"${arn}","EventType":"STATE_CHANGE","EventTimestamp":"2026-11-20T10:00:00.123Z",` +
    `"__proto__":{"polluted":true},"CurrentAgentSnapshot":{"Contacts":[{"ContactId":"__proto__","State":"ENDED","__proto__":{"polluted":true}}]}}`;
  const result = receive(body);
  if ("rejected" in result) throw new Error(result.rejected.detail);
  expect(result.row.contact_id).toBe("__proto__");
  expect(result.row.attributes).toBe(
    '{"__proto__":{"polluted":true},"CurrentAgentSnapshot":{"Contacts":[{"__proto__":{"polluted":true}}]}}',
  );
  expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
});
