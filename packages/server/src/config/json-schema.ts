import { z } from "zod";
import { configSchema } from "./config.ts";

export type JsonSchema = z.core.JSONSchema.JSONSchema;

/** What fourwire.yaml may hold, as JSON Schema (draft 2020-12), for editors. */
export function configJsonSchema(): JsonSchema {
  return { ...z.toJSONSchema(configSchema, { io: "input" }), title: "fourwire.yaml" };
}

/** The keys that a map at this place may have; `value` decides between alternatives. */
export function keysAt(schema: JsonSchema, path: readonly PropertyKey[], value: unknown): readonly string[] {
  return [...new Set(schemasAt(schema, path, value).flatMap((found) => Object.keys(found.properties ?? {})))];
}

/** Every schema that can apply at a place. */
export function schemasAt(schema: JsonSchema, path: readonly PropertyKey[], value: unknown): readonly JsonSchema[] {
  const alternatives = [...(schema.oneOf ?? []), ...(schema.anyOf ?? []), ...(schema.allOf ?? [])];
  const fitting = alternatives.filter((one) => fitsType(one, value));
  const applying = alternatives.length === 0 ? [schema] : fitting.length === 0 ? alternatives : fitting;
  const [step, ...rest] = path;
  if (step === undefined) return applying;
  return applying.flatMap((one) => {
    const next = typeof step === "number" ? one.items : one.properties?.[String(step)];
    // `true`, `false` and lists of items do not occur in what zod makes of this product's schemas
    if (typeof next !== "object" || Array.isArray(next)) return [];
    return schemasAt(next, rest, memberOf(value, step));
  });
}

/** Whether the alternative's `type` key, where it names one constant, is the value's. */
function fitsType(schema: JsonSchema, value: unknown): boolean {
  const type = schema.properties?.["type"];
  const expected = typeof type === "object" ? type.const : undefined;
  return expected === undefined || memberOf(value, "type") === expected;
}

function memberOf(value: unknown, step: PropertyKey): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.entries(value).find(([key]) => key === String(step))?.[1];
}
