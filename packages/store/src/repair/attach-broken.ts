import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";
import { copyFile, open, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { quoteText } from "../schema.ts";

// The file begins with three blocks of 4 KiB, each with a checksum: the main header, which is the same in every file of
// one version of DuckDB, and two headers of which a checkpoint writes the older one anew.

const HEADER_BYTES = 4096;

type Patch = (database: string, folder: string) => Promise<void>;

/** What is tried, one after another: the file as it is, then with what is known of its headers put in its place. */
const PATCHES: readonly Patch[] = [
  () => Promise.resolve(),
  restoreMainHeader,
  (database) => copyHeader(database, 2, 1),
  (database) => copyHeader(database, 1, 2),
];

/**
 * Attaches a broken database file as `broken`, read-only; false when nothing of it can be read. Works on a copy where
 * headers have to be patched, so the file itself stays as it was found.
 */
export async function attachBroken(connection: DuckDBConnection, path: string, folder: string): Promise<boolean> {
  const size = await open(path, "r").then(
    async (file) => {
      const { size: bytes } = await file.stat();
      await file.close();
      return bytes;
    },
    () => 0,
  );
  if (size < 3 * HEADER_BYTES) return false;
  for (const [index, patch] of PATCHES.entries()) {
    const candidate = index === 0 ? path : join(folder, "patched.duckdb");
    if (index > 0) await copyFile(path, candidate);
    await patch(candidate, folder);
    if (await tryToAttach(connection, candidate)) return true;
    if (index > 0) await rm(candidate, { force: true });
  }
  return false;
}

async function tryToAttach(connection: DuckDBConnection, path: string): Promise<boolean> {
  try {
    await connection.run(`attach ${quoteText(path)} as broken (read_only)`);
    await connection.run("select count(*) from duckdb_tables() where database_name = 'broken'");
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
