import { open, type FileHandle } from "node:fs/promises";
import { hasCode } from "./error-code.ts";
import type { LakeManifest } from "./lake-manifest.ts";

/** A listed lake file that cannot be read. */
export interface UnreadableFile {
  readonly path: string;
  /** missing: not there; refused: the system does not let it be read; size: not as long as it was; format: no Parquet. */
  readonly reason: "missing" | "refused" | "size" | "format";
  /** Records it held. */
  readonly rowCount: number;
}

const MAGIC = "PAR1";

/** Files looked at at once. */
const CONCURRENCY = 16;

/**
 * Looks at every listed file from outside: is it there, as long as it was, and Parquet at both ends? That costs one
 * opening a file. Damage in the middle is found by `fourwire repair`, which reads them whole.
 */
export async function findUnreadable(manifest: LakeManifest): Promise<readonly UnreadableFile[]> {
  const files = [...manifest.everyFile];
  const found: UnreadableFile[] = [];
  const look = async (): Promise<void> => {
    for (let file = files.pop(); file !== undefined; file = files.pop()) {
      const reason = await lookAt(manifest.absolutePath(file), file.size_bytes);
      if (reason !== undefined) found.push({ path: file.path, reason, rowCount: file.row_count });
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, look));
  return found.sort((left, right) => (left.path < right.path ? -1 : 1));
}

async function lookAt(path: string, sizeBytes: number): Promise<UnreadableFile["reason"] | undefined> {
  let file: FileHandle;
  try {
    file = await open(path, "r");
  } catch (error) {
    return hasCode(error, "ENOENT") ? "missing" : "refused";
  }
  try {
    const { size } = await file.stat();
    if (size !== sizeBytes) return "size";
    const ends = Buffer.alloc(2 * MAGIC.length);
    await file.read(ends, 0, MAGIC.length, 0);
    await file.read(ends, MAGIC.length, MAGIC.length, size - MAGIC.length);
    return ends.toString("latin1") === MAGIC + MAGIC ? undefined : "format";
  } catch {
    return "refused";
  } finally {
    await file.close();
  }
}
