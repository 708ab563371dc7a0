import type { AgentFigure, FigureRows } from "./types/agent-figure.ts";
import type { IntervalSums } from "./interval-sums.ts";
import type { AgentMetricName } from "./types/agent-metrics.ts";
import type { AgentMetricSettings } from "./types/agent-metric-settings.ts";

type Rows = Pick<FigureRows, "table" | "where">;

export interface MetricDefinition {
  readonly unit: AgentFigure["unit"];
  /** Null where nothing can be said. */
  value(sums: IntervalSums, settings: AgentMetricSettings): number | null;
  how(settings: AgentMetricSettings): string;
  rows(settings: AgentMetricSettings): readonly Rows[];
}

const activity = (...names: readonly string[]): Rows => ({ table: "agent_activity", where: { activity: names } });
const states = (...names: readonly string[]): Rows => ({ table: "agent_contact_state", where: { state: names } });
const offers = (...outcomes: readonly string[]): Rows => ({
  table: "agent_offer",
  where: outcomes.length === 0 ? {} : { outcome: outcomes },
});
const WORK: Rows = { table: "agent_after_contact_work", where: {} };
const SESSIONS: Rows = { table: "agent_login_session", where: {} };
const HANDLE_STATES = states("CONNECTED", "CONNECTED_ONHOLD", "PAUSED", "ENDED");
const ONLINE_ACTIVITIES = ["contact", "connecting", "error", "idle", "non_productive"];

function idleActivities(settings: AgentMetricSettings): string[] {
  const names = ["idle"];
  if (settings.idle_includes_offer_time) names.push("connecting");
  if (settings.idle_includes_error_time) names.push("error");
  return names;
}

function idleOf(sums: IntervalSums, settings: AgentMetricSettings): number {
  const offered = settings.idle_includes_offer_time ? sums.connecting_ms : 0;
  return sums.idle_ms + offered + (settings.idle_includes_error_time ? sums.error_ms : 0);
}

function onlineOf(sums: IntervalSums, settings: AgentMetricSettings): number {
  const online = sums.contact_ms + sums.connecting_ms + sums.error_ms + sums.idle_ms + sums.non_productive_ms;
  return settings.unknown_is_left_out ? online : online + sums.unknown_ms;
}

function onlineRows(settings: AgentMetricSettings): Rows {
  return activity(...ONLINE_ACTIVITIES, ...(settings.unknown_is_left_out ? [] : ["unknown"]));
}

function onlineHow(settings: AgentMetricSettings): string {
  return settings.unknown_is_left_out ? "online time, gaps left out" : "online time, gaps counted as online";
}

function idleHow(settings: AgentMetricSettings): string {
  return `time in activity ${idleActivities(settings).join(", ")}`;
}

function handleOf(sums: IntervalSums, settings: AgentMetricSettings): number {
  const handle = sums.interaction_ms + sums.hold_ms + sums.pause_ms + sums.contact_after_contact_work_ms;
  return settings.handle_time_excludes_custom_status ? handle - sums.handle_custom_status_ms : handle;
}

function handleHow(settings: AgentMetricSettings): string {
  const custom = settings.handle_time_excludes_custom_status ? ", less what was in a custom status" : "";
  return `conversation, holds, pauses and after-contact work of each contact, summed${custom}`;
}

function nonResponseOf(sums: IntervalSums): number {
  return sums.missed_count + sums.rejected_count + sums.error_count + sums.withdrawn_count;
}

/** A ratio over nothing is nothing, not 0. */
function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

function sum(key: keyof IntervalSums, how: string, rows: Rows): MetricDefinition {
  const unit = key.endsWith("_ms") ? "ms" : "count";
  return { unit, value: (sums) => sums[key], how: () => how, rows: () => [rows] };
}

function share(part: keyof IntervalSums, name: string): MetricDefinition {
  return {
    unit: "ratio",
    value: (sums, settings) => ratio(sums[part], onlineOf(sums, settings)),
    how: (settings) => `time in activity ${name} over ${onlineHow(settings)}; null without any`,
    rows: (settings) => [activity(name), onlineRows(settings)],
  };
}

