import { createHash } from "node:crypto";
import { hasCode } from "../error-code.ts";
import { ENTRY_KINDS, WAL_HEADER, WalReader } from "./wal-frames.ts";

/** What a write-ahead log holds, read before DuckDB replays it. */
export interface WalScan {
  readonly sizeBytes: number;
  /** Whole commits from the beginning of the log on. */
  readonly commits: number;
  /** Where the last of them ends. */
  readonly keptBytes: number;
  /**
   * Commits with rows that are there twice, byte by byte. Two honest ones cannot be the same, since rows carry the time
   * they were stored at.
   */
  readonly repeatedCommits: number;
  /** Where it stops making sense; undefined when every frame is whole. */
  readonly faultPosition: number | undefined;
  /**
   * clean: nothing after the last commit, or only a mark of a checkpoint. torn: the beginning of a commit that never
   * ended, as a crash leaves it; nobody was told that it is stored. damaged: a commit that had ended, and so was
   * acknowledged, has changed since.
   */
  readonly state: "clean" | "torn" | "damaged";
  /** The log ends in the middle of its last frame, the one fault that DuckDB mends itself. */
  readonly isCutOff: boolean;
}

/** Reads a log from end to end; undefined when there is none, or it is empty. */
export function scanWal(path: string): WalScan | undefined {
  const reader = openReader(path);
  if (reader === undefined) return undefined;
  try {
    return reader.sizeBytes === 0 ? undefined : scan(reader);
  } finally {
    reader.close();
  }
}

function openReader(path: string): WalReader | undefined {
  try {
    return new WalReader(path);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

function scan(reader: WalReader): WalScan {
  const { sizeBytes } = reader;
  if (!reader.hasHeader()) {
    const state = hasFlush(reader, 0) ? "damaged" : "torn";
    return { sizeBytes, commits: 0, repeatedCommits: 0, keptBytes: 0, faultPosition: 0, state, isCutOff: false };
  }
  let commits = 0;
  let keptBytes = WAL_HEADER.length;
  let position = keptBytes;
  let hasRows = false;
  const seen = new CommitDigests();
  while (position < sizeBytes) {
    const frame = reader.frame(position);
    if (frame === undefined) break;
    position = frame.end;
    if (frame.kind === ENTRY_KINDS.flush) {
      commits++;
      keptBytes = position;
      hasRows = false;
      seen.endCommit();
    } else if (frame.kind !== ENTRY_KINDS.checkpoint) {
      hasRows = true;
      if (frame.kind === ENTRY_KINDS.insert) seen.add(frame.checksum);
    }
  }
  const scanned = { sizeBytes, commits, repeatedCommits: seen.repeated, keptBytes };
  if (position === sizeBytes)
    return { ...scanned, faultPosition: undefined, state: hasRows ? "torn" : "clean", isCutOff: hasRows };
  const isCutOff = reader.isCutOff(position);
  return { ...scanned, faultPosition: position, state: hasFlush(reader, position) ? "damaged" : "torn", isCutOff };
}

/** Whether a commit ended after this position: then more than an unfinished commit is gone. */
function hasFlush(reader: WalReader, from: number): boolean {
  if (reader.endsLikeFlush(from)) return true;
  for (let frame = reader.findFrame(from); frame !== undefined; frame = reader.findFrame(frame.end)) {
    if (frame.kind === ENTRY_KINDS.flush) return true;
  }
  return false;
}

/** The rows of each commit, by their checksums. */
class CommitDigests {
  readonly #seen = new Set<string>();
  #current: string[] = [];
  repeated = 0;

  add(checksum: string): void {
    this.#current.push(checksum);
  }

  endCommit(): void {
    if (this.#current.length === 0) return;
    const digest = createHash("sha256").update(this.#current.join()).digest("base64");
    if (this.#seen.has(digest)) this.repeated++;
    this.#seen.add(digest);
    this.#current = [];
  }
}
