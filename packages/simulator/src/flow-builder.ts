import type { JsonObject } from "@fourwire/core";
import type { FlowAction, FlowDefinition } from "./flow-engine/flow-definition.ts";
import type { FlowKind } from "./flow-engine/flow-resource.ts";
import type { Random } from "./prng.ts";
import type { Flow, Resource } from "./world.ts";

/** One block of a flow as it is drawn: where it leads by the names of others. */
export interface BlockPlan {
  readonly type: string;
  readonly parameters?: JsonObject;
  readonly next?: string;
  /** Operator, operand, block. */
  readonly conditions?: readonly (readonly [operator: string, operand: string, next: string])[];
  /** Error type, block. */
  readonly errors?: readonly (readonly [type: string, next: string])[];
}

/** Blocks by name, the first one first. */
export type FlowPlan = Readonly<Record<string, BlockPlan>>;

/** Draws an identifier for every block of a flow. */
export function drawBlockIds(random: Random, names: Iterable<string>): Readonly<Record<string, string>> {
  return Object.fromEntries([...names].map((name) => [name, random.uuid()]));
}

/** A flow of the Flow language; a version of a flow shares the identifiers of its blocks with the others. */
export function buildFlow(
  resource: Resource,
  kind: FlowKind,
  { blocks, plan }: { readonly blocks: Readonly<Record<string, string>>; readonly plan: FlowPlan },
): Flow {
  return { ...resource, kind, blocks, definition: definitionOf(blocks, plan) };
}

function definitionOf(blocks: Readonly<Record<string, string>>, plan: FlowPlan): FlowDefinition {
  const idOf = (name: string) => blocks[name] ?? name;
  const actions = Object.entries(plan).map(([name, block]): [string, FlowAction] => [
    idOf(name),
    {
      identifier: idOf(name),
      type: block.type,
      parameters: block.parameters ?? {},
      next: block.next === undefined ? undefined : idOf(block.next),
      conditions: (block.conditions ?? []).map(([operator, operand, next]) => ({
        operator,
        operands: [operand],
        next: idOf(next),
      })),
      errors: (block.errors ?? []).map(([type, next]) => ({ type, next: idOf(next) })),
    },
  ]);
  return { start: idOf(Object.keys(plan)[0] ?? ""), actions: new Map(actions) };
}
