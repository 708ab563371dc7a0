import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as timer } from "node:timers/promises";
import type { Store } from "@fourwire/store";
import { openStore } from "../src/cli/open-store.ts";
import { deliver, sleep } from "../src/receivers/deliver.ts";
import type { ReceivedMessage, ReceiverContext } from "../src/receivers/receiver.ts";

/** A condition that has not come true in this many turns of the clock never will. */
const MAX_TURNS = 60_000;

/** A clock that goes on only where somebody sleeps. */
export class TestClock {
  #time: number;

  constructor(time: number) {
    this.#time = time;
  }

  now(): number {
    return this.#time;
  }

  advance(ms: number): void {
    this.#time += ms;
  }

  /** Sleepers are never woken early; the clock jumps to the end of each sleep. */
  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    const end = this.#time + ms;
    await timer(1);
    if (!signal.aborted) this.#time = Math.max(this.#time, end);
  }
}

/** What a receiver needs, over a data directory of its own that survives the receiver. */
export class ReceiverBench {
  readonly clock: TestClock;
  /** Called before each delivery; may throw or wait. */
  beforeDelivery: (messages: readonly ReceivedMessage[]) => Promise<void> = () => Promise.resolve();
  readonly #path: string;
  #store: Store;

  private constructor(path: string, store: Store, time: number) {
    this.#path = path;
    this.#store = store;
    this.clock = new TestClock(time);
  }

  static async open(time: number): Promise<ReceiverBench> {
    const path = await mkdtemp(join(tmpdir(), "fourwire-receiver-"));
    return new ReceiverBench(path, await openStore({ path, command: "test" }), time);
  }

  get store(): Store {
    return this.#store;
  }

  context(): ReceiverContext {
    const store = this.#store;
    return {
      deliver: async (messages, signal, onRefused) => {
        await this.beforeDelivery(messages);
        return deliver({ store, tail: { publish: () => undefined } }, messages, signal, onRefused);
      },
      checkpoints: store.checkpoints,
      now: () => this.clock.now(),
      sleep: (ms, signal) => this.clock.sleep(ms, signal),
    };
  }

  /** The same with the real clock. */
  realContext(): ReceiverContext {
    return { ...this.context(), now: () => Date.now(), sleep };
  }

  /** What the store was when it was closed is what it is afterwards. */
  async reopen(): Promise<void> {
    await this.#store.close();
    this.#store = await openStore({ path: this.#path, command: "test" });
  }

  async close(): Promise<void> {
    await this.#store.close();
    await rm(this.#path, { recursive: true, force: true, maxRetries: 5 });
  }

  /** Ids of the vendor in a source's table, in order, repeated where stored twice. */
  async originalIds(source: string): Promise<readonly string[]> {
    const { rows } = await this.#store.query({
      sql: `select original_id from ${source} order by 1`,
      limit: 1_000_000,
      timeoutMs: 60_000,
    });
    return rows.map(([id]) => String(id));
  }

  async rejectedBodies(): Promise<readonly string[]> {
    const { rows } = await this.#store.query({
      sql: "select decode(body) from rejected_record order by 1",
      limit: 100_000,
      timeoutMs: 60_000,
    });
    return rows.map(([body]) => String(body));
  }
}

/** Waits, while the clock goes on, until something is true. A condition that asks the store is asked less often. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < MAX_TURNS; turn++) {
    const answer = condition();
    if (await answer) return;
    await timer(typeof answer === "boolean" ? 1 : 20);
  }
  throw new Error("what was waited for did not happen");
}
