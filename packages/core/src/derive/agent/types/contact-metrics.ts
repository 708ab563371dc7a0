import type { UnixMillis } from "../../../record.ts";
import type { AgentMetricSettings } from "./agent-metric-settings.ts";

export const CONTACT_METRIC_NAMES = [
  "contacts_handled",
  "contacts_queued",
  "contacts_abandoned",
  "abandonment_rate",
  "service_level",
  "contacts_answered_in_time",
  "contacts_abandoned_in_time",
  "average_queue_answer_time",
  "average_queue_abandon_time",
  "after_contact_work_time",
  "average_after_contact_work_time",
  "interaction_time",
  "average_interaction_time",
  "hold_time",
  "average_hold_time",
  "interaction_and_hold_time",
  "handle_time",
  "average_handle_time",
  "average_pause_time",
  "average_holds",
  "contacts_put_on_hold",
  "average_resolution_time",
  "average_contact_duration",
  "contacts_transferred_out",
  "contacts_agent_hung_up_first",
] as const;

export type ContactMetricName = (typeof CONTACT_METRIC_NAMES)[number];

/** One number of contact records, with the records it was read from. */
export interface ContactFigure {
  /** Null where nothing can be said. Ratios are 0 to 1. */
  readonly value: number | null;
  readonly unit: "ms" | "count" | "ratio";
  /** Id of the formula in docs/agents.md. */
  readonly formula: string;
  readonly how: string;
  /** The contact records that counted, in text order: all of them, so a caller that shows many cuts the list. */
  readonly record_ids: readonly string[];
}

export interface ContactMetrics {
  readonly settings: AgentMetricSettings;
  /** Seconds within which a contact must have left the queue, for `service_level` and the counts in time. */
  readonly service_level_s: number;
  readonly figures: Readonly<Record<ContactMetricName, ContactFigure>>;
  /** Of how many contacts, each counted by its newest record. */
  readonly contact_count: number;
  readonly from_time: UnixMillis | null;
  readonly to_time: UnixMillis | null;
}
