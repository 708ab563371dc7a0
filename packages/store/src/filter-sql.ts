import type { DuckDBValue } from "@duckdb/node-api";
import { COMMON_COLUMNS, type FilterTerm } from "@fourwire/core";
import { quoteName } from "./schema.ts";

/** Fields a filter may name: the common columns. */
export const FILTER_FIELDS: ReadonlySet<string> = new Set(COMMON_COLUMNS.map((column) => column.name));

const TIME_FIELDS: ReadonlySet<string> = new Set(
  COMMON_COLUMNS.filter((column) => column.type === "timestamp").map((column) => column.name),
);

/** A condition with its bound values. */
export interface SqlCondition {
  readonly sql: string;
  readonly values: Record<string, DuckDBValue>;
}

/** The terms as one SQL condition, values bound. A null never matches, so its negation always does. */
export function filterCondition(terms: readonly FilterTerm[]): SqlCondition {
  const values: Record<string, DuckDBValue> = {};
  const parts = terms.map((term, index) => {
    const positive = termSql(term, `f${index}`, values);
    return term.isNegated ? `not coalesce(${positive}, false)` : positive;
  });
  return { sql: parts.length === 0 ? "true" : parts.map((part) => `(${part})`).join(" and "), values };
}

function termSql(term: FilterTerm, name: string, values: Record<string, DuckDBValue>): string {
  const field = quoteName(term.field);
  switch (term.kind) {
    case "exists":
      return `${field} is not null`;
    case "compare":
      values[name] = term.value;
      return `${numberSql(term.field)} ${term.operator} $${name}`;
    case "contains":
      // lower() beside contains() runs several times faster than ILIKE
      values[name] = term.text.toLowerCase();
      return `contains(lower(${field}), $${name})`;
    case "equals":
      return equalsSql(TIME_FIELDS.has(term.field) ? `epoch_ms(${field})` : field, term.values, name, values);
  }
}

/** The field as a number, null where it is none: what core's matcher compares. Instants are milliseconds. */
function numberSql(fieldName: string): string {
  const field = quoteName(fieldName);
  return TIME_FIELDS.has(fieldName) ? `epoch_ms(${field})` : `try_cast(${field} as double)`;
}

function equalsSql(
  field: string,
  wanted: readonly string[],
  name: string,
  values: Record<string, DuckDBValue>,
): string {
  const names = wanted.map((value, index) => {
    values[`${name}_${index}`] = value;
    return `$${name}_${index}`;
  });
  return names.length === 0 ? "false" : `${field}::varchar in (${names.join(", ")})`;
}
