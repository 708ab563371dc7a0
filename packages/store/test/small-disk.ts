import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, statSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder whose disk can be filled and emptied by a test. */
export interface SmallDisk {
  /** How it is done, for the name of the test. */
  readonly kind: string;
  readonly path: string;
  /** Leaves room for this many bytes and no more. */
  fill(freeBytes?: number): void;
  /** Gives the room back. */
  empty(): void;
  remove(): void;
}

const DISK_BYTES = 64 * 1024 * 1024;

/**
 * A file system of its own in memory, where this user may mount one; else a limit on the size of this process's files,
 * which makes writes fail with EFBIG where a full disk answers ENOSPC.
 */
export function createSmallDisk(): SmallDisk {
  const path = mkdtempSync(join(tmpdir(), "fourwire-disk-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${DISK_BYTES}`, "fourwire-test", path], { stdio: "ignore" });
  } catch {
    return limitedDisk(path);
  }
  const filler = join(path, "filler");
  return {
    kind: "on a tmpfs of 64 MiB",
    path,
    fill: (freeBytes = 0) => {
      rmSync(filler, { force: true });
      const { bavail, bsize } = statfsSync(path);
      writeFileSync(filler, Buffer.alloc(Math.max(0, bavail * bsize - freeBytes)));
    },
    empty: () => rmSync(filler, { force: true }),
    remove: () => {
      execFileSync("umount", [path]);
      rmSync(path, { recursive: true });
    },
  };
}

function limitedDisk(path: string): SmallDisk {
  const limit = (bytes: string): void => {
    execFileSync("prlimit", ["--pid", String(process.pid), `--fsize=${bytes}:unlimited`]);
  };
  return {
    kind: "injected by a limit on file sizes (prlimit), because mounting is not allowed here",
    path,
    fill: (freeBytes = 0) => {
      const sizes = readdirSync(join(path, "data")).map((name) => statSync(join(path, "data", name)).size);
      limit(String(Math.max(...sizes) + freeBytes));
    },
    empty: () => limit("unlimited"),
    remove: () => {
      limit("unlimited");
      rmSync(path, { recursive: true, force: true });
    },
  };
}
