import type { JsonObject, JsonValue } from "../../json.ts";
import { arrayAt, isObject, numberAt, objectAt, textAt } from "../../json.ts";
import type { Decoded } from "../../rejected.ts";
import { accepted, rejected } from "../../rejected.ts";
import { isKnownActionType } from "./log-words.ts";

/** One way out of a block of a flow's definition. */
export interface FlowBranch {
  readonly kind: "next" | "condition" | "error";
  /** `next`, `Equals 1`, `NoMatchingError`. */
  readonly label: string;
  /** Of a condition: what it compares with; empty for the others. */
  readonly operands: readonly string[];
  /** Id of the block it leads to, which the definition need not have. */
  readonly to: string;
}

export interface FlowGraphBlock {
  readonly block_id: string;
  /** Action type of the Flow language, open: `MessageParticipant`, or one that nobody documents. */
  readonly action_type: string;
  readonly is_known_type: boolean;
  readonly parameters: JsonObject;
  readonly branches: readonly FlowBranch[];
  /** Where the author put it in the designer; null where the export does not say. */
  readonly position: { readonly x: number; readonly y: number } | null;
}

/** A flow's definition as a graph. */
export interface FlowGraph {
  readonly start: string;
  readonly blocks: ReadonlyMap<string, FlowGraphBlock>;
}

/**
 * Reads a definition in the Flow language (2019-10-30) as the console or `DescribeContactFlow` gives it. Types that
 * nobody documents are kept and marked; actions without an identifier are left out, of two with one identifier the first counts.
 * https://docs.aws.amazon.com/connect/latest/APIReference/flow-language.html (read 2026-11-25)
 */
export function readFlowGraph(definition: JsonValue | undefined): Decoded<FlowGraph> {
  if (!isObject(definition) || !Array.isArray(definition["Actions"])) {
    return rejected("unknown_shape", "a flow definition is an object with a list of Actions");
  }
  const start = textAt(definition, "StartAction");
  if (start === undefined) return rejected("missing_field", "StartAction");
  const layout = objectAt(objectAt(definition, "Metadata"), "ActionMetadata");
  const blocks = new Map<string, FlowGraphBlock>();
  for (const action of arrayAt(definition, "Actions")) {
    const block = isObject(action) ? readBlock(action, layout) : undefined;
    if (block !== undefined && !blocks.has(block.block_id)) blocks.set(block.block_id, block);
  }
  return accepted({ start, blocks });
}

function readBlock(action: JsonObject, layout: JsonObject | undefined): FlowGraphBlock | undefined {
  const id = textAt(action, "Identifier");
  if (id === undefined) return undefined;
  const type = textAt(action, "Type") ?? "unknown";
  return {
    block_id: id,
    action_type: type,
    is_known_type: isKnownActionType(type),
    parameters: objectAt(action, "Parameters") ?? {},
    branches: readBranches(objectAt(action, "Transitions")),
    position: readPosition(objectAt(layout, id)),
  };
}

function readBranches(transitions: JsonObject | undefined): readonly FlowBranch[] {
  const next = textAt(transitions, "NextAction");
  return [
    ...arrayAt(transitions, "Conditions").flatMap(readCondition),
    ...(next === undefined ? [] : [{ kind: "next" as const, label: "next", operands: [], to: next }]),
    ...arrayAt(transitions, "Errors").flatMap(readError),
  ];
}

function readCondition(value: JsonValue): readonly FlowBranch[] {
  if (!isObject(value)) return [];
  const to = textAt(value, "NextAction");
  const condition = objectAt(value, "Condition");
  if (to === undefined) return [];
  const operands = arrayAt(condition, "Operands").map(String);
  const label = [textAt(condition, "Operator") ?? "condition", operands.join(", ")].join(" ").trim();
  return [{ kind: "condition", label, operands, to }];
}

function readError(value: JsonValue): readonly FlowBranch[] {
  if (!isObject(value)) return [];
  const to = textAt(value, "NextAction");
  return to === undefined ? [] : [{ kind: "error", label: textAt(value, "ErrorType") ?? "error", operands: [], to }];
}

/** `position` in exports, `Position` in the documentation. */
function readPosition(metadata: JsonObject | undefined): FlowGraphBlock["position"] {
  const position = objectAt(metadata, "position") ?? objectAt(metadata, "Position");
  const x = numberAt(position, "x") ?? numberAt(position, "X");
  const y = numberAt(position, "y") ?? numberAt(position, "Y");
  return x === undefined || y === undefined ? null : { x, y };
}
