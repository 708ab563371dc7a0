import type { SourceName } from "@fourwire/core";

// What really happened in a simulation, one object a line of truth.ndjson. Instants are ISO 8601 with milliseconds, UTC,
// on the true clock. An `end_time` of null: it was still going on when the simulation ended. Segments of one agent touch
// and never overlap: the end of one is the start of the next, to the millisecond. An object is written when its end is
// known, so lines are in the order of ends and not of starts.

/** An instant, such as `2026-11-02T14:03:07.412Z`. */
export type TruthTime = string;

export type TruthChannel = "VOICE" | "CHAT" | "TASK" | "EMAIL";

/**
 * The status an agent had, whatever contacts there were. Begins with the STATE_CHANGE that shows it; ends with the next
 * status or with LOGOUT. An agent who closes the browser without logging out keeps the status until somebody changes it
 * or until the next LOGIN. Between LOGIN and the first status there is none.
 */
export interface AgentStatusTruth {
  readonly kind: "agent_status";
  readonly instance_id: string;
  readonly agent_id: string;
  readonly username: string;
  readonly status_name: string;
  readonly status_type: "ROUTABLE" | "CUSTOM" | "OFFLINE";
  readonly start_time: TruthTime;
  readonly end_time: TruthTime | null;
}

/**
 * From LOGIN to the end of the session. `logout` has a LOGOUT event at `end_time`; `browser_closed` (the window was closed)
 * and `expired` (12 hours) have none: heartbeats for up to an hour are all that follows.
 */
export interface LoginSessionTruth {
  readonly kind: "login_session";
  readonly instance_id: string;
  readonly agent_id: string;
  readonly username: string;
  readonly start_time: TruthTime;
  readonly end_time: TruthTime | null;
  readonly ended_by: "logout" | "browser_closed" | "expired" | null;
}

/** A contact in one state at one agent, as the agent event stream shows it. */
export interface AgentContactStateTruth {
  readonly kind: "agent_contact_state";
  readonly instance_id: string;
  readonly agent_id: string;
  readonly contact_id: string;
  readonly channel: TruthChannel;
  readonly initiation_method: string;
  /** In the stream's words: INCOMING, CONNECTING, CONNECTED, CONNECTED_ONHOLD, PAUSED, MISSED, REJECTED, ERROR, ENDED. */
  readonly state: string;
  readonly start_time: TruthTime;
  readonly end_time: TruthTime | null;
}

/** From the end of the agent's part of a contact to the event that no longer lists it; several at once may overlap. */
export interface AfterContactWorkTruth {
  readonly kind: "after_contact_work";
  readonly instance_id: string;
  readonly agent_id: string;
  readonly contact_id: string;
  readonly start_time: TruthTime;
  readonly end_time: TruthTime | null;
  readonly closed_by: "cleared" | "status_change" | "timeout" | "logout" | null;
}

/** Why an offer was not answered; null where it was. */
export type OfferCause =
  /** The page slept: it never showed the contact. */
  | "browser_silent"
  /** The accept call failed in the CTI service. */
  | "api_gap"
  /** The agent pressed reject. */
  | "declined"
  /** The customer hung up while it rang. */
  | "customer_abandoned"
  /** The browser may not use the microphone. */
  | "mic_denied"
  /** The media connection could not be set up: relay servers out of reach. */
  | "turn_blocked"
  /** Nobody was at the desk, and the status said Available. */
  | "agent_away"
  /** The agent was there and did not take it. */
  | "not_answered";

/** A contact shown to one agent: from INCOMING or CONNECTING until it was answered or not. Agent-dialled calls are none. */
export interface OfferTruth {
  readonly kind: "offer";
  readonly instance_id: string;
  readonly agent_id: string;
  readonly contact_id: string;
  readonly channel: TruthChannel;
  readonly start_time: TruthTime;
  readonly end_time: TruthTime | null;
  /** The stream shows missed as MISSED, rejected and abandoned as REJECTED, error as ERROR. */
  readonly outcome: "answered" | "missed" | "rejected" | "error" | "abandoned" | null;
  readonly cause: OfferCause | null;
}

/** One contact, written once everything about it is known. */
export interface ContactTruth {
  readonly kind: "contact";
  readonly instance_id: string;
  readonly contact_id: string;
  readonly initial_contact_id: string | null;
  readonly previous_contact_id: string | null;
  readonly next_contact_id: string | null;
  readonly channel: TruthChannel;
  readonly initiation_method: string;
  readonly queue_id: string | null;
  readonly queue_name: string | null;
  /** Who answered it; null where nobody did. */
  readonly agent_id: string | null;
  readonly initiation_time: TruthTime;
  readonly enqueue_time: TruthTime | null;
  readonly connected_time: TruthTime | null;
  readonly disconnect_time: TruthTime | null;
  readonly disconnect_reason: string | null;
  /** When the agent's part ended and after-contact work began. */
  readonly agent_end_time: TruthTime | null;
  readonly after_contact_work_end_time: TruthTime | null;
  readonly offers: number;
  readonly holds: number;
  readonly hold_ms: number;
  readonly ice_losses: number;
  /** Names of the incidents that touched it. */
  readonly incidents: readonly string[];
}

/** One way of a contact through one flow, whether it was logged or not. */
export interface FlowRunTruth {
  readonly kind: "flow_run";
  readonly instance_id: string;
  readonly contact_id: string;
  readonly flow_id: string;
  readonly flow_name: string;
  readonly start_time: TruthTime;
  readonly end_time: TruthTime | null;
  /** `waiting`: it played until an agent answered. `ended`: it was done, and the contact went on. */
  readonly outcome: "queued" | "transferred" | "disconnected" | "customer_left" | "waiting" | "ended";
  /** Identifiers of blocks that took their error branch. */
  readonly failed_blocks: readonly string[];
}

/** An API call that an incident is about; the rest of the traffic is in the CloudTrail records themselves. */
export interface ApiCallTruth {
  readonly kind: "api_call";
  readonly instance_id: string;
  readonly event_id: string;
  readonly event_name: string;
  readonly event_time: TruthTime;
  readonly principal: string;
  readonly incident: string;
}

/** A record that was not delivered once and at once. `delivered_time` is null for a lost one. */
export interface DeliveryTruth {
  readonly kind: "delivery";
  readonly instance_id: string;
  readonly source: SourceName;
  readonly what: "lost" | "duplicated" | "late";
  /** Amazon's id of the record: EventId, eventID, envelope id; null where it has none. */
  readonly original_id: string | null;
  readonly event_time: TruthTime;
  readonly delivered_time: TruthTime | null;
}

/** A named incident. */
export interface IncidentTruth {
  readonly kind: "incident";
  readonly name: string;
  readonly instance_id: string;
  readonly start_time: TruthTime;
  readonly end_time: TruthTime | null;
  readonly affected_agent_ids: readonly string[];
  readonly affected_contact_ids: readonly string[];
  /** The cause, in a sentence or two. */
  readonly what_happened: string;
  /** Where a person would see it, one hint each. */
  readonly look_at: readonly string[];
}

export type Truth =
  | AgentStatusTruth
  | LoginSessionTruth
  | AgentContactStateTruth
  | AfterContactWorkTruth
  | OfferTruth
  | ContactTruth
  | FlowRunTruth
  | ApiCallTruth
  | DeliveryTruth
  | IncidentTruth;
