import { parentPort, workerData } from "node:worker_threads";
import type { SourceName } from "@fourwire/core";
import type { RejectedInput, StagedGroup } from "@fourwire/store";
import { describeShape, observedNow, Pipeline } from "../pipeline.ts";
import { DocumentSplitter } from "../receive/document-splitter.ts";
import { InflateFault, readInflated, type ReadProgress } from "../receive/inflate.ts";
import { WorkerOutput } from "./worker-output.ts";

/** A file to decode. */
export interface FileTask {
  readonly path: string;
  readonly source: SourceName | undefined;
}

/** What the thread is started with. */
export interface WorkerSettings {
  readonly stagingPath: string;
}

export type WorkerMessage =
  | { readonly kind: "staged"; readonly group: StagedGroup; readonly rejected: readonly RejectedInput[] }
  | { readonly kind: "progress"; readonly bytesRead: number }
  /** The file is read; its last records may still be on their way. */
  | { readonly kind: "done"; readonly skipped: string | undefined; readonly failed: string | undefined }
  /** Staging failed (a full disk): what was decoded could not be handed over, so the import ends. */
  | { readonly kind: "broken"; readonly message: string }
  /** Everything of every file was sent. */
  | { readonly kind: "finished" };

const port = parentPort;
if (port === null) throw new Error("import-worker runs as a worker thread only");

const output = WorkerOutput.create((workerData as WorkerSettings).stagingPath, {
  staged: (group, rejected) => post({ kind: "staged", group, rejected }),
  failed: (message) => post({ kind: "broken", message }),
});

function post(message: WorkerMessage): void {
  port?.postMessage(message);
}

port.on("message", (message: FileTask | "stored" | "finish") => {
  if (message === "stored") {
    void output.then((writer) => writer.acknowledge());
  } else if (message === "finish") {
    void output.then((writer) => writer.finish()).then(() => post({ kind: "finished" }));
  } else {
    void importFile(message);
  }
});

async function importFile(task: FileTask): Promise<void> {
  const result = { skipped: undefined as string | undefined, failed: undefined as string | undefined };
  try {
    result.skipped = await decodeFile(task, await output);
  } catch (error) {
    result.failed = error instanceof Error ? error.message : String(error);
  }
  post({ kind: "done", ...result });
}

/** Decodes one file; returns why it was skipped, or undefined. */
async function decodeFile(task: FileTask, writer: WorkerOutput): Promise<string | undefined> {
  const progress: ReadProgress = { bytesRead: 0 };
  const pipeline = new Pipeline({ origin: task.path, source: task.source, observedTime: observedNow() });
  const splitter = new DocumentSplitter((piece) => {
    pipeline.accept(piece);
    if (pipeline.hasBatch) writer.collect(pipeline);
  });
  let inflatedBytes = 0;
  try {
    for await (const chunk of readInflated(task.path, progress)) {
      inflatedBytes += chunk.length;
      splitter.push(chunk);
      if (splitter.isForeign || (pipeline.isForeign && task.source === undefined)) break;
      if (!writer.isFull) continue;
      await writer.send();
      post({ kind: "progress", bytesRead: progress.bytesRead });
    }
    splitter.end();
  } catch (error) {
    if (!(error instanceof InflateFault)) throw error;
    splitter.end();
    pipeline.accept({ kind: "fault", reason: error.reason, detail: error.message, position: inflatedBytes, sizeBytes: 0, bytes: Buffer.alloc(0) });
  }
  writer.collect(pipeline);
  return reasonToSkip(splitter, pipeline);
}

function reasonToSkip(splitter: DocumentSplitter, pipeline: Pipeline): string | undefined {
  if (splitter.isForeign) return "not JSON, gzip or log lines";
  if (pipeline.recordCount > 0 || pipeline.unknownSample === undefined) return undefined;
  return describeShape(pipeline.unknownSample);
}
