import type { UnixMillis } from "../record.ts";
import type { TimelineRow } from "./timeline-row.ts";

/** A stretch in which the agent's browser had no path for sound, by its ICE messages. */
export interface AudioLoss {
  readonly from: UnixMillis;
  /** Undefined when no message tells of a recovery. */
  readonly to: UnixMillis | undefined;
  readonly recordIds: readonly string[];
}

// One loss is told several times by connect-rtc-js 1.3 (SharedMediaSession, CallSession), and at INFO: the names count.
const LOST: ReadonlySet<string> = new Set(["ice_lost", "ice_failed", "peer_connection_failed"]);
const RECOVERED: ReadonlySet<string> = new Set(["ice_restarted", "ice_recovered"]);
/** "ICE Connection State:  connected"; `\b` keeps "disconnected" out. */
const CONNECTED_STATE = /\b(?:connected|completed)\b/;

/** The losses in one agent's CCP rows, in time order: from the first word of a loss to the first of a recovery. */
export function findAudioLosses(rows: readonly TimelineRow[]): AudioLoss[] {
  const losses: AudioLoss[] = [];
  let open: { from: UnixMillis; recordIds: string[] } | undefined;
  for (const row of rows) {
    if (LOST.has(row.event_name)) {
      open ??= { from: row.event_time, recordIds: [] };
      open.recordIds.push(row.record_id);
    } else if (open !== undefined && row.event_time > open.from && isRecovery(row)) {
      losses.push({ from: open.from, to: row.event_time, recordIds: [...open.recordIds, row.record_id] });
      open = undefined;
    } else if (open !== undefined && row.event_name === "ice_restart_failed") {
      open.recordIds.push(row.record_id);
    }
  }
  if (open !== undefined) losses.push({ ...open, to: undefined });
  return losses;
}

function isRecovery(row: TimelineRow): boolean {
  return RECOVERED.has(row.event_name) || (row.event_name === "ice_state" && CONNECTED_STATE.test(row.message));
}
