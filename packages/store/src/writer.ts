import type { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { AppError, type RecordBatch, type SourceName } from "@fourwire/core";
import { appendGroup, type AppendCounts, type RejectedInput } from "./append.ts";
import { appendStaged, type StagedAppend } from "./append-staged.ts";
import type { ConnectionHolder, Engine } from "./engine.ts";
import { readHotColumns, type HotColumns } from "./hot-columns.ts";
import type { LakeManifest } from "./lake-manifest.ts";
import { PreparedStatements } from "./prepared-statements.ts";
import { RecentIds } from "./recent-ids.ts";
import { RowRelations } from "./relate-rows.ts";
import type { ReplayOutcome } from "./rejected-replay.ts";

/** What one caller wants stored. */
export interface AppendRequest {
  readonly batches: readonly RecordBatch[];
  readonly rejected: readonly RejectedInput[];
  /** What became of rejected records that were decoded again; the batches hold the records they gave. */
  readonly replayed?: readonly ReplayOutcome[];
}

/** What became of it, once it is on disk. */
export interface AppendResult {
  readonly sources: ReadonlyMap<SourceName, AppendCounts>;
  /** Ids of the request that were there before it. An id that is twice in it and new is not among them. */
  readonly duplicateIds: ReadonlySet<string>;
}

interface Pending {
  readonly request: AppendRequest;
  readonly rows: number;
  readonly resolve: (result: AppendResult) => void;
  readonly reject: (error: unknown) => void;
}

interface LiveConnection {
  readonly connection: DuckDBConnection;
  readonly statements: PreparedStatements;
  readonly relations: RowRelations;
  readonly hotColumns: HotColumns;
}

/** Rows in one transaction: enough to spread the cost of a commit, few enough to keep its memory small. */
const MAX_GROUP_ROWS = 65_536;

/** Rows waiting, above which `isBusy` asks callers to hold back. */
const MAX_PENDING_ROWS = 4 * MAX_GROUP_ROWS;

/**
 * The one writer. Whatever is waiting when a commit ends goes into the next one (group commit); a caller's promise
 * resolves when its rows are on disk. One commit at a time: a commit costs nearly the same whatever it holds, so that
 * larger ones are worth more than ones that overlap.
 */
export class Writer implements ConnectionHolder {
  readonly #engine: Engine;
  /** Undefined while the database is opened again. */
  #live: LiveConnection | undefined;
  readonly #recentIds = new RecentIds();
  /** For staged files, so that their transaction never meets a group that is being filled. */
  #stagedConnection: DuckDBConnection | undefined;
  readonly #manifest: LakeManifest;
  readonly #queue: Pending[] = [];
  #pendingRows = 0;
  #isDraining = false;
  #isClosed = false;
  #exclusive: Promise<unknown> = Promise.resolve();

  private constructor(engine: Engine, manifest: LakeManifest) {
    this.#engine = engine;
    this.#manifest = manifest;
  }

  static async create(engine: Engine, manifest: LakeManifest): Promise<Writer> {
    const writer = new Writer(engine, manifest);
    await engine.hold(writer);
    return writer;
  }

  async attach(instance: DuckDBInstance): Promise<void> {
    // a commit that was reported as failed may be in the log all the same
    this.#recentIds.clear();
    const connection = await instance.connect();
    const statements = new PreparedStatements(connection);
    const relations = await RowRelations.create(connection, statements);
    const hotColumns = await readHotColumns(connection);
    this.#live = { connection, statements, relations, hotColumns };
    this.#stagedConnection = await instance.connect();
  }

  detach(): void {
    this.#live?.statements.close();
    this.#live?.connection.closeSync();
    this.#stagedConnection?.closeSync();
    this.#live = undefined;
    this.#stagedConnection = undefined;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  get isBusy(): boolean {
    return this.#pendingRows >= MAX_PENDING_ROWS;
  }

  /** Resolves when the rows are durable; rejects when the commit failed, and then none of them are stored. */
  append(request: AppendRequest): Promise<AppendResult> {
    if (this.#isClosed) return Promise.reject(new AppError("store_closed", "the store is closed; nothing was stored"));
    const rows = request.batches.reduce((sum, batch) => sum + batch.rows.length, 0) + request.rejected.length;
    return new Promise<AppendResult>((resolve, reject) => {
      this.#queue.push({ request, rows, resolve, reject });
      this.#pendingRows += rows;
      void this.#drain();
    });
  }

  /** Runs `work` while no commit runs: changes of the lake's manifest, derived tables, and small writes. */
  runExclusively<T>(work: () => Promise<T>): Promise<T> {
    return this.#inTurn(() => work().finally(() => this.#live?.relations.forgetOffers()));
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const run = this.#exclusive.then(work);
    this.#exclusive = run.catch(() => undefined);
    return run;
  }

  /** Takes staged files in, in a transaction of their own; resolves when they are durable. */
  async appendStaged(
    staged: Omit<StagedAppend, "connection" | "manifest">,
  ): Promise<ReadonlyMap<SourceName, AppendCounts>> {
    await this.#manifest.waitForReaders();
    return this.runExclusively(async () => {
      try {
        return await this.#engine.use(() => {
          const connection = this.#stagedConnection as DuckDBConnection;
          return appendStaged({ ...staged, connection, manifest: this.#manifest });
        });
      } catch (cause) {
        throw writeError(cause);
      } finally {
        this.#recentIds.clear();
      }
    });
  }

  /** Waits for what is queued, then takes no more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    while (this.#isDraining) await new Promise((resolve) => setImmediate(resolve));
    await this.#exclusive;
  }

  async #drain(): Promise<void> {
    if (this.#isDraining) return;
    this.#isDraining = true;
    // A turn of the event loop lets requests that arrived together share the first commit.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#queue.length > 0) {
      await this.#inTurn(() => this.#commit(this.#takeGroup()));
      if (this.#live?.relations.isFoldDue === true) await this.#inTurn(() => this.#fold());
    }
    this.#isDraining = false;
    if (this.#queue.length > 0) void this.#drain();
  }

  #takeGroup(): readonly Pending[] {
    const group: Pending[] = [];
    let rows = 0;
    while (
      this.#queue.length > 0 &&
      (group.length === 0 || rows + (this.#queue[0] as Pending).rows <= MAX_GROUP_ROWS)
    ) {
      const next = this.#queue.shift() as Pending;
      group.push(next);
      rows += next.rows;
    }
    return group;
  }

  /** A failure costs nothing but time: the changes stay where they are, and are read from there. */
  async #fold(): Promise<void> {
    await this.#engine.use(async () => this.#live?.relations.fold()).catch(() => undefined);
  }

  async #commit(group: readonly Pending[]): Promise<void> {
    try {
      const results = await this.#engine.use(() =>
        appendGroup({
          ...(this.#live as LiveConnection),
          manifest: this.#manifest,
          recentIds: this.#recentIds,
          requests: group.map((pending) => pending.request),
        }),
      );
      group.forEach((pending, index) => pending.resolve(results[index] as AppendResult));
    } catch (cause) {
      // One request that cannot be stored must not fail the others it happened to share a transaction with.
      if (group.length > 1) {
        for (const pending of group) {
          this.#pendingRows += pending.rows;
          await this.#commit([pending]);
        }
        return;
      }
      const error = writeError(cause);
      for (const pending of group) pending.reject(error);
    } finally {
      for (const pending of group) this.#pendingRows -= pending.rows;
    }
  }
}

/** What a failed transaction is told as; nothing of it was stored. */
export function writeError(cause: unknown): AppError {
  if (cause instanceof AppError) return cause;
  const message = cause instanceof Error ? cause.message : String(cause);
  return new AppError(
    "store_write_failed",
    `cannot store records: ${message}; check free disk space and the data directory`,
    { cause, retryable: true },
  );
}
