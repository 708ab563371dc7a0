import type { LiveAdherence } from "./derive/agent/types/adherence.ts";
import type { LiveActivityName } from "./derive/agent/types/agent-activity.ts";
import type { AgentSlots } from "./derive/agent/types/agent-slots.ts";
import type { InIso } from "./iso-shape.ts";

// The HTTP contract of the agent board, shared by server and page. Instants are ISO 8601 in UTC.

/**
 * What is out of the ordinary about an agent now:
 * - `unknown`: nothing heard for more than 300 s of an agent who is logged in; what the row says may be over.
 * - `stale`: heartbeats only for longer than `stale_after` although a contact is listed, so the snapshot may be stuck.
 * - `presumed_offline`: silent for good; no LOGOUT says so.
 * - `ghost`: Connect goes on offering contacts to somebody who is not there (docs/agents.md says when that is said).
 * - `duplicate_ccp`: the agent's CCP reports that another CCP window is open.
 * - `after_contact_work_long`: a contact is in after-contact work for longer than the threshold.
 */
export const AGENT_MARK_NAMES = [
  "unknown",
  "stale",
  "presumed_offline",
  "ghost",
  "duplicate_ccp",
  "after_contact_work_long",
] as const;

export type AgentMarkName = (typeof AGENT_MARK_NAMES)[number];

export interface AgentMark {
  readonly mark: AgentMarkName;
  readonly since_time: string;
  /** A sentence for a person. */
  readonly detail: string;
  /** The records it was read from. */
  readonly record_ids: readonly string[];
}

export interface BoardContact {
  readonly contact_id: string;
  readonly channel: string | null;
  readonly state: string;
  readonly since_time: string;
  readonly queue_id: string | null;
  readonly queue_name: string | null;
  readonly initiation_method: string | null;
}

/** Whether the agent keeps to the plan now. */
export type BoardAdherence = InIso<LiveAdherence>;

/** The newest line of severity ERROR that the agent's CCP logged in the last 24 hours. */
export interface BoardCcpError {
  readonly event_time: string;
  readonly message: string;
  readonly record_id: string;
}

/** One agent on the board. A change sends the whole row again; it replaces the one of the same `agent_id`. */
export interface AgentBoardRow {
  /** Of a person known in two Regions, the active one's. */
  readonly agent_id: string;
  readonly agent_username: string | null;
  /** First and last name; null where no snapshot told. */
  readonly name: string | null;
  readonly instance_id: string | null;
  readonly region: string | null;
  /** Every agent id the person is known by; one, but for Global Resiliency. */
  readonly agent_ids: readonly string[];
  /** Names of hierarchy groups, level 1 first; five elements, or none if never heard. */
  readonly hierarchy: readonly (string | null)[];
  /** Its queues stand in `routing_profiles`. */
  readonly routing_profile_id: string | null;
  readonly routing_profile_name: string | null;
  readonly is_logged_in: boolean | null;
  readonly status_name: string | null;
  /** ROUTABLE, CUSTOM, OFFLINE. */
  readonly status_type: string | null;
  readonly status_start_time: string | null;
  readonly next_status_name: string | null;
  readonly next_status_enqueued_time: string | null;
  readonly activity: LiveActivityName;
  readonly activity_start_time: string | null;
  /** Since when any contact is in after-contact work; null when none is. */
  readonly after_contact_work_start_time: string | null;
  readonly is_after_contact_work_long: boolean;
  readonly contacts: readonly BoardContact[];
  readonly slots: readonly AgentSlots[];
  readonly last_event_time: string | null;
  readonly last_record_id: string | null;
  readonly marks: readonly AgentMark[];
  readonly last_ccp_error: BoardCcpError | null;
  /** Null where no shifts were imported. */
  readonly adherence: BoardAdherence | null;
}

/** What contacts an agent of a routing profile is offered. */
export interface BoardRoutingProfile {
  readonly routing_profile_id: string;
  readonly routing_profile_name: string | null;
  readonly queues: readonly { readonly queue_id: string; readonly queue_name: string | null }[];
}

export interface BoardThresholds {
  readonly after_contact_work_ms: number;
  readonly silence_ms: number;
  /** How long an agent that sends nothing stays on the board. */
  readonly keep_ms: number;
}

/** GET /v1/agents/board?at=  the board now, or as it was at an instant; also the SSE event `snapshot`. */
export interface AgentBoardResponse {
  /** The instant it holds for. */
  readonly at_time: string;
  /** False for a past instant. */
  readonly is_live: boolean;
  /** `Last-Event-ID` from which GET /v1/live/agents continues without a gap; null for a past instant. */
  readonly sequence: string | null;
  /** By agent id. */
  readonly agents: readonly AgentBoardRow[];
  readonly routing_profiles: readonly BoardRoutingProfile[];
  readonly thresholds: BoardThresholds;
  /** The newest agent event stored, also of agents no longer on the board; null when there is none. */
  readonly last_event_time: string | null;
  /** True when records of the span are not yet worked in (past instants only). */
  readonly is_partial: boolean;
}

/**
 * GET /v1/live/agents  Server-Sent Events. `snapshot` (`AgentBoardResponse`) comes first, unless `Last-Event-ID` (or
 * `?last_event_id=`) names a point of this server's life; then `changes`, at most ten times a second, each with its `id`.
 * A reader that falls behind gets the newest row of each agent that changed meanwhile, never a queue of old ones; one
 * that takes nothing for 30 s is disconnected.
 */
export interface AgentBoardChanges {
  readonly at_time: string;
  readonly sequence: string;
  /** Whole rows of the agents that changed. */
  readonly agents: readonly AgentBoardRow[];
  /** Agents that left the board: silent for longer than `keep_ms`. */
  readonly removed_agent_ids: readonly string[];
  /** Routing profiles that are new or changed. */
  readonly routing_profiles: readonly BoardRoutingProfile[];
  /** Messages this reader did not take in time; what they said is in this one. */
  readonly skipped: number;
}
