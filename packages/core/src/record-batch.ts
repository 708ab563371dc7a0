import { COMMON_COLUMNS, type Column } from "./column.ts";
import type { ColumnValue, SourceName, SourceRecord, UnixMillis } from "./record.ts";
import type { ContactLink, ContactReferences } from "./source.ts";

/** Columns the store fills in itself while it appends. */
const WRITTEN_BY_STORE = new Set(["ingested_time", "schema_version"]);

/** Columns of a batch, in order: the common ones without those the store writes, then the source's own. */
export function batchColumns(ownColumns: readonly Column[]): readonly Column[] {
  return [...COMMON_COLUMNS.filter((column) => !WRITTEN_BY_STORE.has(column.name)), ...ownColumns];
}

/**
 * Records of one source, column by column: the shape in which they cross from a decoding thread to the store, because
 * arrays of strings are cloned between threads twice as fast as objects and are what DuckDB's vectors are filled from.
 */
export interface RecordBatch {
  readonly source: SourceName;
  readonly rowCount: number;
  /** Characters of the bodies, for bounding memory. */
  readonly sizeBytes: number;
  /** One array per `batchColumns`; undefined where no row has a value. */
  readonly columns: readonly (readonly ColumnValue[] | undefined)[];
  /** Contacts named beside the `contact_id` column, with the time of the record that names them. */
  readonly references: readonly { readonly contact_id: string; readonly event_time: UnixMillis }[];
  readonly links: readonly (ContactLink & { readonly record_id: string })[];
}

/** Collects records of one source into a batch. */
export class RecordBatchBuilder {
  readonly source: SourceName;
  rowCount = 0;
  sizeBytes = 0;
  readonly #names: readonly string[];
  #columns: ColumnValue[][];
  #hasValue: boolean[];
  #references: { contact_id: string; event_time: UnixMillis }[] = [];
  #links: (ContactLink & { record_id: string })[] = [];

  constructor(source: SourceName, ownColumns: readonly Column[]) {
    this.source = source;
    this.#names = batchColumns(ownColumns).map((column) => column.name);
    this.#columns = this.#names.map(() => []);
    this.#hasValue = this.#names.map(() => false);
  }

  add(record: SourceRecord, references: ContactReferences | undefined): void {
    for (let index = 0; index < this.#names.length; index++) {
      const value = record[this.#names[index] as string];
      (this.#columns[index] as ColumnValue[]).push(value);
      if (value !== undefined) this.#hasValue[index] = true;
    }
    this.rowCount++;
    this.sizeBytes += record.original_body.length;
    if (references !== undefined) this.#addReferences(record, references);
  }

  #addReferences(record: SourceRecord, references: ContactReferences): void {
    for (const contactId of references.contactIds) {
      if (contactId !== record.contact_id) {
        this.#references.push({ contact_id: contactId, event_time: record.event_time });
      }
    }
    for (const link of references.links) this.#links.push({ ...link, record_id: record.record_id });
  }

  /** The batch so far; the builder is empty afterwards. */
  take(): RecordBatch {
    const batch: RecordBatch = {
      source: this.source,
      rowCount: this.rowCount,
      sizeBytes: this.sizeBytes,
      columns: this.#columns.map((values, index) => (this.#hasValue[index] === true ? values : undefined)),
      references: this.#references,
      links: this.#links,
    };
    this.rowCount = 0;
    this.sizeBytes = 0;
    this.#columns = this.#names.map(() => []);
    this.#hasValue = this.#names.map(() => false);
    this.#references = [];
    this.#links = [];
    return batch;
  }
}
