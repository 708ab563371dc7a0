import type { UnixMillis } from "../../../record.ts";

/**
 * What an agent's second is counted as. Every second of a span has exactly one, so sums add up to the span:
 * - `offline`: status of type OFFLINE, or logged out. Contacts held meanwhile do not change it.
 * - `non_productive`: status of type CUSTOM, whatever the contacts.
 * - `contact`: ROUTABLE, and at least one contact is connected, on hold, paused, ended (after-contact work) or dialling out.
 * - `connecting`: ROUTABLE, no such contact, and one is being offered.
 * - `error`: ROUTABLE, neither, and a contact is missed, rejected or failed and not yet cleared.
 * - `idle`: ROUTABLE and none of these.
 * - `unknown`: inside a gap. Never counted as idle.
 */
export const AGENT_ACTIVITIES = [
  "offline",
  "non_productive",
  "contact",
  "connecting",
  "error",
  "idle",
  "unknown",
] as const;

export type AgentActivityName = (typeof AGENT_ACTIVITIES)[number];

/** A stretch of an agent's time with one activity and one status: a row of `agent_activity`. */
export interface AgentActivity {
  readonly agent_id: string;
  readonly agent_username: string | null;
  readonly start_time: UnixMillis;
  readonly end_time: UnixMillis;
  readonly duration_ms: number;
  readonly activity: AgentActivityName;
  /** Null while no status was heard of since the login. Inside a gap the status held before it. */
  readonly status_name: string | null;
  readonly status_type: string | null;
  /** Contacts the agent had at any time of the stretch, in text order. */
  readonly contact_ids: readonly string[];
  /** True while a contact is connected, on hold, paused, in after-contact work or dialling out, whatever the status. */
  readonly is_on_contact: boolean;
  readonly is_unknown: boolean;
  /** True where the agent is offline only because a session must have ended: no LOGOUT says so. */
  readonly is_presumed: boolean;
  /** The event that began the stretch, then the one that ended it, where there was one. */
  readonly record_ids: readonly string[];
}

/** Amazon's real-time "agent activity": first of the list that applies wins. */
export const LIVE_ACTIVITIES = [
  "error",
  "missed",
  "rejected",
  "on_contact",
  "after_contact_work",
  "incoming",
  "monitoring",
  "custom",
  "available",
  "offline",
  "unknown",
] as const;

export type LiveActivityName = (typeof LIVE_ACTIVITIES)[number];
