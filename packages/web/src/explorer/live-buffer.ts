import type { RecordSummary, TailEvent } from "@fourwire/core";

/** The live list, oldest first. */
export interface LiveBuffer {
  readonly records: readonly RecordSummary[];
  /** Came while paused; shown on resuming. */
  readonly pending: readonly RecordSummary[];
  readonly isPaused: boolean;
  /** Sent, but this reader was too slow for them. */
  readonly droppedCount: number;
  /** Left the top of the list because it was full. */
  readonly trimmedCount: number;
}

export type LiveChange =
  | { readonly kind: "begin"; readonly records: readonly RecordSummary[] }
  | { readonly kind: "receive"; readonly event: TailEvent }
  | { readonly kind: "pause" }
  | { readonly kind: "resume" };

export const LIVE_LIMIT = 20_000;

export const EMPTY_LIVE: LiveBuffer = { records: [], pending: [], isPaused: false, droppedCount: 0, trimmedCount: 0 };

/** The buffer after a change. While paused nothing that is shown moves. */
export function changeLive(buffer: LiveBuffer, change: LiveChange): LiveBuffer {
  switch (change.kind) {
    case "begin":
      return append({ ...buffer, records: [] }, [...change.records, ...buffer.records]);
    case "receive": {
      const counted = { ...buffer, droppedCount: buffer.droppedCount + change.event.dropped };
      if (!buffer.isPaused) return append(counted, change.event.records);
      const pending = [...buffer.pending, ...change.event.records];
      const excess = Math.max(0, pending.length - LIVE_LIMIT);
      return { ...counted, pending: pending.slice(excess), trimmedCount: counted.trimmedCount + excess };
    }
    case "pause":
      return { ...buffer, isPaused: true };
    case "resume":
      return append({ ...buffer, isPaused: false, pending: [] }, buffer.pending);
  }
}

/** Adds to the end, once each, and keeps the newest `LIVE_LIMIT`. */
function append(buffer: LiveBuffer, added: readonly RecordSummary[]): LiveBuffer {
  if (added.length === 0) return buffer;
  const seen = new Set(buffer.records.map((record) => record.record_id));
  const fresh = added.filter((record) => {
    const isFresh = !seen.has(record.record_id);
    seen.add(record.record_id);
    return isFresh;
  });
  const records = [...buffer.records, ...fresh];
  const excess = Math.max(0, records.length - LIVE_LIMIT);
  return { ...buffer, records: records.slice(excess), trimmedCount: buffer.trimmedCount + excess };
}
