import { stat } from "node:fs/promises";
import { AppError } from "@fourwire/core";
import { escapePath, glob, isDynamicPattern } from "tinyglobby";

export interface FoundFile {
  readonly path: string;
  readonly sizeBytes: number;
  /** Where it was downloaded from, such as an address in S3; reports and rejected records then name this. */
  readonly origin?: string | undefined;
}

/** Addresses that files were downloaded from, by their paths. */
export type FileOrigins = Readonly<Record<string, string>>;

/** The files that paths, folders (with everything below) and globs name, each once, in order. Throws `path_not_found`. */
export async function listFiles(paths: readonly string[], origins: FileOrigins = {}): Promise<readonly FoundFile[]> {
  const found = new Map<string, FoundFile>();
  for (const path of paths) {
    for (const file of await listPath(path)) found.set(file.path, { ...file, origin: origins[file.path] });
  }
  return [...found.values()];
}

async function listPath(path: string): Promise<readonly FoundFile[]> {
  const stats = await stat(path).catch(() => undefined);
  if (stats?.isFile() === true) return [{ path, sizeBytes: stats.size }];
  const isFolder = stats?.isDirectory() === true;
  if (!isFolder && !isDynamicPattern(path)) throw new AppError("path_not_found", `no such file or folder: "${path}"`);
  const names = await glob(isFolder ? [`${escapePath(path.replace(/\/+$/, ""))}/**`] : [path], {
    dot: false,
    followSymbolicLinks: true,
  });
  if (!isFolder && names.length === 0) throw new AppError("path_not_found", `no file matches "${path}"`);
  const files = await Promise.all(names.map(async (name) => ({ path: name, sizeBytes: (await stat(name)).size })));
  return files.toSorted((left, right) => (left.path < right.path ? -1 : 1));
}
