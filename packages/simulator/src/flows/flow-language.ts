import type { JsonObject, JsonValue } from "@fourwire/core";

// The Flow language, a little shorter: what these write is what the console exports.

/** One action. `transitions`: the next action only, or everything. */
export function block(
  Identifier: string,
  Type: string,
  Parameters: JsonObject,
  transitions: string | JsonObject,
): JsonObject {
  const Transitions =
    typeof transitions === "string" ? { NextAction: transitions, Errors: [], Conditions: [] } : transitions;
  return { Identifier, Type, Parameters, Transitions };
}

/** A block that fails to one place, whatever the error. */
export function otherwise(NextAction: string, error: string, more: JsonObject = {}): JsonObject {
  return { NextAction, Errors: [onError("NoMatchingError", error)], Conditions: [], ...more };
}

export function onError(ErrorType: string, NextAction: string): JsonObject {
  return { ErrorType, NextAction };
}

export function when(operand: string, NextAction: string, Operator = "Equals"): JsonObject {
  return { NextAction, Condition: { Operator, Operands: [operand] } };
}

/** A whole flow, laid out in a row: it opens in the flow designer. The first action is where contacts enter. */
export function flow(actions: readonly JsonObject[]): JsonObject {
  const StartAction = actions[0]?.["Identifier"] ?? "";
  const positions = actions.map(({ Identifier }, index): readonly [string, JsonValue] => [
    typeof Identifier === "string" ? Identifier : "",
    { position: { x: 160 + (index % 6) * 260, y: 20 + Math.floor(index / 6) * 220 } },
  ]);
  return {
    Version: "2019-10-30",
    StartAction,
    Metadata: { entryPointPosition: { x: 20, y: 20 }, ActionMetadata: Object.fromEntries(positions) },
    Actions: [...actions],
  };
}
