import type { SourceName, SourceRecord } from "@fourwire/core";
import { KeySet } from "./key-set.ts";

/**
 * Redelivered copies of one record have one event time, except that the two Regions of a contact event may stamp
 * their envelopes a little apart; duplicates are looked for this far around the rows.
 */
export const DUPLICATE_SLACK_MS = 60_000;

/** As wide as the slack, so that a row's duplicates lie in its own slot or one beside it. */
const SLOT_MS = DUPLICATE_SLACK_MS;

/** Ids remembered over all slots, at 8 to 16 bytes each: three minutes of 11,000 records a second. */
const MAX_IDS = 2_000_000;

/** Ids of one slot that are read from the store; a fuller one is left to SQL. */
const MAX_READ_IDS = 100_000;

/** Spans of time read for one group, and slots in one; what is left is asked in SQL this time. */
const MAX_SPANS = 4;
const MAX_SPAN_SLOTS = 30;

/** Slots that are remembered, empty ones too. */
const MAX_SLOTS = 10_000;

/** Reads ids and event times (Unix ms) of stored rows with `from <= event_time < to`, at most `limit`. */
export type ReadIds = (span: {
  readonly from: number;
  readonly to: number;
  readonly limit: number;
}) => Promise<readonly { readonly recordId: string; readonly eventTime: number }[]>;

interface Slot {
  readonly keys: KeySet;
  /** Holds more ids than are remembered: says nothing. */
  readonly isTooFull: boolean;
}

/**
 * Which ids the store holds around the event times that records come with now. It can say for certain that a record is
 * new, which nearly all are, and spares them the search in hot table and lake; for the others it says "perhaps", and
 * they are searched. Whoever stores rows past it must `clear` it.
 */
export class RecentIds {
  readonly #slots = new Map<string, Slot>();
  #idCount = 0;

  clear(): void {
    this.#slots.clear();
    this.#idCount = 0;
  }

  /** The rows that may be stored already. Reads what is not known yet of their times. */
  async perhapsStored(
    source: SourceName,
    rows: readonly SourceRecord[],
    read: ReadIds,
  ): Promise<readonly SourceRecord[]> {
    await this.#readMissing(source, rows, read);
    const around = new Map<number, readonly (Slot | undefined)[]>();
    return rows.filter((row) => {
      const index = slotOf(row.event_time);
      let slots = around.get(index);
      if (slots === undefined) {
        slots = [index - 1, index, index + 1].map((each) => this.#slots.get(`${source} ${each}`));
        around.set(index, slots);
      }
      return slots.some((slot) => slot === undefined || slot.isTooFull || slot.keys.has(row.record_id));
    });
  }

  /** These rows are stored now. */
  add(source: SourceName, rows: readonly SourceRecord[]): void {
    let index = Number.NaN;
    let slot: Slot | undefined;
    for (const row of rows) {
      const own = slotOf(row.event_time);
      // a slot that is not known stays so: its older rows would be missing
      if (own !== index) slot = this.#slots.get(`${source} ${own}`);
      index = own;
      if (slot !== undefined && !slot.isTooFull && slot.keys.add(row.record_id)) this.#idCount++;
    }
    this.#forgetOldest();
  }

  async #readMissing(source: SourceName, rows: readonly SourceRecord[], read: ReadIds): Promise<void> {
    const wanted = new Set<number>();
    for (const row of rows) {
      const index = slotOf(row.event_time);
      for (const each of [index - 1, index, index + 1]) wanted.add(each);
    }
    const missing: number[] = [];
    for (const index of wanted) {
      const name = `${source} ${index}`;
      const slot = this.#slots.get(name);
      if (slot === undefined) missing.push(index);
      else this.#touch(name, slot);
    }
    for (const span of spansOf(missing).slice(0, MAX_SPANS)) await this.#readSpan(source, span, read);
    this.#forgetOldest();
  }

  async #readSpan(source: SourceName, span: readonly number[], read: ReadIds): Promise<void> {
    const from = Math.min(...span) * SLOT_MS;
    const to = (Math.max(...span) + 1) * SLOT_MS;
    const stored = await read({ from, to, limit: MAX_READ_IDS + 1 });
    const isTooFull = stored.length > MAX_READ_IDS;
    const slots = new Map(span.map((index) => [index, { keys: new KeySet(), isTooFull }]));
    if (!isTooFull) {
      for (const { recordId, eventTime } of stored) {
        if (slots.get(slotOf(eventTime))?.keys.add(recordId) === true) this.#idCount++;
      }
    }
    for (const [index, slot] of slots) this.#slots.set(`${source} ${index}`, slot);
  }

  /** The order of the map is that of the last use. */
  #touch(name: string, slot: Slot): void {
    this.#slots.delete(name);
    this.#slots.set(name, slot);
  }

  #forgetOldest(): void {
    for (const [name, slot] of this.#slots) {
      if (this.#idCount <= MAX_IDS && this.#slots.size <= MAX_SLOTS) return;
      this.#slots.delete(name);
      this.#idCount -= slot.keys.size;
    }
  }
}

function slotOf(eventTime: number): number {
  return Math.floor(eventTime / SLOT_MS);
}

/** Neighbouring slots, the latest span first: it is the one that the next group needs too. */
function spansOf(slots: readonly number[]): readonly (readonly number[])[] {
  const spans: number[][] = [];
  for (const index of slots.toSorted((left, right) => right - left)) {
    const span = spans.at(-1);
    if (span !== undefined && span[0] === index + 1 && span.length < MAX_SPAN_SLOTS) span.unshift(index);
    else spans.push([index]);
  }
  return spans;
}
