import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { once } from "node:events";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { benchRecords, WRITERS, type BenchSpan } from "./bench-records.ts";

export const BENCH_SOURCES = ["ccp_log", "flow_log", "agent_event", "cloudtrail"] as const;

export type BenchSource = (typeof BENCH_SOURCES)[number];

const RECORDS_PER_CLOUDTRAIL_FILE = 5000;
const FLUSH_CHARACTERS = 1 << 20;

/** Writes the span's records as their source is delivered: CloudTrail in .gz files of `{"Records":[...]}`, the others one a line. */
export async function writeBenchFiles(folder: string, source: BenchSource, span: BenchSpan): Promise<void> {
  await mkdir(folder, { recursive: true });
  if (source !== "cloudtrail") {
    await writeLines(join(folder, `${source}.ndjson`), benchRecords(WRITERS[source], span));
    return;
  }
  for (let first = 0; first < span.count; first += RECORDS_PER_CLOUDTRAIL_FILE) {
    const part = {
      ...span,
      count: Math.min(RECORDS_PER_CLOUDTRAIL_FILE, span.count - first),
      from: span.from + first * span.stepMs,
    };
    const records = [...benchRecords(WRITERS.cloudtrail, part, first)];
    const body = `{"Records":[${records.join(",")}]}`;
    await pipeline(
      Readable.from([Buffer.from(body)]),
      createGzip(),
      createWriteStream(join(folder, `${String(first).padStart(9, "0")}.json.gz`)),
    );
  }
}

async function writeLines(path: string, lines: Iterable<string>): Promise<void> {
  const file = createWriteStream(path);
  let block = "";
  for (const line of lines) {
    block += `${line}\n`;
    if (block.length < FLUSH_CHARACTERS) continue;
    if (!file.write(block)) await once(file, "drain");
    block = "";
  }
  file.end(block);
  await once(file, "close");
}
