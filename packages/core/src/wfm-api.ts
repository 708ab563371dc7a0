import type { AgentBoardRow, AgentMarkName, BoardAdherence, BoardContact } from "./agent-board-api.ts";

// The contract of what workforce management tools are given. Instants are ISO 8601 in UTC.

/** One agent as real-time adherence needs it. */
export interface WfmAgentState extends Pick<
  AgentBoardRow,
  | "agent_id"
  | "agent_username"
  | "name"
  | "instance_id"
  | "hierarchy"
  | "routing_profile_name"
  | "is_logged_in"
  | "status_name"
  | "status_type"
  | "status_start_time"
  | "activity"
  | "activity_start_time"
  | "after_contact_work_start_time"
  | "next_status_name"
  | "next_status_enqueued_time"
> {
  readonly contacts: readonly BoardContact[];
  /** Null where no shifts were imported. */
  readonly adherence: BoardAdherence | null;
  readonly marks: readonly AgentMarkName[];
  /** Of the agent event the state was read from last; a change by the clock alone (silence, a shift's begin) has an older one. */
  readonly event_time: string | null;
  /** Its record; GET /v1/records/{record_id} shows it, with Connect's EventId as `original_id`. */
  readonly record_id: string | null;
}

/**
 * - `snapshot_start`: forget what you hold; `agent_count` events of kind `snapshot` follow.
 * - `snapshot`: an agent as it is now.
 * - `change`: an agent whose state is another than before.
 * - `removal`: an agent that sent nothing for so long that it is no longer followed.
 * - `beat`: the feed is alive and nothing before it is missing; for consumers without a timer.
 */
export const WFM_EVENT_KINDS = ["snapshot_start", "snapshot", "change", "removal", "beat"] as const;

export type WfmEventKind = (typeof WFM_EVENT_KINDS)[number];

/** GET /v1/wfm/feed, and each element of `events` that a webhook is sent. Fields that a kind does not have are null. */
export type WfmEvent = {
  /** The same on every delivery of the same event; another life of the server has other ids. */
  readonly event_id: string;
  readonly kind: WfmEventKind;
  /** Changes and removals are numbered without holes; the others carry the number of the last one before them. */
  readonly sequence: number;
  /** When the server made the event. */
  readonly sent_time: string;
  /** Of `snapshot_start` and `beat`. */
  readonly agent_count: number | null;
} & { readonly [Key in keyof WfmAgentState]: WfmAgentState[Key] | null };

/** Body of a webhook's POST. A repeated delivery has the same bytes. */
export interface WfmWebhookBody {
  readonly webhook: string;
  readonly delivery_id: string;
  readonly events: readonly WfmEvent[];
}

/**
 * - `starting`: nothing was sent yet.
 * - `delivering`: the last delivery was taken.
 * - `retrying`: the last delivery failed and is sent again at `retry_time`.
 * - `refusing`: the last delivery was refused for good (4xx, a redirect) and dropped.
 */
export type WfmWebhookState = "starting" | "delivering" | "retrying" | "refusing" | "stopped";

export interface WfmWebhookStatus {
  readonly name: string;
  /** Without what follows a question mark: that may be a secret. */
  readonly url: string;
  readonly events: readonly ("snapshot" | "change" | "removal" | "beat")[];
  readonly state: WfmWebhookState;
  readonly delivered_batches: number;
  readonly delivered_events: number;
  /** Attempts that failed and were, or will be, repeated. */
  readonly failed_attempts: number;
  /** Events in deliveries that were refused for good. */
  readonly refused_events: number;
  /** Changes that left memory before they could be delivered; a snapshot was sent in their place. */
  readonly overrun_events: number;
  readonly snapshots: number;
  /** Changes not delivered yet. */
  readonly waiting_events: number;
  /** HTTP status of the last answer; null before one came. */
  readonly last_status: number | null;
  readonly last_error: string | null;
  readonly last_delivered_time: string | null;
  readonly retry_time: string | null;
}

/** GET /v1/wfm/webhooks */
export interface WfmStatusResponse {
  readonly webhooks: readonly WfmWebhookStatus[];
  readonly feed: {
    readonly readers: number;
    /** Readers cut off because they did not keep up. */
    readonly slow_readers_closed: number;
    /** Number of the last change or removal. */
    readonly sequence: number;
    /** Changes and removals kept for readers that come back. */
    readonly kept_events: number;
    readonly beat_ms: number;
  };
}
