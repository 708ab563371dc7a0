import { BOOLEAN, DOUBLE, DuckDBDataChunk, VARCHAR, type DuckDBConnection, type DuckDBType } from "@duckdb/node-api";
import duckdb from "@duckdb/node-bindings";
import { batchColumns, columnsOf, SCHEMA_VERSION, type Column, type ColumnValue, type RecordBatch, type SourceName } from "@fourwire/core";
import { quoteName } from "./schema.ts";

// Rows reach DuckDB through a temporary table filled with data chunks. The chunks are written with the bindings and
// not with node-api's vectors, which set every null bit through a BigInt and cache every string: 2.2 us against 6 us
// a row of 26 columns (measured 2026-11-21, 2 cores). Instants travel as doubles for the same reason.

/** Rows in one data chunk: DuckDB's vector size. */
const CHUNK_ROWS = 2048;

const BATCH_TYPES: Readonly<Record<Column["type"], { readonly sql: string; readonly type: DuckDBType }>> = {
  text: { sql: "varchar", type: VARCHAR },
  json: { sql: "varchar", type: VARCHAR },
  timestamp: { sql: "double", type: DOUBLE },
  integer: { sql: "double", type: DOUBLE },
  double: { sql: "double", type: DOUBLE },
  boolean: { sql: "boolean", type: BOOLEAN },
};

/** Makes the temporary table of a source on this connection. */
export async function createBatchTable(connection: DuckDBConnection, source: SourceName): Promise<void> {
  const columns = batchColumns(columnsOf(source)).map((column) => `${quoteName(column.name)} ${BATCH_TYPES[column.type].sql}`);
  await connection.run(`create temporary table if not exists batch_${source} (${columns.join(", ")})`);
}

/** The temporary table as rows of the source's table. */
export function batchRelation(source: SourceName): string {
  const columns = batchColumns(columnsOf(source)).map((column) => `${batchExpression(column)} as ${quoteName(column.name)}`);
  return `(select ${columns.join(", ")}, now() as ingested_time, ${SCHEMA_VERSION}::bigint as schema_version from temp.main.batch_${source})`;
}

function batchExpression(column: Column): string {
  const name = quoteName(column.name);
  switch (column.type) {
    case "timestamp":
      return `make_timestamptz((${name} * 1000)::bigint)`;
    case "integer":
      return `${name}::bigint`;
    case "text":
    case "json":
    case "double":
    case "boolean":
      return name;
  }
}

/** Fills the temporary table. Runs on the calling thread; about 2 us a row. */
export function fillBatchTable(connection: DuckDBConnection, source: SourceName, batches: readonly RecordBatch[]): void {
  const columns = batchColumns(columnsOf(source));
  const types = columns.map((column) => BATCH_TYPES[column.type].type);
  const raw = (connection as unknown as { readonly connection: duckdb.Connection }).connection;
  const appender = duckdb.appender_create_ext(raw, "temp", "main", `batch_${source}`);
  for (const batch of batches) {
    for (let from = 0; from < batch.rowCount; from += CHUNK_ROWS) {
      const rowCount = Math.min(CHUNK_ROWS, batch.rowCount - from);
      const chunk = (DuckDBDataChunk.create(types) as unknown as { readonly chunk: duckdb.DataChunk }).chunk;
      columns.forEach((column, index) => {
        const vector = duckdb.data_chunk_get_vector(chunk, index);
        fillVector({ vector, type: column.type, values: batch.columns[index], from, rowCount });
      });
      duckdb.data_chunk_set_size(chunk, rowCount);
      duckdb.append_data_chunk(appender, chunk);
    }
  }
  duckdb.appender_close_sync(appender);
}

interface VectorFill {
  readonly vector: duckdb.Vector;
  readonly type: Column["type"];
  readonly values: readonly ColumnValue[] | undefined;
  readonly from: number;
  readonly rowCount: number;
}

/** One bit a row, set where the row has a value. */
class Validity {
  readonly bytes = new Uint8Array(CHUNK_ROWS / 8).fill(0xff);
  hasNull = false;

  clear(row: number): void {
    this.bytes[row >> 3] = (this.bytes[row >> 3] as number) & ~(1 << (row & 7));
    this.hasNull = true;
  }

  clearAll(): void {
    this.bytes.fill(0);
    this.hasNull = true;
  }

  flush(vector: duckdb.Vector): void {
    if (!this.hasNull) return;
    duckdb.vector_ensure_validity_writable(vector);
    duckdb.copy_data_to_vector_validity(vector, 0, this.bytes.buffer, 0, this.bytes.byteLength);
  }
}

function fillVector(fill: VectorFill): void {
  const validity = new Validity();
  if (fill.values === undefined) validity.clearAll();
  else if (fill.type === "text" || fill.type === "json") fillTexts(fill, fill.values, validity);
  else fillNumbers(fill, fill.values, validity);
  validity.flush(fill.vector);
}

function fillTexts(fill: VectorFill, values: readonly ColumnValue[], validity: Validity): void {
  for (let row = 0; row < fill.rowCount; row++) {
    const value = values[fill.from + row];
    if (typeof value === "string") duckdb.vector_assign_string_element(fill.vector, row, value);
    else validity.clear(row);
  }
}

function fillNumbers(fill: VectorFill, values: readonly ColumnValue[], validity: Validity): void {
  const numbers = fill.type === "boolean" ? new Uint8Array(CHUNK_ROWS) : new Float64Array(CHUNK_ROWS);
  for (let row = 0; row < fill.rowCount; row++) {
    const value = values[fill.from + row];
    if (value === undefined) validity.clear(row);
    else numbers[row] = Number(value);
  }
  duckdb.copy_data_to_vector(fill.vector, 0, numbers.buffer, 0, fill.rowCount * numbers.BYTES_PER_ELEMENT);
}
