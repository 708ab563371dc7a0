import { randomUUID } from "node:crypto";
import { PullLoop } from "../pull-loop.ts";
import type { SentCanary } from "./canary-note.ts";
import type { CanaryWatch } from "./canary-watch.ts";

/** Puts a canary where a receiver's records come from; rejects with a sentence that says what to do. */
export type SendCanary = (note: SentCanary, signal: AbortSignal) => Promise<void>;

export interface CanaryLoopParts {
  readonly receiver: string;
  readonly everyMs: number;
  readonly lostAfterMs: number;
  readonly send: SendCanary;
  readonly watch: CanaryWatch;
  readonly now: () => number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Sends one canary after another until stopped. */
export class CanaryLoop {
  readonly #loop: PullLoop;

  constructor(parts: CanaryLoopParts) {
    const { receiver, everyMs, send, watch, now, sleep } = parts;
    watch.watch(receiver, parts.lostAfterMs);
    this.#loop = new PullLoop({
      turn: async (signal) => {
        const note = { receiver, id: randomUUID(), sentTime: now() };
        // before the call: the canary may be back before the call is
        watch.sent(receiver, note.id);
        await send(note, signal);
        return everyMs;
      },
      reports: { failed: (_kind, detail) => watch.sendFailed(receiver, detail) },
      sleep,
    });
  }

  start(): void {
    this.#loop.start();
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }
}
