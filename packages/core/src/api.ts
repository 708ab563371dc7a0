import type { ColumnType } from "./column.ts";
import type { SourceName } from "./record.ts";

// The HTTP contract, shared by server and page. Instants are ISO 8601 in UTC; names are the column names.

/** GET /v1/status */
export interface StatusResponse {
  readonly version: string;
  readonly now: string;
  readonly started_time: string;
  readonly is_demo: boolean;
  readonly rejected_count: number;
  readonly sources: readonly SourceStatus[];
}

export interface SourceStatus {
  readonly source: SourceName;
  readonly record_count: number;
  readonly first_event_time: string | null;
  readonly last_event_time: string | null;
  readonly last_ingested_time: string | null;
  readonly rejected_count: number;
  /** never: nothing was ever received; receiving: something arrived in the last 5 minutes; quiet: nothing since. */
  readonly state: "never" | "receiving" | "quiet";
}

/** A record as the lists show it: the common columns without `attributes` and `original_body`. */
export interface RecordSummary {
  readonly record_id: string;
  readonly source: SourceName;
  readonly event_time: string;
  readonly event_name: string;
  readonly severity_number: number;
  readonly severity_text: string | null;
  readonly contact_id: string | null;
  readonly agent_id: string | null;
  readonly agent_username: string | null;
  readonly flow_id: string | null;
  readonly session_id: string | null;
  readonly instance_id: string | null;
  readonly region: string | null;
  readonly message: string;
}

/** GET /v1/records?from&to&q&limit&before  newest first; `before` is the cursor. */
export interface RecordsResponse {
  readonly records: readonly RecordSummary[];
  readonly next_cursor: string | null;
  readonly took_ms: number;
}

/** GET /v1/records/histogram?from&to&q&buckets */
export interface HistogramResponse {
  readonly from: string;
  readonly to: string;
  readonly bucket_ms: number;
  /** Only buckets that hold something. `counts` by source, `errors` of severity 17 and up. */
  readonly buckets: readonly {
    readonly time: string;
    readonly counts: Partial<Record<SourceName, number>>;
    readonly errors: number;
  }[];
  readonly total: number;
  readonly took_ms: number;
}

/** GET /v1/records/facets?from&to&q  the most frequent values of each facet field. */
export interface FacetsResponse {
  readonly facets: readonly {
    readonly field: string;
    readonly values: readonly { readonly value: string; readonly count: number }[];
  }[];
  readonly took_ms: number;
}

/** GET /v1/records/{record_id} */
export interface RecordResponse {
  readonly record: RecordSummary & {
    readonly account_id: string | null;
    readonly observed_time: string;
    readonly ingested_time: string;
    readonly original_id: string | null;
    readonly original_body: string;
    readonly attributes: Readonly<Record<string, unknown>> | null;
    readonly schema_version: number;
  };
  /** The source's own columns, in declared order. */
  readonly columns: readonly {
    readonly name: string;
    readonly type: ColumnType;
    readonly description: string;
    readonly unit: string | null;
    readonly value: unknown;
  }[];
}

/** GET /v1/records/{record_id}/around: the same agent within 30 s, the same contact, the same session. */
export interface AroundResponse {
  readonly agent: readonly RecordSummary[];
  readonly contact: readonly RecordSummary[];
  readonly session: readonly RecordSummary[];
}

/** GET /v1/contacts?from&to&limit */
export interface ContactsResponse {
  readonly contacts: readonly ContactSummary[];
  readonly took_ms: number;
}

export interface ContactSummary {
  readonly contact_id: string;
  readonly first_event_time: string;
  readonly last_event_time: string;
  readonly record_count: number;
  readonly error_count: number;
  readonly sources: readonly SourceName[];
  readonly agents: readonly string[];
}

