import type { DuckDBConnection } from "@duckdb/node-api";
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { SOURCE_NAMES, type SourceName } from "@fourwire/core";
import type { DataDirectory } from "./data-directory.ts";
import { digestFile } from "./lake-digest.ts";
import { listLake } from "./lake.ts";
import type { LakeManifest } from "./lake-manifest.ts";
import { relateAgain } from "./relate-again.ts";
import { inTransaction } from "./roll-back.ts";
import { columnList, quoteText, tableColumns } from "./schema.ts";
import { syncFile } from "./staging.ts";
import { makeBrokenFolder } from "./wal/mend-wal.ts";

/** What became of the lake files that no transaction listed. */
export interface AdoptReport {
  /** Their records were nowhere else, so they are listed now. */
  readonly adoptedFiles: readonly string[];
  /** Every record is elsewhere: they were deleted. */
  readonly removedFiles: readonly string[];
  /** They cannot be read: moved to a folder for what is broken. */
  readonly setAsideFiles: readonly string[];
}

export interface Adoption {
  readonly connection: DuckDBConnection;
  /** For reading while the other one writes. */
  readonly readConnection: DuckDBConnection;
  readonly directory: DataDirectory;
  readonly manifest: LakeManifest;
  readonly onProgress?: (step: string) => void;
}

/**
 * Lake files that are in no list. A crash leaves them, and so does damage of the database that loses the listing, so
 * none is deleted before every record in it is known to be stored elsewhere.
 */
export async function adoptFiles(context: Adoption): Promise<AdoptReport> {
  const adoptedFiles: string[] = [];
  const removedFiles: string[] = [];
  const setAsideFiles: string[] = [];
  const listed = context.manifest.paths;
  for (const path of await listLake(context.directory)) {
    if (listed.has(path)) continue;
    context.onProgress?.(`reading ${path}, which is in no list`);
    switch (await adoptFile(context, path)) {
      case "adopted":
        adoptedFiles.push(path);
        break;
      case "stored_elsewhere":
        await rm(context.manifest.absolutePath({ path }));
        removedFiles.push(path);
        break;
      case "unreadable":
        await setAside(context.directory, path);
        setAsideFiles.push(path);
    }
  }
  return { adoptedFiles, removedFiles, setAsideFiles };
}

async function adoptFile(context: Adoption, path: string): Promise<"adopted" | "stored_elsewhere" | "unreadable"> {
  const { connection, manifest } = context;
  const source = sourceOfPath(path);
  const relation = parquetRelation(manifest, path);
  const span = source === undefined ? undefined : await readSpan(connection, relation);
  if (source === undefined || span === undefined) return "unreadable";
  if (span.rowCount === 0) return "stored_elsewhere";
  const others = [
    `select record_id from hot.${source}`,
    ...manifest
      .filesBetween(source, span.from, span.to)
      .map((file) => `select record_id from ${parquetRelation(manifest, file.path)}`),
  ].join(" union all ");
  const reader = await connection.runAndReadAll(
    `select count(*)::double from ${relation} where record_id in (${others})`,
  );
  const storedCount = Number(reader.getRows()[0]?.[0]);
  if (storedCount > 0) {
    const list = columnList(tableColumns(source));
    if (storedCount < span.rowCount) {
      await connection.run(
        `insert into hot.${source} (${list})
         select distinct on (record_id) ${list} from ${relation} where record_id not in (${others})`,
      );
      await relateAgain(context, source, relation);
    }
    return "stored_elsewhere";
  }
  const sizeBytes = await syncFile(manifest.absolutePath({ path }));
  const digests = await digestFile(manifest.absolutePath({ path }));
  await inTransaction(connection, async () => {
    await connection.run(
      `insert into store.lake_file
       select $path, $source, max(event_time)::date, count(*), $size::bigint, min(event_time), max(event_time),
         max(ingested_time), now(), $digests from ${relation}`,
      { path, source, size: String(sizeBytes), digests },
    );
    await relateAgain(context, source, relation);
  });
  await manifest.load(connection);
  return "adopted";
}

/** Undefined when the file cannot be read. */
async function readSpan(
  connection: DuckDBConnection,
  relation: string,
): Promise<{ readonly rowCount: number; readonly from: number; readonly to: number } | undefined> {
  try {
    const reader = await connection.runAndReadAll(
      `select count(*)::double, epoch_ms(min(event_time))::double, epoch_ms(max(event_time))::double, max(record_id), max(original_body)
       from ${relation}`,
    );
    const [rowCount, from, to] = reader.getRows()[0] ?? [];
    return { rowCount: Number(rowCount), from: Number(from), to: Number(to) };
  } catch {
    // damaged, or the disk does not give it: which of the two does not matter, the file is kept
    return undefined;
  }
}

/** Moves a file out of the lake into a folder of its own, with its path. Returns where it is. */
export async function setAside(directory: DataDirectory, path: string): Promise<string> {
  const kept = join(await makeBrokenFolder(directory), "lake", path);
  await mkdir(dirname(kept), { recursive: true });
  await rename(join(directory.lakePath, path), kept);
  return kept;
}

export function parquetRelation(manifest: LakeManifest, path: string): string {
  return `read_parquet(${quoteText(manifest.absolutePath({ path }))}, hive_partitioning = false)`;
}

/** The source that a path inside the lake names. */
function sourceOfPath(path: string): SourceName | undefined {
  return SOURCE_NAMES.find((name) => path.startsWith(`${name}/`));
}
