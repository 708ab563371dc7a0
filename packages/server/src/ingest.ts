import type { SourceName } from "@fourwire/core";
import type { Store } from "@fourwire/store";
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
  const pipeline = new Pipeline({ origin: request.origin, source: request.source, observedTime: observedNow() });
  const splitter = new DocumentSplitter((piece) => pipeline.accept(piece));
  splitter.push(request.bytes);
  splitter.end();
  const decoded = pipeline.takeAll();
  const isForeign = splitter.isForeign && request.bytes.length > 0;
  const rejected = isForeign
    ? [{ source: request.source ?? "unknown", reason: "invalid_json", detail: "not JSON", origin: request.origin, position: 0, size_bytes: request.bytes.length, body: request.bytes }]
    : decoded.rejected;
  const result = await request.store.append({ batches: decoded.batches, rejected });
  request.tail.publish(decoded.batches, result.duplicateIds);
  const counts = [...result.sources.values()];
  return {
    appended: counts.reduce((sum, count) => sum + count.appended, 0),
    duplicate: counts.reduce((sum, count) => sum + count.duplicate, 0),
    rejected: rejected.length,
  };
}
