import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";
import { stat } from "node:fs/promises";
import { AppError } from "@fourwire/core";
import { createDirectories, dataDirectory, readOwner, type DataDirectory } from "../data-directory.ts";
import { listLake } from "../lake.ts";
import { quoteName, quoteText } from "../schema.ts";
import { Store, type StoreOptions } from "../store.ts";
import { beginMending, type WalReport } from "../wal/mend-wal.ts";
import { rebuildDatabase, type Rebuilt } from "./rebuild-database.ts";
import { repairLake, type LakeRepair } from "./repair-lake.ts";

/** How far a repair is. */
export interface RepairProgress {
  readonly step: string;
  readonly done: number;
  readonly total: number;
}

/** A table of which rows could not be read. */
export interface TableLoss {
  readonly table: string;
  readonly rows: number;
  readonly lost: number;
}

/** A lake file that is not what it was. */
export interface LakeLoss {
  readonly path: string;
  readonly reason: "missing" | "changed" | "unreadable";
  /** Rows it held, as listed. */
  readonly rows: number;
  readonly lost: number;
  /** Where the damaged file is now. */
  readonly kept: string | undefined;
}

/** What a repair found and did. */
export interface RepairReport {
  /** sound: every block could be read; rebuilt: a new file holds what was readable. */
  readonly database: "sound" | "rebuilt";
  readonly wal: WalReport | undefined;
  readonly tables: readonly TableLoss[];
  readonly lake: LakeRepair;
  /** Records of each source that are there now. */
  readonly records: Readonly<Record<string, number>>;
  /** Where the broken files are kept. */
  readonly kept: readonly string[];
  /** What is lost, in sentences; empty when nothing is. */
  readonly lost: readonly string[];
}

export interface RepairOptions extends StoreOptions {
  readonly onProgress?: (progress: RepairProgress) => void;
}

/**
 * Reads everything, keeps what is readable, and says what is lost. Broken files are moved aside, never changed. Throws
 * `store_locked` while a process holds the directory.
 */
export async function repairStore(options: RepairOptions): Promise<RepairReport> {
  const directory = dataDirectory(options.path);
  await createDirectories(directory);
  await requireFree(directory);
  const onProgress = options.onProgress ?? ((): void => undefined);
  onProgress({ step: "opening", done: 0, total: 1 });
  const isGone = await isDatabaseGone(directory);
  const opened = await tryToOpen(options);
  let rebuilt: Rebuilt | undefined;
  if (opened === undefined || (await findBrokenTables(directory, onProgress)).length > 0) {
    rebuilt = await rebuildDatabase(directory, onProgress);
    await openAndClose(options);
  }
  const lake = await checkLake(directory, onProgress);
  onProgress({ step: "putting in order", done: 0, total: 1 });
  const store = await Store.open(options);
  const counts = await store.sourceCounts();
  await store.close();
  const records = Object.fromEntries(counts.map((count) => [count.source, count.recordCount]));
  return describe({ rebuilt, isGone, wal: opened, lake, records });
}

/** A directory with a log or a lake had a database once. */
async function isDatabaseGone(directory: DataDirectory): Promise<boolean> {
  if (await isThere(directory.databasePath)) return false;
  return (await isThere(`${directory.databasePath}.wal`)) || (await listLake(directory)).length > 0;
}

function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function requireFree(directory: DataDirectory): Promise<void> {
  const owner = await readOwner(directory);
  if (owner === undefined || owner.pid === process.pid) return;
  throw new AppError(
    "store_locked",
    `data directory "${directory.root}" is in use by fourwire ${owner.command} (process ${owner.pid}); stop it, then repair`,
    { details: { owner } },
  );
}

/** Opens and closes, which mends the log; undefined when DuckDB refuses the file. */
async function tryToOpen(options: StoreOptions): Promise<{ readonly wal: WalReport | undefined } | undefined> {
  try {
    return await openAndClose(options);
  } catch (error) {
    // a newer version's directory is not broken
    if (error instanceof AppError && (error.code !== "store_open_failed" || error.cause === undefined)) throw error;
    return undefined;
  }
}

