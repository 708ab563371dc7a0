import type { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { AppError, type RecordBatch, type SourceName } from "@fourwire/core";
import { appendGroup, type AppendCounts, type RejectedInput } from "./append.ts";
import { appendStaged, type StagedAppend } from "./append-staged.ts";
import type { ConnectionHolder, Engine } from "./engine.ts";
import type { LakeManifest } from "./lake-manifest.ts";
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

/** Rows in one transaction: enough to spread the cost of a commit, few enough to keep its memory small. */
const MAX_GROUP_ROWS = 65_536;

/** Connections that take turns. */
const TURNS = 2;

/** Rows waiting, above which `isBusy` asks callers to hold back. */
const MAX_PENDING_ROWS = 4 * MAX_GROUP_ROWS;

/**
 * The one writer. Whatever is waiting when a commit ends goes into the next one (group commit); a caller's promise
 * resolves when its rows are on disk. Two connections take turns, so that one group's rows are handed to DuckDB while
 * the other group commits.
 */
export class Writer implements ConnectionHolder {
  readonly #engine: Engine;
  readonly #prepare: (connection: DuckDBConnection) => Promise<void>;
  #connections: readonly DuckDBConnection[] = [];
  /** For staged files, so that their transaction never meets a group that is being filled. */
  #stagedConnection: DuckDBConnection | undefined;
  readonly #manifest: LakeManifest;
  readonly #queue: Pending[] = [];
  #pendingRows = 0;
  #turn = 0;
  #isDraining = false;
  #isClosed = false;
  #exclusive: Promise<unknown> = Promise.resolve();

  private constructor(
    engine: Engine,
    manifest: LakeManifest,
    prepare: (connection: DuckDBConnection) => Promise<void>,
  ) {
    this.#engine = engine;
    this.#manifest = manifest;
    this.#prepare = prepare;
  }

  static async create(
    engine: Engine,
    manifest: LakeManifest,
    prepare: (connection: DuckDBConnection) => Promise<void>,
  ): Promise<Writer> {
    const writer = new Writer(engine, manifest, prepare);
    await engine.hold(writer);
    return writer;
  }

  async attach(instance: DuckDBInstance): Promise<void> {
    const connections: DuckDBConnection[] = [];
    for (let index = 0; index < TURNS; index++) {
      const connection = await instance.connect();
      await this.#prepare(connection);
      connections.push(connection);
    }
    this.#connections = connections;
    this.#stagedConnection = await instance.connect();
  }

  detach(): void {
    for (const connection of this.#connections) connection.closeSync();
    this.#stagedConnection?.closeSync();
    this.#connections = [];
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

  /** Runs `work` while no commit runs, for changes of the lake's manifest. */
  runExclusively<T>(work: () => Promise<T>): Promise<T> {
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
    const running: Promise<void>[] = [];
    while (this.#queue.length > 0) {
      running.push(this.#commit(this.#takeGroup(), this.#nextTurn()));
      if (running.length === TURNS) await running.shift();
    }
    await Promise.all(running);
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

  /** The connection whose commit ended longest ago: at most one group runs on each. */
  #nextTurn(): number {
    return this.#turn++ % TURNS;
  }

  async #commit(group: readonly Pending[], turn: number): Promise<void> {
    try {
      const results = await this.#engine.use(() =>
        appendGroup({
          connection: this.#connections[turn] as DuckDBConnection,
          manifest: this.#manifest,
          requests: group.map((pending) => pending.request),
          runExclusively: (work) => this.runExclusively(work),
        }),
      );
      group.forEach((pending, index) => pending.resolve(results[index] as AppendResult));
    } catch (cause) {
      // One request that cannot be stored must not fail the others it happened to share a transaction with.
      if (group.length > 1) {
        for (const pending of group) {
          this.#pendingRows += pending.rows;
          await this.#commit([pending], turn);
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
