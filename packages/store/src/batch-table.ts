import type { DuckDBConnection } from "@duckdb/node-api";
import { columnsOf, recordColumns, SCHEMA_VERSION, type Column, type SourceName } from "@fourwire/core";
import { ChunkAppender, chunkColumns } from "./chunk-appender.ts";
import { columnList } from "./schema.ts";

/** Every row of the table has the same `source`, so it is added when the table is read. */
function batchColumns(source: SourceName): readonly Column[] {
  return recordColumns(columnsOf(source)).filter((column) => column.name !== "source");
}

/** Makes the temporary table of a source on this connection. */
export async function createBatchTable(connection: DuckDBConnection, source: SourceName): Promise<void> {
  await connection.run(`create temporary table if not exists batch_${source} (${chunkColumns(batchColumns(source))})`);
}

/** The temporary table as rows of the source's table. */
export function batchRelation(source: SourceName): string {
  const constants = `'${source}' as source, now() as ingested_time, ${SCHEMA_VERSION}::bigint as schema_version`;
  return `(select ${constants}, ${columnList(batchColumns(source))} from temp.main.batch_${source})`;
}

/** Fills the temporary table of a source. */
export function batchAppender(connection: DuckDBConnection, source: SourceName): ChunkAppender {
  return new ChunkAppender(connection, {
    catalog: "temp",
    schema: "main",
    table: `batch_${source}`,
    columns: batchColumns(source),
  });
}
