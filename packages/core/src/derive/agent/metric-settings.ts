import type { AgentMetricSettings } from "./types/agent-metric-settings.ts";

/** Amazon's definitions as of the 2026 edition of its guide; where it left one of 2023 open, that one. */
export const DEFAULT_METRIC_SETTINGS: AgentMetricSettings = {
  idle_includes_offer_time: true,
  idle_includes_error_time: true,
  handle_time_excludes_custom_status: false,
  service_level_removed_from_queue: true,
  holds_count_zero: true,
  unknown_is_left_out: true,
};
