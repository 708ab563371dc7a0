import {
  BIGINT,
  BOOLEAN,
  DOUBLE,
  TIMESTAMPTZ,
  VARCHAR,
  type DuckDBConnection,
  type DuckDBType,
} from "@duckdb/node-api";
import duckdb from "@duckdb/node-bindings";
import type { Column } from "@fourwire/core";
import { quoteName } from "./schema.ts";
import { fillTextVector, type ColumnRow } from "./text-vector.ts";
import { Validity } from "./validity.ts";

// Rows reach DuckDB as data chunks. The chunks are written with the bindings and not with node-api's vectors, which set
// every null bit through a BigInt and cache every string: 1 us against 6 us a row of 30 columns (measured 2026-11-21,
// 2 cores).

/** Rows in one data chunk: DuckDB's vector size. */
const CHUNK_ROWS = 2048;

const CHUNK_TYPES: Readonly<Record<Column["type"], { readonly sql: string; readonly type: DuckDBType }>> = {
  text: { sql: "varchar", type: VARCHAR },
  json: { sql: "varchar", type: VARCHAR },
  timestamp: { sql: "timestamptz", type: TIMESTAMPTZ },
  integer: { sql: "bigint", type: BIGINT },
  double: { sql: "double", type: DOUBLE },
  boolean: { sql: "boolean", type: BOOLEAN },
};

/** The columns of a table that rows are added to. */
export function chunkColumns(columns: readonly Column[]): string {
  return columns.map((column) => `${quoteName(column.name)} ${CHUNK_TYPES[column.type].sql}`).join(", ");
}

/** Where rows are added, and what is the same in all of them. */
export interface ChunkTarget {
  /** `temp` for a temporary table; undefined: the database file. */
  readonly catalog?: string;
  readonly schema: string;
  readonly table: string;
  /** All columns of the table, in order, of the types of `chunkColumns`. */
  readonly columns: readonly Column[];
  /** Columns that have one value for all rows, whatever the row says. */
  readonly constants?: ColumnRow;
}

/** Adds rows to a table, on the calling thread and in the connection's transaction. They are there once `close` has returned. */
export class ChunkAppender {
  readonly #target: ChunkTarget;
  readonly #types: readonly duckdb.LogicalType[];
  readonly #appender: duckdb.Appender;

  constructor(connection: DuckDBConnection, target: ChunkTarget) {
    this.#target = target;
    this.#types = target.columns.map((column) => CHUNK_TYPES[column.type].type.toLogicalType().logical_type);
    const raw = (connection as unknown as { readonly connection: duckdb.Connection }).connection;
    this.#appender = duckdb.appender_create_ext(raw, target.catalog ?? null, target.schema, target.table);
  }

  add(rows: readonly ColumnRow[]): void {
    try {
      for (let from = 0; from < rows.length; from += CHUNK_ROWS) this.#addChunk(rows.slice(from, from + CHUNK_ROWS));
    } catch (error) {
      this.#discard();
      throw error;
    }
  }

  close(): void {
    try {
      duckdb.appender_close_sync(this.#appender);
    } catch (error) {
      this.#discard();
      throw error;
    }
  }

  /** Rows left in an appender would be stored when it is collected as garbage, in whatever transaction runs then. */
  #discard(): void {
    duckdb.appender_clear(this.#appender);
  }

  #addChunk(rows: readonly ColumnRow[]): void {
    const { columns, constants = {} } = this.#target;
    const chunk = duckdb.create_data_chunk(this.#types);
    const same = rows.map(() => constants);
    for (let index = 0; index < columns.length; index++) {
      const column = columns[index] as Column;
      const from = column.name in constants ? same : rows;
      const vector = duckdb.data_chunk_get_vector(chunk, index);
      if (isUnused(from, column.name)) duckdb.vector_reference_value(vector, duckdb.create_null_value());
      else if (column.type === "text" || column.type === "json") fillTextVector(vector, from, column.name);
      else fillNumbers(vector, from, column);
    }
    duckdb.data_chunk_set_size(chunk, rows.length);
    duckdb.append_data_chunk(this.#appender, chunk);
  }
}

function isUnused(rows: readonly ColumnRow[], name: string): boolean {
  for (const row of rows) if (row[name] != null) return false;
  return true;
}

function fillNumbers(vector: duckdb.Vector, rows: readonly ColumnRow[], column: Column): void {
  const validity = new Validity(rows.length);
  const numbers = new NumberVector(column.type, rows.length);
  for (let row = 0; row < rows.length; row++) {
    const value = (rows[row] as ColumnRow)[column.name];
    if (value == null) validity.clear(row);
    else numbers.set(row, Number(value), column.name);
  }
  duckdb.copy_data_to_vector(vector, 0, numbers.buffer, 0, numbers.buffer.byteLength);
  validity.flush(vector);
}

const WORD = 2 ** 32;
const MICROS_PER_MS = 1000;

/** Numbers as a vector has them: an instant is 64 bits of microseconds. Written in halves: a BigInt costs ten times as much. */
class NumberVector {
  readonly buffer: ArrayBuffer;
  readonly #type: Column["type"];
  readonly #view: Uint8Array | Float64Array | Int32Array;

  constructor(type: Column["type"], count: number) {
    this.#type = type;
    this.buffer = new ArrayBuffer(type === "boolean" ? count : count * Float64Array.BYTES_PER_ELEMENT);
    if (type === "boolean") this.#view = new Uint8Array(this.buffer);
    else this.#view = type === "double" ? new Float64Array(this.buffer) : new Int32Array(this.buffer);
  }

  /** Throws for what is beyond the column's type: it must not become another value. */
  set(row: number, value: number, name: string): void {
    if (this.#type === "boolean" || this.#type === "double") {
      this.#view[row] = value;
      return;
    }
    const whole = Math.round(this.#type === "timestamp" ? value * MICROS_PER_MS : value);
    if (!(Math.abs(whole) < 2 ** 63)) throw new RangeError(`${name} cannot be stored: ${value}`);
    const high = Math.floor(whole / WORD);
    this.#view[2 * row] = whole - high * WORD;
    this.#view[2 * row + 1] = high;
  }
}
