import { SOURCE_NAMES, type SourceName, type SourceRecord } from "@fourwire/core";
import { KeySet } from "./key-set.ts";

/** Ids are remembered and forgotten by spans of event time of this length. */
const SLOT_MS = 4000;

/** Ids remembered over all slots, at 12 to 24 bytes each: seven minutes of 7,000 records a second. */
const MAX_IDS = 3_000_000;

/** Ids of one span that are read from the store; a fuller one is left to SQL. */
const MAX_READ_IDS = 100_000;

/** Spans read for one group, and slots in one, those between that nothing asked for too; what is left is asked in SQL. */
const MAX_SPANS = 4;
const MAX_SPAN_SLOTS = 64;

/** Slots that are remembered, empty ones too. */
const MAX_SLOTS = 20_000;

export interface StoredIds {
  readonly ids: readonly string[];
  /** Event time of each, Unix ms. */
  readonly times: readonly number[];
}

/** Reads ids of stored rows with `from <= event_time < to` (Unix ms), at most `limit`. */
export type ReadIds = (span: {
  readonly from: number;
  readonly to: number;
  readonly limit: number;
}) => Promise<StoredIds>;

interface Slot {
  readonly keys: KeySet;
  /** Holds more ids than are remembered: says nothing. */
  readonly isTooFull: boolean;
}

/**
 * Which ids the store holds around the event times that records come with now. It can say for certain that a record is
 * new, which nearly all are, and spares them the search in hot table and lake; for the others it says "perhaps", and
 * they are searched. An id holds its event time, so that copies lie in one slot. Whoever stores rows past it must
 * `clear` it.
 */
export class RecentIds {
  /** The order of the map is that of the last use. */
  readonly #slots = new Map<number, Slot>();
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
    await this.#readMissing(source, slotsOf(rows), read);
    const found: SourceRecord[] = [];
    let last = Number.NaN;
    let slot: Slot | undefined;
    for (const row of rows) {
      const index = slotOf(row.event_time);
      if (index !== last) slot = this.#slots.get(keyOf(source, index));
      last = index;
      if (slot === undefined || slot.isTooFull || slot.keys.has(row.record_id)) found.push(row);
    }
    return found;
  }

  /** These rows are stored now. */
  add(source: SourceName, rows: readonly SourceRecord[]): void {
    let last = Number.NaN;
    let slot: Slot | undefined;
    for (const row of rows) {
      const index = slotOf(row.event_time);
      // a slot that is not known stays so: its older rows would be missing
      if (index !== last) slot = this.#slots.get(keyOf(source, index));
      last = index;
      if (slot !== undefined && !slot.isTooFull && slot.keys.add(row.record_id)) this.#idCount++;
    }
    this.#forgetOldest();
  }

  async #readMissing(source: SourceName, wanted: Iterable<number>, read: ReadIds): Promise<void> {
    const missing: number[] = [];
    for (const index of wanted) {
      const key = keyOf(source, index);
      const slot = this.#slots.get(key);
      if (slot === undefined) missing.push(index);
      else {
        this.#slots.delete(key);
        this.#slots.set(key, slot);
      }
    }
    for (const span of spansOf(missing).slice(0, MAX_SPANS)) await this.#readSpan(source, span, read);
    this.#forgetOldest();
  }

  /** Slots within the span that were known already are read again: they say the same. */
  async #readSpan(source: SourceName, { first, last }: SlotSpan, read: ReadIds): Promise<void> {
    const { ids, times } = await read({ from: first * SLOT_MS, to: (last + 1) * SLOT_MS, limit: MAX_READ_IDS + 1 });
    const isTooFull = ids.length > MAX_READ_IDS;
    for (let index = first; index <= last; index++) {
      const key = keyOf(source, index);
      this.#idCount -= this.#slots.get(key)?.keys.size ?? 0;
      this.#slots.delete(key);
      this.#slots.set(key, { keys: new KeySet(), isTooFull });
    }
    if (isTooFull) return;
    for (const [at, id] of ids.entries()) {
      if (this.#slots.get(keyOf(source, slotOf(times[at] ?? 0)))?.keys.add(id) === true) this.#idCount++;
    }
  }

  #forgetOldest(): void {
    for (const [key, slot] of this.#slots) {
      if (this.#idCount <= MAX_IDS && this.#slots.size <= MAX_SLOTS) return;
      this.#slots.delete(key);
      this.#idCount -= slot.keys.size;
    }
  }
}

function slotOf(eventTime: number): number {
  return Math.floor(eventTime / SLOT_MS);
}

function slotsOf(rows: readonly SourceRecord[]): ReadonlySet<number> {
  const slots = new Set<number>();
  let last = Number.NaN;
  for (const row of rows) {
    const index = slotOf(row.event_time);
    if (index !== last) slots.add(index);
    last = index;
  }
  return slots;
}

/** One number for a slot of a source. */
function keyOf(source: SourceName, index: number): number {
  return index * SOURCE_NAMES.length + SOURCE_NAMES.indexOf(source);
}

interface SlotSpan {
  readonly first: number;
  readonly last: number;
}

/** Slots close together, the latest span first: it is the one that the next group needs too. */
function spansOf(slots: readonly number[]): readonly SlotSpan[] {
  const spans: { first: number; last: number }[] = [];
  for (const index of slots.toSorted((left, right) => right - left)) {
    const span = spans.at(-1);
    if (span !== undefined && span.last - index < MAX_SPAN_SLOTS) span.first = index;
    else spans.push({ first: index, last: index });
  }
  return spans;
}
