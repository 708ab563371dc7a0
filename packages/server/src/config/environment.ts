import { parse } from "yaml";
import { closest } from "../cli/closest.ts";
import type { ConfigProblem } from "./config-problem.ts";
import { configJsonSchema, keysAt, schemasAt, type JsonSchema } from "./json-schema.ts";

/** A setting that came from the environment. */
export interface Override {
  readonly variable: string;
  /** `server.port` */
  readonly key: string;
}

/** Parts of the configuration that the environment may set; receivers are lists, and lists have a file. */
const SECTIONS = ["server", "limits"] as const;

/**
 * `FOURWIRE_` + section + `_` + key sets a key of `server` or `limits`, before the file: FOURWIRE_SERVER_PORT=8080,
 * FOURWIRE_LIMITS_MAX_BODY=32MiB; a list takes its items separated by commas. A variable of that form whose key does
 * not exist is an error, because it was meant to do something.
 */
export function applyOverrides(
  value: unknown,
  environment: NodeJS.ProcessEnv,
): { readonly value: unknown; readonly overrides: readonly Override[]; readonly problems: readonly ConfigProblem[] } {
  if (!isPlainObject(value)) return { value, overrides: [], problems: [] };
  const schema = configJsonSchema();
  const result: Record<string, unknown> = { ...value };
  const overrides: Override[] = [];
  const problems: ConfigProblem[] = [];
  for (const section of SECTIONS) {
    const prefix = `FOURWIRE_${section.toUpperCase()}_`;
    const keys = keysAt(schema, [section], undefined);
    for (const [variable, text] of Object.entries(environment)) {
      if (!variable.startsWith(prefix) || text === undefined) continue;
      const key = variable.slice(prefix.length).toLowerCase();
      if (!keys.includes(key)) {
        const nearest = `${prefix}${closest(key, keys).toUpperCase()}`;
        problems.push({ place: variable, key: `${section}.${key}`, message: `unknown key; did you mean ${nearest}?` });
        continue;
      }
      const before = result[section];
      const typed = typedValue(schemasAt(schema, [section, key], undefined), text);
      result[section] = { ...(isPlainObject(before) ? before : {}), [key]: typed };
      overrides.push({ variable, key: `${section}.${key}` });
    }
  }
  return { value: result, overrides, problems };
}

/** The text as the type that the key has; a text that is not of it stays one, and the schema says so. */
function typedValue(schemas: readonly JsonSchema[], text: string): unknown {
  const types = new Set(schemas.map((schema) => schema.type));
  if (types.has("array")) {
    return text
      .split(",")
      .map((item) => item.trim())
      .filter((item) => item !== "");
  }
  if (types.has("string")) return text;
  const scalar: unknown = /^[\w.+-]+$/.test(text) ? parse(text) : text;
  return scalar;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
