import type { DuckDBConnection } from "@duckdb/node-api";

/**
 * Ends a transaction after a failure. DuckDB has often ended it already (a failed commit does), and then `rollback`
 * fails too; what is worth telling is the first failure, which the caller has.
 */
export async function rollBack(connection: DuckDBConnection): Promise<void> {
  await connection.run("rollback").catch(() => undefined);
}

/** Runs the work in a transaction of its own: all of it is stored, or nothing. */
export async function inTransaction<T>(connection: DuckDBConnection, work: () => Promise<T>): Promise<T> {
  await connection.run("begin transaction");
  try {
    const result = await work();
    await connection.run("commit");
    return result;
  } catch (error) {
    await rollBack(connection);
    throw error;
  }
}
