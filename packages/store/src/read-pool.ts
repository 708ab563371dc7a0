import type { DuckDBConnection, DuckDBInstance, DuckDBValue } from "@duckdb/node-api";
import { plainOf } from "./value-json.ts";

/** Rows with instants as milliseconds, by column name. */
export type PlainRow = Record<string, unknown>;

/** Connections kept for our own reads. */
const POOL_SIZE = 6;

/** A few connections for the product's own queries; callers beyond the pool wait their turn. */
export class ReadPool {
  readonly #idle: DuckDBConnection[];
  readonly #all: readonly DuckDBConnection[];
  readonly #waiting: ((connection: DuckDBConnection) => void)[] = [];

  private constructor(connections: readonly DuckDBConnection[]) {
    this.#all = connections;
    this.#idle = [...connections];
  }

  static async create(instance: DuckDBInstance): Promise<ReadPool> {
    const connections: DuckDBConnection[] = [];
    for (let index = 0; index < POOL_SIZE; index++) connections.push(await instance.connect());
    return new ReadPool(connections);
  }

  async rows(sql: string, values: Record<string, DuckDBValue> = {}): Promise<PlainRow[]> {
    const connection =
      this.#idle.pop() ?? (await new Promise<DuckDBConnection>((resolve) => this.#waiting.push(resolve)));
    try {
      const reader = await connection.runAndReadAll(sql, values);
      const names = reader.columnNames();
      return reader
        .getRows()
        .map((row) => Object.fromEntries(row.map((value, index) => [names[index] as string, plainOf(value)])));
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#idle.push(connection);
      else next(connection);
    }
  }

  close(): void {
    for (const connection of this.#all) connection.closeSync();
  }
}
