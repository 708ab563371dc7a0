import duckdb from "@duckdb/node-bindings";

/** Which rows of a vector have a value: one bit each, made when the first row has none. */
export class Validity {
  readonly #rowCount: number;
  #bytes: Uint8Array<ArrayBuffer> | undefined;

  constructor(rowCount: number) {
    this.#rowCount = rowCount;
  }

  clear(row: number): void {
    // DuckDB reads the bits in words of 64
    this.#bytes ??= new Uint8Array(Math.ceil(this.#rowCount / 64) * 8).fill(0xff);
    this.#bytes[row >> 3] = (this.#bytes[row >> 3] as number) & ~(1 << (row & 7));
  }

  flush(vector: duckdb.Vector): void {
    if (this.#bytes === undefined) return;
    duckdb.vector_ensure_validity_writable(vector);
    duckdb.copy_data_to_vector_validity(vector, 0, this.#bytes.buffer, 0, this.#bytes.byteLength);
  }
}
