import { parentPort } from "node:worker_threads";
import type { SourceName } from "@fourwire/core";
import { observedNow, Pipeline, describeShape, type Decoded } from "../pipeline.ts";
import { DocumentSplitter } from "../receive/document-splitter.ts";
import { InflateFault, readInflated, type ReadProgress } from "../receive/inflate.ts";

/** A file to decode. */
export interface FileTask {
  readonly path: string;
  readonly source: SourceName | undefined;
}

export type WorkerMessage =
  | { readonly kind: "decoded"; readonly decoded: Decoded; readonly bytesRead: number }
  | { readonly kind: "done"; readonly skipped: string | undefined; readonly failed: string | undefined; readonly bytesRead: number };

/** Rows and bytes in one message to the store: large enough to be cheap, small enough to keep memory flat. */
const BATCH_ROWS = 8192;
const BATCH_BYTES = 6 * 1024 * 1024;

/** Messages on their way to the store before decoding waits for it. */
const MAX_IN_FLIGHT = 3;

const port = parentPort;
if (port === null) throw new Error("import-worker runs as a worker thread only");

let inFlight = 0;
let wake: (() => void) | undefined;

port.on("message", (message: FileTask | "stored") => {
  if (message === "stored") {
    inFlight--;
    wake?.();
  } else {
    void importFile(message);
  }
});

async function importFile(task: FileTask): Promise<void> {
  const progress: ReadProgress = { bytesRead: 0 };
  const result = { skipped: undefined as string | undefined, failed: undefined as string | undefined };
  try {
    result.skipped = await decodeFile(task, progress);
  } catch (error) {
    result.failed = error instanceof Error ? error.message : String(error);
  }
  port?.postMessage({ kind: "done", ...result, bytesRead: progress.bytesRead } satisfies WorkerMessage);
}

/** Decodes one file; returns why it was skipped, or undefined. */
async function decodeFile(task: FileTask, progress: ReadProgress): Promise<string | undefined> {
  const pipeline = new Pipeline({ origin: task.path, source: task.source, observedTime: observedNow() });
  const splitter = new DocumentSplitter((piece) => pipeline.accept(piece));
  let inflatedBytes = 0;
  try {
    for await (const chunk of readInflated(task.path, progress)) {
      inflatedBytes += chunk.length;
      splitter.push(chunk);
      if (splitter.isForeign || (pipeline.isForeign && task.source === undefined)) break;
      if (pipeline.pendingRows >= BATCH_ROWS || pipeline.pendingBytes >= BATCH_BYTES) await send(pipeline.take(), progress);
    }
    splitter.end();
  } catch (error) {
    if (!(error instanceof InflateFault)) throw error;
    splitter.end();
    pipeline.accept({ kind: "fault", reason: error.reason, detail: error.message, position: inflatedBytes, sizeBytes: 0, bytes: Buffer.alloc(0) });
  }
  await send(pipeline.take(), progress);
  return reasonToSkip(splitter, pipeline);
}

function reasonToSkip(splitter: DocumentSplitter, pipeline: Pipeline): string | undefined {
  if (splitter.isForeign) return "not JSON, gzip or log lines";
  if (pipeline.recordCount > 0 || pipeline.unknownSample === undefined) return undefined;
  return describeShape(pipeline.unknownSample);
}

async function send(decoded: Decoded, progress: ReadProgress): Promise<void> {
  if (decoded.batches.length === 0 && decoded.rejected.length === 0) return;
  while (inFlight >= MAX_IN_FLIGHT) {
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
  }
  inFlight++;
  port?.postMessage({ kind: "decoded", decoded, bytesRead: progress.bytesRead } satisfies WorkerMessage);
}