/** GET /v1/contacts/{contact_id}: the joined timeline. Also what `fourwire contact --json` prints. */
export interface ContactTimeline {
  readonly contact_id: string;
  readonly from: string;
  readonly to: string;
  readonly summary: ContactHeadline;
  readonly lineage: readonly LineageLink[];
  readonly agents: readonly ContactAgent[];
  readonly lanes: readonly Lane[];
  readonly missing: readonly MissingWire[];
  /** Every record of the timeline, in time order. */
  readonly entries: readonly TimelineEntry[];
  /** True when a limit cut the entries; `missing` does not count what was cut. */
  readonly is_truncated: boolean;
}

/** The sentence at the top of the page, in clauses; each clause names the records it was read from. */
export interface ContactHeadline {
  readonly clauses: readonly {
    readonly text: string;
    readonly record_ids: readonly string[];
    readonly is_problem: boolean;
  }[];
  readonly channel: string | null;
  readonly initiation_method: string | null;
  readonly queue: string | null;
  readonly duration_ms: number | null;
}

export interface LineageLink {
  readonly contact_id: string;
  readonly relation: "initial" | "previous" | "next" | "related" | "transferred_from" | "transferred_to";
  readonly record_id: string;
}

export interface ContactAgent {
  readonly agent_id: string;
  readonly agent_username: string | null;
  /** When this agent had the contact; null when only named. */
  readonly from: string | null;
  readonly to: string | null;
}

export type LaneName = "flow" | "queue" | "agent_state" | "agent_leg" | "ccp_log" | "softphone_quality" | "api_calls";

export interface Lane {
  readonly name: LaneName;
  /** Which agent the lane belongs to, where a contact had several. */
  readonly agent_id: string | null;
  readonly spans: readonly LaneSpan[];
  readonly marks: readonly LaneMark[];
  /** Numeric samples, softphone quality only. */
  readonly samples: readonly LaneSample[];
}

export interface LaneSpan {
  readonly from: string;
  /** Null while it goes on. */
  readonly to: string | null;
  readonly label: string;
  /** What kind of span it is, for its colour: a flow block type, an agent status, a contact state, a gap. */
  readonly kind: string;
  readonly is_problem: boolean;
  readonly record_ids: readonly string[];
  /** Why a gap is a gap: not_logged, not_received, late; null for spans that are not gaps. */
  readonly gap: "not_logged" | "not_received" | "late" | null;
}

export interface LaneMark {
  readonly time: string;
  readonly label: string;
  readonly severity_number: number;
  readonly record_id: string;
}

export interface LaneSample {
  readonly time: string;
  /** `packets_lost`, `jitter_ms`, `round_trip_ms`, `audio_level`. */
  readonly metric: string;
  /** `audio_input` is what the agent hears, `audio_output` the agent's microphone. */
  readonly stream: string;
  readonly value: number;
  readonly record_id: string;
}

export interface MissingWire {
  readonly source: SourceName;
  readonly agent_id: string | null;
  readonly from: string;
  readonly to: string;
  /** A sentence: "no CCP log received for agent ana.ruiz between 14:01:10Z and 14:05:22Z". */
  readonly message: string;
}

export interface TimelineEntry extends RecordSummary {
  /** Why it is on the timeline: it names the contact, its agent was on the contact then, or it changed what the contact used. */
  readonly relation: "contact" | "agent" | "configuration";
}

/** GET /v1/agents?from&to: agents seen since `from`, the latest first. */
export interface AgentsResponse {
  readonly agents: readonly AgentListEntry[];
}

export interface AgentListEntry {
  readonly agent_id: string;
  readonly agent_username: string | null;
  readonly name: string | null;
  readonly last_event_time: string;
  readonly status_name: string | null;
}

/** GET /v1/agents/{agent}?from&to: id, username or ARN. */
export interface AgentResponse {
  readonly agent_id: string;
  readonly agent_username: string | null;
  readonly name: string | null;
  readonly instance_id: string | null;
  readonly identities: readonly string[];
  readonly from: string;
  readonly to: string;
  /** The last state the agent event stream reported, as received; null if none was. */
  readonly state: {
    readonly event_time: string;
    readonly event_name: string;
    readonly status_name: string | null;
    readonly status_type: string | null;
    readonly status_start_time: string | null;
    readonly contact_states: unknown;
  } | null;
  readonly entries: readonly RecordSummary[];
  readonly is_truncated: boolean;
}

