/** One event as every reader is sent it. */
export interface KeptEvent {
  readonly sequence: number;
  readonly kind: "change" | "removal";
  readonly agentId: string;
  readonly json: string;
}

/** The last events, numbered from 1 without holes; the oldest make room for new ones. */
export class EventRing {
  readonly #size: number;
  readonly #events: (KeptEvent | undefined)[];
  #sequence = 0;

  constructor(size: number) {
    this.#size = size;
    this.#events = [];
  }

  /** Number of the last event; 0 before the first. */
  get sequence(): number {
    return this.#sequence;
  }

  get count(): number {
    return Math.min(this.#sequence, this.#size);
  }

  /** `write` is given the event's number. */
  add(write: (sequence: number) => Omit<KeptEvent, "sequence">): void {
    const sequence = ++this.#sequence;
    this.#events[sequence % this.#size] = { ...write(sequence), sequence };
  }

  /** Whether every event after this number is still here. */
  reaches(sequence: number): boolean {
    return sequence >= this.#sequence - this.count && sequence <= this.#sequence;
  }

  /** At most `limit` events after the number, in order; only while `reaches(after)`. */
  after(after: number, limit: number): readonly KeptEvent[] {
    const events: KeptEvent[] = [];
    const last = Math.min(this.#sequence, after + limit);
    for (let sequence = after + 1; sequence <= last; sequence++) {
      const event = this.#events[sequence % this.#size];
      if (event?.sequence === sequence) events.push(event);
    }
    return events;
  }
}
