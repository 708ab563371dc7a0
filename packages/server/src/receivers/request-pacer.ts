/** Keeps calls of a service apart, so that a quota shared with others is not used up. */
export class RequestPacer {
  readonly #intervalMs: number;
  readonly #now: () => number;
  readonly #sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  #nextTime = 0;

  constructor(parts: {
    readonly requestsPerSecond: number;
    readonly now: () => number;
    readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  }) {
    this.#intervalMs = 1000 / parts.requestsPerSecond;
    this.#now = parts.now;
    this.#sleep = parts.sleep;
  }

  /** Resolves when the next call may go out; callers go in the order in which they asked. */
  async take(signal: AbortSignal): Promise<void> {
    const now = this.#now();
    const time = Math.max(now, this.#nextTime);
    this.#nextTime = time + this.#intervalMs;
    if (time > now) await this.#sleep(time - now, signal);
    signal.throwIfAborted();
  }
}
