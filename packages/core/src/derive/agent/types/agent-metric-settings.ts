/**
 * Where Amazon's own pages contradict each other, both readings can be had. The defaults follow the edition of 2026.
 */
export interface AgentMetricSettings {
  /** 2026: idle includes the time from routing to answer or refusal. 2023 and the data lake: it does not. */
  readonly idle_includes_offer_time: boolean;
  /** Idle includes time with only missed, rejected or failed contacts ("any time their contacts were in an Error state"). */
  readonly idle_includes_error_time: boolean;
  /** 2023: handle time leaves out contacts' time in a custom status. 2026: it includes it. */
  readonly handle_time_excludes_custom_status: boolean;
  /** True: removed from the queue within X / queued. False (data lake example): answered within X / queued. */
  readonly service_level_removed_from_queue: boolean;
  /** "Contacts put on hold" counts records in which NumberOfHolds is present, even as 0, as documented. */
  readonly holds_count_zero: boolean;
  /** Occupancy and the percentages leave unknown time out of both sides of the fraction (true), or count it as online. */
  readonly unknown_is_left_out: boolean;
}
