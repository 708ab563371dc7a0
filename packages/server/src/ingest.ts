import type { Carrier, SourceName } from "@fourwire/core";
import type { AppendResult, Store } from "@fourwire/store";
import type { LiveTail } from "./live-tail.ts";
import { observedNow, Pipeline, type AllowedRecords, type Decoded } from "./pipeline.ts";
import { DocumentSplitter } from "./receive/document-splitter.ts";
import { MAX_REJECTED_BYTES } from "./receive/limits.ts";
import type { DeliveryResult } from "./receivers/receiver.ts";

export interface IngestTarget {
  readonly store: Store;
  readonly tail: LiveTail;
}

export interface IngestOptions {
  /** Undefined: recognize each record. */
  readonly source: SourceName | undefined;
  readonly origin: string;
  readonly carrier?: Carrier;
  readonly allowed?: AllowedRecords;
}

export interface IngestRequest extends IngestTarget, IngestOptions {
  readonly bytes: Buffer;
}

export interface IngestResult {
  readonly appended: number;
  readonly duplicate: number;
  readonly rejected: number;
}

/** Inflated bytes whose records are held as rows at a time; rows take two to three times as much memory. */
const PART_BYTES = 16 * 1024 * 1024;

/** Decodes a message and stores it; resolves when it is durable and passed on to whoever follows live. */
export async function ingest(request: IngestRequest): Promise<IngestResult> {
  const { appended, duplicate, rejected } = await ingestChunks(request, request, [request.bytes]);
  return { appended, duplicate, rejected };
}

/**
 * The same for a message in chunks. A large one is stored in several commits; when one fails, those before it stay, and
 * sending the message again stores the rest.
 */
export async function ingestChunks(
  target: IngestTarget,
  options: IngestOptions,
  chunks: readonly Buffer[],
): Promise<DeliveryResult> {
  const decoder = new DocumentDecoder(options);
  let total: IngestResult = NOTHING;
  let heldBytes = 0;
  for (const chunk of chunks) {
    for (let from = 0; from < chunk.length; from += PART_BYTES) {
      const part = chunk.subarray(from, from + PART_BYTES);
      decoder.push(part);
      heldBytes += part.length;
      if (heldBytes < PART_BYTES) continue;
      total = addResults(total, await storeDecoded(target, decoder.take()));
      heldBytes = 0;
    }
  }
  total = addResults(total, await storeDecoded(target, decoder.end()));
  return { ...total, dropped: decoder.takeDropped() };
}

export const NOTHING: IngestResult = { appended: 0, duplicate: 0, rejected: 0 };

/** Takes a message chunk by chunk; nothing is thrown for its content. */
class DocumentDecoder {
  readonly #pipeline: Pipeline;
  readonly #splitter: DocumentSplitter;
  readonly #head: Buffer[] = [];
  #sizeBytes = 0;

  constructor(options: IngestOptions) {
    this.#pipeline = new Pipeline({ ...options, observedTime: observedNow(), isKnownOurs: true });
    this.#splitter = new DocumentSplitter((piece) => this.#pipeline.accept(piece));
  }

  push(chunk: Buffer): void {
    // what would be kept of it, should it be no JSON
    if (this.#sizeBytes < MAX_REJECTED_BYTES) this.#head.push(chunk);
    this.#sizeBytes += chunk.length;
    this.#splitter.push(chunk);
  }

  take(): Decoded {
    return this.#pipeline.take();
  }

  /** What was left out on purpose, by reason, such as `control_message`. */
  takeDropped(): Readonly<Record<string, number>> {
    return this.#pipeline.takeDropped();
  }

  /** The rest. A message that is no JSON at all is one rejected record. */
  end(): Decoded {
    this.#splitter.end();
    if (this.#splitter.isForeign && this.#sizeBytes > 0) {
      this.#pipeline.accept({
        kind: "fault",
        reason: "invalid_json",
        detail: "not JSON",
        position: 0,
        sizeBytes: this.#sizeBytes,
        bytes: Buffer.concat(this.#head),
      });
    }
    return this.#pipeline.takeAll();
  }
}

/** Resolves when the records are durable and passed on. */
export async function storeDecoded(target: IngestTarget, decoded: Decoded): Promise<IngestResult> {
  if (decoded.batches.length === 0 && decoded.rejected.length === 0) return NOTHING;
  const result = await target.store.append(decoded);
  const counts = countStored(result, decoded.rejected.length);
  target.tail.publish(decoded.batches, result.duplicateIds, counts.duplicate > 0);
  return counts;
}

export function addResults(left: IngestResult, right: IngestResult): IngestResult {
  return {
    appended: left.appended + right.appended,
    duplicate: left.duplicate + right.duplicate,
    rejected: left.rejected + right.rejected,
  };
}

/** The counts of an append, over all sources. */
export function countStored(result: AppendResult, rejected: number): IngestResult {
  const total = { appended: 0, duplicate: 0, rejected };
  for (const count of result.sources.values()) {
    total.appended += count.appended;
    total.duplicate += count.duplicate;
  }
  return total;
}
