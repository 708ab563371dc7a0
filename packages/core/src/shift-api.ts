import type { Adherence } from "./derive/agent/types/adherence.ts";
import type { Reconciliation } from "./derive/agent/types/reconciliation.ts";
import type { InIso } from "./iso-shape.ts";

// The HTTP contract of shifts, adherence and reconciliation. Instants are ISO 8601 in UTC.

/** A planned activity of one agent. */
export interface Shift {
  readonly shift_id: string;
  /** The agent as the file names it: login name, id or ARN. */
  readonly agent: string;
  /** Null while no record has told who that is. */
  readonly agent_id: string | null;
  readonly start_time: string;
  readonly end_time: string;
  readonly activity_name: string;
  /** Productive: the agent should be Available. */
  readonly is_productive: boolean;
  /** Statuses that count as adherent instead of the default rule; empty: the default rule. */
  readonly statuses: readonly string[];
  /** Thresholds, ms: how much earlier or later than planned the activity may begin and end. */
  readonly start_early_ms: number;
  readonly start_late_ms: number;
  readonly end_early_ms: number;
  readonly end_late_ms: number;
  /** The file it came from. */
  readonly origin: string;
}

/** GET /v1/shifts?from&to&agent */
export interface ShiftsResponse {
  readonly shifts: readonly Shift[];
  readonly is_truncated: boolean;
}

/**
 * POST /v1/shifts?origin=<name>&zone=<IANA>&agent=<agent>  body text/csv or text/calendar. Everything that came from the
 * same origin before is replaced, so a corrected plan is sent again whole. `zone` is for times without one, `agent` for a
 * calendar of one person. DELETE /v1/shifts?origin= or ?shift_id= answers {removed}.
 */
export interface ShiftImportResponse {
  readonly added: number;
  readonly replaced: number;
  /** Lines and events that are no shift, and why. The others were taken. */
  readonly rejected: readonly { readonly line: number; readonly reason: string }[];
  /** Names that no record has told an id for. */
  readonly unknown_agents: readonly string[];
}

/** GET /v1/adherence?from&to&agent=...&stretches=true  at most 31 days; agents without shifts are left out. */
export interface AdherenceResponse {
  readonly from_time: string;
  readonly to_time: string;
  /** By agent id; `stretches` is empty unless asked for. */
  readonly agents: readonly (InIso<Adherence> & { readonly agent_username: string | null })[];
  /** Names in the plan that no record has told an id for. */
  readonly unknown_agents: readonly string[];
  readonly pending_days: number;
  readonly took_ms: number;
}

/** GET /v1/reconciliation?from&to  and GET /v1/agents/{agent}/reconciliation?date&zone or from&to: events against contact records. */
export interface ReconciliationResponse {
  readonly from_time: string;
  readonly to_time: string;
  /** Agents with contacts on either side, by agent id. */
  readonly agents: readonly Reconciliation[];
  readonly pending_days: number;
  readonly took_ms: number;
}
