import type { Checkpoints } from "@fourwire/store";

/** A span of event times to read, both ends included, in Unix milliseconds. */
export interface SweepWindow {
  readonly fromTime: number;
  readonly toTime: number;
}

export interface SweepOptions {
  /** How much of what was read last is read again each turn, for events that show up a little late. */
  readonly overlapMs: number;
  /** How late an event may show up and still be found. */
  readonly lookBackMs: number;
  readonly lookBackEveryMs: number;
  /** How far into the future events may be stamped. */
  readonly aheadMs: number;
  readonly window: { readonly firstMs: number; readonly minMs: number; readonly maxMs: number };
  /** Requests a window should need: with more the next is smaller, so that a restart has little to read again. */
  readonly pagesPerWindow: number;
  /** Where the sweep ends for good; undefined: it follows the present. */
  readonly endTime?: number;
}

export interface SweepParts {
  readonly receiver: string;
  /** In front of the keys of its positions, where a receiver has several sweeps. */
  readonly keyPrefix: string;
  readonly checkpoints: Pick<Checkpoints, "load" | "save">;
  readonly now: () => number;
  readonly options: SweepOptions;
  /** Told of a span that nobody can read any more. */
  readonly onExpired: (from: number, to: number) => void;
}

export interface SweepTurn {
  /** The position has reached the present (or the end). */
  readonly isCaughtUp: boolean;
  readonly lagMs: number;
}

/** Reads a window to its end and stores it; resolves with the number of requests it took. */
export type ReadWindow = (window: SweepWindow) => Promise<number>;

/**
 * Reads a service that is asked by time, window after window. Two things bring late events in: the last `overlapMs` are
 * read again each turn, and now and then everything since `lookBackMs` before the last time this was done. The position
 * is saved after a window is stored, so a restart repeats at most a window, and the store knows duplicates.
 */
export class TimeSweep {
  readonly #parts: SweepParts;
  #position = 0;
  #lookedBackTime = 0;
  #startTime = 0;
  #windowMs: number;

  private constructor(parts: SweepParts) {
    this.#parts = parts;
    this.#windowMs = parts.options.window.firstMs;
  }

  /** Goes on where the receiver of this name was; `start` is asked only where it never was. */
  static async open(parts: SweepParts, start: () => Promise<number>): Promise<TimeSweep> {
    const sweep = new TimeSweep(parts);
    const saved = await parts.checkpoints.load(parts.receiver);
    const numberAt = (key: string): number | undefined => {
      const text = saved.get(parts.keyPrefix + key);
      return text === undefined ? undefined : Number(text);
    };
    sweep.#startTime = numberAt("start") ?? (await start());
    sweep.#position = numberAt("position") ?? sweep.#startTime;
    sweep.#lookedBackTime = numberAt("looked_back") ?? parts.now();
    await sweep.#save();
    return sweep;
  }

  /** Nothing before it is read. */
  get startTime(): number {
    return this.#startTime;
  }

  /** Everything before it was read. */
  get position(): number {
    return this.#position;
  }

  /** Recent enough to be met again by this sweep. */
  get oldestRereadTime(): number {
    const { overlapMs, lookBackMs } = this.#parts.options;
    return Math.min(this.#position - overlapMs, this.#lookedBackTime - lookBackMs);
  }

  get isFinished(): boolean {
    const { endTime } = this.#parts.options;
    return endTime !== undefined && this.#position >= endTime;
  }

  /** Reads the next window, and looks back where it is time to. `oldestTime` is where the service's memory begins. */
  async turn(read: ReadWindow, oldestTime: number): Promise<SweepTurn> {
    const { now, options, onExpired } = this.#parts;
    if (this.#position < oldestTime) {
      onExpired(this.#position, oldestTime);
      this.#position = oldestTime;
      await this.#save();
    }
    await this.#lookBack(read);
    const presentTime = now();
    const endTime = Math.min(options.endTime ?? presentTime, presentTime);
    const toTime = Math.min(endTime, this.#position + this.#windowMs);
    const isCaughtUp = toTime >= endTime;
    const isFollowing = isCaughtUp && options.endTime === undefined;
    const pages = await read({
      fromTime: Math.max(this.#startTime, this.#position - options.overlapMs),
      toTime: isFollowing ? toTime + options.aheadMs : toTime,
    });
    this.#adaptWindow(pages);
    this.#position = Math.max(this.#position, toTime);
    await this.#save();
    return { isCaughtUp, lagMs: Math.max(0, now() - this.#position) };
  }

  async #lookBack(read: ReadWindow): Promise<void> {
    const { now, options } = this.#parts;
    const beganTime = now();
    if (beganTime - this.#lookedBackTime < options.lookBackEveryMs) return;
    // what was there at the last look-back was read then; what came later is at most this old
    const fromTime = Math.max(this.#startTime, this.#lookedBackTime - options.lookBackMs);
    const toTime = Math.min(this.#position, beganTime);
    if (options.lookBackMs > 0 && fromTime < toTime) await read({ fromTime, toTime });
    this.#lookedBackTime = beganTime;
    await this.#save();
  }

  #adaptWindow(pages: number): void {
    const { window, pagesPerWindow } = this.#parts.options;
    if (pages > pagesPerWindow) this.#windowMs = Math.max(window.minMs, this.#windowMs / 2);
    else if (pages <= 1) this.#windowMs = Math.min(window.maxMs, this.#windowMs * 2);
  }

  #save(): Promise<void> {
    const { checkpoints, receiver, keyPrefix } = this.#parts;
    return checkpoints.save(
      receiver,
      new Map([
        [`${keyPrefix}start`, String(this.#startTime)],
        [`${keyPrefix}position`, String(this.#position)],
        [`${keyPrefix}looked_back`, String(this.#lookedBackTime)],
      ]),
    );
  }
}
