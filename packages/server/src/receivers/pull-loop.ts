import { AwsCallError } from "./aws/aws-call.ts";
import type { AwsFailureKind } from "./aws/aws-failure.ts";
import { BackOff } from "./aws/back-off.ts";

/** What one loop of a receiver says about itself. */
export interface LoopReports {
  failed(kind: AwsFailureKind, detail: string): void;
}

export interface PullLoopParts {
  /** Fetches and stores once; resolves with the milliseconds to wait before the next turn. */
  readonly turn: (signal: AbortSignal) => Promise<number>;
  readonly reports: LoopReports;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Turn after turn until stopped. A turn that fails is said and, after a while, taken again. */
export class PullLoop {
  readonly #parts: PullLoopParts;
  readonly #abort = new AbortController();
  readonly #backOff = new BackOff();
  #running: Promise<void> = Promise.resolve();
  #idle: AbortController | undefined;
  #isWoken = false;

  constructor(parts: PullLoopParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#running = this.#run(this.#abort.signal);
  }

  /** Takes the next turn at once, unless the last one failed: then it is waited for as before. */
  wake(): void {
    this.#isWoken = true;
    this.#idle?.abort();
  }

  /** Resolves when the turn under way has ended. */
  async stop(): Promise<void> {
    this.#abort.abort();
    this.#idle?.abort();
    await this.#running;
  }

  async #idleFor(ms: number): Promise<void> {
    if (!this.#isWoken && !this.#abort.signal.aborted) {
      this.#idle = new AbortController();
      await this.#parts.sleep(ms, this.#idle.signal);
      this.#idle = undefined;
    }
    this.#isWoken = false;
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        const waitMs = await this.#parts.turn(signal);
        this.#backOff.reset();
        if (waitMs > 0) await this.#idleFor(waitMs);
      } catch (error) {
        if (signal.aborted) return;
        const kind = error instanceof AwsCallError ? error.failure.kind : "transient";
        this.#parts.reports.failed(kind, error instanceof Error ? error.message : String(error));
        await this.#parts.sleep(this.#backOff.next(kind), signal);
      }
    }
  }
}
