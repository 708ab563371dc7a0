import { unixMillis } from "../../instant.ts";
import type { UnixMillis } from "../../record.ts";
import { compareText } from "../timeline-row.ts";
import { listStatusTimes, sumIntervals } from "./interval-sums.ts";
import { METRIC_DEFINITIONS } from "./metric-definitions.ts";
import type { AgentFigure } from "./types/agent-figure.ts";
import type { AgentInterval, StatusTime } from "./types/agent-interval.ts";
import type { AgentMetricName, AgentMetrics } from "./types/agent-metrics.ts";
import type { AgentMetricSettings } from "./types/agent-metric-settings.ts";

interface MetricsInput {
  readonly intervals: readonly AgentInterval[];
  /** The span asked for, which may be wider than the intervals in which anything is known. */
  readonly from: UnixMillis;
  readonly to: UnixMillis;
  readonly settings: AgentMetricSettings;
}

/** The figures of the agents whose intervals are given, each with the way to it. */
export function deriveMetrics(input: MetricsInput): AgentMetrics {
  const { from, to, settings } = input;
  const sums = sumIntervals(input.intervals);
  const agentIds = [...new Set(input.intervals.map((interval) => interval.agent_id))].sort(compareText);
  const figureOf = (name: AgentMetricName): AgentFigure => {
    const definition = METRIC_DEFINITIONS[name];
    return {
      value: definition.value(sums, settings),
      unit: definition.unit,
      formula: name,
      how: definition.how(settings),
      rows: definition.rows(settings).map((rows) => ({ ...rows, agent_ids: agentIds, from_time: from, to_time: to })),
    };
  };
  return { agent_ids: agentIds, start_time: from, end_time: to, settings, figures: mapNames(figureOf) };
}

function mapNames(figureOf: (name: AgentMetricName) => AgentFigure): Record<AgentMetricName, AgentFigure> {
  return {
    offline_time: figureOf("offline_time"),
    online_time: figureOf("online_time"),
    non_productive_time: figureOf("non_productive_time"),
    contact_time: figureOf("contact_time"),
    idle_time: figureOf("idle_time"),
    connecting_time: figureOf("connecting_time"),
    error_time: figureOf("error_time"),
    unknown_time: figureOf("unknown_time"),
    occupancy: figureOf("occupancy"),
    contact_share: figureOf("contact_share"),
    idle_share: figureOf("idle_share"),
    non_productive_share: figureOf("non_productive_share"),
    after_contact_work_time: figureOf("after_contact_work_time"),
    contact_after_contact_work_time: figureOf("contact_after_contact_work_time"),
    average_after_contact_work_time: figureOf("average_after_contact_work_time"),
    interaction_time: figureOf("interaction_time"),
    hold_time: figureOf("hold_time"),
    holds: figureOf("holds"),
    handle_time: figureOf("handle_time"),
    average_handle_time: figureOf("average_handle_time"),
    contacts_handled: figureOf("contacts_handled"),
    concurrency: figureOf("concurrency"),
    offers: figureOf("offers"),
    answered: figureOf("answered"),
    missed: figureOf("missed"),
    rejected: figureOf("rejected"),
    errors: figureOf("errors"),
    non_response: figureOf("non_response"),
    non_response_without_customer_abandons: figureOf("non_response_without_customer_abandons"),
    answer_rate: figureOf("answer_rate"),
    login_sessions: figureOf("login_sessions"),
    logged_in_time: figureOf("logged_in_time"),
  };
}

/** Time by custom status, in text order, over all intervals. */
export function sumStatuses(intervals: readonly AgentInterval[]): StatusTime[] {
  const byName = new Map<string, number>();
  for (const { non_productive: statuses } of intervals) {
    for (const { status_name: name, duration_ms: duration } of statuses) {
      byName.set(name, (byName.get(name) ?? 0) + duration);
    }
  }
  return listStatusTimes(byName);
}

/** Intervals joined into longer ones: quarters of an hour into the hours or days of a zone. One agent's, in order. */
export function joinIntervals(intervals: readonly AgentInterval[], boundaries: readonly UnixMillis[]): AgentInterval[] {
  const joined: AgentInterval[] = [];
  for (let index = 0; index + 1 < boundaries.length; index++) {
    const [start, end] = [boundaries[index] ?? unixMillis(0), boundaries[index + 1] ?? unixMillis(0)];
    const within = intervals.filter((interval) => interval.start_time >= start && interval.end_time <= end);
    const first = within[0];
    if (first === undefined) continue;
    const non_productive = sumStatuses(within);
    joined.push({ ...first, ...sumIntervals(within), start_time: start, end_time: end, non_productive });
  }
  return joined;
}
