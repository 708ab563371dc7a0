import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";
import { rename, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as timer } from "node:timers/promises";
import { AppError } from "@fourwire/core";
import { abandonDirectory, claimDirectory, readOwner, type DataDirectory } from "./data-directory.ts";
import { addHotColumns } from "./add-columns.ts";
import { migrate } from "./migrate.ts";
import { derivedStatements } from "./derived/derived-schema.ts";
import { dropOutdatedTables } from "./derived/pending-days.ts";
import { createStatements } from "./schema.ts";
import { makeBrokenFolder, mendWal, salvagedPath, type WalReport } from "./wal/mend-wal.ts";

export interface DatabaseOptions {
  /** DuckDB's memory limit, such as `512MB`. */
  readonly memoryLimit?: string;
  readonly threads?: number;
  /** Size of the write-ahead log from which a commit folds it into the file, such as `512MB`. */
  readonly checkpointThreshold?: string;
}

export interface OpenedDatabase {
  readonly instance: DuckDBInstance;
  readonly wal: WalReport | undefined;
}

const DEFAULT_MEMORY_LIMIT = "448MB";

/** The write-ahead log grows to this before a checkpoint stalls commits to fold it in. */
const CHECKPOINT_THRESHOLD = "128MB";

/** How long a directory is waited for that another command, not a server, has open: most take a moment. */
const PATIENCE_MS = 5000;
const LOOK_EVERY_MS = 50;

/** Says who opens the directory, then opens it; waits a little while another command has it. Throws as `openDatabase` does. */
export async function openClaimed(
  directory: DataDirectory,
  options: DatabaseOptions & { readonly command: string },
): Promise<OpenedDatabase> {
  const giveUpTime = Date.now() + PATIENCE_MS;
  for (;;) {
    const other = await claimDirectory(directory, options.command);
    try {
      return await openDatabase(directory, options);
    } catch (error) {
      await abandonDirectory(directory);
      // of a server nothing is to be expected
      if (other === undefined || other.url !== null || Date.now() >= giveUpTime) throw error;
    }
    await timer(LOOK_EVERY_MS);
  }
}

/**
 * Opens or creates the database file, with its tables as this version has them. Mends a damaged write-ahead log first.
 * Throws `store_locked` while another process owns it, `store_open_failed` where DuckDB refuses.
 */
export async function openDatabase(directory: DataDirectory, options: DatabaseOptions): Promise<OpenedDatabase> {
  try {
    const wal = await mendWal(directory);
    let instance = await openFile(directory, options);
    if (await exists(salvagedPath(directory))) {
      await prepareTables(instance);
      await withConnection(instance, async (connection) => void (await connection.run("checkpoint")));
      instance.closeSync();
      instance = await replaySalvaged(directory, options);
    }
    await prepareTables(instance);
    await secure(instance, directory);
    return { instance, wal };
  } catch (cause) {
    throw cause instanceof AppError ? cause : await openError(directory, cause);
  }
}

function openFile(directory: DataDirectory, options: DatabaseOptions): Promise<DuckDBInstance> {
  return DuckDBInstance.create(directory.databasePath, {
    checkpoint_threshold: options.checkpointThreshold ?? CHECKPOINT_THRESHOLD,
    memory_limit: options.memoryLimit ?? DEFAULT_MEMORY_LIMIT,
    preserve_insertion_order: "false",
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
    ...(options.threads === undefined ? {} : { threads: String(options.threads) }),
  });
}

/**
 * Lets DuckDB replay rows that were found behind damage, now that the tables they belong to are in the file. A checkpoint
 * has folded the log in, so the rows take its place. A crash on the way repeats this; repeated rows are removed by their id.
 */
async function replaySalvaged(directory: DataDirectory, options: DatabaseOptions): Promise<DuckDBInstance> {
  const walPath = `${directory.databasePath}.wal`;
  await rename(salvagedPath(directory), walPath);
  try {
    return await openFile(directory, options);
  } catch (error) {
    // the rows cannot be used after all; the damaged log they were taken from was kept
    if (!(await exists(walPath))) throw error;
    await rename(walPath, join(await makeBrokenFolder(directory), "salvaged.wal"));
    return openFile(directory, options);
  }
}

async function prepareTables(instance: DuckDBInstance): Promise<void> {
  await withConnection(instance, async (connection) => {
    for (const statement of createStatements()) await connection.run(statement);
    await dropOutdatedTables(connection);
    for (const statement of derivedStatements()) await connection.run(statement);
    await migrate(connection);
    await addHotColumns(connection);
  });
}

/** From here on no statement, ours or a user's, reaches a file outside the lake and staging folders, or the network. */
async function secure(instance: DuckDBInstance, directory: DataDirectory): Promise<void> {
  const lake = directory.lakePath.replaceAll("'", "''");
  const staging = directory.stagingPath.replaceAll("'", "''");
  await withConnection(instance, async (connection) => {
    await connection.run("set global TimeZone = 'UTC'");
    await connection.run("set global parquet_metadata_cache = true");
    await connection.run(`set global temp_directory = '${staging}/spill'`);
    await connection.run(`set global allowed_directories = ['${lake}/', '${staging}/']`);
    await connection.run("set global enable_external_access = false");
    await connection.run("set global lock_configuration = true");
  });
}

async function withConnection(
  instance: DuckDBInstance,
  work: (connection: DuckDBConnection) => Promise<void>,
): Promise<void> {
  const connection = await instance.connect();
  try {
    await work(connection);
  } finally {
    connection.closeSync();
  }
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}

/** What DuckDB said of a database that cannot be opened, or not be made ready. */
export async function openError(directory: DataDirectory, cause: unknown): Promise<AppError> {
  const owner = await readOwner(directory);
  if (owner !== undefined && owner.pid !== process.pid) {
    const where = owner.url === null ? "" : ` at ${owner.url}`;
    return new AppError(
      "store_locked",
      `data directory "${directory.root}" is in use by fourwire ${owner.command} (process ${owner.pid}${where}); stop it or use another --data`,
      { cause, details: { owner } },
    );
  }
  const message = cause instanceof Error ? cause.message : String(cause);
  return new AppError(
    "store_open_failed",
    `cannot open "${directory.databasePath}": ${message}; check free disk space and permissions; if the file is damaged, run: fourwire repair --data ${dirname(directory.databasePath)}`,
    { cause },
  );
}
