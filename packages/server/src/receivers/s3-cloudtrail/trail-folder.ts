import type { Checkpoints } from "@fourwire/store";
import type { ReceiverMeter } from "../receiver-meter.ts";
import type { S3CloudtrailConfig } from "./config.ts";
import { MAX_PENDING, type FolderState } from "./folder-state.ts";
import { deliveryTime, keyBefore, leftOutReason } from "./layout.ts";
import type { ListedObject, TrailBucket } from "./trail-bucket.ts";
import type { TrailObjects } from "./trail-objects.ts";

/** Pages of new files a folder takes before the others have their turn. */
const PAGES_PER_PASS = 3;

/** How far our clock and the store's may be apart. */
const CLOCK_SKEW_MS = 3_600_000;

/** Denied files are tried again after this long. */
const RETRY_DENIED_MS = 5 * 60_000;

export interface FolderParts {
  /** Of an account and Region, with its slash. */
  readonly folder: string;
  readonly config: S3CloudtrailConfig;
  readonly bucket: TrailBucket;
  readonly objects: TrailObjects;
  readonly meter: ReceiverMeter;
  readonly checkpoints: Checkpoints;
  readonly now: () => number;
}

/**
 * The files of one account and Region. Their names sort by the minute of delivery, so what is new is what comes after
 * the cursor, less an overlap. A file that is delivered days late sorts among the old ones; it is found by the time it
 * was written, when the days before are listed, which is done now and then.
 */
export class TrailFolder {
  readonly #parts: FolderParts;
  readonly #state: FolderState;
  #retryDeniedTime = 0;

  constructor(parts: FolderParts, state: FolderState) {
    this.#parts = parts;
    this.#state = state;
  }

  get cursorTime(): number {
    return this.#state.cursorTime;
  }

  isDone(key: string): boolean {
    return this.#state.isDone(key);
  }

  /** A file that came by notification; saved with the next pass. */
  markDone(key: string): void {
    this.#state.markDone(key, this.#parts.now());
  }

  /** Reads what is new. True when there is more than one pass takes. */
  async pass(signal: AbortSignal): Promise<boolean> {
    await this.#retryDenied(signal);
    const hasMore = await this.#readNew(signal);
    if (!hasMore) await this.#lookBack(signal);
    return hasMore;
  }

  async #readNew(signal: AbortSignal): Promise<boolean> {
    const { folder, config, bucket } = this.#parts;
    const state = this.#state;
    const fromTime = Math.max(state.startTime, state.cursorTime - config.listing.overlap);
    let after = keyBefore(folder, fromTime);
    for (let pages = 0; pages < PAGES_PER_PASS; pages++) {
      const page = await bucket.list(folder, after, signal);
      const isChanged = await this.#storeAll(page.objects, signal);
      this.#advance(page.objects);
      if (isChanged) await this.#save();
      after = page.objects.at(-1)?.key ?? after;
      if (!page.hasMore) return false;
    }
    return true;
  }

  /** A name that lies about its time must not carry the cursor past files to come. */
  #advance(objects: readonly ListedObject[]): void {
    const now = this.#parts.now();
    for (const { key } of objects) {
      const time = deliveryTime(key);
      if (time !== undefined && time <= now && time > this.#state.cursorTime) this.#state.cursorTime = time;
    }
  }

  /** Lists the days before for files written since this was last done. */
  async #lookBack(signal: AbortSignal): Promise<void> {
    const { folder, config, bucket, now } = this.#parts;
    const state = this.#state;
    const { look_back: lookBackMs, look_back_interval: everyMs, overlap } = config.listing;
    const beganTime = now();
    if (beganTime - state.lookedBackTime < everyMs) return;
    const writtenSince = state.lookedBackTime - CLOCK_SKEW_MS;
    let after = keyBefore(folder, Math.max(state.startTime, beganTime - lookBackMs));
    for (let hasMore = lookBackMs > 0; hasMore;) {
      const page = await bucket.list(folder, after, signal);
      await this.#storeAll(
        page.objects.filter((object) => object.modifiedTime >= writtenSince),
        signal,
      );
      after = page.objects.at(-1)?.key ?? after;
      hasMore = page.hasMore;
    }
    state.lookedBackTime = beganTime;
    state.forgetBefore(Math.min(beganTime - CLOCK_SKEW_MS, state.cursorTime - overlap));
    await this.#save();
  }

  /** Stores the objects that are new; true when there were any. */
  async #storeAll(objects: readonly ListedObject[], signal: AbortSignal): Promise<boolean> {
    const fresh = objects.filter(({ key }) => !this.#state.isDone(key) && !this.#state.pending.has(key));
    const outcomes = await Promise.allSettled(fresh.map((object) => this.#storeListed(object, signal)));
    const failed = outcomes.find((outcome) => outcome.status === "rejected");
    if (failed !== undefined) {
      // what was stored is remembered all the same, so that the next attempt need not read it again
      await this.#save();
      throw failed.reason;
    }
    return fresh.length > 0;
  }

  async #storeListed(object: ListedObject, signal: AbortSignal): Promise<void> {
    const { key, modifiedTime } = object;
    const { meter, objects } = this.#parts;
    const doneTime = Math.max(modifiedTime, deliveryTime(key) ?? 0);
    const reason = leftOutReason(key);
    if (reason !== undefined) {
      // consoles mark folders with empty objects
      if (!key.endsWith("/")) meter.dropped(reason);
      this.#state.markDone(key, doneTime);
      return;
    }
    const outcome = object.isArchived ? "archived" : await objects.store(key, signal);
    if (outcome === "denied") {
      if (this.#state.pending.size >= MAX_PENDING) {
        throw new Error(`more than ${MAX_PENDING} files in ${this.#parts.folder} are denied; nothing is skipped`);
      }
      this.#state.pending.add(key);
      return;
    }
    if (outcome !== "stored") meter.dropped(`${outcome}_file`);
    this.#state.markDone(key, doneTime);
  }

  async #retryDenied(signal: AbortSignal): Promise<void> {
    const { objects, meter, now } = this.#parts;
    if (this.#state.pending.size === 0 || now() < this.#retryDeniedTime) return;
    this.#retryDeniedTime = now() + RETRY_DENIED_MS;
    for (const key of this.#state.pending) {
      const outcome = await objects.store(key, signal);
      if (outcome === "denied") continue;
      if (outcome !== "stored") meter.dropped(`${outcome}_file`);
      this.#state.markDone(key, now());
    }
    await this.#save();
  }

  #save(): Promise<void> {
    const { checkpoints, config, folder } = this.#parts;
    return checkpoints.save(config.name, new Map([[folder, this.#state.toText()]]));
  }
}
