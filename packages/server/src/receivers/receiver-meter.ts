import type { DeliveryResult, ReceiverGap, ReceiverState, ReceiverStatus, ReceiverType } from "./receiver.ts";

/** Without a record for this long a receiver is waiting, not receiving. */
const RECEIVING_MS = 5 * 60_000;

/** Gaps kept; the oldest go first. */
const MAX_GAPS = 100;

/** The rate is that of the last minute, counted in slots of this length. */
const RATE_SLOT_MS = 10_000;
const RATE_SLOTS = 6;

/** Keeps a receiver's counts and works out its state. */
export class ReceiverMeter {
  readonly #name: string;
  readonly #type: ReceiverType;
  readonly #behindMs: number;
  readonly #now: () => number;
  readonly #dropped = new Map<string, number>();
  readonly #gaps: ReceiverGap[] = [];
  #stage: "starting" | "running" | "stopped" = "starting";
  #trouble: { readonly state: "failing" | "denied" | "waiting"; readonly detail: string } | undefined;
  #lastRecordTime: number | null = null;
  #lagMs: number | null = null;
  #appended = 0;
  #duplicate = 0;
  #rejected = 0;
  /** Records by slot of time, the newest last. */
  readonly #slots: { readonly slot: number; count: number }[] = [];

  constructor(parts: {
    readonly name: string;
    readonly type: ReceiverType;
    /** Lag above which the receiver is behind. */
    readonly behindMs: number;
    readonly now: () => number;
  }) {
    this.#name = parts.name;
    this.#type = parts.type;
    this.#behindMs = parts.behindMs;
    this.#now = parts.now;
  }

  /** A successful attempt, with or without records. */
  succeeded(lagMs: number | null): void {
    this.#stage = "running";
    this.#trouble = undefined;
    this.#lagMs = lagMs;
  }

  /** How far back the newest record is, where that is known without an attempt of its own. */
  lag(lagMs: number | null): void {
    this.#lagMs = lagMs;
  }

  stored(result: DeliveryResult): void {
    this.#appended += result.appended;
    this.#duplicate += result.duplicate;
    this.#rejected += result.rejected;
    for (const [reason, count] of Object.entries(result.dropped)) this.dropped(reason, count);
    const count = result.appended + result.duplicate + result.rejected;
    if (count === 0) return;
    this.#lastRecordTime = this.#now();
    const slot = Math.floor(this.#lastRecordTime / RATE_SLOT_MS);
    const newest = this.#slots.at(-1);
    if (newest?.slot === slot) newest.count += count;
    else this.#slots.push({ slot, count });
    if (this.#slots.length > RATE_SLOTS) this.#slots.shift();
  }

  failed(detail: string): void {
    this.#trouble = { state: "failing", detail };
  }

  denied(detail: string): void {
    this.#trouble = { state: "denied", detail };
  }

  /** What is read from does not exist yet, or not any more. */
  waitingFor(detail: string): void {
    this.#trouble = { state: "waiting", detail };
  }

  dropped(reason: string, count = 1): void {
    this.#dropped.set(reason, (this.#dropped.get(reason) ?? 0) + count);
  }

  gap(gap: ReceiverGap): void {
    this.#gaps.push(gap);
    if (this.#gaps.length > MAX_GAPS) this.#gaps.shift();
  }

  stopped(): void {
    this.#stage = "stopped";
  }

  status(): ReceiverStatus {
    return {
      name: this.#name,
      type: this.#type,
      state: this.#state(),
      detail: this.#trouble?.detail ?? null,
      lastRecordTime: this.#lastRecordTime,
      lagMs: this.#lagMs,
      recordsPerMinute: this.#recordsPerMinute(),
      appended: this.#appended,
      duplicate: this.#duplicate,
      rejected: this.#rejected,
      dropped: Object.fromEntries(this.#dropped),
      gaps: [...this.#gaps],
    };
  }

  #recordsPerMinute(): number {
    const oldest = Math.floor(this.#now() / RATE_SLOT_MS) - RATE_SLOTS;
    return this.#slots.reduce((sum, { slot, count }) => (slot > oldest ? sum + count : sum), 0);
  }

  #state(): ReceiverState {
    if (this.#stage === "stopped") return "stopped";
    if (this.#trouble !== undefined) return this.#trouble.state;
    if (this.#stage === "starting") return "starting";
    if (this.#lagMs !== null && this.#lagMs > this.#behindMs) return "behind";
    return this.#lastRecordTime !== null && this.#now() - this.#lastRecordTime < RECEIVING_MS ? "receiving" : "waiting";
  }
}
