import type { SourceName } from "@fourwire/core";
import type { AppendResult, Store } from "@fourwire/store";
import type { LiveTail } from "./live-tail.ts";
import { observedNow, Pipeline } from "./pipeline.ts";
import { DocumentSplitter } from "./receive/document-splitter.ts";

export interface IngestRequest {
  readonly store: Store;
  readonly tail: LiveTail;
  /** Undefined: recognize each record. */
  readonly source: SourceName | undefined;
  readonly origin: string;
  readonly bytes: Buffer;
}

export interface IngestResult {
  readonly appended: number;
  readonly duplicate: number;
  readonly rejected: number;
}

/** Decodes a message and stores it; resolves when it is durable and passed on to whoever follows live. */
export async function ingest(request: IngestRequest): Promise<IngestResult> {
  const pipeline = new Pipeline({
    origin: request.origin,
    source: request.source,
    observedTime: observedNow(),
    isKnownOurs: true,
  });
  const splitter = new DocumentSplitter((piece) => pipeline.accept(piece));
  splitter.push(request.bytes);
  splitter.end();
  if (splitter.isForeign && request.bytes.length > 0) {
    pipeline.accept({
      kind: "fault",
      reason: "invalid_json",
      detail: "not JSON",
      position: 0,
      sizeBytes: request.bytes.length,
      bytes: request.bytes,
    });
  }
  const { batches, rejected } = pipeline.takeAll();
  const result = await request.store.append({ batches, rejected });
  request.tail.publish(batches, result.duplicateIds);
  return countStored(result, rejected.length);
}

/** The counts of an append, over all sources. */
export function countStored(result: AppendResult, rejected: number): IngestResult {
  const counts = [...result.sources.values()];
  return {
    appended: counts.reduce((sum, count) => sum + count.appended, 0),
    duplicate: counts.reduce((sum, count) => sum + count.duplicate, 0),
    rejected,
  };
}
