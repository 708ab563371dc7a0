import type { CanaryNote } from "./canary-note.ts";

/** What a receiver's canaries have told since the start. Times are Unix ms. */
export interface CanaryStatus {
  readonly sent: number;
  readonly arrived: number;
  /** Not back after `lostAfterMs`. One that comes back later still moves from lost to arrived. */
  readonly lost: number;
  readonly lastSentTime: number | null;
  readonly lastArrivedTime: number | null;
  /** From sending to being taken in, of the last one that arrived. */
  readonly lastLatencyMs: number | null;
  /** Why the last one could not be sent; null when it could. */
  readonly sendError: string | null;
}

interface Watched {
  readonly lostAfterMs: number;
  /** By id: when it was sent. */
  readonly underway: Map<string, number>;
  readonly lost: Map<string, number>;
  sent: number;
  arrived: number;
  lastSentTime: number | null;
  lastArrivedTime: number | null;
  lastLatencyMs: number | null;
  sendError: string | null;
}

/** Canaries remembered by receiver, underway and lost each; the oldest lost ones are forgotten and stay counted. */
const MAX_REMEMBERED = 1000;

/** Which canaries were sent and came back: a platform must notice its own silence (promise P12). */
export class CanaryWatch {
  readonly #now: () => number;
  readonly #watched = new Map<string, Watched>();
  readonly #forgotten = new Map<string, number>();

  constructor(now: () => number) {
    this.#now = now;
  }

  watch(receiver: string, lostAfterMs: number): void {
    this.#watched.set(receiver, {
      lostAfterMs,
      underway: new Map(),
      lost: new Map(),
      sent: 0,
      arrived: 0,
      lastSentTime: null,
      lastArrivedTime: null,
      lastLatencyMs: null,
      sendError: null,
    });
  }

  sent(receiver: string, id: string): void {
    const watched = this.#watched.get(receiver);
    if (watched === undefined) return;
    watched.sent++;
    watched.sendError = null;
    watched.lastSentTime = this.#now();
    watched.underway.set(id, watched.lastSentTime);
  }

  sendFailed(receiver: string, reason: string): void {
    const watched = this.#watched.get(receiver);
    if (watched !== undefined) watched.sendError = reason;
  }

  /** A canary was taken in. One that came before, or was sent by an earlier run, changes nothing. */
  arrived(note: CanaryNote): void {
    const watched = this.#watched.get(note.receiver);
    if (watched === undefined) return;
    const sentTime = watched.underway.get(note.id) ?? watched.lost.get(note.id);
    if (sentTime === undefined) return;
    watched.underway.delete(note.id);
    watched.lost.delete(note.id);
    watched.arrived++;
    watched.lastArrivedTime = this.#now();
    watched.lastLatencyMs = watched.lastArrivedTime - sentTime;
  }

  /** Undefined for a receiver without canaries. */
  status(receiver: string): CanaryStatus | undefined {
    const watched = this.#watched.get(receiver);
    if (watched === undefined) return undefined;
    this.#declareLost(receiver, watched);
    const { sent, arrived, lastSentTime, lastArrivedTime, lastLatencyMs, sendError } = watched;
    const lost = watched.lost.size + (this.#forgotten.get(receiver) ?? 0);
    return { sent, arrived, lost, lastSentTime, lastArrivedTime, lastLatencyMs, sendError };
  }

  #declareLost(receiver: string, watched: Watched): void {
    const deadline = this.#now() - watched.lostAfterMs;
    for (const [id, sentTime] of watched.underway) {
      if (sentTime > deadline && watched.underway.size <= MAX_REMEMBERED) break;
      watched.underway.delete(id);
      watched.lost.set(id, sentTime);
    }
    for (const id of watched.lost.keys()) {
      if (watched.lost.size <= MAX_REMEMBERED) break;
      watched.lost.delete(id);
      this.#forgotten.set(receiver, (this.#forgotten.get(receiver) ?? 0) + 1);
    }
  }
}
