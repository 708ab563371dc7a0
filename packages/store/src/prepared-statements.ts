import type { DuckDBConnection, DuckDBPreparedStatement } from "@duckdb/node-api";

/** Statements that one writer runs again and again; there are about ten. */
const MAX_STATEMENTS = 64;

/** Runs statements on a connection and keeps what DuckDB made of their text: planning costs as much as running them. */
export class PreparedStatements {
  readonly #connection: DuckDBConnection;
  readonly #statements = new Map<string, DuckDBPreparedStatement>();

  constructor(connection: DuckDBConnection) {
    this.#connection = connection;
  }

  /** Runs a statement of a text that is the same each time; values are bound by name. Returns the number of rows. */
  async run(sql: string, values?: Record<string, number>): Promise<number> {
    const statement = this.#statements.get(sql) ?? (await this.#prepare(sql));
    if (values !== undefined) statement.bind(values);
    return (await statement.runAndReadAll()).currentRowCount;
  }

  close(): void {
    for (const statement of this.#statements.values()) statement.destroySync();
    this.#statements.clear();
  }

  async #prepare(sql: string): Promise<DuckDBPreparedStatement> {
    if (this.#statements.size >= MAX_STATEMENTS) this.close();
    const statement = await this.#connection.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}
