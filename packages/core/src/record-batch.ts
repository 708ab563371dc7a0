import type { SourceName, SourceRecord, UnixMillis } from "./record.ts";
import type { ContactLink, ContactReferences } from "./source.ts";

/** A contact that a record names beside its own. */
export interface ContactReference {
  readonly contact_id: string;
  readonly event_time: UnixMillis;
}

/** A link between two contacts, and the record that tells it. */
export type RecordedLink = ContactLink & { readonly record_id: string };

/** Records of one source on their way to the store. */
export interface RecordBatch {
  readonly source: SourceName;
  readonly rows: readonly SourceRecord[];
  readonly references: readonly ContactReference[];
  readonly links: readonly RecordedLink[];
  /** Characters of the bodies, for bounding memory. */
  readonly sizeBytes: number;
}

/** Collects records of one source into a batch. */
export class RecordBatchBuilder {
  readonly source: SourceName;
  #rows: SourceRecord[] = [];
  #references: ContactReference[] = [];
  #links: RecordedLink[] = [];
  #sizeBytes = 0;

  constructor(source: SourceName) {
    this.source = source;
  }

  get rowCount(): number {
    return this.#rows.length;
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  add(record: SourceRecord, references: ContactReferences | undefined): void {
    this.#rows.push(record);
    this.#sizeBytes += record.original_body.length;
    if (references === undefined) return;
    for (const contactId of references.contactIds) {
      if (contactId !== record.contact_id)
        this.#references.push({ contact_id: contactId, event_time: record.event_time });
    }
    for (const link of references.links) this.#links.push({ ...link, record_id: record.record_id });
  }

  /** The batch so far; the builder is empty afterwards. */
  take(): RecordBatch {
    const batch: RecordBatch = {
      source: this.source,
      rows: this.#rows,
      references: this.#references,
      links: this.#links,
      sizeBytes: this.#sizeBytes,
    };
    this.#rows = [];
    this.#references = [];
    this.#links = [];
    this.#sizeBytes = 0;
    return batch;
  }
}
