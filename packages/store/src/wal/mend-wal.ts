import { closeSync, fsyncSync, openSync, writeSync } from "node:fs";
import { copyFile, mkdir, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readOwner, type DataDirectory } from "../data-directory.ts";
import { syncDirectory, syncFile } from "../staging.ts";
import { WAL_HEADER, WalReader } from "./wal-frames.ts";
import { salvageWal, type Salvage } from "./wal-salvage.ts";
import { scanWal, type WalScan } from "./wal-scan.ts";

/** How the write-ahead log was found at opening, and what became of it. */
export interface WalReport {
  readonly state: WalScan["state"];
  /** Commits replayed from the beginning of the log on. */
  readonly commits: number;
  /** Bytes after them that were not replayed as they stood. */
  readonly droppedBytes: number;
  /** Where the damage begins, in the file that was kept. */
  readonly faultPosition: number | undefined;
  /** Commits behind the damage, and how many pieces of rows (2,048 at most each) were found whole in them. */
  readonly laterCommits: number;
  readonly salvagedPieces: number;
  /** Bytes of damage: what they held is lost, unless it is delivered again. */
  readonly damagedBytes: number;
  /** The log as it was; undefined when nothing acknowledged was in what was dropped. */
  readonly keptPath: string | undefined;
}

/** Present from before a log is mended until everything that is derived from records has been worked out again. */
const MENDING_NAME = "mending.json";

function mendingPath(directory: DataDirectory): string {
  return join(directory.root, MENDING_NAME);
}

/** A folder for what is broken and kept, of its own for each occasion. */
export async function makeBrokenFolder(directory: DataDirectory): Promise<string> {
  const time = new Date().toISOString().replaceAll(/[:.]/g, "-");
  const path = join(directory.root, `broken-${time}`);
  await mkdir(path, { recursive: true });
  return path;
}

/**
 * Reads the write-ahead log before DuckDB does, and mends it where DuckDB would refuse to open or, worse, would silently
 * leave out what follows: a changed size in a frame looks to it like the end of the log. The log as it was is kept.
 * Undefined when there is no log, or another process is writing it.
 */
export async function mendWal(directory: DataDirectory): Promise<WalReport | undefined> {
  const path = `${directory.databasePath}.wal`;
  const owner = await readOwner(directory);
  if (owner !== undefined && owner.pid !== process.pid) return undefined;
  const scan = scanWal(path);
  if (scan === undefined) return undefined;
  const isOrphan = !(await exists(directory.databasePath));
  // DuckDB replays a repeated commit as it stands; opening then looks for repeated rows
  if (scan.repeatedCommits > 0) await beginMending(directory, { scan });
  // a second log is there when a checkpoint was interrupted: DuckDB knows how the two belong together
  if (!isOrphan && (!isRefused(scan) || (await hasSecondLog(directory)))) return reportOf(scan);
  const keptPath = await keep(directory, path);
  await beginMending(directory, { keptPath, scan });
  const salvage =
    isOrphan || scan.state === "damaged"
      ? writeSalvage(path, salvagedPath(directory), isOrphan ? 0 : scan.keptBytes)
      : NOTHING_SALVAGED;
  if (isOrphan) {
    // DuckDB deletes a log without its file: only its rows can be had, and they are in the other file now
    await rm(path);
  } else {
    writeStart(path, scan);
    await rename(`${path}.mended`, path);
  }
  await syncDirectory(directory.root);
  return {
    ...reportOf(scan),
    laterCommits: salvage.commits,
    salvagedPieces: salvage.pieces,
    damagedBytes: salvage.damagedBytes,
    keptPath,
  };
}

const NOTHING_SALVAGED: Salvage = { commits: 0, pieces: 0, damagedBytes: 0 };

/** DuckDB itself drops an unfinished commit that the file ends in; all else it refuses, or misunderstands. */
function isRefused(scan: WalScan): boolean {
  return scan.state === "damaged" || (scan.state === "torn" && !scan.isCutOff);
}

function reportOf(scan: WalScan): WalReport {
  return {
    state: scan.state,
    commits: scan.commits,
    droppedBytes: scan.state === "clean" ? 0 : scan.sizeBytes - scan.keptBytes,
    faultPosition: scan.faultPosition,
    laterCommits: 0,
    salvagedPieces: 0,
    damagedBytes: 0,
    keptPath: undefined,
  };
}

/** From here on the next opening works out again what is derived from records. */
export async function beginMending(directory: DataDirectory, what: object): Promise<void> {
  await writeFile(mendingPath(directory), `${JSON.stringify(what)}\n`, { flush: true });
}

/** A log of rows found behind damage: to be replayed once the tables are there. */
export function salvagedPath(directory: DataDirectory): string {
  return `${directory.databasePath}.salvaged`;
}

async function hasSecondLog(directory: DataDirectory): Promise<boolean> {
  return (await readdir(directory.root)).some((name) =>
    /^fourwire\.duckdb\.(?:wal\.)?(?:checkpoint|recovery)/.test(name),
  );
}

async function keep(directory: DataDirectory, path: string): Promise<string> {
  const kept = join(await makeBrokenFolder(directory), "fourwire.duckdb.wal");
  await copyFile(path, kept);
  await syncFile(kept);
  return kept;
}

function writeSalvage(path: string, salvagePath: string, from: number): Salvage {
  const file = openSync(salvagePath, "w");
  try {
    writeSync(file, WAL_HEADER);
    const salvage = salvageWal(path, from, (frame) => void writeSync(file, frame));
    fsyncSync(file);
    return salvage;
  } finally {
    closeSync(file);
  }
}

const COPY_BYTES = 1024 * 1024;

/** The whole commits at the beginning, beside the log. */
function writeStart(path: string, scan: WalScan): void {
  const file = openSync(`${path}.mended`, "w");
  const reader = new WalReader(path);
  try {
    for (let at = 0; at < scan.keptBytes; at += COPY_BYTES)
      writeSync(file, reader.bytes(at, Math.min(COPY_BYTES, scan.keptBytes - at)));
    fsyncSync(file);
  } finally {
    reader.close();
    closeSync(file);
  }
}

/** True while an opening has still to work out again what is derived from records. */
export async function isMending(directory: DataDirectory): Promise<boolean> {
  return exists(mendingPath(directory));
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}

export async function endMending(directory: DataDirectory): Promise<void> {
  await rm(mendingPath(directory), { force: true });
}
