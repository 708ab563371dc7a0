import { compareText } from "../timeline-row.ts";
import type { AgentInterval, StatusTime } from "./types/agent-interval.ts";

type NumberKey = { [key in keyof AgentInterval]: number extends AgentInterval[key] ? key : never }[keyof AgentInterval];

/** What of an interval adds up: its columns of numbers. */
export type IntervalSumKey = Exclude<NumberKey, "start_time" | "end_time">;

export type IntervalSums = Readonly<Record<IntervalSumKey, number>>;

/** Sums over no interval at all. */
export const NO_SUMS: IntervalSums = {
  offline_ms: 0,
  non_productive_ms: 0,
  contact_ms: 0,
  connecting_ms: 0,
  error_ms: 0,
  idle_ms: 0,
  unknown_ms: 0,
  presumed_offline_ms: 0,
  on_contact_non_productive_ms: 0,
  on_contact_offline_ms: 0,
  after_contact_work_ms: 0,
  contact_after_contact_work_ms: 0,
  after_contact_work_count: 0,
  after_contact_work_ended_ms: 0,
  interaction_ms: 0,
  pause_ms: 0,
  hold_ms: 0,
  incoming_connecting_ms: 0,
  outbound_connecting_ms: 0,
  handle_custom_status_ms: 0,
  hold_count: 0,
  handled_count: 0,
  offer_count: 0,
  answered_count: 0,
  missed_count: 0,
  rejected_count: 0,
  error_count: 0,
  withdrawn_count: 0,
  unknown_offer_count: 0,
  customer_abandoned_count: 0,
  login_count: 0,
  logged_in_ms: 0,
};

const KEYS = Object.keys(NO_SUMS).filter((key): key is IntervalSumKey => key in NO_SUMS);

/** Adds up intervals of one or more agents. */
export function sumIntervals(intervals: readonly AgentInterval[]): IntervalSums {
  const sums: Record<IntervalSumKey, number> = { ...NO_SUMS };
  for (const interval of intervals) for (const key of KEYS) sums[key] += interval[key];
  return sums;
}

/** Time by status, in text order. */
export function listStatusTimes(byName: ReadonlyMap<string, number>): StatusTime[] {
  return [...byName]
    .map(([name, duration]) => ({ status_name: name, duration_ms: duration }))
    .sort((left, right) => compareText(left.status_name, right.status_name));
}
