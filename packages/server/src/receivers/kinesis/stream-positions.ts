import { z } from "zod";
import { AppError } from "@fourwire/core";
import type { Checkpoints } from "@fourwire/store";
import type { ReceiverGap } from "../receiver.ts";
import { formatPosition, parsePosition, type ShardPosition } from "./shard-position.ts";

/** Which stream the positions are of: its ARN, and when it was created, since a name can be used again. */
export interface StreamIdentity {
  readonly arn: string;
  readonly createdTime: number;
}

const STREAM_KEY = "stream";
const GAPS_KEY = "gaps";
const SHARD_PREFIX = "shard:";

/** Gaps kept; the oldest go first. */
const MAX_GAPS = 100;

const RETRY_MS = { first: 250, most: 15_000 } as const;

const identitySchema = z.strictObject({ arn: z.string(), createdTime: z.number() });
const gapsSchema = z.array(z.strictObject({ from: z.number(), to: z.number(), reason: z.string() }));

export interface PositionStore {
  readonly checkpoints: Pick<Checkpoints, "load" | "save" | "remove">;
  readonly receiver: string;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** The positions of a receiver, in memory as they are on disk. Saves that wait share a transaction. */
export class StreamPositions {
  readonly #store: PositionStore;
  readonly #shards = new Map<string, ShardPosition>();
  #identity: StreamIdentity | undefined;
  #gaps: readonly ReceiverGap[] = [];
  #waiting = new Map<string, string>();
  #next: Promise<void> | undefined;
  #current: Promise<void> = Promise.resolve();

  private constructor(store: PositionStore) {
    this.#store = store;
  }

  static async load(store: PositionStore): Promise<StreamPositions> {
    const positions = new StreamPositions(store);
    for (const [key, value] of await store.checkpoints.load(store.receiver)) {
      if (key === STREAM_KEY) positions.#identity = identitySchema.parse(JSON.parse(value));
      else if (key === GAPS_KEY) positions.#gaps = gapsSchema.parse(JSON.parse(value));
      else if (key.startsWith(SHARD_PREFIX))
        positions.#shards.set(key.slice(SHARD_PREFIX.length), parsePosition(value));
    }
    return positions;
  }

  /** The stream that was read last; undefined at the very first start. */
  get identity(): StreamIdentity | undefined {
    return this.#identity;
  }

  get gaps(): readonly ReceiverGap[] {
    return this.#gaps;
  }

  get shards(): ReadonlyMap<string, ShardPosition> {
    return this.#shards;
  }

  /** Begins another stream, or another life of the same: forgets every shard, then saves where the new ones start. */
  async begin(
    identity: StreamIdentity,
    starts: ReadonlyMap<string, ShardPosition>,
    signal: AbortSignal,
  ): Promise<void> {
    const old = [...this.#shards.keys()].map(shardKey);
    await this.#untilDone(signal, () => this.#store.checkpoints.remove(this.#store.receiver, old));
    this.#shards.clear();
    this.#identity = identity;
    for (const [id, position] of starts) this.#shards.set(id, position);
    const entries = [...starts].map(([id, position]) => [shardKey(id), formatPosition(position)] as const);
    await this.#save([[STREAM_KEY, JSON.stringify(identity)], ...entries], signal);
  }

  /** Resolves when the positions are durable; tries again while the store refuses. Rejects when the signal is aborted. */
  async saveShards(positions: ReadonlyMap<string, ShardPosition>, signal: AbortSignal): Promise<void> {
    await this.#save(
      [...positions].map(([id, position]) => [shardKey(id), formatPosition(position)] as const),
      signal,
    );
    for (const [id, position] of positions) this.#shards.set(id, position);
  }

  /** A gap is kept with the positions, so that it is still told after a restart. */
  async saveGap(gap: ReceiverGap, signal: AbortSignal): Promise<void> {
    this.#gaps = [...this.#gaps, gap].slice(-MAX_GAPS);
    await this.#save([[GAPS_KEY, JSON.stringify(this.#gaps)]], signal);
  }

  async forget(ids: readonly string[], signal: AbortSignal): Promise<void> {
    await this.#untilDone(signal, () => this.#store.checkpoints.remove(this.#store.receiver, ids.map(shardKey)));
    for (const id of ids) this.#shards.delete(id);
  }

  #save(entries: readonly (readonly [string, string])[], signal: AbortSignal): Promise<void> {
    return this.#untilDone(signal, () => {
      for (const [key, value] of entries) this.#waiting.set(key, value);
      this.#next ??= this.#current.then(() => this.#saveWaiting());
      return this.#next;
    });
  }

  async #saveWaiting(): Promise<void> {
    const positions = this.#waiting;
    this.#waiting = new Map();
    this.#next = undefined;
    const saving = this.#store.checkpoints.save(this.#store.receiver, positions);
    // whoever waits for these positions is told of a failure; those that come next begin after it
    this.#current = saving.catch(() => undefined);
    await saving;
  }

  async #untilDone(signal: AbortSignal, write: () => Promise<void>): Promise<void> {
    for (let waitMs: number = RETRY_MS.first; ; waitMs = Math.min(waitMs * 2, RETRY_MS.most)) {
      try {
        await write();
        return;
      } catch (error) {
        if (!(error instanceof AppError) || !error.retryable) throw error;
        await this.#store.sleep(waitMs, signal);
        signal.throwIfAborted();
      }
    }
  }
}

function shardKey(id: string): string {
  return `${SHARD_PREFIX}${id}`;
}
