import type { DuckDBConnection } from "@duckdb/node-api";
import { randomUUID } from "node:crypto";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { SOURCE_NAMES, type SourceName } from "@fourwire/core";
import type { DataDirectory } from "./data-directory.ts";
import { rollBack } from "./roll-back.ts";
import { digestFile } from "./lake-digest.ts";
import { LAKE_FORMAT, lakeOrder } from "./lake-format.ts";
import type { LakeManifest } from "./lake-manifest.ts";
import {
  columnList,
  logRecordViewStatement,
  derivedViewStatements,
  quoteText,
  sourceViewStatement,
  tableColumns,
} from "./schema.ts";
import { syncDirectory, syncFile } from "./staging.ts";

const DAY_MS = 86_400_000;

/** A day of one source that is still in the hot table. */
export interface HotDay {
  readonly source: SourceName;
  readonly eventDate: string;
  readonly rowCount: number;
}

/** Days before `closedBefore` (ms) that have hot rows. */
export async function findClosedDays(connection: DuckDBConnection, closedBefore: number): Promise<readonly HotDay[]> {
  const selects = SOURCE_NAMES.map(
    (source) => `select '${source}' as source, event_time::date::varchar as event_date, count(*)::double as row_count
      from hot.${source} where event_time < make_timestamptz(${closedBefore * 1000}::bigint) group by all`,
  );
  const reader = await connection.runAndReadAll(`${selects.join(" union all ")} order by source, event_date`);
  return reader.getRowObjectsJS().map((row) => ({
    source: row.source as SourceName,
    eventDate: row.event_date as string,
    rowCount: row.row_count as number,
  }));
}

export interface MoveContext {
  readonly connection: DuckDBConnection;
  readonly directory: DataDirectory;
  readonly manifest: LakeManifest;
  readonly runExclusively: <T>(work: () => Promise<T>) => Promise<T>;
}

/**
 * Moves one day of one source from the hot table to the lake. The file is complete and synced before the single
 * transaction that lists it and deletes its rows: a crash leaves either the rows hot (and an orphan file, which the
 * next opening deletes) or the file listed. Copy and delete share one snapshot, so rows that arrive meanwhile stay hot.
 */
export async function moveDay(context: MoveContext, day: HotDay): Promise<number> {
  const { connection, directory } = context;
  const path = join(day.source, `event_date=${day.eventDate}`, `part-${randomUUID()}.parquet`);
  const stagedPath = join(directory.stagingPath, `${randomUUID()}.parquet`);
  const finalPath = join(directory.lakePath, path);
  const start = Date.parse(`${day.eventDate}T00:00:00Z`);
  const range = `event_time >= make_timestamptz(${start * 1000}::bigint) and event_time < make_timestamptz(${(start + DAY_MS) * 1000}::bigint)`;
  await connection.run("begin transaction");
  try {
    await connection.run(
      `copy (select ${columnList(tableColumns(day.source))} from hot.${day.source} where ${range} order by ${lakeOrder(day.source)})
       to ${quoteText(stagedPath)} (${LAKE_FORMAT})`,
    );
    const sizeBytes = await syncFile(stagedPath);
    const digests = await digestFile(stagedPath);
    await mkdir(dirname(finalPath), { recursive: true });
    await rename(stagedPath, finalPath);
    await syncDirectory(dirname(finalPath));
    await context.manifest.waitForReaders();
    return await context.runExclusively(() =>
      context.manifest.change(async () => {
        const moved = await commitMove(context, { day, path, range, sizeBytes, digests });
        await context.manifest.load(connection);
        return moved;
      }),
    );
  } catch (error) {
    await rollBack(connection);
    await rm(stagedPath, { force: true });
    await removeUnlisted(context, [path]);
    throw error;
  }
}

/**
 * Deletes lake files of a change that failed. A commit can fail and yet be on disk, so the database is asked which files
 * it lists; where it does not answer nothing is deleted, and the next opening removes what is an orphan then.
 */
export async function removeUnlisted(
  context: Pick<MoveContext, "connection" | "manifest">,
  paths: readonly string[],
): Promise<void> {
  const isLoaded = await context.manifest.load(context.connection).then(
    () => true,
    () => false,
  );
  if (!isLoaded) return;
  const listed = context.manifest.paths;
  for (const path of paths) {
    if (!listed.has(path)) await rm(context.manifest.absolutePath({ path }), { force: true });
  }
}

interface Move {
  readonly day: HotDay;
  readonly path: string;
  readonly range: string;
  readonly sizeBytes: number;
  /** Of its blocks (`digestFile`). */
  readonly digests: string;
}

async function commitMove(context: MoveContext, move: Move): Promise<number> {
  const { connection, manifest } = context;
  const { source, eventDate } = move.day;
  await connection.run(
    `insert into store.lake_file
     select $path, $source, $date::date, count(*), $size::bigint, min(event_time), max(event_time), max(ingested_time), now(), $digests
     from hot.${source} where ${move.range}`,
    { path: move.path, source, date: eventDate, size: String(move.sizeBytes), digests: move.digests },
  );
  const deleted = await connection.run(`delete from hot.${source} where ${move.range}`);
  const paths = [...manifest.files(source), { path: move.path }].map((file) => manifest.absolutePath(file));
  await connection.run(sourceViewStatement(source, paths));
  await connection.run("commit");
  return deleted.rowsChanged;
}

/** Makes every view for the files listed. */
export async function createViews(
  connection: DuckDBConnection,
  manifest: LakeManifest,
  extraViews: readonly string[],
): Promise<void> {
  for (const source of SOURCE_NAMES) {
    await connection.run(
      sourceViewStatement(
        source,
        manifest.files(source).map((file) => manifest.absolutePath(file)),
      ),
    );
  }
  for (const statement of [logRecordViewStatement(), ...derivedViewStatements(), ...extraViews])
    await connection.run(statement);
}

/** Deletes what a crash left of imports, exports and spilled queries. */
export async function emptyStaging(directory: DataDirectory): Promise<void> {
  for (const name of await readdir(directory.stagingPath))
    await rm(join(directory.stagingPath, name), { force: true, recursive: true });
}

/** The Parquet files of the lake folder, relative to it, whether listed or not. */
export async function listLake(directory: DataDirectory): Promise<readonly string[]> {
  const names = await readdir(directory.lakePath, { recursive: true });
  return names.filter((path) => path.endsWith(".parquet")).sort();
}
