import { isObject, type JsonObject, type JsonValue } from "../../json.ts";

/**
 * The object with its keys in lower case. Of keys that differ in case only, the first that is not null counts. Values
 * are not touched: nested objects are folded where they are read, so that the keys of tags keep their case.
 */
export function foldKeys(value: JsonObject | undefined): JsonObject | undefined {
  if (value === undefined) return undefined;
  const folded = new Map<string, JsonValue>();
  for (const key of Object.keys(value)) {
    const child = value[key];
    const name = key.toLowerCase();
    if (child !== undefined && child !== null && !folded.has(name)) folded.set(name, child);
  }
  // Object.fromEntries defines own properties, so that a key "__proto__" stays a key
  return Object.fromEntries(folded);
}

/** The object at `name` (in lower case) of a folded object, folded in turn. */
export function foldedObjectAt(folded: JsonObject | undefined, name: string): JsonObject | undefined {
  const value = folded?.[name];
  return isObject(value) ? foldKeys(value) : undefined;
}
