import { randomUUID } from "node:crypto";
import type { WfmFeed, WfmSnapshot } from "./wfm-feed.ts";

/** Bytes of events in one delivery; one event is always taken. */
const MAX_BATCH_BYTES = 1024 * 1024;

/** Events looked at for one delivery; those it is not sent are passed over. */
const EVENTS_PER_TURN = 5000;

export type SentKind = "snapshot" | "change" | "removal" | "beat";

/** What is posted, the same on every attempt. */
export interface Delivery {
  readonly id: string;
  readonly events: readonly string[];
  readonly isSnapshot: boolean;
}

/**
 * What a webhook has yet to be sent: first a snapshot, then the feed's events after it. The events wait in the feed's
 * ring; where that no longer reaches back far enough a fresh snapshot takes their place.
 */
export class DeliveryQueue {
  readonly #feed: WfmFeed;
  readonly #kinds: ReadonlySet<SentKind>;
  readonly #maxBatch: number;
  #snapshot: WfmSnapshot | undefined;
  #snapshotIndex = 0;
  #sequence: number;
  #needsSnapshot: boolean;
  #beat: string | undefined;
  #current: { readonly delivery: Delivery; readonly after: () => void } | undefined;
  #overrun = 0;
  #snapshots = 0;

  constructor(feed: WfmFeed, kinds: readonly SentKind[], maxBatch: number) {
    this.#feed = feed;
    this.#kinds = new Set(kinds);
    this.#maxBatch = maxBatch;
    this.#sequence = feed.ring.sequence;
    this.#needsSnapshot = this.#kinds.has("snapshot");
  }

  /** Changes that left the ring before they were delivered. */
  get overrunEvents(): number {
    return this.#overrun;
  }

  get snapshots(): number {
    return this.#snapshots;
  }

  get waitingEvents(): number {
    return this.#feed.ring.sequence - this.#sequence;
  }

  /** A beat goes with the next delivery; of several that wait only the last says something. */
  putBeat(json: string): void {
    if (this.#kinds.has("beat")) this.#beat = json;
  }

  /** What to send next: the one that was not delivered, again, unless it has been overtaken; undefined when nothing waits. */
  next(): Delivery | undefined {
    if (!this.#feed.ring.reaches(this.#sequence)) this.#startOver();
    this.#current ??= this.#fromSnapshot() ?? this.#fromRing();
    return this.#current?.delivery;
  }

  /** The current delivery was taken. */
  taken(): void {
    this.#current?.after();
    this.#current = undefined;
  }

  /** The current delivery was refused for good: it is passed over, and a snapshot tells what was in it once one is taken. */
  refused(): void {
    this.taken();
    this.#snapshot = undefined;
  }

  /** Sends everybody's state anew. */
  requestSnapshot(): void {
    this.#needsSnapshot = this.#kinds.has("snapshot");
  }

  #startOver(): void {
    const { sequence } = this.#feed.ring;
    this.#overrun += sequence - this.#sequence;
    this.#sequence = sequence;
    this.#current = undefined;
    this.#snapshot = undefined;
    this.requestSnapshot();
  }

  #fromSnapshot(): { delivery: Delivery; after: () => void } | undefined {
    if (this.#needsSnapshot) {
      this.#needsSnapshot = false;
      this.#snapshot = this.#feed.snapshot();
      this.#snapshotIndex = 0;
      this.#sequence = this.#snapshot.sequence;
      this.#snapshots++;
    }
    const snapshot = this.#snapshot;
    if (snapshot === undefined) return undefined;
    const events = fitting(snapshot.events.slice(this.#snapshotIndex, this.#snapshotIndex + this.#maxBatch));
    return {
      delivery: { id: randomUUID(), events, isSnapshot: true },
      after: () => {
        this.#snapshotIndex += events.length;
        if (this.#snapshotIndex >= snapshot.events.length) this.#snapshot = undefined;
      },
    };
  }

  #fromRing(): { delivery: Delivery; after: () => void } | undefined {
    const seen = this.#feed.ring.after(this.#sequence, EVENTS_PER_TURN);
    const wanted = seen.filter((event) => this.#kinds.has(event.kind)).slice(0, this.#maxBatch);
    const events = [...fitting(wanted.map((event) => event.json))];
    const isAll = events.length === wanted.length && wanted.length < this.#maxBatch;
    const last = isAll ? seen.at(-1) : wanted[events.length - 1];
    const sequence = last?.sequence ?? this.#sequence;
    // a beat says that nothing before it is missing: it goes last, and only when nothing is left
    const beat = sequence === this.#feed.ring.sequence ? this.#beat : undefined;
    if (beat !== undefined) events.push(beat);
    if (events.length === 0) {
      const hasMore = sequence > this.#sequence;
      this.#sequence = sequence;
      return hasMore ? this.#fromRing() : undefined;
    }
    return {
      delivery: { id: randomUUID(), events, isSnapshot: false },
      after: () => {
        this.#sequence = sequence;
        if (this.#beat === beat) this.#beat = undefined;
      },
    };
  }
}

/** As many of the first as one delivery carries. */
function fitting(events: readonly string[]): readonly string[] {
  let bytes = 0;
  const end = events.findIndex((event, index) => {
    bytes += Buffer.byteLength(event);
    return index > 0 && bytes > MAX_BATCH_BYTES;
  });
  return end < 0 ? events : events.slice(0, end);
}
