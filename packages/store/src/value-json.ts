import {
  DuckDBArrayValue,
  DuckDBBlobValue,
  DuckDBDecimalValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  type DuckDBValue,
} from "@duckdb/node-api";

/** A value as JSON: instants ISO 8601 in UTC, integers as numbers where exact and as text beyond, bytes as base64. */
export function jsonOf(value: DuckDBValue): unknown {
  if (value === null || typeof value !== "object") return typeof value === "bigint" ? integerOf(value) : value;
  if (value instanceof DuckDBTimestampTZValue || value instanceof DuckDBTimestampValue)
    return isoOfMicros(value.micros);
  if (value instanceof DuckDBListValue || value instanceof DuckDBArrayValue) return value.items.map(jsonOf);
  if (value instanceof DuckDBStructValue) return objectOf(Object.entries(value.entries));
  if (value instanceof DuckDBMapValue)
    return objectOf(value.entries.map((entry) => [String(jsonOf(entry.key)), entry.value]));
  if (value instanceof DuckDBBlobValue) return Buffer.from(value.bytes).toString("base64");
  if (value instanceof DuckDBDecimalValue) return value.toDouble();
  return String(value);
}

/** The value as the derivations take it: instants as milliseconds. */
export function plainOf(value: DuckDBValue): unknown {
  if (value instanceof DuckDBTimestampTZValue) return Number(value.micros / 1000n);
  return jsonOf(value);
}

function integerOf(value: bigint): number | string {
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value.toString();
}

function objectOf(entries: readonly (readonly [string, DuckDBValue])[]): Record<string, unknown> {
  return Object.fromEntries(entries.map(([key, value]) => [key, jsonOf(value)]));
}

/** Milliseconds when the microseconds are zero, as Amazon writes them; more digits only where there are any. */
function isoOfMicros(micros: bigint): string {
  const millis = new Date(Number(micros / 1000n)).toISOString();
  const rest = micros % 1000n;
  return rest === 0n ? millis : `${millis.slice(0, -1)}${rest.toString().padStart(3, "0")}Z`;
}
