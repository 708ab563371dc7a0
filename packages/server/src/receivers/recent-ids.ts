const BUCKET_MS = 60_000;

/**
 * Ids of what was stored lately, so that reading a span again does not decode it again. The store drops duplicates
 * anyway: what is forgotten here costs time, never a record.
 */
export class RecentIds {
  readonly #maxCount: number;
  /** Ids by the minute of their time, oldest first only by accident: `forgetBefore` looks at every minute. */
  readonly #buckets = new Map<number, Set<string>>();
  #count = 0;

  constructor(maxCount: number) {
    this.#maxCount = maxCount;
  }

  get count(): number {
    return this.#count;
  }

  has(id: string, time: number): boolean {
    return this.#buckets.get(Math.floor(time / BUCKET_MS))?.has(id) === true;
  }

  add(id: string, time: number): void {
    const key = Math.floor(time / BUCKET_MS);
    let bucket = this.#buckets.get(key);
    if (bucket === undefined) {
      bucket = new Set();
      this.#buckets.set(key, bucket);
    }
    const before = bucket.size;
    bucket.add(id);
    this.#count += bucket.size - before;
    while (this.#count > this.#maxCount && this.#buckets.size > 1) this.#forget(Math.min(...this.#buckets.keys()));
  }

  forgetBefore(time: number): void {
    const limit = Math.floor(time / BUCKET_MS);
    for (const key of this.#buckets.keys()) if (key < limit) this.#forget(key);
  }

  #forget(key: number): void {
    this.#count -= this.#buckets.get(key)?.size ?? 0;
    this.#buckets.delete(key);
  }
}
