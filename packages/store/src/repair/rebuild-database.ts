import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";
import { closeSync, fsyncSync, openSync, writeSync } from "node:fs";
import { copyFile, link, mkdir, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { DataDirectory } from "../data-directory.ts";
import { migrate } from "../migrate.ts";
import { columnList, createStatements, quoteName } from "../schema.ts";
import { syncDirectory } from "../staging.ts";
import { beginMending, makeBrokenFolder, salvagedPath } from "../wal/mend-wal.ts";
import { WAL_HEADER } from "../wal/wal-frames.ts";
import { salvageWal } from "../wal/wal-salvage.ts";
import { hasCode } from "../error-code.ts";
import { attachBroken, type BrokenState } from "./attach-broken.ts";
import type { RepairProgress, TableLoss } from "./repair.ts";

/** Rows read at once from a broken table, and what a piece that cannot be read is cut into. */
const PIECE_ROWS = 20_480;
const SMALL_PIECE_ROWS = 2048;

/**
 * Worked out again from the records and the lake (the list of files, contacts, agents; all of schema `derived`), or dangerous to keep: receivers'
 * positions would skip records that are lost and could be fetched again.
 */
const NOT_COPIED = new Set([
  "store.store_meta",
  "store.lake_file",
  "store.contact_span",
  "store.contact_span_change",
  "store.contact_link",
  "store.agent_identity",
  "store.agent_identity_change",
  "store.receiver_checkpoint",
]);

export interface Rebuilt {
  /** Where the broken files are. */
  readonly keptPath: string;
  /** Tables of which rows could not be read. */
  readonly losses: readonly TableLoss[];
  /** How much of the database file could be read. */
  readonly state: BrokenState;
  /** Pieces of rows that the log held. */
  readonly walPieces: number;
}

/**
 * Makes a new database file of what can be read of a broken one, piece by piece, and of the rows in its log, which stand
 * for themselves. The broken files are moved aside, not changed, and only once the new one is whole: a repair that is cut
 * off is begun anew. The next opening replays the log's rows, lists the lake files and works out the rest.
 */
export async function rebuildDatabase(
  directory: DataDirectory,
  onProgress: (progress: RepairProgress) => void,
): Promise<Rebuilt> {
  const keptPath = await makeBrokenFolder(directory);
  const brokenPath = join(keptPath, "fourwire.duckdb");
  // without its log beside it, so that attaching the file does not replay that
  await link(directory.databasePath, brokenPath).catch(() => copyFile(directory.databasePath, brokenPath));
  const newPath = `${directory.databasePath}.new`;
  for (const path of [newPath, `${newPath}.wal`]) await rm(path, { force: true });
  const walPieces = salvageLogs(directory);
  const copied = await fillNewDatabase(newPath, brokenPath, onProgress);
  await beginMending(directory, { keptPath });
  await rename(`${salvagedPath(directory)}.new`, salvagedPath(directory));
  await moveLogsAside(directory, keptPath);
  await rename(newPath, directory.databasePath);
  await syncDirectory(directory.root);
  return { keptPath, walPieces, ...copied };
}

async function fillNewDatabase(
  newPath: string,
  brokenPath: string,
  onProgress: (progress: RepairProgress) => void,
): Promise<Pick<Rebuilt, "losses" | "state">> {
  const instance = await DuckDBInstance.create(newPath, { memory_limit: "1GB" });
  const connection = await instance.connect();
  try {
    await connection.run("set TimeZone = 'UTC'");
    for (const statement of createStatements()) await connection.run(statement);
    await migrate(connection);
    const state = await attachBroken(connection, brokenPath, dirname(brokenPath));
    const losses = state === "none" ? [] : await copyTables(connection, onProgress);
    if (state !== "none") await connection.run("detach broken");
    await connection.run("checkpoint");
    return { losses, state };
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** Logs of DuckDB's, in the order they are written. */
const LOG_NAMES = ["fourwire.duckdb.wal", "fourwire.duckdb.wal.checkpoint", "fourwire.duckdb.wal.recovery"];

async function moveLogsAside(directory: DataDirectory, keptPath: string): Promise<void> {
  const logPath = join(keptPath, "log");
  await mkdir(logPath);
  for (const name of await readdir(directory.root))
    if (LOG_NAMES.includes(name)) await rename(join(directory.root, name), join(logPath, name));
}

/** Takes the rows out of every log there is, for the next opening to replay. */
function salvageLogs(directory: DataDirectory): number {
  const file = openSync(`${salvagedPath(directory)}.new`, "w");
  try {
    writeSync(file, WAL_HEADER);
    let pieces = 0;
    for (const path of [...LOG_NAMES.map((name) => join(directory.root, name)), salvagedPath(directory)])
      pieces += salvageIfThere(path, (frame) => void writeSync(file, frame));
    fsyncSync(file);
    return pieces;
  } finally {
    closeSync(file);
  }
}

function salvageIfThere(path: string, write: (frame: Uint8Array) => void): number {
  try {
    return salvageWal(path, 0, write).pieces;
  } catch (error) {
    if (hasCode(error, "ENOENT")) return 0;
    throw error;
  }
}

async function copyTables(
  connection: DuckDBConnection,
  onProgress: (progress: RepairProgress) => void,
): Promise<readonly TableLoss[]> {
  const losses: TableLoss[] = [];
  const names = await tableNames(connection);
  for (const [index, name] of names.entries()) {
    onProgress({ step: `copying ${name.full}`, done: index, total: names.length });
    const loss = await copyTable(connection, name);
    if (loss.lost > 0) losses.push(loss);
  }
  return losses;
}

interface TableName {
  readonly full: string;
  readonly sql: string;
  /** Columns that both the broken and the new table have. */
  readonly columns: string;
}

async function tableNames(connection: DuckDBConnection): Promise<readonly TableName[]> {
  const reader = await connection.runAndReadAll(
    `select b.schema_name, b.table_name, b.column_name
     from duckdb_columns() b
     join duckdb_columns() n on n.database_name = current_database() and n.schema_name = b.schema_name
       and n.table_name = b.table_name and n.column_name = b.column_name
     join duckdb_tables() t on t.database_name = 'broken' and t.schema_name = b.schema_name and t.table_name = b.table_name
     where b.database_name = 'broken' and b.schema_name <> 'derived' order by 1, 2, b.column_index`,
  );
  const tables = new Map<string, { readonly sql: string; readonly columns: { readonly name: string }[] }>();
  for (const row of reader.getRows()) {
    const [schema = "", table = "", name = ""] = row.map(String);
    const full = `${schema}.${table}`;
    if (NOT_COPIED.has(full)) continue;
    const found = tables.get(full) ?? { sql: `${quoteName(schema)}.${quoteName(table)}`, columns: [] };
    found.columns.push({ name });
    tables.set(full, found);
  }
  return [...tables].map(([full, { sql, columns }]) => ({ full, sql, columns: columnList(columns) }));
}

async function copyTable(connection: DuckDBConnection, name: TableName): Promise<TableLoss> {
  const source = `broken.${name.sql}`;
  const extent = await readExtent(connection, source);
  const copy = (condition: string): Promise<number | undefined> =>
    tryToCopy(
      connection,
      `insert into ${name.sql} (${name.columns}) select ${name.columns} from ${source} ${condition}`,
    );
  const whole = await copy("");
  if (whole !== undefined) return { table: name.full, rows: whole, lost: 0 };
  let copied = 0;
  for (let from = 0; from < extent.end; from += PIECE_ROWS) {
    const piece = await copy(`where rowid >= ${from} and rowid < ${from + PIECE_ROWS}`);
    copied += piece ?? 0;
    if (piece !== undefined) continue;
    for (let start = from; start < from + PIECE_ROWS; start += SMALL_PIECE_ROWS)
      copied += (await copy(`where rowid >= ${start} and rowid < ${start + SMALL_PIECE_ROWS}`)) ?? 0;
  }
  return { table: name.full, rows: extent.rows, lost: Math.max(1, extent.rows - copied) };
}

/** Rows of a table and where its row ids end. Neither needs the rows themselves. */
async function readExtent(
  connection: DuckDBConnection,
  table: string,
): Promise<{ readonly rows: number; readonly end: number }> {
  try {
    const reader = await connection.runAndReadAll(
      `select count(*)::double, coalesce(max(rowid), -1)::double from ${table}`,
    );
    const [rows, last] = reader.getRows()[0] ?? [];
    return { rows: Number(rows), end: Number(last) + 1 };
  } catch {
    // what describes the table is gone, and with it every row
    return { rows: 0, end: 0 };
  }
}

/** Rows copied; undefined when a block among them cannot be read. */
async function tryToCopy(connection: DuckDBConnection, statement: string): Promise<number | undefined> {
  try {
    return (await connection.run(statement)).rowsChanged;
  } catch {
    return undefined;
  }
}
