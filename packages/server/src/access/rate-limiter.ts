/** What a token has spent counts for this long; a burst may use as much at once. */
const WINDOW_MS = 10_000;

/** Buckets kept; those that are full again say nothing and go first. */
const MAX_BUCKETS = 2000;

interface Bucket {
  requests: number;
  bytes: number;
  filledTime: number;
}

export interface RateLimits {
  readonly requestsPerSecond: number;
  readonly bytesPerSecond: number;
}

/**
 * Token buckets, one a key, for requests and for bytes. A request may be charged its bytes after the fact: the bucket
 * then goes below zero and the next request waits for it to fill, so that a large body is not refused for its size.
 */
export class RateLimiter {
  readonly #limits: RateLimits;
  readonly #now: () => number;
  readonly #buckets = new Map<string, Bucket>();

  constructor(limits: RateLimits, now: () => number) {
    this.#limits = limits;
    this.#now = now;
  }

  /** Undefined when the request may go on; else the milliseconds until one may. */
  admit(key: string): number | undefined {
    const bucket = this.#bucketOf(key);
    const waitMs = Math.max(
      bucket.requests >= 1 ? 0 : ((1 - bucket.requests) / this.#limits.requestsPerSecond) * 1000,
      bucket.bytes > 0 ? 0 : ((1 - bucket.bytes) / this.#limits.bytesPerSecond) * 1000,
    );
    if (waitMs > 0) return waitMs;
    bucket.requests--;
    return undefined;
  }

  charge(key: string, bytes: number): void {
    this.#bucketOf(key).bytes -= bytes;
  }

  #bucketOf(key: string): Bucket {
    const now = this.#now();
    const most = this.#most();
    const bucket = this.#buckets.get(key) ?? { ...most, filledTime: now };
    // a clock that was set back must not empty the bucket
    const elapsedS = Math.max(0, now - bucket.filledTime) / 1000;
    bucket.requests = Math.min(most.requests, bucket.requests + elapsedS * this.#limits.requestsPerSecond);
    bucket.bytes = Math.min(most.bytes, bucket.bytes + elapsedS * this.#limits.bytesPerSecond);
    bucket.filledTime = now;
    this.#buckets.set(key, bucket);
    if (this.#buckets.size > MAX_BUCKETS) this.#forgetFull(now);
    return bucket;
  }

  #forgetFull(now: number): void {
    for (const [key, bucket] of this.#buckets) if (now - bucket.filledTime > WINDOW_MS) this.#buckets.delete(key);
  }

  #most(): { requests: number; bytes: number } {
    const seconds = WINDOW_MS / 1000;
    return { requests: this.#limits.requestsPerSecond * seconds, bytes: this.#limits.bytesPerSecond * seconds };
  }
}
