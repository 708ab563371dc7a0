import { fork, type ChildProcess } from "node:child_process";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { AppError, type SourceName } from "@fourwire/core";
import type { SettleProgress, Store } from "@fourwire/store";
import type { FoundFile } from "./file-list.ts";
import { findParts } from "./file-parts.ts";
import type { FileTask, ProcessMessage, ProcessRequest } from "./import-process.ts";

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
  /** Days of agents worked out after the last commit; absent before. */
  readonly derived?: SettleProgress;
}

export interface ImportOptions {
  readonly store: Store;
  readonly files: readonly FoundFile[];
  readonly source: SourceName | undefined;
  /** Days (UTC) before this one are closed: their records go to the lake at once. */
  readonly firstOpenDate: string;
  readonly onProgress?: (progress: ImportProgress) => void;
}

/** More decoding processes than this outrun the one writer. */
const MAX_PROCESSES = 4;

const LARGE_FILE_BYTES = 64 * 1024 * 1024;

/** Rows live for one batch; a young generation that holds one spares the collector from copying them. */
const DECODER_FLAGS = ["--max-semi-space-size=16"];

const PROCESS_PATH = fileURLToPath(new URL("./import-process.js", import.meta.url));

/** Decodes the files in processes of their own and takes in what they stage; resolves after the last commit. */
export async function importFiles(options: ImportOptions): Promise<ImportReport> {
  return new ImportRun(options).finish();
}

interface QueuedTask {
  readonly task: FileTask;
  readonly sizeBytes: number;
}

class ImportRun {
  readonly #options: ImportOptions;
  readonly #totalBytes: number;
  #queue: QueuedTask[] = [];
  readonly #records: Record<string, SourceTotals> = {};
  readonly #skipped: { path: string; reason: string }[] = [];
  readonly #failed: { path: string; reason: string }[] = [];
  readonly #tasksLeft = new Map<string, number>();
  readonly #bytesInTask = new Map<QueuedTask, number>();
  #bytesDone = 0;
  #filesDone = 0;
  #appended = 0;

  constructor(options: ImportOptions) {
    this.#options = options;
    this.#totalBytes = options.files.reduce((sum, file) => sum + file.sizeBytes, 0);
  }

  async finish(): Promise<ImportReport> {
    const started = performance.now();
    this.#queue = await this.#planTasks();
    const count = Math.min(MAX_PROCESSES, availableParallelism(), this.#queue.length);
    await Promise.all(Array.from({ length: count }, () => this.#work(count)));
    const seconds = Number(((performance.now() - started) / 1000).toFixed(3));
    await this.#deriveAgentDays();
    return {
      files: this.#filesDone,
      records: this.#records,
      skipped: this.#skipped.toSorted((left, right) => (left.path < right.path ? -1 : 1)),
      failed: this.#failed,
      seconds,
    };
  }

  /** Works in what the records say about agents, so that what is asked next needs not wait for it. */
  async #deriveAgentDays(): Promise<void> {
    await this.#options.store.agentDays.settle({
      onProgress: (derived) => this.#report(derived),
    });
  }

