import type { DuckDBConnection } from "@duckdb/node-api";
import { randomUUID } from "node:crypto";
import { rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { SOURCE_NAMES, type Column, type SourceName } from "@fourwire/core";
import { parquetRelation } from "./adopt.ts";
import type { DataDirectory } from "./data-directory.ts";
import { digestFile } from "./lake-digest.ts";
import { LAKE_FORMAT, lakeOrder } from "./lake-format.ts";
import type { LakeFile, LakeManifest } from "./lake-manifest.ts";
import { inTransaction } from "./roll-back.ts";
import { quoteName, quoteText, sqlType, tableColumns } from "./schema.ts";
import { syncDirectory, syncFile } from "./staging.ts";

// A source may have gained columns since the directory was written. They are added to the tables and to the lake's files,
// null for the records of before: one shape everywhere keeps every query simple (promise P10).

/** Adds the columns that the hot tables lack. */
export async function addHotColumns(connection: DuckDBConnection): Promise<void> {
  const reader = await connection.runAndReadAll(
    "select table_name, column_name from duckdb_columns() where schema_name = 'hot'",
  );
  const known = new Set(reader.getRows().map(([table, column]) => `${String(table)} ${String(column)}`));
  for (const source of SOURCE_NAMES) {
    for (const column of tableColumns(source)) {
      if (known.has(`${source} ${column.name}`)) continue;
      await connection.run(`alter table hot.${source} add column ${quoteName(column.name)} ${sqlType(column)}`);
    }
  }
}

export interface LakeContext {
  readonly connection: DuckDBConnection;
  readonly directory: DataDirectory;
  readonly manifest: LakeManifest;
}

/** Key in `store_meta`: the columns that every file of the lake has. */
const COLUMNS_KEY = "lake_columns";

/**
 * Writes again each lake file that lacks columns, and returns how many. A file enters the list in the transaction in which
 * the old one leaves it; what a crash leaves behind is in no list, and the next opening removes it.
 */
export async function addLakeColumns(context: LakeContext): Promise<number> {
  const { connection, manifest } = context;
  const wanted = JSON.stringify(SOURCE_NAMES.map((source) => tableColumns(source).map((column) => column.name)));
  const reader = await connection.runAndReadAll("select value from store.store_meta where key = $key", {
    key: COLUMNS_KEY,
  });
  if (reader.getRows()[0]?.[0] === wanted) return 0;
  let rewritten = 0;
  for (const source of SOURCE_NAMES) {
    for (const file of manifest.files(source)) {
      const missing = await missingColumns(context, source, file);
      if (missing.length === 0) continue;
      await rewrite(context, { source, file, missing });
      rewritten++;
    }
  }
  await connection.run("insert or replace into store.store_meta values ($key, $value)", {
    key: COLUMNS_KEY,
    value: wanted,
  });
  return rewritten;
}

async function missingColumns(
  { connection, manifest }: LakeContext,
  source: SourceName,
  file: LakeFile,
): Promise<readonly Column[]> {
  const reader = await connection.runAndReadAll(
    `select name from parquet_schema(${quoteText(manifest.absolutePath(file))})`,
  );
  const present = new Set(reader.getRows().map(([name]) => name));
  return tableColumns(source).filter((column) => !present.has(column.name));
}

interface Rewrite {
  readonly source: SourceName;
  readonly file: LakeFile;
  readonly missing: readonly Column[];
}

async function rewrite(context: LakeContext, { source, file, missing }: Rewrite): Promise<void> {
  const { connection, directory, manifest } = context;
  const absent = new Set(missing.map((column) => column.name));
  const list = tableColumns(source).map((column) => {
    const name = quoteName(column.name);
    return absent.has(column.name) ? `null::${sqlType(column)} as ${name}` : name;
  });
  const stagedPath = join(directory.stagingPath, `${randomUUID()}.parquet`);
  const path = join(dirname(file.path), `part-${randomUUID()}.parquet`);
  const finalPath = manifest.absolutePath({ path });
  try {
    await connection.run(
      `copy (select ${list.join(", ")} from ${parquetRelation(manifest, file.path)} order by ${lakeOrder(source)})
       to ${quoteText(stagedPath)} (${LAKE_FORMAT})`,
    );
    const size = await syncFile(stagedPath);
    const digests = await digestFile(stagedPath);
    await rename(stagedPath, finalPath);
    await syncDirectory(dirname(finalPath));
    await inTransaction(connection, async () => {
      await connection.run(
        `insert into store.lake_file select $path, source, event_date, row_count, $size::bigint, min_event_time,
           max_event_time, last_ingested_time, now(), $digests from store.lake_file where path = $old`,
        { path, size: String(size), digests, old: file.path },
      );
      await connection.run("delete from store.lake_file where path = $old", { old: file.path });
    });
  } finally {
    await rm(stagedPath, { force: true });
  }
  await manifest.load(connection);
  await rm(manifest.absolutePath(file), { force: true });
}
