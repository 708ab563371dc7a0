import type { JsonObject, JsonValue } from "@fourwire/core";
import { isObject, SOURCES } from "@fourwire/core";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { FLOW_LOG_VINTAGES } from "../src/flow-engine/flow-log-entry.ts";
import { listActionTypes } from "../src/flow-engine/action-types.ts";
import { parseFlow } from "../src/flow-engine/parse-flow.ts";
import { contactOf, INSTANCE_ARN, readFixture, runToEnd, sampleNames } from "./flow-runs.ts";

const samples = sampleNames().map((name) => readFixture(`flows/${name}`));
const types = listActionTypes().map(([type]) => type);

const text = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.constantFrom(
    "__proto__",
    "constructor",
    "$.External.x",
    "$.Attributes.__proto__",
    "True",
    "False",
    "-1",
    "1e9",
    "0",
    "arn:aws:connect:x",
  ),
);
const { json } = fc.letrec<{ json: JsonValue }>((tie) => ({
  json: fc.oneof(
    { depthSize: "small" },
    text,
    fc.double({ noNaN: true }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("json"), { maxLength: 3 }),
    fc.dictionary(text, tie("json"), { maxKeys: 4 }),
  ),
}));

interface Mutation {
  readonly place: number;
  readonly how: "replace" | "remove" | "type" | "target";
  readonly value: JsonValue;
  readonly pick: number;
}
const mutation: fc.Arbitrary<Mutation> = fc.record({
  place: fc.nat(),
  how: fc.constantFrom("replace", "remove", "type", "target"),
  value: json,
  pick: fc.nat(),
});

/** Changes one place of a JSON value, the `place`-th counted through the whole tree. */
function mutate(value: JsonValue, change: Mutation): JsonValue {
  let left = change.place % Math.max(1, count(value));
  const walk = (current: JsonValue, key: string): JsonValue | undefined => {
    if (left === 0) {
      left -= 1;
      if (change.how === "remove") return undefined;
      if (change.how === "replace") return change.value;
      if (key === "Type") return types[change.pick % types.length] ?? "";
    }
    left -= 1;
    if (Array.isArray(current))
      return current.flatMap((element): JsonValue[] => {
        const changed = walk(element, key);
        return changed === undefined ? [] : [changed];
      });
    if (!isObject(current)) return current;
    return Object.fromEntries(
      Object.entries(current).flatMap(([name, field]) => {
        const changed = field === undefined ? undefined : walk(field, name);
        return changed === undefined ? [] : [[name, changed] as const];
      }),
    );
  };
  return walk(value, "") ?? null;
}

function count(value: JsonValue): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, element) => sum + count(element), 1);
  if (!isObject(value)) return 1;
  return Object.values(value).reduce<number>((sum, field) => sum + (field === undefined ? 0 : count(field)), 1);
}

/** Every action's type replaced, so that each executor meets parameters that are not its own. */
function retype(value: JsonValue, pick: number): JsonValue {
  if (!isObject(value) || !Array.isArray(value["Actions"])) return value;
  const actions = value["Actions"].map((action, index): JsonValue => {
    const type = types[(pick + index * 7) % types.length] ?? "";
    return isObject(action) ? ({ ...action, Type: type } satisfies JsonObject) : action;
  });
  return { ...value, Actions: actions };
}

function runWhatParses(value: JsonValue, seed: number): string[] {
  const parsed = parseFlow(value);
  if (!parsed.ok) return [];
  const flow = {
    arn: `${INSTANCE_ARN}/contact-flow/f`,
    name: "Mutated",
    kind: "inbound",
    definition: parsed.flow,
  } as const;
  const contact = contactOf({ channel: seed % 3 === 0 ? "CHAT" : "VOICE" });
  contact.isLogging = true;
  const vintage = FLOW_LOG_VINTAGES[seed % FLOW_LOG_VINTAGES.length] ?? "2025";
  return [...runToEnd(flow, { seed, contact, logForm: { vintage, timestamps: "iso" } }).bodies];
}

function rejectionsOf(bodies: readonly string[]): unknown[] {
  return bodies.flatMap((body) => {
    const decoded = SOURCES.flow_log.decode({ value: JSON.parse(body), body, carrier: undefined });
    return decoded.ok ? [] : { ...decoded.rejected, body };
  });
}

test("a definition with any changes runs or is refused, and what it logs is decoded", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...samples),
      fc.array(mutation, { minLength: 1, maxLength: 8 }),
      fc.nat({ max: 999 }),
      (sample, changes, seed) => {
        let changed: JsonValue = sample;
        for (const change of changes) changed = mutate(changed, change);
        expect(rejectionsOf(runWhatParses(changed, seed))).toEqual([]);
      },
    ),
    { numRuns: 400, seed: 11 },
  );
});

test("every executor takes the parameters of every other", () => {
  fc.assert(
    fc.property(fc.constantFrom(...samples), fc.nat({ max: 9_999 }), (sample, pick) => {
      expect(rejectionsOf(runWhatParses(retype(sample, pick), pick))).toEqual([]);
    }),
    { numRuns: 400, seed: 12 },
  );
});

test("any JSON is a flow or is refused", () => {
  fc.assert(
    fc.property(json, fc.nat({ max: 99 }), (value, seed) => {
      expect(rejectionsOf(runWhatParses(value, seed))).toEqual([]);
    }),
    { numRuns: 400, seed: 13 },
  );
});

test("any parameters and transitions of any type run to an end", () => {
  const action = fc.record({
    Identifier: fc.constantFrom("a", "b", "c"),
    Type: fc.constantFrom(...types, "Invented", ""),
    Parameters: json,
    Transitions: fc.oneof(
      json,
      fc.record({
        NextAction: fc.constantFrom("a", "b", "c", "ghost"),
        Errors: fc.array(
          fc.record({
            ErrorType: fc.constantFrom("NoMatchingError", "NoMatchingCondition"),
            NextAction: fc.constantFrom("a", "b", "ghost"),
          }),
          { maxLength: 2 },
        ),
        Conditions: fc.array(
          fc.record({
            NextAction: fc.constantFrom("a", "b", "c"),
            Condition: fc.record({
              Operator: fc.constantFrom("Equals", "NumberLessThan", "Invented"),
              Operands: fc.array(text, { maxLength: 2 }),
            }),
          }),
          { maxLength: 3 },
        ),
      }),
    ),
  });
  fc.assert(
    fc.property(fc.array(action, { minLength: 1, maxLength: 3 }), fc.nat({ max: 999 }), (actions, seed) => {
      const value: JsonValue = { Version: "2019-10-30", StartAction: actions[0]?.Identifier ?? "", Actions: actions };
      const once = runWhatParses(value, seed);
      expect(rejectionsOf(once)).toEqual([]);
      expect(runWhatParses(value, seed)).toEqual(once);
    }),
    { numRuns: 250, seed: 14 },
  );
});
