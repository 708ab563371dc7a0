import type { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import type { DataDirectory } from "./data-directory.ts";
import { adoptFiles, type AdoptReport } from "./adopt.ts";
import { markOutdatedDays } from "./derived/pending-days.ts";
import { addLakeColumns } from "./add-columns.ts";
import { createViews, emptyStaging } from "./lake.ts";
import { findUnreadable, type UnreadableFile } from "./lake-check.ts";
import type { LakeManifest } from "./lake-manifest.ts";
import { reconcile, type ReconcileReport } from "./reconcile.ts";
import { endMending, isMending } from "./wal/mend-wal.ts";

export interface LakeOpening {
  readonly instance: DuckDBInstance;
  readonly directory: DataDirectory;
  readonly manifest: LakeManifest;
  readonly extraViews: readonly string[];
}

/** What opening found in the lake, and put in order. */
export interface LakeFindings extends AdoptReport {
  readonly unreadableFiles: readonly UnreadableFile[];
  readonly reconciled: ReconcileReport | undefined;
}

/** Key in `store_meta`: files that an earlier opening had to leave out. */
const LEFT_OUT_KEY = "left_out_files";

/** Reads the list of lake files, leaves out what cannot be read, takes in or deletes what is in no list, and makes the views. */
export async function openLake(opening: LakeOpening): Promise<LakeFindings> {
  const { instance, directory, manifest } = opening;
  const connection = await instance.connect();
  const readConnection = await instance.connect();
  try {
    await manifest.load(connection);
    const unreadableFiles = await findUnreadable(manifest);
    manifest.leaveOut(unreadableFiles.map((file) => file.path));
    const isBack = await rememberLeftOut(connection, unreadableFiles);
    const needsOrder = (await isMending(directory)) || isBack;
    const context = { connection, readConnection, directory, manifest };
    const reconciled = needsOrder ? await reconcile(context) : undefined;
    const adopted = reconciled ?? (await adoptFiles(context));
    await addLakeColumns(context);
    await endMending(directory);
    await emptyStaging(directory);
    await createViews(connection, manifest, opening.extraViews);
    await markOutdatedDays(connection);
    return { ...adopted, unreadableFiles, reconciled };
  } finally {
    readConnection.closeSync();
    connection.closeSync();
  }
}

/** Keeps the names of the files; true when one is back whose records may have been delivered and stored again meanwhile. */
async function rememberLeftOut(connection: DuckDBConnection, unreadable: readonly UnreadableFile[]): Promise<boolean> {
  const reader = await connection.runAndReadAll("select value from store.store_meta where key = $key", {
    key: LEFT_OUT_KEY,
  });
  const before: readonly string[] = JSON.parse(String(reader.getRows()[0]?.[0] ?? "[]"));
  const now = unreadable.map((file) => file.path);
  if (before.length === 0 && now.length === 0) return false;
  await connection.run("insert or replace into store.store_meta values ($key, $value)", {
    key: LEFT_OUT_KEY,
    value: JSON.stringify(now),
  });
  return before.some((path) => !now.includes(path));
}
