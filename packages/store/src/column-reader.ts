import type { DuckDBMaterializedResult } from "@duckdb/node-api";
import duckdb from "@duckdb/node-bindings";

// Reading many rows through node-api makes a DataView, a text and an object entry of every value: 20 us a row of 33
// columns (measured 2026-11-25, 2 cores). Here a column of a chunk is read at once, and a text that repeats is one text.
// The layout of a text's entry is told in text-vector.ts.

const ENTRY_WORDS = 4;
const INLINE_BYTES = 12;

/** The values of one column of a chunk. */
export type ColumnValues<Value> = readonly (Value | null)[];

/** One chunk of a result, a column at a time. The kinds have to be those of the SQL. */
export class ColumnChunk {
  readonly #chunk: duckdb.DataChunk;
  readonly rowCount: number;

  constructor(chunk: duckdb.DataChunk) {
    this.#chunk = chunk;
    this.rowCount = duckdb.data_chunk_get_size(chunk);
  }

  /** Of a DOUBLE column. */
  numbers(index: number): ColumnValues<number> {
    const vector = duckdb.data_chunk_get_vector(this.#chunk, index);
    const bytes = duckdb.vector_get_data(vector, this.rowCount * 8);
    const numbers = new Float64Array(bytes.buffer, bytes.byteOffset, this.rowCount);
    const isValid = this.#validity(vector);
    return Array.from(numbers, (number, row) => (isValid(row) ? number : null));
  }

  /** Of a BOOLEAN column. */
  booleans(index: number): ColumnValues<boolean> {
    const vector = duckdb.data_chunk_get_vector(this.#chunk, index);
    const bytes = duckdb.vector_get_data(vector, this.rowCount);
    const isValid = this.#validity(vector);
    return Array.from(bytes, (byte, row) => (isValid(row) ? byte !== 0 : null));
  }

  /** Of a VARCHAR column. */
  texts(index: number): ColumnValues<string> {
    const vector = duckdb.data_chunk_get_vector(this.#chunk, index);
    const bytes = duckdb.vector_get_data(vector, this.rowCount * ENTRY_WORDS * 4);
    const isValid = this.#validity(vector);
    const entries = new TextEntries(bytes, this.rowCount);
    return Array.from({ length: this.rowCount }, (_, row) => (isValid(row) ? entries.read(row) : null));
  }

  #validity(vector: duckdb.Vector): (row: number) => boolean {
    // null where every row has a value, which the declared type does not say
    const bytes: Uint8Array | null = duckdb.vector_get_validity(vector, Math.ceil(this.rowCount / 64) * 8);
    if (bytes === null) return () => true;
    return (row) => (((bytes[row >> 3] ?? 0) >> (row & 7)) & 1) === 1;
  }
}

/** Reads a result to its end; `take` is called with each chunk, which is gone after it. */
export async function readChunks(result: DuckDBMaterializedResult, take: (chunk: ColumnChunk) => void): Promise<void> {
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) return;
    take(new ColumnChunk(chunk.chunk));
  }
}

class TextEntries {
  readonly #words: Uint32Array;
  readonly #bytes: Buffer;
  #lastRow = -1;
  #lastText = "";

  constructor(bytes: Uint8Array, rowCount: number) {
    this.#words = new Uint32Array(bytes.buffer, bytes.byteOffset, rowCount * ENTRY_WORDS);
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  read(row: number): string {
    if (this.#lastRow >= 0 && this.#isSameEntry(row, this.#lastRow)) return this.#lastText;
    const length = this.#words[row * ENTRY_WORDS] ?? 0;
    const start = row * ENTRY_WORDS * 4;
    this.#lastRow = row;
    this.#lastText =
      length <= INLINE_BYTES
        ? this.#bytes.toString("utf8", start + 4, start + 4 + length)
        : this.#textElsewhere(start + 8, length);
    return this.#lastText;
  }

  #textElsewhere(pointerOffset: number, length: number): string {
    const { buffer, byteOffset } = this.#bytes;
    if (!(buffer instanceof ArrayBuffer)) throw new Error("the memory of a vector is shared");
    const bytes = duckdb.get_data_from_pointer(buffer, byteOffset + pointerOffset, length);
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
  }

  /** Same length and content, or same length and address. */
  #isSameEntry(row: number, other: number): boolean {
    const [left, right] = [row * ENTRY_WORDS, other * ENTRY_WORDS];
    for (let word = 0; word < ENTRY_WORDS; word++) {
      if (this.#words[left + word] !== this.#words[right + word]) return false;
    }
    return true;
  }
}
