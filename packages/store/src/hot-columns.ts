import type { DuckDBConnection } from "@duckdb/node-api";
import { SOURCE_NAMES, type Column, type SourceName } from "@fourwire/core";
import { columnTypeOf, tableColumns } from "./schema.ts";

/** The columns of each hot table, in the order in which the table has them. */
export type HotColumns = ReadonlyMap<SourceName, readonly Column[]>;

/**
 * Reads the order from the database: rows are appended by position, and in a directory of an earlier version the columns
 * added since stand at the end. A column that this version does not know, which a later one added, is left null.
 */
export async function readHotColumns(connection: DuckDBConnection): Promise<HotColumns> {
  const reader = await connection.runAndReadAll(
    `select table_name, column_name, data_type from duckdb_columns() where schema_name = 'hot'
     order by table_name, column_index`,
  );
  const rows = reader.getRows().map((row) => row.map(String));
  return new Map(
    SOURCE_NAMES.map((source) => {
      const declared = new Map(tableColumns(source).map((column) => [column.name, column]));
      const columns = rows
        .filter(([table]) => table === source)
        .map(([, name = "", type = ""]) => declared.get(name) ?? { name, type: columnTypeOf(type), description: "" });
      return [source, columns];
    }),
  );
}
