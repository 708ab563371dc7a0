import type { UnixMillis } from "../../../record.ts";

/**
 * - `lost_event`: an event's previous snapshot, or a heartbeat, differs from what was held: at least one event between
 *   the two records is missing.
 * - `silence`: no event for more than 300 s of an agent whose stream should beat every 120 s.
 * - `presumed_offline`: silent for good; the session ended without a LOGOUT.
 */
export type AgentGapReason = "lost_event" | "silence" | "presumed_offline";

/** A stretch in which what an agent did is not known: a row of `agent_gap`. */
export interface AgentGap {
  readonly agent_id: string;
  readonly agent_username: string | null;
  /** Time of the last record before. */
  readonly start_time: UnixMillis;
  /** Time of the first record after; null while it goes on. */
  readonly end_time: UnixMillis | null;
  readonly duration_ms: number | null;
  readonly reason: AgentGapReason;
  /** What differs, for a person: "status Available held, Break told". */
  readonly detail: string;
  /** The record before and the one after, where there is one. */
  readonly record_ids: readonly string[];
}
