import type { DuckDBConnection } from "@duckdb/node-api";
import { randomUUID } from "node:crypto";
import { rename, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setAside } from "../adopt.ts";
import type { DataDirectory } from "../data-directory.ts";
import { listLake } from "../lake.ts";
import { findChanged, type ByteRange } from "../lake-digest.ts";
import { LAKE_FORMAT } from "../lake-format.ts";
import { quoteText } from "../schema.ts";
import { syncDirectory, syncFile } from "../staging.ts";
import type { LakeLoss, RepairProgress } from "./repair.ts";

interface ListedFile {
  readonly path: string;
  readonly rows: number;
  readonly digests: string | null;
}

interface RowGroup {
  readonly firstRow: number;
  readonly rows: number;
  readonly bytes: ByteRange;
}

export interface LakeRepair {
  readonly checked: number;
  readonly losses: readonly LakeLoss[];
}

/**
 * Reads every lake file whole. Of one that is damaged the row groups that are what they were go into a new file, which the
 * next opening lists; the damaged one is kept elsewhere and leaves the list.
 */
export async function repairLake(
  connection: DuckDBConnection,
  directory: DataDirectory,
  onProgress: (progress: RepairProgress) => void,
): Promise<LakeRepair> {
  const files = await listFiles(connection, directory);
  const losses: LakeLoss[] = [];
  for (const [index, file] of files.entries()) {
    onProgress({ step: `reading ${file.path}`, done: index, total: files.length });
    const path = join(directory.lakePath, file.path);
    const reason = await whatIsWrong(connection, path, file);
    if (reason === undefined) continue;
    const recovered = reason === "missing" ? 0 : await recoverRows(connection, directory, file);
    const kept = reason === "missing" ? undefined : await setAside(directory, file.path);
    await connection.run("delete from store.lake_file where path = $path", { path: file.path });
    losses.push({ path: file.path, reason, rows: file.rows, lost: Math.max(0, file.rows - recovered), kept });
  }
  return { checked: files.length, losses };
}

/** The listed files, and those on disk that are in no list. */
async function listFiles(connection: DuckDBConnection, directory: DataDirectory): Promise<readonly ListedFile[]> {
  const reader = await connection.runAndReadAll(
    "select path, row_count::double, block_digests from store.lake_file order by path",
  );
  const listed = reader.getRows().map(([path, rows, digests]) => ({
    path: String(path),
    rows: Number(rows),
    digests: digests === null || digests === undefined ? null : String(digests),
  }));
  const known = new Set(listed.map((file) => file.path));
  const unlisted = (await listLake(directory)).filter((path) => !known.has(path));
  return [...listed, ...unlisted.map((path) => ({ path, rows: 0, digests: null }))];
}

async function whatIsWrong(
  connection: DuckDBConnection,
  path: string,
  file: ListedFile,
): Promise<LakeLoss["reason"] | undefined> {
  if ((await stat(path).catch(() => undefined)) === undefined) return "missing";
  if (file.digests !== null) {
    const changed = await findChanged(path, file.digests).catch(() => undefined);
    if (changed === undefined) return "unreadable";
    return changed.length > 0 ? "changed" : undefined;
  }
  return (await readWhole(connection, path)) ? undefined : "unreadable";
}

/** Without digests only that it decodes can be known. */
async function readWhole(connection: DuckDBConnection, path: string): Promise<boolean> {
  try {
    await connection.run(
      `select bit_xor(hash(t)) from (select t from read_parquet(${quoteText(path)}, hive_partitioning = false) t)`,
    );
    return true;
  } catch {
    return false;
  }
}

/** Writes what is readable to a new file beside the damaged one; returns its rows. */
async function recoverRows(connection: DuckDBConnection, directory: DataDirectory, file: ListedFile): Promise<number> {
  const path = join(directory.lakePath, file.path);
  const changed = file.digests === null ? [] : await findChanged(path, file.digests).catch(() => undefined);
  const groups = await readRowGroups(connection, path);
  if (changed === undefined || groups === undefined) return 0;
  const relation = `read_parquet(${quoteText(path)}, hive_partitioning = false, file_row_number = true)`;
  const good: RowGroup[] = [];
  for (const group of groups) {
    const isChanged = changed.some((range) => range.from < group.bytes.to && group.bytes.from < range.to);
    if (!isChanged && (await isReadable(connection, relation, group))) good.push(group);
  }
  if (good.length === 0) return 0;
  const staged = join(directory.stagingPath, `${randomUUID()}.parquet`);
  await connection.run(
    `copy (select * exclude (file_row_number) from ${relation} where ${good.map(conditionOf).join(" or ")})
     to ${quoteText(staged)} (${LAKE_FORMAT})`,
  );
  await syncFile(staged);
  await rename(staged, join(dirname(path), `part-${randomUUID()}.parquet`));
  await syncDirectory(dirname(path));
  return good.reduce((sum, group) => sum + group.rows, 0);
}

function conditionOf(group: RowGroup): string {
  return `(file_row_number >= ${group.firstRow} and file_row_number < ${group.firstRow + group.rows})`;
}

async function isReadable(connection: DuckDBConnection, relation: string, group: RowGroup): Promise<boolean> {
  try {
    await connection.run(`select bit_xor(hash(t)) from (select t from ${relation} t where ${conditionOf(group)})`);
    return true;
  } catch {
    return false;
  }
}

/** Where each row group lies in the file; undefined when the end of the file, which says so, is gone. */
async function readRowGroups(connection: DuckDBConnection, path: string): Promise<readonly RowGroup[] | undefined> {
  try {
    const reader = await connection.runAndReadAll(
      `select row_group_id::double, any_value(row_group_num_rows)::double,
         min(least(coalesce(dictionary_page_offset, data_page_offset), data_page_offset))::double,
         max(least(coalesce(dictionary_page_offset, data_page_offset), data_page_offset) + total_compressed_size)::double
       from parquet_metadata(${quoteText(path)}) group by 1 order by 1`,
    );
    let firstRow = 0;
    return reader.getRows().map(([, count, from, to]) => {
      const rows = Number(count);
      const group = { firstRow, rows, bytes: { from: Number(from), to: Number(to) } };
      firstRow += rows;
      return group;
    });
  } catch {
    return undefined;
  }
}
