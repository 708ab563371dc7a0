import type { SourceName } from "@fourwire/core";
import type { RejectedInput, StagedGroup } from "@fourwire/store";
import { describeShape, observedNow, Pipeline } from "../pipeline.ts";
import { DocumentSplitter } from "../receive/document-splitter.ts";
import { InflateFault, readInflated, type ReadProgress } from "../receive/inflate.ts";
import { ProcessOutput } from "./process-output.ts";

// Decoding runs in processes and not in threads: it touches fresh memory all the time, and threads of one process wait
// for each other in the kernel's page faults. Two threads decoded fewer agent events than one; two processes 1.8 times
// as many (measured 2026-11-21, 2 cores). Only paths and counts cross between the processes, rows never do.

/** A file to decode, or a part of one that begins and ends at a line. */
export interface FileTask {
  readonly path: string;
  /** What reports and rejected records call it. */
  readonly origin: string;
  readonly source: SourceName | undefined;
  readonly part: { readonly start: number; readonly end: number } | undefined;
}

/** The first message to the process. */
export interface ProcessSettings {
  readonly stagingPath: string;
  /** 2 where this is the only process: then one writes while the other fills. */
  readonly stagingCount: number;
}

export type ProcessRequest =
  | { readonly kind: "settings"; readonly settings: ProcessSettings }
  | { readonly kind: "file"; readonly task: FileTask }
  | { readonly kind: "stored" }
  | { readonly kind: "finish" };

export type ProcessMessage =
  | { readonly kind: "staged"; readonly group: StagedGroup; readonly rejected: readonly RejectedInput[] }
  | { readonly kind: "progress"; readonly bytesRead: number }
  /** The file is read; its last records may still be on their way. */
  | { readonly kind: "done"; readonly skipped: string | undefined; readonly failed: string | undefined }
  /** Staging failed (a full disk): what was decoded could not be handed over, so the import ends. */
  | { readonly kind: "broken"; readonly message: string }
  /** Everything of every file was sent. */
  | { readonly kind: "finished" };

let output: Promise<ProcessOutput> | undefined;

process.on("message", (request: ProcessRequest) => void answer(request));

// without its parent the process has nobody to store for
process.on("disconnect", () => process.exit(0));

function post(message: ProcessMessage): void {
  process.send?.(message);
}

async function answer(request: ProcessRequest): Promise<void> {
  if (request.kind === "settings") {
    output = ProcessOutput.create(request.settings, {
      staged: (group, rejected) => post({ kind: "staged", group, rejected }),
      failed: (message) => post({ kind: "broken", message }),
    });
    return;
  }
  const writer = await output;
  if (writer === undefined) throw new Error("the settings must be the first message");
  switch (request.kind) {
    case "file":
      await importFile(request.task, writer);
      break;
    case "stored":
      writer.acknowledge();
      break;
    case "finish":
      await writer.finish();
      post({ kind: "finished" });
      break;
  }
}

async function importFile(task: FileTask, writer: ProcessOutput): Promise<void> {
  const result = { skipped: undefined as string | undefined, failed: undefined as string | undefined };
  try {
    result.skipped = await decodeFile(task, writer);
  } catch (error) {
    result.failed = error instanceof Error ? error.message : String(error);
  }
  post({ kind: "done", ...result });
}

/** Decodes one file; returns why it was skipped, or undefined. */
async function decodeFile(task: FileTask, writer: ProcessOutput): Promise<string | undefined> {
  const progress: ReadProgress = { bytesRead: 0 };
  const start = task.part?.start ?? 0;
  const pipeline = new Pipeline({
    origin: task.origin,
    source: task.source,
    observedTime: observedNow(),
    isKnownOurs: task.part !== undefined,
  });
  const splitter = new DocumentSplitter((piece) => {
    pipeline.accept(piece);
    if (pipeline.hasBatch) writer.collect(pipeline);
  }, start);
  let inflatedBytes = start;
  try {
    for await (const chunk of readInflated(task.path, progress, task.part)) {
      inflatedBytes += chunk.length;
      splitter.push(chunk);
      if (splitter.isForeign || pipeline.isForeign) break;
      if (!writer.isFull) continue;
      await writer.send();
      post({ kind: "progress", bytesRead: progress.bytesRead });
    }
    splitter.end();
  } catch (error) {
    if (!(error instanceof InflateFault)) throw error;
    splitter.end();
    pipeline.accept({
      kind: "fault",
      reason: error.reason,
      detail: error.message,
      position: inflatedBytes,
      sizeBytes: 0,
      bytes: Buffer.alloc(0),
    });
  }
  writer.collect(pipeline);
  return reasonToSkip(splitter, pipeline);
}

function reasonToSkip(splitter: DocumentSplitter, pipeline: Pipeline): string | undefined {
  if (splitter.isForeign) return "not JSON, gzip or log lines";
  if (pipeline.isOurs || pipeline.unknownSample === undefined) return undefined;
  return describeShape(pipeline.unknownSample);
}
