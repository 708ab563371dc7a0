import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { AppError, SOURCE_NAMES, type SourceName } from "@fourwire/core";
import type { AppendCounts, RejectedInput } from "./append.ts";
import { createBatchTable } from "./batch-table.ts";
import { AccessTokens } from "./access-token-table.ts";
import { Checkpoints } from "./checkpoint-table.ts";
import { ContactReader } from "./contact-reader.ts";
import {
  createDirectories,
  dataDirectory,
  readOwner,
  removeOwner,
  writeOwner,
  type DataDirectory,
  type Owner,
} from "./data-directory.ts";
import { createViews, findClosedDays, findMissingFiles, moveDay, removeOrphans } from "./lake.ts";
import { LakeManifest } from "./lake-manifest.ts";
import { ReadPool } from "./read-pool.ts";
import { RecordReader } from "./record-reader.ts";
import { countRejected, readRejected, type RejectedPage } from "./rejected-reader.ts";
import type { StagedGroup } from "./staging.ts";
import { createStatements, STORE_VERSION } from "./schema.ts";
import { readSourceCounts } from "./status-reader.ts";
import { UserQueries, type UserQuery, type UserQueryResult } from "./user-query.ts";
import { Writer, writeError, type AppendRequest, type AppendResult } from "./writer.ts";

export interface StoreOptions {
  readonly path: string;
  /** What holds the store, for the message a second process gets: `serve`, `import`, ... */
  readonly command: string;
  /** DuckDB's memory limit, such as `512MB`. */
  readonly memoryLimit?: string;
  readonly threads?: number;
  /** Views beyond the store's own, as `create or replace view` statements. */
  readonly extraViews?: readonly string[];
}

/** What opening found and mended. */
export interface OpenReport {
  readonly removedOrphans: readonly string[];
  readonly missingLakeFiles: readonly string[];
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

const DEFAULT_MEMORY_LIMIT = "448MB";

/** The write-ahead log grows to this before a checkpoint stalls commits to fold it in. */
const CHECKPOINT_THRESHOLD = "512MB";

/**
 * One data directory: a DuckDB file of recent records and a lake of Parquet files for closed days. One process owns
 * it. What `append` has resolved for is on disk.
 */
export class Store {
  readonly records: RecordReader;
  readonly contacts: ContactReader;
  readonly checkpoints: Checkpoints;
  readonly accessTokens: AccessTokens;
  readonly openReport: OpenReport;
  readonly directory: DataDirectory;
  readonly #instance: DuckDBInstance;
  readonly #writer: Writer;
  readonly #pool: ReadPool;
  readonly #manifest: LakeManifest;
  readonly #userQueries: UserQueries;

  private constructor(parts: StoreParts) {
    this.directory = parts.directory;
    this.openReport = parts.openReport;
    this.#instance = parts.instance;
    this.#writer = parts.writer;
    this.#pool = parts.pool;
    this.#manifest = parts.manifest;
    this.#userQueries = new UserQueries(parts.instance);
    this.records = new RecordReader(parts.pool, parts.manifest);
    this.contacts = new ContactReader(parts.pool, parts.manifest);
    this.checkpoints = new Checkpoints(parts.pool, (work) => this.#runWrite(work));
    this.accessTokens = new AccessTokens(parts.pool, (work) => this.#runWrite(work));
  }

  /** Opens or creates the directory; mends what a crash left. Throws `store_locked` while another process owns it. */
  static async open(options: StoreOptions): Promise<Store> {
    const directory = dataDirectory(options.path);
    await createDirectories(directory);
    const instance = await openInstance(directory, options);
    const connection = await instance.connect();
    for (const statement of createStatements()) await connection.run(statement);
    await checkVersion(connection);
    const manifest = new LakeManifest(directory.lakePath);
    await manifest.load(connection);
    const removedOrphans = await removeOrphans(directory, manifest);
    const missingLakeFiles = await findMissingFiles(manifest);
    await createViews(connection, manifest, options.extraViews ?? []);
    connection.closeSync();
    const writer = await Writer.create(instance, manifest, async (prepared) => {
      for (const source of SOURCE_NAMES) await createBatchTable(prepared, source);
    });
    const pool = await ReadPool.create(instance);
    const store = new Store({
      directory,
      instance,
      writer,
      pool,
      manifest,
      openReport: { removedOrphans, missingLakeFiles },
    });
    await store.announce({ command: options.command, url: null, token: null });
    return store;
  }

  /** Tells other processes who owns the directory and where it can be reached. */
  async announce(owner: Pick<Owner, "command" | "url" | "token">): Promise<void> {
    await writeOwner(this.directory, { ...owner, pid: process.pid, started_time: new Date().toISOString() });
  }

  /** Resolves once everything in the request is durable. */
  append(request: AppendRequest): Promise<AppendResult> {
    return this.#writer.append(request);
  }

  /** Takes what importing processes staged; days (UTC) before `firstOpenDate` go to the lake. Resolves when durable. */
  appendStaged(staged: StagedRequest): Promise<ReadonlyMap<SourceName, AppendCounts>> {
    return this.#writer.appendStaged({ ...staged, directory: this.directory });
  }

  /** True while more is waiting than one commit takes: callers should hold back. */
  get isBusy(): boolean {
    return this.#writer.isBusy;
  }

  query(query: UserQuery): Promise<UserQueryResult> {
    return this.#userQueries.run(query);
  }

  /** Writes a query's rows to a Parquet file and returns its path, in the staging folder; the caller moves or deletes it. */
  async exportParquet(query: UserQuery): Promise<string> {
    const path = join(this.directory.stagingPath, `export-${randomUUID()}.parquet`);
    await this.#userQueries.exportParquet(query, path);
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

  /** Moves the hot rows of every day (UTC) before `firstOpenDate` to the lake. */
  async moveClosedDays(firstOpenDate: string): Promise<MoveReport> {
    const connection = await this.#instance.connect();
    try {
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
    } finally {
      connection.closeSync();
    }
  }

  /** Runs a small write of our own on a connection of its own, while no commit runs; writes run in the order of the calls. */
  async #runWrite<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    if (this.#writer.isClosed) throw new AppError("store_closed", "the store is closed; nothing was stored");
    try {
      return await this.#writer.runExclusively(async () => {
        const connection = await this.#instance.connect();
        try {
          return await work(connection);
        } finally {
          connection.closeSync();
        }
      });
    } catch (cause) {
      throw writeError(cause);
    }
  }

