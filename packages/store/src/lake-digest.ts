import { hash } from "node:crypto";
import { open } from "node:fs/promises";

/** Bytes of a lake file that one digest stands for: damage is known to this many bytes. */
const BLOCK_BYTES = 256 * 1024;

/** Hexadecimal digits kept of the SHA-256 of a block: enough against accidents, which is all they are for. */
const DIGEST_LENGTH = 16;

export interface ByteRange {
  readonly from: number;
  /** Excluded. */
  readonly to: number;
}

/**
 * The digests of a file's blocks, in a row. Parquet as DuckDB writes it has no checksums of its own, and half of all
 * changed bits decode to something else without a complaint (tried 2026-11-25).
 */
export async function digestFile(path: string): Promise<string> {
  const file = await open(path, "r");
  try {
    const digests: string[] = [];
    const block = Buffer.alloc(BLOCK_BYTES);
    for (let at = 0; ; at += BLOCK_BYTES) {
      const { bytesRead } = await file.read(block, 0, BLOCK_BYTES, at);
      if (bytesRead === 0) return digests.join("");
      digests.push(hash("sha256", block.subarray(0, bytesRead), "hex").slice(0, DIGEST_LENGTH));
    }
  } finally {
    await file.close();
  }
}

/** The parts of a file that are not what they were when the digests were made. */
export async function findChanged(path: string, digests: string): Promise<readonly ByteRange[]> {
  const now = await digestFile(path);
  const changed: ByteRange[] = [];
  for (let at = 0; at < Math.max(now.length, digests.length); at += DIGEST_LENGTH) {
    if (now.slice(at, at + DIGEST_LENGTH) === digests.slice(at, at + DIGEST_LENGTH)) continue;
    const from = (at / DIGEST_LENGTH) * BLOCK_BYTES;
    changed.push({ from, to: from + BLOCK_BYTES });
  }
  return changed;
}
