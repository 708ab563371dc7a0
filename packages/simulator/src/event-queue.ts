import { unixMillis, type UnixMillis } from "@fourwire/core";

type Task = () => void;

interface Entry {
  readonly time: UnixMillis;
  /** Order of scheduling: breaks ties, so that the order of tasks never depends on the heap's shape. */
  readonly sequence: number;
  readonly task: Task;
}

/** The simulated clock and what is still to happen: a binary heap by time, then by order of scheduling. */
export class EventQueue {
  readonly #heap: Entry[] = [];
  #now: UnixMillis;
  #sequence = 0;

  constructor(startTime: UnixMillis) {
    this.#now = startTime;
  }

  get now(): UnixMillis {
    return this.#now;
  }

  /** Tasks not yet run; bounded by agents and live contacts, since each keeps only its next few steps here. */
  get size(): number {
    return this.#heap.length;
  }

  /** When the next task is due; undefined when nothing is left. */
  get nextTime(): UnixMillis | undefined {
    return this.#heap[0]?.time;
  }

  after(delayMs: number, task: Task): void {
    this.at(unixMillis(this.#now + delayMs), task);
  }

  /** An instant in the past means now: simulated time never runs backwards. */
  at(time: UnixMillis, task: Task): void {
    this.#sequence += 1;
    this.#heap.push({ time: time < this.#now ? this.#now : time, sequence: this.#sequence, task });
    this.#rise(this.#heap.length - 1);
  }

  /** Moves the clock to the next task and runs it; false when nothing is left. */
  runNext(): boolean {
    const first = this.#heap[0];
    const last = this.#heap.pop();
    if (first === undefined || last === undefined) return false;
    if (this.#heap.length > 0) {
      this.#heap[0] = last;
      this.#sink();
    }
    this.#now = first.time;
    first.task();
    return true;
  }

  #rise(from: number): void {
    let index = from;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#isBefore(index, parent)) return;
      this.#swap(index, parent);
      index = parent;
    }
  }

  #sink(): void {
    let index = 0;
    for (;;) {
      const left = index * 2 + 1;
      let least = index;
      if (this.#isBefore(left, least)) least = left;
      if (this.#isBefore(left + 1, least)) least = left + 1;
      if (least === index) return;
      this.#swap(index, least);
      index = least;
    }
  }

  #isBefore(first: number, second: number): boolean {
    const a = this.#heap[first];
    const b = this.#heap[second];
    if (a === undefined || b === undefined) return false;
    return a.time === b.time ? a.sequence < b.sequence : a.time < b.time;
  }

  #swap(first: number, second: number): void {
    const a = this.#heap[first];
    const b = this.#heap[second];
    if (a === undefined || b === undefined) return;
    this.#heap[first] = b;
    this.#heap[second] = a;
  }
}
