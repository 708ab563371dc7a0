import duckdb from "@duckdb/node-bindings";
import type { ColumnValue } from "@fourwire/core";
import { Validity } from "./validity.ts";

// A call into the bindings costs more than copying a log line, and a row has about 17 texts. So a column's texts are
// handed over in one call, joined; DuckDB copies them into the vector's own heap, and the vector's entries are then
// written to point into that copy. An entry is duckdb_string_t of the C API (duckdb.h, DuckDB 1.5, read 2026-11-21),
// the layout node-api's own reader relies on:
//
//   4 bytes length | up to 12 bytes: the text itself | longer: its first 4 bytes, then 8 bytes address (little endian)
//
// The address stays valid as long as the vector; the appender copies the texts when the chunk is appended.

const ENTRY_BYTES = 16;
const INLINE_BYTES = 12;
const PREFIX_BYTES = 4;
const WORD = 2 ** 32;

/** Half of a character beyond the basic plane, such as an emoji; alone it is no character. */
const SURROGATE = /[\ud800-\udfff]/;

/** A row on its way into a table: a record, or what was derived from records. */
export type ColumnRow = Readonly<Record<string, ColumnValue | null>>;

/** Fills a VARCHAR vector with the named value of every row; what is not a text becomes null. */
export function fillTextVector(vector: duckdb.Vector, rows: readonly ColumnRow[], name: string): void {
  const validity = new Validity(rows.length);
  const texts: string[] = [];
  let nullCount = 0;
  let isConstant = true;
  for (let row = 0; row < rows.length; row++) {
    const value = (rows[row] as ColumnRow)[name];
    const text = typeof value === "string" ? value : "";
    if (text !== value) {
      validity.clear(row);
      nullCount++;
    }
    isConstant &&= row === 0 || text === texts[0];
    texts.push(text);
  }
  if (nullCount < rows.length) {
    // an account, a Region, an event version: many columns have one value for thousands of rows
    const entries = isConstant ? constantEntries(vector, texts) : distinctEntries(vector, texts);
    duckdb.copy_data_to_vector(vector, 0, entries.buffer, 0, texts.length * ENTRY_BYTES);
  }
  validity.flush(vector);
}

function constantEntries(vector: duckdb.Vector, texts: readonly string[]): TextEntries {
  const bytes = encode(texts[0] ?? "");
  const entries = new TextEntries(texts.length, bytes, addressOfCopy(vector, bytes));
  entries.write(0, 0, bytes.length);
  entries.repeatFirst();
  return entries;
}

function distinctEntries(vector: duckdb.Vector, given: readonly string[]): TextEntries {
  const joined = given.join("");
  // half a character at the end of one text and half at the start of the next would become one where they are joined
  const hasHalves = SURROGATE.test(joined);
  const texts = hasHalves ? given.map((text) => Buffer.from(text).toString()) : given;
  const whole = hasHalves ? texts.join("") : joined;
  const bytes = encode(whole);
  const entries = new TextEntries(texts.length, bytes, addressOfCopy(vector, bytes));
  let offset = 0;
  // characters are bytes when the whole column is ASCII, which it mostly is
  const isAscii = bytes.length === whole.length;
  for (let row = 0; row < texts.length; row++) {
    const text = texts[row] as string;
    const length = isAscii ? text.length : Buffer.byteLength(text);
    entries.write(row, offset, length);
    offset += length;
  }
  if (offset !== bytes.length) throw new Error(`the texts of a column add up to ${offset} bytes, not ${bytes.length}`);
  return entries;
}

/** A column's texts up to this size are encoded in one place, over and over: fresh memory costs more than the texts. */
const SCRATCH_BYTES = 4 * 1024 * 1024;

/** Most bytes of UTF-8 that one unit of a text takes. */
const MAX_UNIT_BYTES = 3;

const scratch = Buffer.allocUnsafeSlow(SCRATCH_BYTES);

/** The text as UTF-8; good until the next call. */
function encode(text: string): Buffer {
  if (text.length * MAX_UNIT_BYTES > SCRATCH_BYTES) return Buffer.from(text);
  return scratch.subarray(0, scratch.write(text, "utf8"));
}

/** Copies the bytes into the vector's heap and returns where they are; 0 when they are few enough to stand in an entry. */
function addressOfCopy(vector: duckdb.Vector, bytes: Buffer): number {
  if (bytes.length <= INLINE_BYTES) return 0;
  duckdb.vector_assign_string_element_len(vector, 0, bytes);
  const entry = duckdb.vector_get_data(vector, ENTRY_BYTES);
  const view = new DataView(entry.buffer, entry.byteOffset, ENTRY_BYTES);
  if (view.getUint32(0, true) !== bytes.length)
    throw new Error("duckdb_string_t has another layout than this was written for");
  return view.getUint32(8, true) + view.getUint32(12, true) * WORD;
}

/** The entries of a vector, written on our side and copied into it at once. */
class TextEntries {
  readonly buffer: ArrayBuffer;
  readonly #words: Uint32Array;
  readonly #bytes: Uint8Array;
  readonly #source: Buffer;
  readonly #addressLow: number;
  readonly #addressHigh: number;

  constructor(count: number, source: Buffer, address: number) {
    this.buffer = new ArrayBuffer(count * ENTRY_BYTES);
    this.#words = new Uint32Array(this.buffer);
    this.#bytes = new Uint8Array(this.buffer);
    this.#source = source;
    this.#addressLow = address % WORD;
    this.#addressHigh = Math.floor(address / WORD);
  }

  /** Makes every entry equal to the first. */
  repeatFirst(): void {
    for (let filled = ENTRY_BYTES; filled < this.#bytes.length; filled *= 2) this.#bytes.copyWithin(filled, 0, filled);
  }

  write(row: number, offset: number, length: number): void {
    const word = row * 4;
    this.#words[word] = length;
    const copied = length <= INLINE_BYTES ? length : PREFIX_BYTES;
    const start = row * ENTRY_BYTES + 4;
    for (let index = 0; index < copied; index++) this.#bytes[start + index] = this.#source[offset + index] as number;
    if (length <= INLINE_BYTES) return;
    const low = this.#addressLow + offset;
    // the array keeps the lower 32 bits
    this.#words[word + 2] = low;
    this.#words[word + 3] = low < WORD ? this.#addressHigh : this.#addressHigh + 1;
  }
}
