import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { SourceName } from "@fourwire/core";
import type { Store } from "@fourwire/store";
import type { Decoded } from "../pipeline.ts";
import type { FoundFile } from "./file-list.ts";
import type { FileTask, WorkerMessage } from "./import-worker.ts";

export interface SourceTotals {
  appended: number;
  duplicate: number;
  rejected: number;
}

/** What an import did. The keys of `records` are sources, and `unknown` for what no source recognized. */
export interface ImportReport {
  readonly files: number;
  readonly records: Record<string, SourceTotals>;
  readonly skipped: readonly { readonly path: string; readonly reason: string }[];
  readonly failed: readonly { readonly path: string; readonly reason: string }[];
  /** From the first byte read to the last commit. */
  readonly seconds: number;
}

export interface ImportProgress {
  readonly bytesRead: number;
  readonly totalBytes: number;
  readonly filesDone: number;
  readonly totalFiles: number;
  /** Records that are on disk. */
  readonly appended: number;
}

export interface ImportOptions {
  readonly store: Store;
  readonly files: readonly FoundFile[];
  readonly source: SourceName | undefined;
  readonly onProgress?: (progress: ImportProgress) => void;
}

/** More decoding threads than this outrun the one writer. */
const MAX_WORKERS = 4;

/** Decodes the files on worker threads and appends what they make; resolves after the last commit. */
export async function importFiles(options: ImportOptions): Promise<ImportReport> {
  const run = new ImportRun(options);
  return run.finish();
}

class ImportRun {
  readonly #options: ImportOptions;
  readonly #queue: FoundFile[];
  readonly #records: Record<string, SourceTotals> = {};
  readonly #skipped: { path: string; reason: string }[] = [];
  readonly #failed: { path: string; reason: string }[] = [];
  readonly #appends = new Set<Promise<void>>();
  #bytesDone = 0;
  readonly #bytesInFile = new Map<string, number>();
  #filesDone = 0;
  #appended = 0;

  constructor(options: ImportOptions) {
    this.#options = options;
    // the largest first, so that no thread is left alone with one at the end
    this.#queue = options.files.toSorted((left, right) => right.sizeBytes - left.sizeBytes);
  }

  async finish(): Promise<ImportReport> {
    const started = performance.now();
    const count = Math.max(1, Math.min(MAX_WORKERS, availableParallelism(), this.#queue.length));
    await Promise.all(Array.from({ length: count }, () => this.#work()));
    await Promise.all(this.#appends);
    return {
      files: this.#filesDone,
      records: this.#records,
      skipped: this.#skipped.toSorted((left, right) => (left.path < right.path ? -1 : 1)),
      failed: this.#failed,
      seconds: Number(((performance.now() - started) / 1000).toFixed(3)),
    };
  }

  /** One worker thread, file after file. */
  async #work(): Promise<void> {
    if (this.#queue.length === 0) return;
    const worker = new Worker(new URL("./import-worker.js", import.meta.url));
    try {
      for (let file = this.#queue.shift(); file !== undefined; file = this.#queue.shift()) await this.#importFile(worker, file);
    } finally {
      await worker.terminate();
    }
  }

  #importFile(worker: Worker, file: FoundFile): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      const stop = (): void => {
        worker.off("message", onMessage);
        worker.off("error", onError);
      };
      const onError = (error: Error): void => {
        stop();
        reject(error);
      };
      const onMessage = (message: WorkerMessage): void => {
        if (message.kind === "decoded") {
          this.#bytesInFile.set(file.path, message.bytesRead);
          this.#append(message.decoded, worker).catch(onError);
          return;
        }
        stop();
        this.#endFile(file, message);
        resolve();
      };
      worker.on("message", onMessage);
      worker.on("error", onError);
      worker.postMessage({ path: file.path, source: this.#options.source } satisfies FileTask);
    });
  }

  async #append(decoded: Decoded, worker: Worker): Promise<void> {
    const append = this.#store(decoded);
    this.#appends.add(append);
    try {
      await append;
    } finally {
      this.#appends.delete(append);
      worker.postMessage("stored");
    }
  }

  async #store(decoded: Decoded): Promise<void> {
    const result = await this.#options.store.append(decoded);
    for (const [source, counts] of result.sources) {
      const totals = this.#totals(source);
      totals.appended += counts.appended;
      totals.duplicate += counts.duplicate;
      this.#appended += counts.appended;
    }
    for (const rejected of decoded.rejected) this.#totals(rejected.source).rejected++;
    this.#report();
  }

  #totals(source: string): SourceTotals {
    return (this.#records[source] ??= { appended: 0, duplicate: 0, rejected: 0 });
  }

  #endFile(file: FoundFile, message: Extract<WorkerMessage, { kind: "done" }>): void {
    this.#bytesInFile.delete(file.path);
    this.#bytesDone += file.sizeBytes;
    this.#filesDone++;
    if (message.failed !== undefined) this.#failed.push({ path: file.path, reason: message.failed });
    else if (message.skipped !== undefined) this.#skipped.push({ path: file.path, reason: message.skipped });
    this.#report();
  }

  #report(): void {
    let inFiles = 0;
    for (const bytes of this.#bytesInFile.values()) inFiles += bytes;
    this.#options.onProgress?.({
      bytesRead: this.#bytesDone + inFiles,
      totalBytes: this.#options.files.reduce((sum, file) => sum + file.sizeBytes, 0),
      filesDone: this.#filesDone,
      totalFiles: this.#options.files.length,
      appended: this.#appended,
    });
  }
}
