import type { QueryResponse } from "@fourwire/core";

/** A value a spreadsheet would take for a formula. */
const FORMULA = /^[=+\-@\t\r]/;

/** The result as CSV (RFC 4180). Text that a spreadsheet would run is given a leading apostrophe; numbers are not. */
export function toCsv(result: QueryResponse): string {
  const rows = [result.columns.map((column) => column.name), ...result.rows];
  return rows.map((row) => row.map(cell).join(",")).join("\r\n");
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
