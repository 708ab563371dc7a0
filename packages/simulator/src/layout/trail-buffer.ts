import { formatInstant, unixMillis, type UnixMillis } from "@fourwire/core";
import type { Emission, Origin } from "../emission.ts";
import { ORGANIZATION_ID } from "../places.ts";
import type { Random } from "../prng.ts";
import type { DeliveredFile } from "./delivered-file.ts";

/** CloudTrail delivers "on average about 5 minutes" after an event (AWS docs, read 2026-11-20). */
const WINDOW_MS = 300_000;
/** Most records go into the file of their window; some come one later, a few much later. */
const NEXT_WINDOW_SHARE = 0.04;
const LATE_SHARE = 0.003;
const LATE_WINDOWS = { least: 2, most: 9 } as const;
/** "Although uncommon, you may receive log files that contain one or more duplicate events" (AWS docs, read 2026-11-20). */
const DUPLICATE_SHARE = 0.002;
/** A whole file that is delivered again under another name. */
const REDELIVERED_FILE_SHARE = 0.02;
const REDELIVERED_WINDOWS = { least: 3, most: 14 } as const;
const NAME_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const NAME_LENGTH = 16;

interface TrailRecord {
  readonly time: UnixMillis;
  readonly body: string;
}

/** Collects one account's and Region's CloudTrail records into delivery files: unordered, now and then late or twice. */
export class TrailBuffer {
  readonly #origin: Origin;
  readonly #random: Random;
  /** By number of the window that ends the wait. */
  readonly #pending = new Map<number, TrailRecord[]>();
  #window: number | undefined;

  constructor(origin: Origin, random: Random) {
    this.#origin = origin;
    this.#random = random;
  }

  accept(emission: Emission): DeliveredFile[] {
    const window = Math.floor(emission.time / WINDOW_MS);
    const files = this.#closeUntil(window);
    this.#window = window;
    const record = { time: emission.time, body: emission.body };
    this.#put(window + this.#delay(), record);
    if (this.#random.chance(DUPLICATE_SHARE)) this.#put(window + this.#random.integer(1, LATE_WINDOWS.most), record);
    return files;
  }

  flush(): DeliveredFile[] {
    const last = Math.max(this.#window ?? 0, ...this.#pending.keys());
    return this.#closeUntil(last + 1);
  }

  #delay(): number {
    const draw = this.#random.next();
    if (draw < LATE_SHARE) return this.#random.integer(LATE_WINDOWS.least, LATE_WINDOWS.most);
    return draw < LATE_SHARE + NEXT_WINDOW_SHARE ? 1 : 0;
  }

  #put(window: number, record: TrailRecord): void {
    const records = this.#pending.get(window);
    if (records === undefined) this.#pending.set(window, [record]);
    else records.push(record);
  }

  /** The files of the windows before this one. */
  #closeUntil(window: number): DeliveredFile[] {
    const due = [...this.#pending.keys()].filter((key) => key < window).toSorted((a, b) => a - b);
    return due.flatMap((key) => {
      const records = this.#pending.get(key) ?? [];
      this.#pending.delete(key);
      const files = [this.#file(key, records)];
      if (this.#random.chance(REDELIVERED_FILE_SHARE)) {
        const { least, most } = REDELIVERED_WINDOWS;
        // the same records under another name: whoever lists the folder sees them twice
        files.push(this.#file(key + this.#random.integer(least, most), records));
      }
      return files;
    });
  }

  #file(window: number, records: readonly TrailRecord[]): DeliveredFile {
    const deliveredTime = unixMillis((window + 1) * WINDOW_MS + this.#random.integer(5_000, 170_000));
    const { accountId, region } = this.#origin;
    const stamp = formatInstant(deliveredTime);
    const name = `${accountId}_CloudTrail_${region}_${stamp.slice(0, 16).replaceAll(/[-:]/g, "")}Z_${this.#random.token(NAME_ALPHABET, NAME_LENGTH)}`;
    const times = records.map(({ time }) => time);
    return {
      path: `AWSLogs/${ORGANIZATION_ID}/${accountId}/CloudTrail/${region}/${stamp.slice(0, 10).replaceAll("-", "/")}/${name}.json.gz`,
      source: "cloudtrail",
      origin: this.#origin,
      parts: [
        `{"Records":[${this.#shuffle(records)
          .map(({ body }) => body)
          .join(",")}]}`,
      ],
      form: "gzip",
      isAppended: false,
      records: records.length,
      deliveredTime,
      oldestTime: unixMillis(Math.min(...times)),
      newestTime: unixMillis(Math.max(...times)),
    };
  }

  #shuffle(records: readonly TrailRecord[]): TrailRecord[] {
    return records
      .map((record) => ({ record, rank: this.#random.next() }))
      .toSorted((a, b) => a.rank - b.rank)
      .map(({ record }) => record);
  }
}
