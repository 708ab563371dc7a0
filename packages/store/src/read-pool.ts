import type { DuckDBConnection, DuckDBInstance, DuckDBValue } from "@duckdb/node-api";
import { readChunks, type ColumnChunk } from "./column-reader.ts";
import type { ConnectionHolder, Engine } from "./engine.ts";
import { plainOf } from "./value-json.ts";

/** Rows with instants as milliseconds, by column name. */
export type PlainRow = Record<string, unknown>;

/** Connections kept for our own reads. */
const POOL_SIZE = 6;

/** A few connections for the product's own queries; callers beyond the pool wait their turn. */
export class ReadPool implements ConnectionHolder {
  readonly #engine: Engine;
  #idle: DuckDBConnection[] = [];
  #all: readonly DuckDBConnection[] = [];
  readonly #waiting: ((connection: DuckDBConnection) => void)[] = [];

  private constructor(engine: Engine) {
    this.#engine = engine;
  }

  static async create(engine: Engine): Promise<ReadPool> {
    const pool = new ReadPool(engine);
    await engine.hold(pool);
    return pool;
  }

  async attach(instance: DuckDBInstance): Promise<void> {
    const connections: DuckDBConnection[] = [];
    for (let index = 0; index < POOL_SIZE; index++) connections.push(await instance.connect());
    this.#all = connections;
    this.#idle = [...connections];
  }

  detach(): void {
    for (const connection of this.#all) connection.closeSync();
    this.#all = [];
    this.#idle = [];
  }

  rows(sql: string, values: Record<string, DuckDBValue> = {}): Promise<PlainRow[]> {
    return this.#engine.use(() => this.#with((connection) => readRows(connection, sql, values)));
  }

  /** Hands a result to `take` chunk by chunk: for rows too many to be made objects of by their names. */
  chunks(sql: string, values: Record<string, DuckDBValue>, take: (chunk: ColumnChunk) => void): Promise<void> {
    return this.#engine.use(() =>
      this.#with(async (connection) => readChunks(await connection.run(sql, values), take)),
    );
  }

  async #with<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    const connection =
      this.#idle.pop() ?? (await new Promise<DuckDBConnection>((resolve) => this.#waiting.push(resolve)));
    try {
      return await work(connection);
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#idle.push(connection);
      else next(connection);
    }
  }

  /** The same, in the shape that the caller's column list gives the rows. */
  async rowsAs<Row>(sql: string, values: Record<string, DuckDBValue> = {}): Promise<Row[]> {
    return (await this.rows(sql, values)) as unknown as Row[];
  }
}

async function readRows(
  connection: DuckDBConnection,
  sql: string,
  values: Record<string, DuckDBValue>,
): Promise<PlainRow[]> {
  const reader = await connection.runAndReadAll(sql, values);
  const names = reader.columnNames();
  return reader
    .getRows()
    .map((row) => Object.fromEntries(row.map((value, index) => [names[index] as string, plainOf(value)])));
}
