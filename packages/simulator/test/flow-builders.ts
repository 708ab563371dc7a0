import type { JsonObject } from "@fourwire/core";
import type { FlowEffect } from "../src/flow-engine/flow-effect.ts";
import type { FlowHost } from "../src/flow-engine/flow-host.ts";
import { definition, flowOf, INSTANCE_ARN, runToEnd, type RunToEndOptions } from "./flow-runs.ts";

// Small flows for tests, and what is read of their entries.

export interface Entry {
  readonly ContactFlowId: string;
  readonly ContactFlowName?: string;
  readonly ContactFlowModuleType: string;
  readonly Identifier?: string;
  readonly Timestamp: string;
  readonly Parameters?: JsonObject;
  readonly Results?: string;
  readonly ExternalResults?: JsonObject;
  readonly ModuleExecutionStack?: readonly string[];
}

export const ENABLE: JsonObject = {
  Identifier: "on",
  Type: "UpdateFlowLoggingBehavior",
  Parameters: { FlowLoggingBehavior: "Enabled" },
};
export const END: JsonObject = { Identifier: "end", Type: "DisconnectParticipant", Parameters: {}, Transitions: {} };
export const QUEUE_ARN = `${INSTANCE_ARN}/queue/bbbbbbbb-0000-4000-8000-000000000002`;

/** `transitions` as in the Flow language, or only the next action. */
export function action(
  Identifier: string,
  Type: string,
  Parameters: JsonObject,
  transitions: string | JsonObject,
): JsonObject {
  const Transitions = typeof transitions === "string" ? { NextAction: transitions } : transitions;
  return { Identifier, Type, Parameters, Transitions };
}

export function switchLogging(Identifier: string, FlowLoggingBehavior: string, next: string): JsonObject {
  return action(Identifier, "UpdateFlowLoggingBehavior", { FlowLoggingBehavior }, next);
}

export function say(Identifier: string, next: string): JsonObject {
  return action(Identifier, "MessageParticipant", { Text: `this is ${Identifier}` }, next);
}

export function equals(value: string, next: string): JsonObject {
  return { NextAction: next, Condition: { Operator: "Equals", Operands: [value] } };
}

/** The entries of a flow that switches logging on and then runs these actions. */
export function entriesOf(actions: readonly JsonObject[], options: RunToEndOptions = {}): Entry[] {
  const [first] = actions;
  const start = { ...ENABLE, Transitions: { NextAction: first?.["Identifier"] ?? "end" } };
  return parse(runToEnd(flowOf(definition(start, ...actions, END)), options).bodies).slice(1, -1);
}

export function parse(bodies: readonly string[]): Entry[] {
  return bodies.map((body): Entry => JSON.parse(body));
}

export function identifiers(bodies: readonly string[]): (string | undefined)[] {
  return parse(bodies).map(({ Identifier }) => Identifier);
}

/** What tells an entry from its neighbours. */
export function brief({ ContactFlowModuleType, Parameters, Results, ExternalResults }: Entry): unknown[] {
  return [ContactFlowModuleType, Parameters, Results ?? ExternalResults].filter((part) => part !== undefined);
}

export function answers(digits: string): Partial<FlowHost> {
  return {
    answerMenu: () => ({ kind: "digits", digits, tookMs: 2_000 }),
  };
}

/** Which way a contact leaves a block: each way out is an action of its own, named after it. */
export function wayOut(block: JsonObject, options: RunToEndOptions = {}): string | undefined {
  const names = ["next", "one", "two", "no match", "error", "timeout", "full", "failed", "done", "looping"];
  const ends = names.map((name) => ({ ...END, Identifier: name }));
  const { effects } = runToEnd(flowOf(definition(block, ...ends)), options);
  const left = effects.find((effect) => effect.kind === "leave_block");
  return left?.to ?? left?.branch;
}

export function visits(effects: readonly FlowEffect[]): string[] {
  return effects.flatMap((effect) => (effect.kind === "enter_block" ? effect.action : []));
}

export function warnings(effects: readonly FlowEffect[]): string[] {
  return effects.flatMap((effect) => (effect.kind === "warning" ? effect.code : []));
}

export const ERRORS = [
  { ErrorType: "NoMatchingCondition", NextAction: "no match" },
  { ErrorType: "InputTimeLimitExceeded", NextAction: "timeout" },
  { ErrorType: "QueueAtCapacity", NextAction: "full" },
  { ErrorType: "ConnectionTimeLimitExceeded", NextAction: "timeout" },
  { ErrorType: "CallFailed", NextAction: "failed" },
  { ErrorType: "NoMatchingError", NextAction: "error" },
];
export const TRANSITIONS = { NextAction: "next", Errors: ERRORS, Conditions: [equals("1", "one"), equals("2", "two")] };
