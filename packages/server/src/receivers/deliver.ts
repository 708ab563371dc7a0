import { setImmediate as nextTurn, setTimeout as timer } from "node:timers/promises";
import { AppError } from "@fourwire/core";
import type { Store } from "@fourwire/store";
import { countStored, type IngestResult } from "../ingest.ts";
import type { LiveTail } from "../live-tail.ts";
import type { CanaryNote } from "./canary/canary-note.ts";
import type { CanaryWatch } from "./canary/canary-watch.ts";
import { MessageDecoder } from "./message-decoder.ts";
import type { DeliveryResult, ReceivedMessage } from "./receiver.ts";

/** How long to wait before a refused batch is offered to the store again. */
const RETRY_MS = { first: 250, most: 15_000 } as const;

/** Decoding gives way to requests and other receivers after this long. */
const TURN_MS = 10;

export interface DeliveryTarget {
  readonly store: Pick<Store, "append" | "isBusy">;
  readonly tail: Pick<LiveTail, "publish">;
  /** Told of canaries once what came with them is durable. */
  readonly canaries?: Pick<CanaryWatch, "arrived">;
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
  const canaries: CanaryNote[] = [];
  const decoder = new MessageDecoder({ onCanary: (note) => canaries.push(note) });
  const slices = new SliceStorer(target, signal, onRefused);
  const flush = (): Promise<void> => slices.push(decoder.take());
  let turnStarted = performance.now();
  try {
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
  } finally {
    await slices.drain();
  }
  for (const note of canaries) target.canaries?.arrived(note);
  return { ...slices.counts, dropped: decoder.takeDropped() };
}

type Slice = ReturnType<MessageDecoder["take"]>;

/** Stores slices in order, one while the next is being decoded. */
class SliceStorer {
  readonly counts = { appended: 0, duplicate: 0, rejected: 0 };
  readonly #target: DeliveryTarget;
  readonly #signal: AbortSignal;
  readonly #onRefused: ((reason: string) => void) | undefined;
  #storing: Promise<void> = Promise.resolve();

  constructor(target: DeliveryTarget, signal: AbortSignal, onRefused: ((reason: string) => void) | undefined) {
    this.#target = target;
    this.#signal = signal;
    this.#onRefused = onRefused;
  }

  /** Resolves when the slice before is durable and this one is on its way. */
  async push(slice: Slice): Promise<void> {
    await this.#storing;
    if (slice.batches.length === 0 && slice.rejected.length === 0) return;
    this.#storing = this.#storeWhenTaken(slice);
    // whoever pushes or drains next is told of a failure
    this.#storing.catch(() => undefined);
  }

  /** Resolves when everything pushed is durable. */
  drain(): Promise<void> {
    return this.#storing;
  }

  /** Offers a slice until it is durable. What the store cannot take for another reason than its state is a bug. */
  async #storeWhenTaken(slice: Slice): Promise<void> {
    const { store, tail, sleep: pause = sleep } = this.#target;
    for (let waitMs: number = RETRY_MS.first; ; waitMs = Math.min(waitMs * 2, RETRY_MS.most)) {
      this.#signal.throwIfAborted();
      if (store.isBusy) {
        this.#onRefused?.("too much is waiting to be stored");
      } else {
        try {
          const result = await store.append(slice);
          tail.publish(slice.batches, result.duplicateIds);
          this.#count(countStored(result, slice.rejected.length));
          return;
        } catch (error) {
          if (!(error instanceof AppError) || !error.retryable) throw error;
          this.#onRefused?.(error.message);
        }
      }
      await pause(waitMs, this.#signal);
    }
  }

  #count(stored: IngestResult): void {
    this.counts.appended += stored.appended;
    this.counts.duplicate += stored.duplicate;
    this.counts.rejected += stored.rejected;
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
