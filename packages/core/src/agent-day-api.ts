import type { RecordSummary } from "./api.ts";
import type { AfterContactWork } from "./derive/agent/types/after-contact-work.ts";
import type { AgentActivity } from "./derive/agent/types/agent-activity.ts";
import type { AgentContactState } from "./derive/agent/types/agent-contact-state.ts";
import type { AgentFigure } from "./derive/agent/types/agent-figure.ts";
import type { AgentGap } from "./derive/agent/types/agent-gap.ts";
import type { AgentInterval } from "./derive/agent/types/agent-interval.ts";
import type { AgentMetricSettings } from "./derive/agent/types/agent-metric-settings.ts";
import type { AgentMetricName } from "./derive/agent/types/agent-metrics.ts";
import type { AgentOffer } from "./derive/agent/types/agent-offer.ts";
import type { AgentState } from "./derive/agent/types/agent-state.ts";
import type { LoginSession } from "./derive/agent/types/login-session.ts";
import type { InIso } from "./iso-shape.ts";

// The HTTP contract of an agent's day and of interval figures. Instants are ISO 8601 in UTC.

/** A stretch of one agent status. */
export interface AgentStatusSpan {
  readonly status_name: string | null;
  readonly status_type: string | null;
  readonly start_time: string;
  readonly end_time: string;
  readonly duration_ms: number;
  /** True inside a gap: the status is the one held before it. */
  readonly is_unknown: boolean;
  readonly record_ids: readonly string[];
}

/** A CloudTrail record that changed this agent, or that the agent caused. */
export interface AgentApiChange extends RecordSummary {
  /** `changed_agent`: the call named the agent; `changed_routing_profile`: its profile; `made_by_agent`: under the agent's own session. */
  readonly relation: "changed_agent" | "changed_routing_profile" | "made_by_agent";
}

/**
 * GET /v1/agents/{agent}/day?date=YYYY-MM-DD&zone=Europe/Berlin, or ?from&to (at most 7 days). `agent` is an id, login
 * name or ARN. Without date and span: the day, in the zone, of the agent's last record. Two days compare by two calls.
 */
export interface AgentDayResponse {
  readonly agent_id: string;
  readonly agent_username: string | null;
  readonly name: string | null;
  readonly agent_ids: readonly string[];
  readonly from_time: string;
  /** End of the day, excluded; the present instant where the day is not over. */
  readonly to_time: string;
  /** The calendar day in `zone`; null when `from` and `to` were given. */
  readonly date: string | null;
  /** IANA name; UTC when none was given. */
  readonly zone: string;
  /** At `to_time`; null where no agent event is known up to then. */
  readonly state: InIso<AgentState> | null;
  /** Cut at the ends of the day; the others are told with their real ends. */
  readonly activity: readonly InIso<AgentActivity>[];
  readonly statuses: readonly AgentStatusSpan[];
  readonly contact_states: readonly InIso<AgentContactState>[];
  readonly after_contact_work: readonly InIso<AfterContactWork>[];
  readonly offers: readonly InIso<AgentOffer>[];
  readonly login_sessions: readonly InIso<LoginSession>[];
  readonly gaps: readonly InIso<AgentGap>[];
  readonly ccp_errors: readonly RecordSummary[];
  readonly api_changes: readonly AgentApiChange[];
  readonly totals: Readonly<Record<AgentMetricName, InIso<AgentFigure>>>;
  readonly settings: AgentMetricSettings;
  /** Lists that a limit cut: `ccp_errors`, `api_changes`. */
  readonly truncated: readonly string[];
  readonly took_ms: number;
}

/** GET /v1/agents/{agent}/figures/{metric}?from&to  what one total was read from: the rows, then their records. */
export interface FigureEvidenceResponse {
  readonly metric: AgentMetricName;
  readonly figure: InIso<AgentFigure>;
  /** Rows of the derived tables, by table, each with `record_ids`. */
  readonly rows: readonly { readonly table: string; readonly rows: readonly Readonly<Record<string, unknown>>[] }[];
  /** The records themselves, in time order. */
  readonly records: readonly RecordSummary[];
  readonly is_truncated: boolean;
}

/** One agent in one interval. */
export type AgentIntervalRow = InIso<AgentInterval> & {
  /** Wall clock in `zone` with its offset: 2026-11-20T10:15:00+01:00. */
  readonly local_start_time: string;
  readonly local_end_time: string;
  readonly online_ms: number;
  readonly handle_ms: number;
  /** 0 to 1; null when neither contact nor idle time is in the interval. */
  readonly occupancy: number | null;
  readonly routing_profile_name: string | null;
  readonly hierarchy: readonly (string | null)[];
};

export const AGENT_INTERVAL_NAMES = ["15m", "30m", "1h", "1d"] as const;

export type AgentIntervalName = (typeof AGENT_INTERVAL_NAMES)[number];

/**
 * GET /v1/agents/intervals?from&to&interval=15m|30m|1h|1d&zone&agent=...&format=json|csv. `agent` may be repeated; none
 * is all. Intervals begin on the clock of the zone, so a day may have 23 or 25 hours. CSV is RFC 4180 with UTC and local
 * time columns. An agent without any event around an interval has no row for it.
 */
export interface AgentIntervalsResponse {
  readonly from_time: string;
  readonly to_time: string;
  readonly interval: AgentIntervalName;
  readonly zone: string;
  /** By agent id, then start. */
  readonly intervals: readonly AgentIntervalRow[];
  readonly settings: AgentMetricSettings;
  /** True when records of the span are stored and not yet worked in; `pending_days` says how many agent-days. */
  readonly is_partial: boolean;
  readonly pending_days: number;
  readonly is_truncated: boolean;
  readonly took_ms: number;
}
