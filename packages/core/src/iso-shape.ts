import { formatInstant, unixMillis } from "./instant.ts";
import type { UnixMillis } from "./record.ts";

/** The same shape with every instant as ISO 8601 in UTC: how rows of a derivation travel over HTTP. */
export type InIso<T> = T extends UnixMillis
  ? string
  : T extends readonly (infer Element)[]
    ? readonly InIso<Element>[]
    : T extends object
      ? { readonly [Key in keyof T]: InIso<T[Key]> }
      : T;

/** Writes the numbers whose name ends in `_time` as ISO 8601; instants have such names and nothing else has. */
export function inIso<T>(value: T): InIso<T>;
export function inIso(value: unknown): unknown {
  return isoOf(value, "");
}

function isoOf(value: unknown, name: string): unknown {
  if (typeof value === "number") return name.endsWith("_time") ? formatInstant(unixMillis(value)) : value;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((element: unknown) => isoOf(element, ""));
  return Object.fromEntries(Object.entries(value).map(([key, inner]: [string, unknown]) => [key, isoOf(inner, key)]));
}
