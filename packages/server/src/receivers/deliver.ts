import { setTimeout as timer } from "node:timers/promises";
import { Readable } from "node:stream";
import { AppError, type RejectReason } from "@fourwire/core";
import type { Store } from "@fourwire/store";
import { countStored, type IngestResult } from "../ingest.ts";
import type { LiveTail } from "../live-tail.ts";
import { observedNow, Pipeline, type Decoded } from "../pipeline.ts";
import { DocumentSplitter } from "../receive/document-splitter.ts";
import { InflateFault, inflate } from "../receive/inflate.ts";
import type { ReceivedMessage } from "./receiver.ts";

/** How long to wait before a refused batch is offered to the store again. */
const RETRY_MS = { first: 250, most: 15_000 } as const;

export interface DeliveryTarget {
  readonly store: Store;
  readonly tail: LiveTail;
}

/** `ReceiverContext.deliver`: decodes each message by itself and stores what they hold in one append. */
export async function deliver(
  target: DeliveryTarget,
  messages: readonly ReceivedMessage[],
  signal: AbortSignal,
): Promise<IngestResult> {
  const decoded: Decoded[] = [];
  for (const message of messages) decoded.push(await decodeMessage(message));
  const batches = decoded.flatMap((one) => one.batches);
  const rejected = decoded.flatMap((one) => one.rejected);
  for (let waitMs: number = RETRY_MS.first; ; waitMs = Math.min(waitMs * 2, RETRY_MS.most)) {
    signal.throwIfAborted();
    if (!target.store.isBusy) {
      try {
        const result = await target.store.append({ batches, rejected });
        target.tail.publish(batches, result.duplicateIds);
        return countStored(result, rejected.length);
      } catch (error) {
        if (!(error instanceof AppError) || !error.retryable) throw error;
      }
    }
    await sleep(waitMs, signal);
  }
}

/** Decodes a message; whatever is wrong with it becomes a rejected record with its bytes. */
async function decodeMessage(message: ReceivedMessage): Promise<Decoded> {
  const pipeline = new Pipeline({
    origin: message.origin,
    source: undefined,
    observedTime: observedNow(),
    isKnownOurs: true,
  });
  const splitter = new DocumentSplitter((piece) => pipeline.accept(piece));
  const rejectWhole = (reason: RejectReason, detail: string): void => {
    const bytes = Buffer.from(message.bytes);
    pipeline.accept({ kind: "fault", reason, detail, position: 0, sizeBytes: bytes.length, bytes });
  };
  try {
    for await (const chunk of inflate(Readable.from([Buffer.from(message.bytes)]))) splitter.push(chunk);
    splitter.end();
    if (splitter.isForeign && message.bytes.length > 0) rejectWhole("invalid_json", "not JSON");
  } catch (error) {
    if (!(error instanceof InflateFault)) throw error;
    splitter.end();
    rejectWhole(error.reason, error.message);
  }
  return pipeline.takeAll();
}

/** `ReceiverContext.sleep`. */
export async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await timer(ms, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
