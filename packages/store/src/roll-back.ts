import type { DuckDBConnection } from "@duckdb/node-api";

/**
 * Ends a transaction after a failure. DuckDB has often ended it already (a failed commit does), and then `rollback`
 * fails too; what is worth telling is the first failure, which the caller has.
 */
export async function rollBack(connection: DuckDBConnection): Promise<void> {
  await connection.run("rollback").catch(() => undefined);
}
