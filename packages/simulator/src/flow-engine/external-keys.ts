import type { JsonValue } from "@fourwire/core";
import { isObject } from "@fourwire/core";
import type { FlowDefinition } from "./flow-definition.ts";

export type ExternalKeys = ReadonlyMap<string, readonly string[]>;

/** A definition never changes, and hosts are made by the thousand. */
const known = new WeakMap<FlowDefinition, ExternalKeys>();

/**
 * What flows read from `$.External`, with the values they compare each key with. A made-up Lambda function that answers
 * with these keys lets a flow whose function nobody has run through all its branches.
 */
export function collectExternalKeys(definitions: Iterable<FlowDefinition>): ExternalKeys {
  const all = new Map<string, readonly string[]>();
  for (const definition of definitions) {
    for (const [key, values] of externalKeysOf(definition)) all.set(key, [...(all.get(key) ?? []), ...values]);
  }
  return all;
}

function externalKeysOf(definition: FlowDefinition): ExternalKeys {
  const cached = known.get(definition);
  if (cached !== undefined) return cached;
  const keys = new Map<string, string[]>();
  for (const action of definition.actions.values()) {
    for (const text of textsIn(action.parameters))
      for (const key of keysIn(text)) if (!keys.has(key)) keys.set(key, []);
    const compared = action.parameters["ComparisonValue"];
    if (action.type !== "Compare" || typeof compared !== "string") continue;
    const values = action.conditions.flatMap(({ operands }) => operands);
    for (const key of keysIn(compared)) keys.get(key)?.push(...values);
  }
  known.set(definition, keys);
  return keys;
}

function keysIn(text: string): string[] {
  if (!text.includes("$.External")) return [];
  const matches = text.matchAll(/\$\.External\.(?:\['([^']+)'\]|([\w-]+))/g);
  return [...matches].flatMap((match) => match[1] ?? match[2] ?? []);
}

function textsIn(value: JsonValue | undefined): string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap((element) => textsIn(element));
  return isObject(value) ? Object.entries(value).flatMap(([key, field]) => [key, ...textsIn(field)]) : [];
}