  async close(): Promise<void> {
    await this.#writer.close();
    this.#pool.close();
    this.#instance.closeSync();
    await removeOwner(this.directory);
  }
}

interface StoreParts {
  readonly directory: DataDirectory;
  readonly instance: DuckDBInstance;
  readonly writer: Writer;
  readonly pool: ReadPool;
  readonly manifest: LakeManifest;
  readonly openReport: OpenReport;
}

async function openInstance(directory: DataDirectory, options: StoreOptions): Promise<DuckDBInstance> {
  let instance: DuckDBInstance;
  try {
    instance = await DuckDBInstance.create(directory.databasePath, {
      checkpoint_threshold: CHECKPOINT_THRESHOLD,
      memory_limit: options.memoryLimit ?? DEFAULT_MEMORY_LIMIT,
      preserve_insertion_order: "false",
      autoinstall_known_extensions: "false",
      autoload_known_extensions: "false",
      ...(options.threads === undefined ? {} : { threads: String(options.threads) }),
    });
  } catch (cause) {
    throw await openError(directory, cause);
  }
  const connection = await instance.connect();
  await connection.run("set global TimeZone = 'UTC'");
  await connection.run("set global parquet_metadata_cache = true");
  await connection.run(`set global temp_directory = '${directory.stagingPath.replaceAll("'", "''")}/spill'`);
  await connection.run(
    `set global allowed_directories = ['${directory.lakePath.replaceAll("'", "''")}/', '${directory.stagingPath.replaceAll("'", "''")}/']`,
  );
  // From here on no statement, ours or a user's, reaches a file outside the lake and staging folders, or the network.
  await connection.run("set global enable_external_access = false");
  await connection.run("set global lock_configuration = true");
  connection.closeSync();
  return instance;
}

async function openError(directory: DataDirectory, cause: unknown): Promise<AppError> {
  const owner = await readOwner(directory);
  if (owner !== undefined && owner.pid !== process.pid) {
    const where = owner.url === null ? "" : ` at ${owner.url}`;
    return new AppError(
      "store_locked",
      `data directory "${directory.root}" is in use by fourwire ${owner.command} (process ${owner.pid}${where}); stop it or use another --data`,
      { cause, details: { owner } },
    );
  }
  return new AppError(
    "store_open_failed",
    `cannot open "${directory.databasePath}": ${cause instanceof Error ? cause.message : String(cause)}`,
    { cause },
  );
}

async function checkVersion(connection: DuckDBConnection): Promise<void> {
  await connection.run(
    `insert into store.store_meta values ('store_version', '${STORE_VERSION}') on conflict do nothing`,
  );
  const reader = await connection.runAndReadAll("select value from store.store_meta where key = 'store_version'");
  const version = Number(reader.getRows()[0]?.[0]);
  if (version > STORE_VERSION) {
    throw new AppError(
      "store_open_failed",
      `the data directory was written by a newer fourwire (store version ${version}, this one knows ${STORE_VERSION}); upgrade`,
    );
  }
}
