import type { UnixMillis } from "../../../record.ts";
import type { AgentFigure } from "./agent-figure.ts";
import type { AgentMetricSettings } from "./agent-metric-settings.ts";

export const AGENT_METRIC_NAMES = [
  "offline_time",
  "online_time",
  "non_productive_time",
  "contact_time",
  "idle_time",
  "connecting_time",
  "error_time",
  "unknown_time",
  "occupancy",
  "contact_share",
  "idle_share",
  "non_productive_share",
  "after_contact_work_time",
  "contact_after_contact_work_time",
  "average_after_contact_work_time",
  "interaction_time",
  "hold_time",
  "holds",
  "handle_time",
  "average_handle_time",
  "contacts_handled",
  "concurrency",
  "offers",
  "answered",
  "missed",
  "rejected",
  "errors",
  "non_response",
  "non_response_without_customer_abandons",
  "answer_rate",
  "login_sessions",
  "logged_in_time",
] as const;

export type AgentMetricName = (typeof AGENT_METRIC_NAMES)[number];

/** The metrics of one or more agents over one interval. */
export interface AgentMetrics {
  readonly agent_ids: readonly string[];
  readonly start_time: UnixMillis;
  readonly end_time: UnixMillis;
  readonly settings: AgentMetricSettings;
  readonly figures: Readonly<Record<AgentMetricName, AgentFigure>>;
}
