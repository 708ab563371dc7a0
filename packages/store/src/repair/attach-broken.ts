import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";
import { copyFile, open, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { quoteText } from "../schema.ts";

// The file begins with three blocks of 4 KiB, each with a checksum: the main header, which is the same in every file of
// one version of DuckDB, and two headers of which a checkpoint writes the older one anew.

const HEADER_BYTES = 4096;

/**
 * newest: the state of the last checkpoint. older: perhaps only that of the one before, which may hold less, or rows that
 * have moved since. none: nothing can be read.
 */
export type BrokenState = "newest" | "older" | "none";

interface Attempt {
  readonly state: BrokenState;
  readonly patch: ((database: string, folder: string) => Promise<void>) | undefined;
}

/** What is tried, one after another: the file as it is, then with what is known of its headers put in its place. */
const ATTEMPTS: readonly Attempt[] = [
  { state: "newest", patch: undefined },
  { state: "newest", patch: restoreMainHeader },
  { state: "older", patch: (database) => copyHeader(database, 2, 1) },
  { state: "older", patch: (database) => copyHeader(database, 1, 2) },
];

/**
 * Attaches a broken database file as `broken`, read-only. Works on a copy where headers have to be patched, so the file
 * itself stays as it was found.
 */
export async function attachBroken(connection: DuckDBConnection, path: string, folder: string): Promise<BrokenState> {
  const { size } = await stat(path);
  if (size < 3 * HEADER_BYTES) return "none";
  const patched = join(folder, "patched.duckdb");
  for (const { state, patch } of ATTEMPTS) {
    if (patch !== undefined) {
      await copyFile(path, patched);
      await patch(patched, folder);
    }
    if (await tryToAttach(connection, patch === undefined ? path : patched)) return state;
    await rm(patched, { force: true });
  }
  return "none";
}

async function tryToAttach(connection: DuckDBConnection, path: string): Promise<boolean> {
  try {
    await connection.run(`attach ${quoteText(path)} as broken (read_only)`);
    return true;
  } catch {
    await connection.run("detach database if exists broken").catch(() => undefined);
    return false;
  }
}

async function restoreMainHeader(database: string, folder: string): Promise<void> {
  const fresh = join(folder, "fresh.duckdb");
  const instance = await DuckDBInstance.create(fresh);
  const connection = await instance.connect();
  await connection.run("create table t (a integer)");
  connection.closeSync();
  instance.closeSync();
  const header = (await readFile(fresh)).subarray(0, HEADER_BYTES);
  await rm(fresh, { force: true });
  const file = await open(database, "r+");
  await file.write(header, 0, HEADER_BYTES, 0);
  await file.close();
}

/** One of the two headers takes the place of the other: the state of the last checkpoint, or of the one before it. */
async function copyHeader(database: string, from: number, to: number): Promise<void> {
  const file = await open(database, "r+");
  const header = Buffer.alloc(HEADER_BYTES);
  await file.read(header, 0, HEADER_BYTES, from * HEADER_BYTES);
  await file.write(header, 0, HEADER_BYTES, to * HEADER_BYTES);
  await file.close();
}
