import type { DuckDBConnection } from "@duckdb/node-api";
import { randomUUID } from "node:crypto";
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { SourceName } from "@fourwire/core";
import type { AppendCounts, RejectedInput } from "./append.ts";
import type { DataDirectory } from "./data-directory.ts";
import { markDays } from "./derived/day-marks.ts";
import { rollBack } from "./roll-back.ts";
import { findStored, newRowsOnly } from "./duplicates.ts";
import { removeUnlisted } from "./lake.ts";
import { digestFile } from "./lake-digest.ts";
import { LAKE_FORMAT, lakeOrder } from "./lake-format.ts";
import type { LakeManifest } from "./lake-manifest.ts";
import { upsertAgents, upsertContacts, upsertNamedContacts } from "./relation-tables.ts";
import { insertRejected } from "./rejected-table.ts";
import { columnList, quoteText, sourceViewStatement, tableColumns } from "./schema.ts";
import { syncDirectory, syncFile, type StagedFile, type StagedGroup } from "./staging.ts";

export interface StagedAppend {
  readonly connection: DuckDBConnection;
  readonly directory: DataDirectory;
  readonly manifest: LakeManifest;
  readonly group: StagedGroup;
  readonly rejected: readonly RejectedInput[];
  /** Days (UTC) before this one are closed and go to the lake. */
  readonly firstOpenDate: string;
}

/** Fewer rows than this stay in the hot table until their day is moved whole: the lake is spared tiny files. */
const MIN_LAKE_ROWS = 2000;

/**
 * Takes staged files into the store, all of them in one transaction: a closed day's file moves into the lake as it is
 * (or is written anew without the records that were there), the rest is copied into the hot table. Must run while no
 * other commit does.
 */
export function appendStaged(append: StagedAppend): Promise<ReadonlyMap<SourceName, AppendCounts>> {
  return append.manifest.change(() => takeGroup(append));
}

async function takeGroup(append: StagedAppend): Promise<ReadonlyMap<SourceName, AppendCounts>> {
  const { connection, manifest } = append;
  const counts = new Map<SourceName, AppendCounts>();
  const touched = new Set<SourceName>();
  const placed: string[] = [];
  await connection.run("begin transaction");
  try {
    for (const file of append.group.files) {
      const added = await takeFile(append, file, placed);
      if (added.isInLake) touched.add(file.source);
      const total = counts.get(file.source) ?? { appended: 0, duplicate: 0 };
      total.appended += added.rowCount;
      total.duplicate += file.rowCount - added.rowCount + file.repeated;
      counts.set(file.source, total);
    }
    await upsertNamedContacts(connection, append.group);
    await insertRejected(connection, append.rejected);
    await manifest.load(connection);
    for (const source of touched) {
      const paths = manifest.files(source).map((file) => manifest.absolutePath(file));
      await connection.run(sourceViewStatement(source, paths));
    }
    await connection.run("commit");
  } catch (error) {
    await rollBack(connection);
    await removeUnlisted({ connection, manifest }, placed);
    throw error;
  }
  for (const file of append.group.files) await rm(file.path, { force: true });
  return counts;
}

async function takeFile(
  append: StagedAppend,
  file: StagedFile,
  placed: string[],
): Promise<{ rowCount: number; isInLake: boolean }> {
  const { connection } = append;
  const relation = `read_parquet(${quoteText(file.path)})`;
  const stored = await findStored(append, {
    source: file.source,
    relation,
    minTime: file.minEventTime,
    maxTime: file.maxEventTime,
  });
  await upsertContacts(connection, relation);
  await upsertAgents(connection, relation);
  const rowCount = file.rowCount - stored.size;
  const isInLake = file.eventDate !== undefined && file.eventDate < append.firstOpenDate && rowCount >= MIN_LAKE_ROWS;
  if (rowCount === 0) return { rowCount, isInLake: false };
  const rows = stored.size === 0 ? relation : await newRowsOnly(connection, relation, stored);
  await markDays(connection, { source: file.source, rows, minTime: file.minEventTime, maxTime: file.maxEventTime });
  const list = columnList(tableColumns(file.source));
  if (!isInLake) {
    await connection.run(`insert into hot.${file.source} (${list}) select ${list} from ${rows}`);
    return { rowCount, isInLake };
  }
  const path = join(file.source, `event_date=${file.eventDate ?? ""}`, `part-${randomUUID()}.parquet`);
  const finalPath = join(append.directory.lakePath, path);
  await mkdir(dirname(finalPath), { recursive: true });
  // under a name of its own: DuckDB may still know the footer of the file as it was
  const stagedPath = stored.size > 0 ? `${file.path}.clean` : file.path;
  if (stored.size > 0) {
    await connection.run(
      `copy (select ${list} from ${rows} order by ${lakeOrder(file.source)}) to ${quoteText(stagedPath)} (${LAKE_FORMAT})`,
    );
  }
  const sizeBytes = stored.size > 0 ? await syncFile(stagedPath) : file.sizeBytes;
  const digests = stored.size > 0 ? await digestFile(stagedPath) : file.digests;
  await connection.run(
    `insert into store.lake_file
     select $path, $source, $date::date, count(*), $size::bigint, min(event_time), max(event_time), max(ingested_time), now(), $digests
     from read_parquet(${quoteText(stagedPath)})`,
    { path, source: file.source, date: file.eventDate ?? null, size: String(sizeBytes), digests },
  );
  await rename(stagedPath, finalPath);
  placed.push(path);
  await syncDirectory(dirname(finalPath));
  return { rowCount, isInLake };
}
