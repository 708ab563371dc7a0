import { statfs } from "node:fs/promises";
import { AppError } from "@fourwire/core";

/** How full the disk may become before records are refused. Fractions of what the file system gives to this user. */
export interface DiskOptions {
  /** Above this intake stops. */
  readonly highWaterMark?: number;
  /** Below this it starts again. */
  readonly lowWaterMark?: number;
  /** With this much free, intake goes on whatever the fraction: the tenth of a large disk is room for years. */
  readonly enoughFreeBytes?: number;
  readonly pollMs?: number;
  /** Blocks of the file system that holds a path; another than the system's own in tests. */
  readonly statfs?: (path: string) => Promise<DiskBlocks>;
}

export interface DiskBlocks {
  readonly bsize: number;
  readonly blocks: number;
  readonly bfree: number;
  /** Free for users other than root. */
  readonly bavail: number;
}

/** Whether records are taken in. */
export interface IntakeState {
  readonly state: "open" | "disk_full";
  readonly usedFraction: number;
  readonly freeBytes: number;
  readonly totalBytes: number;
  readonly highWaterMark: number;
  readonly lowWaterMark: number;
}

const DEFAULTS = {
  highWaterMark: 0.9,
  lowWaterMark: 0.85,
  enoughFreeBytes: 20 * 1024 ** 3,
  pollMs: 2000,
  statfs,
} as const;

/** Watches the disk of the data directory and says when it is too full to take more in. */
export class DiskWatch {
  readonly #path: string;
  readonly #options: Required<DiskOptions>;
  #timer: NodeJS.Timeout | undefined;
  #state: IntakeState;

  constructor(path: string, options: DiskOptions = {}) {
    this.#path = path;
    this.#options = { ...DEFAULTS, ...options };
    const { highWaterMark, lowWaterMark } = this.#options;
    this.#state = { state: "open", usedFraction: 0, freeBytes: 0, totalBytes: 0, highWaterMark, lowWaterMark };
  }

  get state(): IntakeState {
    return this.#state;
  }

  async start(): Promise<void> {
    await this.check();
    this.#timer = setInterval(() => void this.check(), this.#options.pollMs);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Looks now; also after a write that failed. A file system that does not answer changes nothing. */
  async check(): Promise<void> {
    const blocks = await this.#options.statfs(this.#path).catch(() => undefined);
    if (blocks === undefined) return;
    const used = blocks.blocks - blocks.bfree;
    const usedFraction = used + blocks.bavail === 0 ? 0 : used / (used + blocks.bavail);
    const freeBytes = blocks.bavail * blocks.bsize;
    this.#state = {
      ...this.#state,
      state: this.#isFull(usedFraction, freeBytes) ? "disk_full" : "open",
      usedFraction,
      freeBytes,
      totalBytes: blocks.blocks * blocks.bsize,
    };
  }

  /** Throws `disk_full` while nothing is taken in. */
  requireRoom(): void {
    const { state, usedFraction, freeBytes, lowWaterMark } = this.#state;
    if (state === "open") return;
    throw new AppError(
      "disk_full",
      `nothing is stored while the disk of the data directory is ${percent(usedFraction)} full (${Math.floor(freeBytes / 1024 ** 2)} MiB free); below ${percent(lowWaterMark)} it goes on by itself`,
      { retryable: true, details: { ...this.#state } },
    );
  }

  #isFull(usedFraction: number, freeBytes: number): boolean {
    const { highWaterMark, lowWaterMark, enoughFreeBytes } = this.#options;
    if (freeBytes >= enoughFreeBytes) return false;
    return usedFraction >= (this.#state.state === "open" ? highWaterMark : lowWaterMark);
  }
}

function percent(fraction: number): string {
  return `${(fraction * 100).toFixed(1)} %`;
}