/** Every figure, how it is computed and from which rows. The key is also the formula's id in docs/agents.md. */
export const METRIC_DEFINITIONS: Readonly<Record<AgentMetricName, MetricDefinition>> = {
  offline_time: sum("offline_ms", "time in activity offline", activity("offline")),
  online_time: {
    unit: "ms",
    value: onlineOf,
    how: (settings) => `time in any status but Offline: ${onlineHow(settings)}`,
    rows: (settings) => [onlineRows(settings)],
  },
  non_productive_time: sum(
    "non_productive_ms",
    "time in a custom status, with or without contacts",
    activity("non_productive"),
  ),
  contact_time: sum(
    "contact_ms",
    "time Available with at least one contact connected, on hold, paused, in after-contact work or dialled; several at once count once",
    activity("contact"),
  ),
  idle_time: {
    unit: "ms",
    value: idleOf,
    how: idleHow,
    rows: (settings) => [activity(...idleActivities(settings))],
  },
  connecting_time: sum(
    "incoming_connecting_ms",
    "time in which contacts were offered to the agent, summed over contacts",
    states("CONNECTING", "INCOMING", "PENDING"),
  ),
  error_time: sum("error_ms", "time Available with nothing but missed, rejected or failed contacts", activity("error")),
  unknown_time: sum("unknown_ms", "time inside gaps", activity("unknown")),
  occupancy: {
    unit: "ratio",
    value: (sums, settings) => ratio(sums.contact_ms, sums.contact_ms + idleOf(sums, settings)),
    how: (settings) => `contact time over contact time and idle time (${idleHow(settings)}); null without either`,
    rows: (settings) => [activity("contact"), activity(...idleActivities(settings))],
  },
  contact_share: share("contact_ms", "contact"),
  idle_share: {
    unit: "ratio",
    value: (sums, settings) => ratio(idleOf(sums, settings), onlineOf(sums, settings)),
    how: (settings) => `${idleHow(settings)} over ${onlineHow(settings)}; null without any`,
    rows: (settings) => [activity(...idleActivities(settings)), onlineRows(settings)],
  },
  non_productive_share: share("non_productive_ms", "non_productive"),
  after_contact_work_time: sum(
    "after_contact_work_ms",
    "time in which at least one contact was in after-contact work",
    states("ENDED"),
  ),
  contact_after_contact_work_time: sum(
    "contact_after_contact_work_ms",
    "after-contact work, summed over contacts",
    states("ENDED"),
  ),
  average_after_contact_work_time: {
    unit: "ms",
    value: (sums) => ratio(sums.after_contact_work_ended_ms, sums.after_contact_work_count),
    how: () => "whole duration of after-contact work that ended here, its end told, over its number; null without any",
    rows: () => [WORK],
  },
  interaction_time: sum("interaction_ms", "time connected and not on hold, summed over contacts", states("CONNECTED")),
  hold_time: sum("hold_ms", "time on hold, summed over contacts", states("CONNECTED_ONHOLD")),
  holds: sum("hold_count", "holds that began", states("CONNECTED_ONHOLD")),
  handle_time: { unit: "ms", value: handleOf, how: handleHow, rows: () => [HANDLE_STATES] },
  average_handle_time: {
    unit: "ms",
    value: (sums, settings) => ratio(handleOf(sums, settings), sums.handled_count),
    how: (settings) => `${handleHow(settings)}, over contacts handled; null without any`,
    rows: () => [HANDLE_STATES],
  },
  contacts_handled: sum(
    "handled_count",
    "contacts that became connected to the agent, listening supervisors left out",
    states("CONNECTED", "CONNECTED_ONHOLD", "PAUSED"),
  ),
  concurrency: {
    unit: "average",
    value: (sums, settings) => ratio(handleOf(sums, settings), sums.contact_ms + idleOf(sums, settings)),
    how: (settings) => `${handleHow(settings)}, over contact time and idle time; null without either`,
    rows: (settings) => [HANDLE_STATES, activity("contact", ...idleActivities(settings))],
  },
  offers: sum("offer_count", "contacts offered, each time they were", offers()),
  answered: sum("answered_count", "offers that ended connected", offers("answered")),
  missed: sum("missed_count", "offers that ended MISSED", offers("missed")),
  rejected: sum("rejected_count", "offers that ended REJECTED", offers("rejected")),
  errors: sum("error_count", "offers that ended ERROR", offers("error")),
  non_response: {
    unit: "count",
    value: nonResponseOf,
    how: () => "offers that ended without an answer, customers who left included",
    rows: () => [offers("missed", "rejected", "error", "withdrawn")],
  },
  non_response_without_customer_abandons: {
    unit: "count",
    value: (sums) => nonResponseOf(sums) - sums.customer_abandoned_count,
    how: () => "offers that ended without an answer, less those the customer left",
    rows: () => [offers("missed", "rejected", "error", "withdrawn")],
  },
  answer_rate: {
    unit: "ratio",
    value: (sums) => ratio(sums.answered_count, sums.answered_count + nonResponseOf(sums)),
    how: () => "offers answered over offers that ended in a known way; null without any",
    rows: () => [offers("answered"), offers("missed", "rejected", "error", "withdrawn")],
  },
  login_sessions: sum("login_count", "logins", SESSIONS),
  logged_in_time: sum("logged_in_ms", "time from login to logout, or to the last sign of the session", SESSIONS),
};
