import type { UnixMillis } from "../../../record.ts";

/** A planned activity of one agent. */
export interface AdherenceShift {
  readonly activity_name: string;
  /** Productive: the agent should be Available. */
  readonly is_productive: boolean;
  /** Statuses that count as adherent instead of the default rule (Amazon's custom method); empty: the default rule. */
  readonly statuses: readonly string[];
  readonly start_time: UnixMillis;
  readonly end_time: UnixMillis;
  /** Thresholds, ms: how much earlier or later than planned the activity may begin and end. Amazon allows 1 to 10 minutes. */
  readonly start_early_ms: number;
  readonly start_late_ms: number;
  readonly end_early_ms: number;
  readonly end_late_ms: number;
}

/**
 * - `using_thresholds`: not as planned, and within what the thresholds allow; counts as adherent.
 * - `unscheduled`: no activity covers the instant, and no threshold reaches it.
 * - `unknown`: inside a gap of the agent's events; counts for nothing.
 */
export type AdherenceName = "adherent" | "using_thresholds" | "non_adherent" | "unscheduled" | "unknown";

export interface AdherenceSettings {
  /** 2026, default method: Offline is adherent during a non-productive activity. 2023, and further down the same page: it is not. */
  readonly offline_is_non_productive: boolean;
  /** 2026: adherent over adherent and non-adherent time, thresholds included. 2023: adherent over scheduled time, without them. */
  readonly formula: "2023" | "2026";
}

/** A stretch of one kind of adherence to one planned activity. */
export interface AdherenceStretch {
  readonly start_time: UnixMillis;
  readonly end_time: UnixMillis;
  readonly duration_ms: number;
  readonly adherence: AdherenceName;
  /** The activity planned, or, outside the plan, the one whose threshold reaches here; null when unscheduled. */
  readonly activity_name: string | null;
  readonly is_productive: boolean | null;
  readonly status_name: string | null;
  readonly record_ids: readonly string[];
}

export interface Adherence {
  readonly agent_id: string;
  readonly settings: AdherenceSettings;
  /** In time order, without overlap; nothing for time that is neither planned nor within a threshold. */
  readonly stretches: readonly AdherenceStretch[];
  readonly scheduled_ms: number;
  /** As planned. */
  readonly adherent_ms: number;
  /** Within a threshold, inside the plan and outside. */
  readonly threshold_ms: number;
  readonly threshold_outside_ms: number;
  readonly non_adherent_ms: number;
  /** Planned time inside gaps. */
  readonly unknown_ms: number;
  /** 0 to 1; null when nothing was planned, or nothing of it is known. */
  readonly adherence: number | null;
  /** The formula in words. */
  readonly how: string;
}

/** Whether an agent keeps to the plan at one instant. */
export interface LiveAdherence {
  readonly adherence: AdherenceName;
  readonly since_time: UnixMillis;
  readonly activity_name: string | null;
  readonly is_productive: boolean | null;
}