  async #planTasks(): Promise<QueuedTask[]> {
    const tasks: QueuedTask[] = [];
    for (const file of inWorkingOrder(this.#options.files)) {
      const parts = (await findParts(file)) ?? [undefined];
      this.#tasksLeft.set(file.path, parts.length);
      for (const part of parts) {
        const sizeBytes = part === undefined ? file.sizeBytes : part.end - part.start;
        tasks.push({
          task: { path: file.path, origin: file.origin ?? file.path, source: this.#options.source, part },
          sizeBytes,
        });
      }
    }
    return tasks;
  }

  /** One process, task after task; ends when everything it made is on disk. */
  async #work(processCount: number): Promise<void> {
    const decoder = fork(PROCESS_PATH, {
      serialization: "advanced",
      execArgv: DECODER_FLAGS,
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    try {
      send(decoder, {
        kind: "settings",
        settings: { stagingPath: this.#options.store.directory.stagingPath, stagingCount: processCount === 1 ? 2 : 1 },
      });
      await this.#drive(decoder);
    } finally {
      decoder.kill();
    }
  }

  #drive(decoder: ChildProcess): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      const stores: Promise<void>[] = [];
      let current: QueuedTask | undefined;
      const next = (): void => {
        current = this.#queue.shift();
        send(decoder, current === undefined ? { kind: "finish" } : { kind: "file", task: current.task });
      };
      decoder.on("error", reject);
      decoder.on("exit", (code, signal) =>
        reject(
          new AppError(
            "internal",
            `a decoding process ended early (${signal ?? `code ${code ?? "?"}`}); run the import again, nothing is stored twice`,
          ),
        ),
      );
      decoder.on("message", (message: ProcessMessage) => {
        switch (message.kind) {
          case "staged":
            stores.push(this.#store(message, decoder));
            stores.at(-1)?.catch(reject);
            break;
          case "progress":
            if (current !== undefined) this.#bytesInTask.set(current, message.bytesRead);
            this.#report();
            break;
          case "done":
            if (current !== undefined) this.#endTask(current, message);
            next();
            break;
          case "broken":
            reject(
              new AppError(
                "store_write_failed",
                `cannot stage records: ${message.message}; check free disk space and the data directory`,
                { retryable: true },
              ),
            );
            break;
          case "finished":
            Promise.all(stores).then(() => resolve(), reject);
            break;
        }
      });
      next();
    });
  }

  async #store(message: Extract<ProcessMessage, { kind: "staged" }>, decoder: ChildProcess): Promise<void> {
    const counts = await this.#options.store.appendStaged({
      group: message.group,
      rejected: message.rejected,
      firstOpenDate: this.#options.firstOpenDate,
    });
    for (const [source, added] of counts) {
      const totals = this.#totals(source);
      totals.appended += added.appended;
      totals.duplicate += added.duplicate;
      this.#appended += added.appended;
    }
    for (const rejected of message.rejected) this.#totals(rejected.source).rejected++;
    this.#report();
    send(decoder, { kind: "stored" });
  }

  #totals(source: string): SourceTotals {
    return (this.#records[source] ??= { appended: 0, duplicate: 0, rejected: 0 });
  }

  #endTask(queued: QueuedTask, message: Extract<ProcessMessage, { kind: "done" }>): void {
    const { path, origin } = queued.task;
    this.#bytesInTask.delete(queued);
    this.#bytesDone += queued.sizeBytes;
    const left = (this.#tasksLeft.get(path) ?? 1) - 1;
    this.#tasksLeft.set(path, left);
    if (left === 0) this.#filesDone++;
    if (message.failed !== undefined) this.#failed.push({ path: origin, reason: message.failed });
    else if (message.skipped !== undefined) this.#skipped.push({ path: origin, reason: message.skipped });
    this.#report();
  }

  #report(derived?: SettleProgress): void {
    let inTasks = 0;
    for (const bytes of this.#bytesInTask.values()) inTasks += bytes;
    this.#options.onProgress?.({
      bytesRead: this.#bytesDone + inTasks,
      totalBytes: this.#totalBytes,
      filesDone: this.#filesDone,
      totalFiles: this.#options.files.length,
      appended: this.#appended,
      ...(derived === undefined ? {} : { derived }),
    });
  }
}

/**
 * Large files first, so that no process is left alone with one at the end; the others by name, which mostly is by
 * time, so that what is decoded together belongs to the same days.
 */
function inWorkingOrder(files: readonly FoundFile[]): readonly FoundFile[] {
  const large = files
    .filter((file) => file.sizeBytes >= LARGE_FILE_BYTES)
    .toSorted((left, right) => right.sizeBytes - left.sizeBytes);
  return [...large, ...files.filter((file) => file.sizeBytes < LARGE_FILE_BYTES)];
}

function send(decoder: ChildProcess, request: ProcessRequest): void {
  if (decoder.connected) decoder.send(request);
}
