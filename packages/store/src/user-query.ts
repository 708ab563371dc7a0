import { StatementType, type DuckDBConnection, type DuckDBPreparedStatement } from "@duckdb/node-api";
import { AppError } from "@fourwire/core";
import type { Engine } from "./engine.ts";
import { quoteText } from "./schema.ts";
import { jsonOf } from "./value-json.ts";
import { onlySelect, requireVisibleNames } from "./visible-names.ts";

export interface UserQuery {
  readonly sql: string;
  /** Most rows returned; more are cut and `isTruncated` says so. */
  readonly limit: number;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  /** Undefined: views and tables of `main`, as is right for SQL that a person wrote. `internal`: every schema, for checks of ours. */
  readonly scope?: "internal";
}

export interface UserQueryResult {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly unknown[])[];
  readonly isTruncated: boolean;
  readonly tookMs: number;
  /** Days of agents that the tables it read do not hold yet. */
  readonly pendingAgentDays: number;
}

/** Queries of users that run at once; more are refused, so that they cannot starve the writer of threads. */
const MAX_CONCURRENT_QUERIES = 4;

const MAX_SQL_LENGTH = 100_000;

/** An interrupt is lost when it comes between two statements, so it is repeated until the query has ended. */
const INTERRUPT_EVERY_MS = 20;

/**
 * Runs SQL that a person wrote: one SELECT, in a read-only transaction, on an instance whose file and network access
 * ends at the lake folder, stopped by time, by row count, and when the asker goes away.
 */
export class UserQueries {
  readonly #engine: Engine;
  #running = 0;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  run(query: UserQuery): Promise<Omit<UserQueryResult, "pendingAgentDays">> {
    return this.#limited(query, (connection) => readRows(connection, query));
  }

  /** Writes every row to a Parquet file in the staging folder; the caller takes the file away. */
  exportParquet(query: UserQuery, path: string): Promise<void> {
    return this.#limited(query, async (connection) => {
      const statement = await prepareSelect(connection, query);
      if (statement.statementType !== StatementType.SELECT)
        throw new AppError("query_not_allowed", "only a SELECT can be exported");
      // the line break ends a comment that the statement may end with
      await connection.run(
        `copy (${query.sql.trim().replace(/;$/, "")}\n) to ${quoteText(path)} (format parquet, compression zstd)`,
      );
    });
  }

  async #limited<T>(query: UserQuery, work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    if (query.sql.length > MAX_SQL_LENGTH)
      throw new AppError("query_not_allowed", `query is longer than ${MAX_SQL_LENGTH} characters`);
    if (this.#running >= MAX_CONCURRENT_QUERIES) {
      throw new AppError(
        "query_overload",
        `${MAX_CONCURRENT_QUERIES} queries are running already; try again when one has ended`,
        { retryable: true },
      );
    }
    this.#running++;
    try {
      return await this.#engine.connected((connection) => runLimited(connection, query, work));
    } finally {
      this.#running--;
    }
  }
}

type StopReason = "timeout" | "cancelled";

async function runLimited<T>(
  connection: DuckDBConnection,
  query: UserQuery,
  work: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  let stopReason: StopReason | undefined;
  let repeat: NodeJS.Timeout | undefined;
  const stop = (reason: StopReason): void => {
    stopReason ??= reason;
    connection.interrupt();
    repeat ??= setInterval(() => connection.interrupt(), INTERRUPT_EVERY_MS);
  };
  const onAbort = (): void => stop("cancelled");
  const timer = setTimeout(() => stop("timeout"), query.timeoutMs);
  query.signal?.addEventListener("abort", onAbort);
  try {
    if (query.signal?.aborted === true) throw stopError("cancelled", query);
    return await work(connection);
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    if (stopReason !== undefined) throw stopError(stopReason, query, cause);
    throw new AppError("query_failed", engineMessage(cause), { cause });
  } finally {
    clearTimeout(timer);
    clearInterval(repeat);
    query.signal?.removeEventListener("abort", onAbort);
  }
}

function stopError(reason: StopReason, query: UserQuery, cause?: unknown): AppError {
  if (reason === "cancelled") return new AppError("query_failed", "query was cancelled", { cause });
  return new AppError(
    "query_timeout",
    `query was stopped after ${query.timeoutMs} ms; narrow event_time or select fewer columns`,
    { cause },
  );
}

/** DuckDB's message names the line and the nearest column or table; it is the best help there is. */
function engineMessage(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

function explainedBy(sql: string): string | undefined {
  return /^\s*explain(?:\s+analyze)?(?:\s*\([^()]*\))?\s+([\s\S]+)$/i.exec(sql)?.[1];
}

/** EXPLAIN ANALYZE runs what it explains, and a COPY so run would write over files of the lake. */
async function isExplainedSelect(connection: DuckDBConnection, type: StatementType, sql: string): Promise<boolean> {
  const explained = explainedBy(sql);
  if (type !== StatementType.EXPLAIN || explained === undefined) return false;
  return (await connection.prepare(explained)).statementType === StatementType.SELECT;
}

async function readRows(
  connection: DuckDBConnection,
  query: UserQuery,
): Promise<Omit<UserQueryResult, "pendingAgentDays">> {
  const started = performance.now();
  const statement = await prepareSelect(connection, query);
  await connection.run("begin transaction read only");
  const result = await statement.stream();
  const columns = result.columnNames().map((name, index) => ({ name, type: String(result.columnType(index)) }));
  const rows: unknown[][] = [];
  while (rows.length <= query.limit) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) break;
    for (const row of chunk.getRows()) rows.push(row.map(jsonOf));
  }
  const isTruncated = rows.length > query.limit;
  return {
    columns,
    rows: isTruncated ? rows.slice(0, query.limit) : rows,
    isTruncated,
    tookMs: Math.round(performance.now() - started),
  };
}

/** The one statement of the text; throws `query_not_allowed` when it is not one, no SELECT, or reads what is internal. */
async function prepareSelect(
  connection: DuckDBConnection,
  { sql, scope }: UserQuery,
): Promise<DuckDBPreparedStatement> {
  const statements = await connection.extractStatements(sql);
  if (statements.count !== 1) {
    throw new AppError(
      "query_not_allowed",
      // PIVOT is two where DuckDB has to look up the values first
      `expected one statement, found ${statements.count}; run them one at a time, and name the values of a PIVOT: on column in (...)`,
    );
  }
  if (scope === undefined) await requireVisibleNames(connection, explainedBy(sql) ?? sql);
  const statement = await statements.prepare(0);
  if (
    statement.statementType !== StatementType.SELECT &&
    !(await isExplainedSelect(connection, statement.statementType, sql))
  ) {
    throw onlySelect();
  }
  return statement;
}
