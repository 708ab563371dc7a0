import type { UnixMillis } from "../../../record.ts";

/** Time of one status. */
export interface StatusTime {
  readonly status_name: string;
  readonly duration_ms: number;
}

/**
 * What adds up about one agent in one interval (15 minutes, or any other): a row of `agent_activity_interval`. Times are
 * cut at its edges; offers count where they were offered, answers and failures where the offer ended. The seven
 * activities add up to the interval, less what lies before the first event ever heard. Times of contacts leave out what
 * lies in a gap: it is in `unknown_ms` and nowhere else.
 */
export interface AgentInterval {
  readonly agent_id: string;
  readonly agent_username: string | null;
  readonly start_time: UnixMillis;
  readonly end_time: UnixMillis;
  readonly offline_ms: number;
  readonly non_productive_ms: number;
  readonly contact_ms: number;
  readonly connecting_ms: number;
  readonly error_ms: number;
  readonly idle_ms: number;
  readonly unknown_ms: number;
  /** Of `offline_ms`, what is only presumed. */
  readonly presumed_offline_ms: number;
  /** Of `non_productive_ms` and `offline_ms`, with a contact at hand. */
  readonly on_contact_non_productive_ms: number;
  readonly on_contact_offline_ms: number;
  /** `non_productive_ms` by status, in text order. */
  readonly non_productive: readonly StatusTime[];
  /** Wall clock: several contacts in after-contact work at once count once. */
  readonly after_contact_work_ms: number;
  /** Summed over contacts. */
  readonly contact_after_contact_work_ms: number;
  /** After-contact work that ended in the interval with its end told, and how long it was in whole: for its average. */
  readonly after_contact_work_count: number;
  readonly after_contact_work_ended_ms: number;
  /** Summed over contacts: connected, not on hold; paused; on hold; ringing inbound; dialling out. */
  readonly interaction_ms: number;
  readonly pause_ms: number;
  readonly hold_ms: number;
  readonly incoming_connecting_ms: number;
  readonly outbound_connecting_ms: number;
  /** Of the summed handle time (interaction, pause, hold, after-contact work), what was in a custom status. */
  readonly handle_custom_status_ms: number;
  /** Holds begun. */
  readonly hold_count: number;
  /** Contacts that became connected, listening supervisors left out. */
  readonly handled_count: number;
  readonly offer_count: number;
  readonly answered_count: number;
  readonly missed_count: number;
  readonly rejected_count: number;
  readonly error_count: number;
  readonly withdrawn_count: number;
  readonly unknown_offer_count: number;
  /** Of the offers not answered, those the customer left. */
  readonly customer_abandoned_count: number;
  readonly login_count: number;
  readonly logged_in_ms: number;
}
