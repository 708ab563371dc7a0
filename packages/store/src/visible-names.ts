import type { DuckDBConnection } from "@duckdb/node-api";
import { AppError } from "@fourwire/core";

/** Schemas whose tables users may name: the views of `main`, and the catalog that describes them. */
const VISIBLE_SCHEMAS: ReadonlySet<string> = new Set(["main", "information_schema", "pg_catalog"]);

/**
 * Table functions users may call. A list of what is allowed, because several functions take a table's name or a query
 * as text (`query_table`, `histogram`, `json_execute_serialized_sql`), and later versions of DuckDB add more.
 */
const VISIBLE_FUNCTIONS: ReadonlySet<string> = new Set([
  "duckdb_columns",
  "duckdb_functions",
  "duckdb_keywords",
  "duckdb_schemas",
  "duckdb_tables",
  "duckdb_types",
  "duckdb_views",
  "generate_series",
  "json_each",
  "json_tree",
  "range",
  "repeat",
  "repeat_row",
  "unnest",
]);

/**
 * Throws `query_not_allowed` where SQL is no SELECT, or names what is not for users: a table of an internal schema, such
 * as `store.access_token`, or a function that could read one. DuckDB's own parser finds the names, so that quotes, case,
 * comments and nesting make no difference; what it cannot write down is refused, as a PRAGMA that becomes a SELECT is.
 */
export async function requireVisibleNames(connection: DuckDBConnection, sql: string): Promise<void> {
  const reader = await connection.runAndReadAll(
    "select json_serialize_sql($sql::varchar, skip_null := true, skip_empty := true)",
    { sql },
  );
  const parsed: unknown = JSON.parse(String(reader.getRows()[0]?.[0]));
  if (!isReadable(parsed)) throw onlySelect();
  visit(parsed.statements);
}

export function onlySelect(): AppError {
  return new AppError("query_not_allowed", "only SELECT is allowed; records are changed by import and retention alone");
}

interface Readable {
  readonly error: false;
  readonly statements: readonly unknown[];
}

function isReadable(parsed: unknown): parsed is Readable {
  if (typeof parsed !== "object" || parsed === null) return false;
  const { error, statements } = parsed as Partial<Readable>;
  return error === false && Array.isArray(statements);
}

function visit(root: unknown): void {
  // a list instead of recursion: users choose how deep a query is nested
  const left: unknown[] = [root];
  while (left.length > 0) {
    const node = left.pop();
    if (typeof node !== "object" || node === null) continue;
    requireVisible(node);
    for (const child of Object.values(node)) left.push(child);
  }
}

interface ParsedNode {
  readonly type?: unknown;
  readonly schema_name?: unknown;
  readonly table_name?: unknown;
  readonly function?: { readonly function_name?: unknown };
}

function requireVisible(node: ParsedNode): void {
  // whatever has a schema's name, be it a table or SHOW TABLES FROM
  const table = typeof node.table_name === "string" ? node.table_name : "*";
  if (typeof node.schema_name === "string" && !VISIBLE_SCHEMAS.has(node.schema_name.toLowerCase()))
    throw notVisible(`table "${node.schema_name}.${table}"`);
  // DuckDB reads a table's name as that of a file where there is no such table
  if (node.type === "BASE_TABLE" && /[/\\]/.test(table)) throw notVisible(`file "${table}"`);
  if (node.type === "TABLE_FUNCTION") {
    const name = String(node.function?.function_name);
    if (!VISIBLE_FUNCTIONS.has(name.toLowerCase())) throw notVisible(`table function "${name}"`);
  }
}

function notVisible(what: string): AppError {
  return new AppError(
    "query_not_allowed",
    `${what} cannot be read here; the tables that can are those of "show tables"`,
  );
}
