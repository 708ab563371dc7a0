import type { StatusResponse } from "@fourwire/core";
import type { ServerContext } from "./http/context.ts";
import { isoOf } from "./record-json.ts";

/** A source that had something in this time is receiving. */
const RECEIVING_MS = 5 * 60_000;

/** What each source holds and when it was last heard of, by the server's clock. */
export async function readStatus(context: ServerContext): Promise<StatusResponse> {
  const now = Date.now();
  const [counts, rejected] = await Promise.all([context.store.sourceCounts(), context.store.rejectedCounts()]);
  return {
    version: context.version,
    now: new Date(now).toISOString(),
    started_time: new Date(context.startedTime).toISOString(),
    is_demo: context.isDemo,
    rejected_count: rejected.reduce((sum, reason) => sum + reason.count, 0),
    sources: counts.map((count) => ({
      source: count.source,
      record_count: count.recordCount,
      first_event_time: isoOf(count.firstEventTime),
      last_event_time: isoOf(count.lastEventTime),
      last_ingested_time: isoOf(count.lastIngestedTime),
      rejected_count: count.rejectedCount,
      state: stateOf(count.lastIngestedTime, now),
    })),
  };
}

function stateOf(lastIngestedTime: number | undefined, now: number): "never" | "receiving" | "quiet" {
  if (lastIngestedTime === undefined) return "never";
  return now - lastIngestedTime < RECEIVING_MS ? "receiving" : "quiet";
}
