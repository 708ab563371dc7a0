import {
  matchesFilter,
  type FilterTerm,
  type RecordBatch,
  type RecordSummary,
  type SourceRecord,
  type TailEvent,
} from "@fourwire/core";
import { summaryOf } from "./record-json.ts";

/** Records one reader is sent per beat; what is beyond is counted as dropped, and said so. */
const MAX_RECORDS_PER_BEAT = 400;
const BEAT_MS = 250;

interface Reader {
  readonly terms: readonly FilterTerm[];
  readonly send: (event: TailEvent) => void;
  readonly end: () => void;
  records: RecordSummary[];
  dropped: number;
}

/** Passes stored records to whoever follows them. A slow reader loses records, never slows the writer (promise P7). */
export class LiveTail {
  readonly #readers = new Set<Reader>();
  readonly #listeners = new Set<(rows: readonly SourceRecord[]) => void>();
  readonly #beat: NodeJS.Timeout;
  #droppedCount = 0;
  #slowReadersClosed = 0;

  constructor() {
    this.#beat = setInterval(() => this.#flush(), BEAT_MS);
    this.#beat.unref();
  }

  /** Records that readers were not sent, over all readers since the start. */
  get droppedCount(): number {
    return this.#droppedCount;
  }

  get readerCount(): number {
    return this.#readers.size;
  }

  /** Readers that did not keep up and were cut off, since the start. */
  get slowReadersClosed(): number {
    return this.#slowReadersClosed;
  }

  /** Records that a reader's full connection kept from it. */
  countDropped(count: number): void {
    this.#droppedCount += count;
  }

  countSlowReader(): void {
    this.#slowReadersClosed++;
  }

  /** Follows from now on; returns how to stop. `end` is called when the tail closes. */
  follow(terms: readonly FilterTerm[], send: (event: TailEvent) => void, end: () => void = doNothing): () => void {
    const reader: Reader = { terms, send, end, records: [], dropped: 0 };
    this.#readers.add(reader);
    return () => this.#readers.delete(reader);
  }

  /** Calls back with every record that was stored and is new, at once; returns how to stop. For parts of this process. */
  onStored(listener: (rows: readonly SourceRecord[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** `hasDuplicates`: some rows were stored before, or are twice among these. */
  publish(batches: readonly RecordBatch[], duplicateIds: ReadonlySet<string>, hasDuplicates = true): void {
    if (this.#readers.size === 0 && this.#listeners.size === 0) return;
    const rows = batches.flatMap((batch) => batch.rows);
    const stored = hasDuplicates ? withoutCopies(rows, duplicateIds) : rows;
    if (this.#readers.size > 0) for (const row of stored) this.#offer(row);
    for (const listener of this.#listeners) listener(stored);
  }

  close(): void {
    clearInterval(this.#beat);
    for (const reader of this.#readers) reader.end();
    this.#readers.clear();
  }

  /** The whole row is matched: a filter may name a column that the summary leaves out. */
  #offer(row: SourceRecord): void {
    for (const reader of this.#readers) {
      if (!matchesFilter(row, reader.terms)) continue;
      if (reader.records.length < MAX_RECORDS_PER_BEAT) reader.records.push(summaryOf(row));
      else {
        reader.dropped++;
        this.#droppedCount++;
      }
    }
  }

  #flush(): void {
    for (const reader of this.#readers) {
      if (reader.records.length === 0 && reader.dropped === 0) continue;
      reader.send({ records: reader.records, dropped: reader.dropped });
      reader.records = [];
      reader.dropped = 0;
    }
  }
}

function withoutCopies(rows: readonly SourceRecord[], duplicateIds: ReadonlySet<string>): readonly SourceRecord[] {
  const passed = new Set(duplicateIds);
  return rows.filter((row) => passed.size < passed.add(row.record_id).size);
}

function doNothing(): void {
  // most readers end with their connection
}
