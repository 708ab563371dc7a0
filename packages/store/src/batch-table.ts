import { BOOLEAN, DOUBLE, VARCHAR, type DuckDBConnection, type DuckDBType } from "@duckdb/node-api";
import duckdb from "@duckdb/node-bindings";
import {
  columnsOf,
  recordColumns,
  SCHEMA_VERSION,
  type Column,
  type SourceName,
  type SourceRecord,
} from "@fourwire/core";
import { quoteName } from "./schema.ts";
import { fillTextVector } from "./text-vector.ts";
import { Validity } from "./validity.ts";

// Rows reach DuckDB through a temporary table filled with data chunks. The chunks are written with the bindings and
// not with node-api's vectors, which set every null bit through a BigInt and cache every string: 1 us against 6 us
// a row of 30 columns (measured 2026-11-21, 2 cores). Instants travel as doubles for the same reason.

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

/** Every row of the table has the same `source`, so it is added when the table is read. */
function batchColumns(source: SourceName): readonly Column[] {
  return recordColumns(columnsOf(source)).filter((column) => column.name !== "source");
}

/** Makes the temporary table of a source on this connection. */
export async function createBatchTable(connection: DuckDBConnection, source: SourceName): Promise<void> {
  const columns = batchColumns(source).map((column) => `${quoteName(column.name)} ${BATCH_TYPES[column.type].sql}`);
  await connection.run(`create temporary table if not exists batch_${source} (${columns.join(", ")})`);
}

/** The temporary table as rows of the source's table. */
export function batchRelation(source: SourceName): string {
  const columns = batchColumns(source).map((column) => `${batchExpression(column)} as ${quoteName(column.name)}`);
  const constants = [`'${source}' as source`, "now() as ingested_time", `${SCHEMA_VERSION}::bigint as schema_version`];
  return `(select ${[...constants, ...columns].join(", ")} from temp.main.batch_${source})`;
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

/** Adds rows to a temporary table, on the calling thread. Rows are in the table once `close` has returned. */
export class BatchAppender {
  readonly #columns: readonly Column[];
  readonly #types: readonly duckdb.LogicalType[];
  readonly #appender: duckdb.Appender;

  constructor(connection: DuckDBConnection, source: SourceName) {
    this.#columns = batchColumns(source);
    this.#types = this.#columns.map((column) => BATCH_TYPES[column.type].type.toLogicalType().logical_type);
    const raw = (connection as unknown as { readonly connection: duckdb.Connection }).connection;
    this.#appender = duckdb.appender_create_ext(raw, "temp", "main", `batch_${source}`);
  }

  add(rows: readonly SourceRecord[]): void {
    for (let from = 0; from < rows.length; from += CHUNK_ROWS) this.#addChunk(rows.slice(from, from + CHUNK_ROWS));
  }

  close(): void {
    duckdb.appender_close_sync(this.#appender);
  }

  #addChunk(rows: readonly SourceRecord[]): void {
    const chunk = duckdb.create_data_chunk(this.#types);
    for (let index = 0; index < this.#columns.length; index++) {
      const column = this.#columns[index] as Column;
      const vector = duckdb.data_chunk_get_vector(chunk, index);
      if (column.type === "text" || column.type === "json") fillTextVector(vector, rows, column.name);
      else fillNumbers(vector, rows, column);
    }
    duckdb.data_chunk_set_size(chunk, rows.length);
    duckdb.append_data_chunk(this.#appender, chunk);
  }
}

function fillNumbers(vector: duckdb.Vector, rows: readonly SourceRecord[], column: Column): void {
  const validity = new Validity(rows.length);
  const numbers = column.type === "boolean" ? new Uint8Array(CHUNK_ROWS) : new Float64Array(CHUNK_ROWS);
  for (let row = 0; row < rows.length; row++) {
    const value = (rows[row] as SourceRecord)[column.name];
    if (value === undefined) validity.clear(row);
    else numbers[row] = Number(value);
  }
  duckdb.copy_data_to_vector(vector, 0, numbers.buffer, 0, rows.length * numbers.BYTES_PER_ELEMENT);
  validity.flush(vector);
}