/** GET /v1/rejected?limit&before */
export interface RejectedResponse {
  readonly rejected: readonly RejectedRecord[];
  readonly total: number;
  readonly reasons: readonly { readonly reason: string; readonly source: string; readonly count: number }[];
  readonly next_cursor: string | null;
}

export interface RejectedRecord {
  readonly rejected_id: string;
  readonly source: string;
  readonly reason: string;
  readonly detail: string;
  /** File path, or the receiver's name. */
  readonly origin: string;
  /** Byte offset in the (inflated) input. */
  readonly position: number;
  readonly size_bytes: number;
  /** When it first came, and last; the same bytes delivered again are the same rejected record. */
  readonly rejected_time: string;
  readonly last_delivery_time: string;
  readonly delivery_count: number;
  /** How often `fourwire records replay` has decoded it again without success. */
  readonly replay_count: number;
  /** The bytes, as text when they are UTF-8, else base64; cut at `BODY_PREVIEW_BYTES`. */
  readonly body: string;
  readonly body_encoding: "utf8" | "base64";
  readonly is_body_truncated: boolean;
}

/** POST /v1/query {sql, limit} */
export interface QueryResponse {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly unknown[])[];
  readonly is_truncated: boolean;
  /** Days of agents whose records are stored and not yet in the derived tables that were read; 0 when current. */
  readonly pending_agent_days: number;
  readonly took_ms: number;
}

/** GET /v1/resolve?id=: what an id is, for the command palette. */
export interface ResolveResponse {
  readonly matches: readonly {
    readonly kind: "contact" | "agent" | "flow" | "record";
    readonly id: string;
    readonly label: string;
  }[];
}

/** GET /v1/live/tail?q=  Server-Sent Events: `records` carries this, `dropped` is what a slow reader missed. */
export interface TailEvent {
  readonly records: readonly RecordSummary[];
  readonly dropped: number;
}

/** GET /v1/silence: agents that are logged in and were heard on a wire before, and are not any more. ISO 8601, UTC. */
export interface SilenceResponse {
  readonly now: string;
  readonly thresholds: {
    readonly agent_event_ms: number;
    readonly ccp_log_ms: number;
    /** Silent for longer, an agent is not listed any more. */
    readonly keep_ms: number;
  };
  /** Of all that are silent, by wire. */
  readonly counts: { readonly agent_event: number; readonly ccp_log: number };
  /** Latest first, 500 at most. */
  readonly agents: readonly {
    readonly agent_id: string;
    readonly agent_username: string | null;
    readonly name: string | null;
    /** `agent_event`: heartbeats stopped without a logout; `ccp_log`: events go on, the browser logs nothing. */
    readonly source: "agent_event" | "ccp_log";
    readonly last_time: string;
    readonly silent_ms: number;
  }[];
}

/** GET /v1/tokens, POST /v1/tokens (with `token`), POST /v1/tokens/{id}/rotate (with `token`), POST /v1/tokens/{id}/revoke */
export interface AccessTokenResponse {
  readonly token_id: string;
  readonly name: string;
  readonly scope: "ingest" | "read" | "admin";
  /** Null: every source. */
  readonly sources: readonly string[] | null;
  /** Null: every group. */
  readonly groups: readonly string[] | null;
  readonly created_time: string;
  readonly expires_time: string | null;
  readonly revoked_time: string | null;
}

/** The only answer that shows a token. */
export interface CreatedTokenResponse extends AccessTokenResponse {
  readonly token: string;
}

/** Every HTTP error. */
export interface ErrorResponse {
  readonly code: string;
  readonly message: string;
  readonly docs: string;
}
