import type { WfmFeed, WfmListener, WfmSnapshot } from "./wfm-feed.ts";

/** A reader that takes nothing for this long is cut off. */
const SLOW_READER_MS = 30_000;

/** Events read from the ring at once. */
const EVENTS_PER_TURN = 200;

/** A connection that is written to as a stream. */
export interface WfmConnection {
  /** True while it has not taken what it was sent. */
  isBlocked(): boolean;
  /** The next event; without an id the reader keeps the one it has. */
  write(kind: string, json: string, id: string | undefined): void;
  /** Calls back when it can be written to again. */
  onDrain(resume: () => void): void;
  close(): void;
}

export interface FeedReaderParts {
  readonly feed: WfmFeed;
  readonly connection: WfmConnection;
  readonly now: () => number;
  /** Up to where the reader has everything; undefined: it begins with a snapshot. */
  readonly sequence: number | undefined;
  /** Called when it is cut off because it did not keep up. */
  readonly onSlow: () => void;
}

/** Writes the feed to one connection, as fast as that takes it and in order. */
export class FeedReader implements WfmListener {
  readonly #parts: FeedReaderParts;
  readonly #snapshot: WfmSnapshot | undefined;
  #snapshotIndex = 0;
  #sequence: number;
  #blockedSince: number | undefined;
  #isClosed = false;
  readonly #stop: () => void;

  constructor(parts: FeedReaderParts) {
    this.#parts = parts;
    this.#snapshot = parts.sequence === undefined ? parts.feed.snapshot() : undefined;
    this.#sequence = parts.sequence ?? this.#snapshot?.sequence ?? 0;
    this.#stop = parts.feed.listen(this);
    parts.connection.onDrain(() => {
      this.#blockedSince = undefined;
      this.onEvents();
    });
    this.onEvents();
  }

  onEvents(): void {
    while (!this.#isClosed && !this.#isBlocked()) {
      if (this.#writeSnapshot()) continue;
      if (this.#sequence === this.#parts.feed.ring.sequence) return;
      if (this.#parts.feed.ring.reaches(this.#sequence)) this.#writeEvents();
      else this.#cutOff();
    }
  }

  onBeat(json: string): void {
    // what comes before the beat has to be sent before it
    this.onEvents();
    if (!this.#isClosed && !this.#isBlocked()) this.#parts.connection.write("beat", json, undefined);
  }

  /** The reader went, or the server stops. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#stop();
    this.#parts.connection.close();
  }

  /** True when there was something of the snapshot left to write. */
  #writeSnapshot(): boolean {
    const { feed, connection } = this.#parts;
    const json = this.#snapshot?.events[this.#snapshotIndex];
    if (json === undefined) return false;
    const isLast = ++this.#snapshotIndex === this.#snapshot?.events.length;
    const kind = this.#snapshotIndex === 1 ? "snapshot_start" : "snapshot";
    // with an id on an earlier one, a reader cut off in between would go on as if it had them all
    connection.write(kind, json, isLast ? feed.idOf(this.#sequence) : undefined);
    return true;
  }

  #writeEvents(): void {
    const { feed, connection } = this.#parts;
    for (const event of feed.ring.after(this.#sequence, EVENTS_PER_TURN)) {
      connection.write(event.kind, event.json, feed.idOf(event.sequence));
      this.#sequence = event.sequence;
      if (connection.isBlocked()) return;
    }
  }

  #isBlocked(): boolean {
    const { connection, now, feed } = this.#parts;
    if (!connection.isBlocked()) return false;
    this.#blockedSince ??= now();
    if (now() - this.#blockedSince >= SLOW_READER_MS || !feed.ring.reaches(this.#sequence)) this.#cutOff();
    return true;
  }

  #cutOff(): void {
    if (this.#isClosed) return;
    this.#parts.onSlow();
    this.close();
  }
}
