import type { UnixMillis } from "../../../record.ts";
import type { AfterContactWork } from "./after-contact-work.ts";
import type { LiveActivityName } from "./agent-activity.ts";
import type { AgentContact } from "./agent-contact.ts";
import type { AgentGap } from "./agent-gap.ts";
import type { AgentSlots } from "./agent-slots.ts";
import type { LoginSession } from "./login-session.ts";

/**
 * `unknown`: nothing heard for more than 300 s, or a heartbeat after a logout contradicts it.
 * `presumed_offline`: silent for good, see `AgentGapReason`.
 */
export type AgentConfidence = "known" | "unknown" | "presumed_offline";

/** One of the names an agent's events come under: two in an instance pair of Global Resiliency, else one. */
export interface AgentStreamIdentity {
  readonly agent_id: string;
  readonly region: string | null;
  readonly last_event_time: UnixMillis;
  /** True for the stream the state was last read from. */
  readonly is_active: boolean;
}

/** What is known about an agent at one instant: the live state, and a row of the time machine. */
export interface AgentState {
  readonly agent_id: string;
  readonly agent_username: string | null;
  readonly first_name: string | null;
  readonly last_name: string | null;
  readonly instance_id: string | null;
  readonly region: string | null;
  /** The instant it holds for. */
  readonly at_time: UnixMillis;
  readonly confidence: AgentConfidence;
  /** Null until a LOGIN, a LOGOUT or a change was heard: a heartbeat alone logs nobody in. */
  readonly is_logged_in: boolean | null;
  readonly status_name: string | null;
  readonly status_type: string | null;
  readonly status_start_time: UnixMillis | null;
  readonly next_status_name: string | null;
  readonly next_status_enqueued_time: UnixMillis | null;
  readonly activity: LiveActivityName;
  /** Since when that activity lasts. */
  readonly activity_start_time: UnixMillis | null;
  /** By contact id. */
  readonly contacts: readonly AgentContact[];
  readonly routing_profile_id: string | null;
  readonly routing_profile_name: string | null;
  /** Group names, level 1 first; null for a level that is not used. Five elements, or none if never heard. */
  readonly hierarchy: readonly (string | null)[];
  readonly slots: readonly AgentSlots[];
  /** After-contact work going on now. */
  readonly after_contact_work: readonly AfterContactWork[];
  /** The session going on, else the last one. */
  readonly login_session: LoginSession | null;
  /** The latest gap, open or closed. */
  readonly last_gap: AgentGap | null;
  readonly last_event_time: UnixMillis | null;
  readonly last_heartbeat_time: UnixMillis | null;
  /** The last event that was not a heartbeat. An agent with hours of heartbeats and nothing else may be a ghost. */
  readonly last_change_time: UnixMillis | null;
  readonly last_record_id: string | null;
  /** True where the agent is logged out or presumed so while the status is still ROUTABLE: Connect may go on offering. */
  readonly is_ghost: boolean;
  readonly identities: readonly AgentStreamIdentity[];
  readonly current_region: string | null;
  readonly configured_regions: readonly string[];
}
