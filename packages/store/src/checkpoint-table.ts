import type { DuckDBConnection } from "@duckdb/node-api";
import type { ReadPool } from "./read-pool.ts";

/** Positions of receivers, such as the last stored sequence number of each Kinesis shard. Values are the receiver's own. */
export class Checkpoints {
  readonly #pool: ReadPool;
  readonly #run: <T>(work: (connection: DuckDBConnection) => Promise<T>) => Promise<T>;

  /** `run` gives the work a connection while no commit runs. */
  constructor(pool: ReadPool, run: <T>(work: (connection: DuckDBConnection) => Promise<T>) => Promise<T>) {
    this.#pool = pool;
    this.#run = run;
  }

  /** Every position of a receiver, by key. */
  async load(receiver: string): Promise<ReadonlyMap<string, string>> {
    const rows = await this.#pool.rows("select key, value from store.receiver_checkpoint where receiver = $receiver", {
      receiver,
    });
    return new Map(rows.map((row) => [String(row["key"]), String(row["value"])]));
  }

  /** Resolves when the positions are durable. Call it after what they stand for was appended, never before. */
  save(receiver: string, positions: ReadonlyMap<string, string>): Promise<void> {
    return this.#run(async (connection) => {
      await connection.run(
        `insert into store.receiver_checkpoint
         select $receiver, p.key, p.value, now()
         from (select unnest(from_json($positions, '[{"key":"varchar","value":"varchar"}]')) as p)
         on conflict (receiver, key) do update set value = excluded.value, updated_time = excluded.updated_time`,
        { receiver, positions: JSON.stringify([...positions].map(([key, value]) => ({ key, value }))) },
      );
    });
  }

  /** Forgets positions, such as those of shards that no longer exist. */
  remove(receiver: string, keys: readonly string[]): Promise<void> {
    return this.#run(async (connection) => {
      await connection.run(
        `delete from store.receiver_checkpoint
         where receiver = $receiver and key in (from (select unnest(from_json($keys, '["varchar"]'))))`,
        { receiver, keys: JSON.stringify(keys) },
      );
    });
  }
}
