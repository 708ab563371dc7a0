import { formatInstant, type UnixMillis } from "@fourwire/core";
import type { Emission } from "../emission.ts";
import type { DeliveredFile } from "./delivered-file.ts";

/** The collector sends a batch each minute, or when it has this much. */
const BATCH_MS = 60_000;
const BATCH_CHARS = 64 * 1024;

interface Batch {
  readonly first: Emission;
  last: Emission;
  readonly parts: string[];
  chars: number;
}

/** Collects each browser's entries into batches of lines, one file an hour and browser. */
export class CcpLogBuffer {
  readonly #batches = new Map<string, Batch>();

  accept(emission: Emission): DeliveredFile | undefined {
    const key = `${emission.origin.alias}/${emission.key}`;
    let batch = this.#batches.get(key);
    let file: DeliveredFile | undefined;
    if (batch !== undefined && isDue(batch, emission.time)) {
      file = fileOf(batch);
      batch = undefined;
    }
    if (batch === undefined) {
      batch = { first: emission, last: emission, parts: [], chars: 0 };
      this.#batches.set(key, batch);
    }
    batch.last = emission;
    batch.parts.push(`${emission.body}\n`);
    batch.chars += emission.body.length;
    return file;
  }

  flush(): DeliveredFile[] {
    const files = [...this.#batches.values()].map((batch) => fileOf(batch));
    this.#batches.clear();
    return files;
  }
}

function isDue({ first, chars }: Batch, time: UnixMillis): boolean {
  return chars >= BATCH_CHARS || time - first.time >= BATCH_MS || hourOf(time) !== hourOf(first.time);
}

function hourOf(time: UnixMillis): number {
  return Math.floor(time / 3_600_000);
}

function fileOf({ first, last, parts }: Batch): DeliveredFile {
  const hour = formatInstant(first.time).slice(0, 13);
  return {
    path: `ccp-logs/${first.origin.alias}/${first.key}/${hour}.ndjson`,
    source: "ccp_log",
    origin: first.origin,
    parts,
    form: "plain",
    isAppended: true,
    records: parts.length,
    deliveredTime: last.time,
    oldestTime: first.time,
    newestTime: last.time,
  };
}