async function openAndClose(options: StoreOptions): Promise<{ readonly wal: WalReport | undefined }> {
  const store = await Store.open(options);
  const { wal } = store.openReport;
  await store.close();
  return { wal };
}

/** Works on the database file itself, without the restrictions that the store puts on SQL. */
async function withDatabase<T>(
  directory: DataDirectory,
  work: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  const instance = await DuckDBInstance.create(directory.databasePath, { memory_limit: "1GB" });
  const connection = await instance.connect();
  try {
    await connection.run("set TimeZone = 'UTC'");
    await connection.run(`set temp_directory = ${quoteText(`${directory.stagingPath}/spill`)}`);
    return await work(connection);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** Reads every row of every table. */
function findBrokenTables(
  directory: DataDirectory,
  onProgress: (progress: RepairProgress) => void,
): Promise<readonly string[]> {
  return withDatabase(directory, async (connection) => {
    const reader = await connection.runAndReadAll(
      "select schema_name, table_name from duckdb_tables() where database_name = current_database() order by all",
    );
    const names = reader.getRows().map(([schema, table]) => `${quoteName(String(schema))}.${quoteName(String(table))}`);
    const broken: string[] = [];
    for (const [index, name] of names.entries()) {
      onProgress({ step: `reading ${name.replaceAll('"', "")}`, done: index, total: names.length });
      const isReadable = await connection.run(`select bit_xor(hash(t)) from (select t from ${name} t)`).then(
        () => true,
        () => false,
      );
      if (!isReadable) broken.push(name);
    }
    return broken;
  });
}

async function checkLake(
  directory: DataDirectory,
  onProgress: (progress: RepairProgress) => void,
): Promise<LakeRepair> {
  const lake = await withDatabase(directory, (connection) => repairLake(connection, directory, onProgress));
  // recovered rows are in files that are in no list yet
  if (lake.losses.length > 0) await beginMending(directory, { lake: lake.losses.map((loss) => loss.path) });
  return lake;
}

interface Findings {
  readonly rebuilt: Rebuilt | undefined;
  readonly isGone: boolean;
  readonly wal: { readonly wal: WalReport | undefined } | undefined;
  readonly lake: LakeRepair;
  readonly records: Readonly<Record<string, number>>;
}

function describe(findings: Findings): RepairReport {
  const { rebuilt, lake, records } = findings;
  const wal = findings.wal?.wal;
  const kept = [wal?.keptPath, rebuilt?.keptPath, ...lake.losses.map((loss) => loss.kept)];
  return {
    database: rebuilt === undefined ? "sound" : "rebuilt",
    wal,
    tables: rebuilt?.losses ?? [],
    lake,
    records,
    kept: kept.filter((path) => path !== undefined),
    lost: [...lostOfLog(wal), ...lostOfDatabase(findings), ...lostOfLake(lake)],
  };
}

function lostOfLog(wal: WalReport | undefined): readonly string[] {
  if (wal === undefined || wal.damagedBytes === 0) return [];
  return [`${wal.damagedBytes} bytes of the write-ahead log, from byte ${wal.faultPosition ?? 0} on`];
}

function lostOfDatabase({ rebuilt, isGone }: Findings): readonly string[] {
  if (isGone) return ["the database file, which was not there: every row that was neither in the log nor in the lake"];
  if (rebuilt === undefined) return [];
  return [
    ...lostWithState(rebuilt),
    ...rebuilt.losses.map((table) => `${table.lost} of ${table.rows} rows of ${table.table}`),
    "the positions of receivers: they begin where they are told to, and what is stored stays stored once",
  ];
}

function lostWithState({ state, walPieces }: Rebuilt): readonly string[] {
  const unless = `neither in the log (${walPieces} pieces of rows were) nor in the lake`;
  switch (state) {
    case "newest":
      return [];
    case "older":
      return [`every row that came into the database file since an earlier checkpoint, and is ${unless}`];
    case "none":
      return [`every row of the database file that is ${unless}`];
  }
}

function lostOfLake(lake: LakeRepair): readonly string[] {
  return lake.losses
    .filter((loss) => loss.lost > 0 || loss.reason === "missing")
    .map((loss) => `${loss.lost} of ${loss.rows} records of ${loss.path} (${loss.reason})`);
}
