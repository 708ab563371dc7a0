import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { AppError } from "@fourwire/core";
import { FileLayout, type DeliveredFile, type Emission, type Truth } from "@fourwire/simulator";
import type { Output } from "./output.ts";
import type { TrailDigests } from "./trail-digests.ts";

/** Truth lines are written in pieces of about this size. */
const TRUTH_BUFFER_CHARS = 256 * 1024;

export interface FileOutputOptions {
  readonly directory: string;
  readonly seed: number;
  /** Relative to the directory. */
  readonly truthPath: string;
  readonly digests: TrailDigests | undefined;
}

/** Writes the records as files in the layouts of Amazon's services, and the truth beside them. */
export class FileOutput implements Output {
  readonly #options: FileOutputOptions;
  readonly #layout: FileLayout;
  readonly #folders = new Set<string>();
  #truth: string[] = [];
  #truthChars = 0;
  files = 0;
  bytes = 0;

  constructor(options: FileOutputOptions) {
    this.#options = options;
    this.#layout = new FileLayout(options.seed);
    this.#put(options.truthPath, "", false);
  }

  // Files are written synchronously: nothing else runs in this process, and the order of bytes is that of the records.
  accept(emission: Emission): undefined {
    for (const file of this.#layout.accept(emission)) this.#write(file);
  }

  tell(truth: Truth): void {
    const line = `${JSON.stringify(truth)}\n`;
    this.#truth.push(line);
    this.#truthChars += line.length;
    if (this.#truthChars >= TRUTH_BUFFER_CHARS) this.#flushTruth();
  }

  async finish(): Promise<void> {
    for (const file of this.#layout.finish()) this.#write(file);
    for (const digest of this.#options.digests?.finish() ?? []) {
      this.#put(digest.path, digest.bytes, false);
      this.#put(`${digest.path}.metadata.json`, `${JSON.stringify(digest.metadata)}\n`, false);
      this.files += 1;
    }
    this.#flushTruth();
  }

  #write(file: DeliveredFile): void {
    const bytes = encodeFile(file);
    this.#options.digests?.accept(file);
    this.#put(file.path, bytes, file.isAppended);
    this.files += file.isAppended ? 0 : 1;
  }

  #flushTruth(): void {
    this.#put(this.#options.truthPath, this.#truth.join(""), true);
    this.#truth = [];
    this.#truthChars = 0;
  }

  #put(path: string, content: string | Buffer, isAppended: boolean): void {
    const target = join(this.#options.directory, path);
    try {
      const folder = dirname(target);
      if (!this.#folders.has(folder)) {
        mkdirSync(folder, { recursive: true });
        this.#folders.add(folder);
      }
      if (isAppended) appendFileSync(target, content);
      else writeFileSync(target, content);
    } catch (cause) {
      const detail = cause instanceof Error ? cause.message : String(cause);
      throw new AppError("output_failed", `cannot write ${target}: ${detail}; choose another --out or free space`, {
        cause,
      });
    }
    this.bytes += content.length;
  }
}

/** The file's bytes. gzip carries no time, so the same records give the same bytes. */
export function encodeFile({ parts, form }: DeliveredFile): string | Buffer {
  if (form === "plain") return parts.join("");
  if (form === "gzip") return gzipSync(parts.join(""));
  return Buffer.concat(parts.map((part) => gzipSync(part)));
}
