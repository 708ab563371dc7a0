import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { AppError } from "@fourwire/core";
import { hasCode } from "./error-code.ts";

/** Who holds the data directory. Written after the database is open; stale after a crash, so the pid is checked. */
export interface Owner {
  readonly pid: number;
  readonly command: string;
  readonly started_time: string;
  /** Where the owner serves HTTP, when it does. */
  readonly url: string | null;
  /** What local commands show to the owner; the file is readable by its user only. */
  readonly token: string | null;
}

/** Paths inside a data directory (design section 4). */
export interface DataDirectory {
  readonly root: string;
  readonly databasePath: string;
  readonly lakePath: string;
  readonly stagingPath: string;
  readonly ownerPath: string;
}

export function dataDirectory(root: string): DataDirectory {
  const absolute = resolve(root);
  return {
    root: absolute,
    databasePath: join(absolute, "fourwire.duckdb"),
    lakePath: join(absolute, "lake"),
    stagingPath: join(absolute, "staging"),
    ownerPath: join(absolute, "owner.json"),
  };
}

/** Makes the folders where they are missing; throws `store_open_failed` when that cannot be. */
export async function createDirectories(directory: DataDirectory): Promise<void> {
  try {
    await mkdir(directory.lakePath, { recursive: true });
    await mkdir(directory.stagingPath, { recursive: true });
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new AppError(
      "store_open_failed",
      `cannot use "${directory.root}" as data directory: ${message}; choose another --data`,
      { cause },
    );
  }
}

/** The process that holds the directory, when the file names one that is alive. */
export async function readOwner(directory: DataDirectory): Promise<Owner | undefined> {
  let text: string;
  try {
    text = await readFile(directory.ownerPath, "utf8");
  } catch (error) {
    if (isMissingFile(error)) return undefined;
    throw error;
  }
  const owner = parseOwner(text);
  return owner !== undefined && isAlive(owner.pid) ? owner : undefined;
}

function parseOwner(text: string): Owner | undefined {
  try {
    return JSON.parse(text) as Owner;
  } catch (error) {
    // A crash can leave half a file; the database's own lock is what protects the data.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** False where the disk is full: what is in the directory can be read all the same. */
export async function writeOwner(directory: DataDirectory, owner: Owner): Promise<boolean> {
  const path = `${directory.ownerPath}.${process.pid}`;
  try {
    await writeFile(path, `${JSON.stringify(owner)}\n`, { mode: 0o600 });
  } catch (error) {
    await rm(path, { force: true });
    if (hasCode(error, "ENOSPC") || hasCode(error, "EDQUOT")) return false;
    throw error;
  }
  await rename(path, directory.ownerPath);
  return true;
}

/**
 * Says who is opening the directory, which takes a while after a crash: commands then wait for a server that starts.
 * Returns the owner, and leaves its file alone, where another living process has the directory; whether that keeps
 * anybody from opening it is for the database's own lock to decide.
 */
export async function claimDirectory(directory: DataDirectory, command: string): Promise<Owner | undefined> {
  const owner = await readOwner(directory);
  if (owner !== undefined && owner.pid !== process.pid) return owner;
  const started_time = new Date().toISOString();
  const owned = { pid: process.pid, command, started_time, url: null, token: null };
  if (!(await writeOwner(directory, owned))) return undefined;
  // two that begin at once find the same one's name here
  const written = await readOwner(directory);
  return written?.pid === process.pid ? undefined : written;
}

/** Takes this process's claim back. */
export async function abandonDirectory(directory: DataDirectory): Promise<void> {
  if ((await readOwner(directory))?.pid === process.pid) await removeOwner(directory);
}

export async function removeOwner(directory: DataDirectory): Promise<void> {
  await rm(directory.ownerPath, { force: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives and belongs to somebody else
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Also when a file stands where the directory should be. */
function isMissingFile(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "ENOENT" || code === "ENOTDIR";
}
