import type { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { AppError, type SourceName } from "@fourwire/core";
import type { AdoptReport } from "./adopt.ts";
import type { AppendCounts, RejectedInput } from "./append.ts";
import { AccessTokens } from "./access-token-table.ts";
import { Checkpoints } from "./checkpoint-table.ts";
import { AgentDays } from "./derived/agent-days.ts";
import { derivedTableViews, namesDerivedTable } from "./derived/derived-schema.ts";
import { DerivedReader } from "./derived/derived-reader.ts";
import { OfferEvidenceReader } from "./derived/offer-evidence.ts";
import { LiveReader } from "./derived/live-reader.ts";
import { ContactReader } from "./contact-reader.ts";
import {
  createDirectories,
  dataDirectory,
  abandonDirectory,
  removeOwner,
  writeOwner,
  type DataDirectory,
  type Owner,
} from "./data-directory.ts";
import { DiskWatch, type DiskOptions, type IntakeState } from "./disk-watch.ts";
import { Engine } from "./engine.ts";
import { findClosedDays, moveDay } from "./lake.ts";
import type { UnreadableFile } from "./lake-check.ts";
import { LakeManifest } from "./lake-manifest.ts";
import { openClaimed, openDatabase, openError, type DatabaseOptions, type OpenedDatabase } from "./open-database.ts";
import { openLake } from "./open-lake.ts";
import { ReadPool } from "./read-pool.ts";
import type { ReconcileReport } from "./reconcile.ts";
import { RecordReader } from "./record-reader.ts";
import { countRejected, readRejected, type RejectedPage } from "./rejected-reader.ts";
import { countReplayable, readReplayable, type ReplaySelection } from "./rejected-replay.ts";
import type { StagedGroup } from "./staging.ts";
import { Shifts } from "./shift-table.ts";
import { readSourceCounts } from "./status-reader.ts";
import { UserQueries, type UserQuery, type UserQueryResult } from "./user-query.ts";
import type { WalReport } from "./wal/mend-wal.ts";
import { WfmReader } from "./wfm-reader.ts";
import { Writer, writeError, type AppendRequest, type AppendResult } from "./writer.ts";

export interface StoreOptions extends DatabaseOptions {
  readonly path: string;
  /** What holds the store, for the message a second process gets: `serve`, `import`, ... */
  readonly command: string;
  readonly disk?: DiskOptions;
  /** The present instant, Unix ms; tests give another clock. */
  readonly now?: () => number;
  /** Views beyond the store's own, as `create or replace view` statements. */
  readonly extraViews?: readonly string[];
}

/** What opening found and mended. */
export interface OpenReport extends AdoptReport {
  /** Listed lake files that cannot be read. They are left out of every read and stay listed. */
  readonly unreadableFiles: readonly UnreadableFile[];
  /** How the write-ahead log was found; undefined when there was none. */
  readonly wal: WalReport | undefined;
  /** What was put in order after damage; undefined when there was none. */
  readonly reconciled: ReconcileReport | undefined;
}

/** What an importing process staged, and what it could not decode. */
export interface StagedRequest {
  readonly group: StagedGroup;
  readonly rejected: readonly RejectedInput[];
  readonly firstOpenDate: string;
}

/** What moving closed days did. */
export interface MoveReport {
  readonly dayCount: number;
  readonly rowCount: number;
}

/** How long a query waits for the tables it reads to be made current. */
const QUERY_SETTLE_MS = 5000;

/**
 * One data directory: a DuckDB file of recent records and a lake of Parquet files for closed days. One process owns
 * it. What `append` has resolved for is on disk.
 */
export class Store {
  readonly records: RecordReader;
  readonly contacts: ContactReader;
  readonly checkpoints: Checkpoints;
  readonly accessTokens: AccessTokens;
  /** What the records say about agents, worked out and kept. */
  readonly agentDays: AgentDays;
  /** Where live state starts from. */
  readonly live: LiveReader;
  /** What tells why offers were not answered. */
  readonly offerEvidence: OfferEvidenceReader;
  /** The derived tables. */
  readonly derived: DerivedReader;
  /** What is handed on to workforce management tools. */
  readonly wfm: WfmReader;
  /** The plan of agents' work. */
  readonly shifts: Shifts;
  readonly openReport: OpenReport;
  readonly directory: DataDirectory;
  readonly #engine: Engine;
  readonly #disk: DiskWatch;
  readonly #writer: Writer;
  readonly #pool: ReadPool;
  readonly #manifest: LakeManifest;
  readonly #userQueries: UserQueries;

  private constructor(parts: StoreParts) {
    this.directory = parts.directory;
    this.openReport = parts.openReport;
    this.#engine = parts.engine;
    this.#disk = parts.disk;
    this.#writer = parts.writer;
    this.#pool = parts.pool;
    this.#manifest = parts.manifest;
    this.#userQueries = new UserQueries(parts.engine);
    this.records = new RecordReader(parts.pool, parts.manifest);
    this.contacts = new ContactReader(parts.pool, parts.manifest);
    this.checkpoints = new Checkpoints(parts.pool, (work) => this.#runWrite(work));
    this.accessTokens = new AccessTokens(parts.pool, (work) => this.#runWrite(work));
    this.offerEvidence = new OfferEvidenceReader(parts);
    this.agentDays = new AgentDays({
      pool: parts.pool,
      manifest: parts.manifest,
      evidence: this.offerEvidence,
      runWrite: (work) => this.#runWrite(work),
      now: parts.now,
    });
    this.live = new LiveReader(parts);
    this.derived = new DerivedReader(parts);
    this.wfm = new WfmReader(parts);
    this.shifts = new Shifts(parts.pool, (work) => this.#runWrite(work));
  }

  /** Opens or creates the directory; mends what a crash left. Throws `store_locked` while another process owns it. */
  static async open(options: StoreOptions): Promise<Store> {
    const directory = dataDirectory(options.path);
    await createDirectories(directory);
    const database = await openClaimed(directory, options);
    try {
      return await Store.#over(directory, database, options);
    } catch (cause) {
      database.instance.closeSync();
      await abandonDirectory(directory);
      // DuckDB's errors have no class of their own; one of another class is a bug
      throw cause instanceof Error && cause.name === "Error" ? await openError(directory, cause) : cause;
    }
  }

  /** Makes a database that was opened ready to be read and written. */
  static async #over(
    directory: DataDirectory,
    { instance, wal }: OpenedDatabase,
    options: StoreOptions,
  ): Promise<Store> {
    const manifest = new LakeManifest(directory.lakePath);
    const found = await openLake({
      instance,
      directory,
      manifest,
      extraViews: [...derivedTableViews(), ...(options.extraViews ?? [])],
    });
    const engine = new Engine(instance, () => reopen(directory, manifest, options));
    const writer = await Writer.create(engine, manifest);
    const pool = await ReadPool.create(engine);
    const disk = new DiskWatch(directory.root, options.disk);
    await disk.start();
    const now = options.now ?? Date.now;
    const store = new Store({ directory, engine, disk, writer, pool, manifest, openReport: { ...found, wal }, now });
    await store.announce({ command: options.command, url: null, token: null });
    return store;
  }

  /** Tells other processes who owns the directory and where it can be reached; false where the disk is too full for it. */
  async announce(owner: Pick<Owner, "command" | "url" | "token">): Promise<boolean> {
    return writeOwner(this.directory, { ...owner, pid: process.pid, started_time: new Date().toISOString() });
  }

  /** Whether records are taken in, or refused because the disk is nearly full. */
  get intakeState(): IntakeState {
    return this.#disk.state;
  }

  /** How often the database had to be opened again after a failed write, since this store was opened. */
  get reopenCount(): number {
    return this.#engine.reopenCount;
  }

  /** Resolves once everything in the request is durable. */
  append(request: AppendRequest): Promise<AppendResult> {
    return this.#take(() => this.#writer.append(request));
  }

  /** Refuses before the disk is full; looks at it after a failure. */
  async #take<T>(work: () => Promise<T>): Promise<T> {
    this.#disk.requireRoom();
    try {
      return await work();
    } catch (error) {
      await this.#disk.check();
      throw error;
    }
  }

  /** Takes what importing processes staged; days (UTC) before `firstOpenDate` go to the lake. Resolves when durable. */
  appendStaged(staged: StagedRequest): Promise<ReadonlyMap<SourceName, AppendCounts>> {
    return this.#take(() => this.#writer.appendStaged({ ...staged, directory: this.directory }));
  }

  /** True while more is waiting than one commit takes: callers should hold back. */
  get isBusy(): boolean {
    return this.#writer.isBusy;
  }

  /** What the query reads of agents is worked in first, as far as that takes no longer than a person waits. */
  async query(query: UserQuery): Promise<UserQueryResult> {
    const pendingAgentDays = await this.#settleFor(query.sql);
    return { ...(await this.#userQueries.run(query)), pendingAgentDays };
  }

  /** Days of agents still to be worked in that the SQL may read; 0 when it names no derived table. */
  async #settleFor(sql: string): Promise<number> {
    if (!namesDerivedTable(sql)) return 0;
    return (await this.agentDays.settle({ budgetMs: QUERY_SETTLE_MS })).pendingDays;
  }

  /** Writes a query's rows to a Parquet file and returns its path, in the staging folder; the caller moves or deletes it. */
  async exportParquet(query: UserQuery): Promise<string> {
    const path = join(this.directory.stagingPath, `export-${randomUUID()}.parquet`);
    await this.#settleFor(query.sql);
    try {
      await this.#userQueries.exportParquet(query, path);
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
    return path;
  }

  sourceCounts(): ReturnType<typeof readSourceCounts> {
    return readSourceCounts(this.#pool, this.#manifest);
  }

  rejected(page: RejectedPage): ReturnType<typeof readRejected> {
    return readRejected(this.#pool, page);
  }

  rejectedCounts(): ReturnType<typeof countRejected> {
    return countRejected(this.#pool);
  }

  /** How many rejected records a selection names, and how many of those were cut. */
  countReplayable(selection: ReplaySelection): ReturnType<typeof countReplayable> {
    return countReplayable(this.#pool, selection);
  }

  /** The next rejected records that can be decoded again, in the order of their ids. */
  readReplayable(
    selection: ReplaySelection,
    after: Parameters<typeof readReplayable>[2],
  ): ReturnType<typeof readReplayable> {
    return readReplayable(this.#pool, selection, after);
  }

  /** Moves the hot rows of every day (UTC) before `firstOpenDate` to the lake. */
  moveClosedDays(firstOpenDate: string): Promise<MoveReport> {
    return this.#engine.connected(async (connection) => {
      const days = await findClosedDays(connection, Date.parse(firstOpenDate));
      let rowCount = 0;
      for (const day of days) {
        rowCount += await moveDay(
          {
            connection,
            directory: this.directory,
            manifest: this.#manifest,
            runExclusively: (work) => this.#writer.runExclusively(work),
          },
          day,
        );
      }
      return { dayCount: days.length, rowCount };
    });
  }

  /** Runs a small write of our own on a connection of its own, while no commit runs; writes run in the order of the calls. */
  async #runWrite<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    if (this.#writer.isClosed) throw new AppError("store_closed", "the store is closed; nothing was stored");
    try {
      return await this.#writer.runExclusively(() => this.#engine.connected(work));
    } catch (cause) {
      throw writeError(cause);
    }
  }

  async close(): Promise<void> {
    await this.agentDays.close();
    await this.#writer.close();
    this.#disk.stop();
    await this.#engine.close();
    await removeOwner(this.directory);
  }
}

interface StoreParts {
  readonly directory: DataDirectory;
  readonly engine: Engine;
  readonly disk: DiskWatch;
  readonly writer: Writer;
  readonly pool: ReadPool;
  readonly manifest: LakeManifest;
  readonly openReport: OpenReport;
  readonly now: () => number;
}

/** Opens the database file again, and reads the list of lake files as the last durable commit left it. */
async function reopen(
  directory: DataDirectory,
  manifest: LakeManifest,
  options: StoreOptions,
): Promise<DuckDBInstance> {
  const { instance } = await openDatabase(directory, options);
  const connection = await instance.connect();
  try {
    await manifest.change(() => manifest.load(connection));
    return instance;
  } finally {
    connection.closeSync();
  }
}
