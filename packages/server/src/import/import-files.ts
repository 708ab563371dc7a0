import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { AppError, type SourceName } from "@fourwire/core";
import type { Store } from "@fourwire/store";
import type { FoundFile } from "./file-list.ts";
import type { FileTask, WorkerMessage, WorkerSettings } from "./import-worker.ts";

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
  /** Days (UTC) before this one are closed: their records go to the lake at once. */
  readonly firstOpenDate: string;
  readonly onProgress?: (progress: ImportProgress) => void;
}

/** Rows live for one batch; a young generation that holds one spares the collector from copying them. */
const YOUNG_GENERATION_MB = 64;

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
    return {
      files: this.#filesDone,
      records: this.#records,
      skipped: this.#skipped.toSorted((left, right) => (left.path < right.path ? -1 : 1)),
      failed: this.#failed,
      seconds: Number(((performance.now() - started) / 1000).toFixed(3)),
    };
  }

  /** One worker thread, file after file; ends when everything it made is on disk. */
  async #work(): Promise<void> {
    if (this.#queue.length === 0) return;
    const worker = new Worker(new URL("./import-worker.js", import.meta.url), {
      workerData: { stagingPath: this.#options.store.directory.stagingPath } satisfies WorkerSettings,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
    });
    try {
      await this.#drive(worker);
    } finally {
      await worker.terminate();
    }
  }

  #drive(worker: Worker): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      const stores: Promise<void>[] = [];
      let file: FoundFile | undefined;
      const next = (): void => {
        file = this.#queue.shift();
        worker.postMessage(file === undefined ? "finish" : ({ path: file.path, source: this.#options.source } satisfies FileTask));
      };
      worker.on("error", reject);
      worker.on("message", (message: WorkerMessage) => {
        switch (message.kind) {
          case "staged":
            stores.push(this.#store(message, worker));
            stores.at(-1)?.catch(reject);
            break;
          case "progress":
            if (file !== undefined) this.#bytesInFile.set(file.path, message.bytesRead);
            this.#report();
            break;
          case "done":
            if (file !== undefined) this.#endFile(file, message);
            next();
            break;
          case "broken":
            reject(new AppError("store_write_failed", `cannot stage records: ${message.message}; check free disk space and the data directory`, { retryable: true }));
            break;
          case "finished":
            Promise.all(stores).then(() => resolve(), reject);
            break;
        }
      });
      next();
    });
  }

  async #store(message: Extract<WorkerMessage, { kind: "staged" }>, worker: Worker): Promise<void> {
    const counts = await this.#options.store.appendStaged({ group: message.group, rejected: message.rejected, firstOpenDate: this.#options.firstOpenDate });
    for (const [source, added] of counts) {
      const totals = this.#totals(source);
      totals.appended += added.appended;
      totals.duplicate += added.duplicate;
      this.#appended += added.appended;
    }
    for (const rejected of message.rejected) this.#totals(rejected.source).rejected++;
    this.#report();
    worker.postMessage("stored");
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
