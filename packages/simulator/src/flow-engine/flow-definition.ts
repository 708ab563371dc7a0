import type { JsonObject } from "@fourwire/core";

/** One entry of `Transitions.Conditions`. */
export interface FlowCondition {
  /** `Equals`, `NumberLessThan`, ...; an unknown one never holds. */
  readonly operator: string;
  /** Texts; each may be a JSONPath reference. */
  readonly operands: readonly string[];
  readonly next: string;
}

export interface FlowErrorBranch {
  readonly type: string;
  readonly next: string;
}

/** One action of a flow, with its transitions taken apart. Identifiers may name actions that do not exist. */
export interface FlowAction {
  readonly identifier: string;
  readonly type: string;
  readonly parameters: JsonObject;
  /** `undefined` on terminal actions and on those that hold. */
  readonly next: string | undefined;
  readonly conditions: readonly FlowCondition[];
  readonly errors: readonly FlowErrorBranch[];
}

/**
 * A flow in the Flow language, version 2019-10-30, as far as it could be read.
 * https://docs.aws.amazon.com/connect/latest/APIReference/flow-language.html (read 2026-11-25)
 */
export interface FlowDefinition {
  readonly start: string;
  readonly actions: ReadonlyMap<string, FlowAction>;
}
