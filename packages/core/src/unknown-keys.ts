import { isObject, type JsonObject, type JsonValue } from "./json.ts";

/** The keys a decoder reads: a nested map for an object (or a list of objects) that it reads key by key. */
export type KnownKeys = ReadonlyMap<string, KnownKeys | undefined>;

/** Builds `KnownKeys`: plain keys first, then the nested ones. */
export function knownKeys(plain: string, nested: Readonly<Record<string, KnownKeys>> = {}): KnownKeys {
  const plainEntries = plain.split(" ").map((key): [string, undefined] => [key, undefined]);
  return new Map<string, KnownKeys | undefined>([...plainEntries, ...Object.entries(nested)]);
}

/**
 * The part of `value` that no known key covers, in its own names and nesting; undefined when everything is known.
 * Nulls are left out. Lists keep their positions, with `{}` where an element has nothing unknown.
 */
export function unknownPart(value: JsonObject, known: KnownKeys, foldCase = false): JsonObject | undefined {
  let entries: [string, JsonValue][] | undefined;
  for (const key of Object.keys(value)) {
    const child = value[key];
    if (child === undefined || child === null) continue;
    const name = foldCase ? key.toLowerCase() : key;
    const nested = known.get(name);
    if (nested === undefined && known.has(name)) continue;
    const unknown = nested === undefined ? child : unknownChild(child, nested, foldCase);
    if (unknown !== undefined) (entries ??= []).push([key, unknown]);
  }
  // Object.fromEntries defines own properties, so that a key "__proto__" stays a key
  return entries === undefined ? undefined : Object.fromEntries(entries);
}

function unknownChild(child: JsonValue, known: KnownKeys, foldCase: boolean): JsonValue | undefined {
  if (isObject(child)) return unknownPart(child, known, foldCase);
  if (!Array.isArray(child)) return child === "null" || child === "" ? undefined : child;
  const parts = child.map((item) => (isObject(item) ? unknownPart(item, known, foldCase) : undefined));
  return parts.some((part) => part !== undefined) ? parts.map((part) => part ?? {}) : undefined;
}
