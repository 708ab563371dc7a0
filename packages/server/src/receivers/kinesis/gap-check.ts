import type { ReceiverGap } from "../receiver.ts";
import type { ShardBatch } from "./stream-api.ts";

/** A position behind which records may have been deleted before they were read. */
export interface GapSuspicion {
  /** Everything that had arrived before was read. */
  readonly from: number;
  /** The oldest instant of which records are kept for certain; undefined when the position was refused for another reason. */
  readonly horizon: number | undefined;
  readonly reason: string;
}

/** What the first batch after a doubtful position says: a gap, none, or nothing yet. */
export function judgeGap(suspicion: GapSuspicion, batch: ShardBatch, now: number): ReceiverGap | "none" | "unknown" {
  const { from, horizon, reason } = suspicion;
  const first = batch.records[0];
  if (first === undefined) return batch.behindMs > 0 ? "unknown" : { from, to: horizon ?? now, reason };
  const arrival = first.arrivalTime ?? now;
  // what arrived before our position is still there, so nothing behind it was deleted
  if (arrival <= from) return "none";
  return { from, to: Math.min(arrival, horizon ?? arrival), reason };
}
