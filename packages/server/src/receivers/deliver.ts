import { setImmediate as nextTurn, setTimeout as timer } from "node:timers/promises";
import { AppError } from "@fourwire/core";
import type { Store } from "@fourwire/store";
import { countStored } from "../ingest.ts";
import type { LiveTail } from "../live-tail.ts";
import { MessageDecoder } from "./message-decoder.ts";
import type { DeliveryResult, ReceivedMessage } from "./receiver.ts";

/** How long to wait before a refused batch is offered to the store again. */
const RETRY_MS = { first: 250, most: 15_000 } as const;

/** Decoding gives way to requests and other receivers after this long. */
const TURN_MS = 10;

export interface DeliveryTarget {
  readonly store: Pick<Store, "append" | "isBusy">;
  readonly tail: Pick<LiveTail, "publish">;
  /** `ReceiverContext.sleep`; the real one unless a test brings its own. */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** `ReceiverContext.deliver`: decodes the messages and stores what they hold, a slice at a time. */
export async function deliver(
  target: DeliveryTarget,
  messages: readonly ReceivedMessage[],
  signal: AbortSignal,
  onRefused?: (reason: string) => void,
): Promise<DeliveryResult> {
  const decoder = new MessageDecoder();
  const counts = { appended: 0, duplicate: 0, rejected: 0 };
  const flush = async (): Promise<void> => {
    const decoded = decoder.take();
    if (decoded.batches.length === 0 && decoded.rejected.length === 0) return;
    const stored = await storeWhenTaken(target, decoded, { signal, onRefused });
    counts.appended += stored.appended;
    counts.duplicate += stored.duplicate;
    counts.rejected += stored.rejected;
  };
  let turnStarted = performance.now();
  for (const message of messages) {
    signal.throwIfAborted();
    await decoder.decode(message, flush);
    if (decoder.isFull) await flush();
    if (performance.now() - turnStarted > TURN_MS) {
      await nextTurn();
      turnStarted = performance.now();
    }
  }
  await flush();
  return { ...counts, dropped: decoder.takeDropped() };
}

/** Offers a slice to the store until it is durable. What the store cannot take for another reason than its state is a bug. */
async function storeWhenTaken(
  target: DeliveryTarget,
  decoded: ReturnType<MessageDecoder["take"]>,
  options: { readonly signal: AbortSignal; readonly onRefused: ((reason: string) => void) | undefined },
): Promise<Omit<DeliveryResult, "dropped">> {
  const { signal, onRefused } = options;
  const pause = target.sleep ?? sleep;
  for (let waitMs: number = RETRY_MS.first; ; waitMs = Math.min(waitMs * 2, RETRY_MS.most)) {
    signal.throwIfAborted();
    if (target.store.isBusy) {
      onRefused?.("too much is waiting to be stored");
    } else {
      try {
        const result = await target.store.append(decoded);
        target.tail.publish(decoded.batches, result.duplicateIds);
        return countStored(result, decoded.rejected.length);
      } catch (error) {
        if (!(error instanceof AppError) || !error.retryable) throw error;
        onRefused?.(error.message);
      }
    }
    await pause(waitMs, signal);
  }
}

/** `ReceiverContext.sleep`. */
export async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await timer(ms, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
