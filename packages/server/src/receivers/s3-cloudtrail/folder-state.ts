import { hash } from "node:crypto";
import { z } from "zod";

/** Objects remembered a folder: weeks of an ordinary one. Beyond, the oldest are read again and found to be duplicate. */
const MAX_REMEMBERED = 20_000;

/** Denied objects a folder keeps trying; with more it waits instead of going on. */
export const MAX_PENDING = 1000;

const savedSchema = z.object({
  start: z.number(),
  cursor: z.number(),
  looked_back: z.number(),
  done: z.array(z.tuple([z.string(), z.number()])),
  pending: z.array(z.string()),
});

/** How far one folder (an account and Region) was read. Times are Unix milliseconds. */
export class FolderState {
  readonly startTime: number;
  /** Everything delivered before it was read, but for what is delivered late. */
  cursorTime: number;
  /** When the days before were last listed. */
  lookedBackTime: number;
  readonly #done: Map<string, number>;
  /** Objects that were denied and are tried again. */
  readonly pending: Set<string>;

  private constructor(saved: z.infer<typeof savedSchema>) {
    this.startTime = saved.start;
    this.cursorTime = saved.cursor;
    this.lookedBackTime = saved.looked_back;
    this.#done = new Map(saved.done);
    this.pending = new Set(saved.pending);
  }

  static begin(startTime: number, nowTime: number): FolderState {
    return new FolderState({ start: startTime, cursor: startTime, looked_back: nowTime, done: [], pending: [] });
  }

  static parse(text: string): FolderState {
    return new FolderState(savedSchema.parse(JSON.parse(text)));
  }

  toText(): string {
    return JSON.stringify({
      start: this.startTime,
      cursor: this.cursorTime,
      looked_back: this.lookedBackTime,
      done: [...this.#done],
      pending: [...this.pending],
    });
  }

  isDone(key: string): boolean {
    return this.#done.has(fingerprint(key));
  }

  /** `time` is the later of delivery and writing: until then the object may be met again. */
  markDone(key: string, time: number): void {
    this.#done.set(fingerprint(key), time);
    this.pending.delete(key);
    if (this.#done.size <= MAX_REMEMBERED) return;
    const [oldest] = this.#done.keys();
    if (oldest !== undefined) this.#done.delete(oldest);
  }

  /** Forgets objects that neither listing meets again. */
  forgetBefore(time: number): void {
    for (const [key, doneTime] of this.#done) if (doneTime < time) this.#done.delete(key);
  }
}

function fingerprint(key: string): string {
  return hash("sha256", key, "base64url").slice(0, 16);
}
