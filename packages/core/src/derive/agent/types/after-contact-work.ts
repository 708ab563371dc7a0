import type { UnixMillis } from "../../../record.ts";

/**
 * What told the end of after-contact work:
 * - `cleared`: an event no longer lists the contact, the status stayed (the agent cleared it, or the timeout did).
 * - `status_change`: the same event also changed the status.
 * - `logout`, `next_login`: no snapshot says so; the session ended.
 * - `heartbeat`: a heartbeat no longer listed it: the event that cleared it is lost, the end lies between the two times.
 * - `gap`: an event's previous snapshot no longer listed it: as above.
 * - `presumed_logout`: the agent fell silent for good.
 */
export type AfterContactWorkClosedBy =
  | "cleared"
  | "status_change"
  | "logout"
  | "next_login"
  | "heartbeat"
  | "gap"
  | "presumed_logout";

/** After-contact work of one contact at one agent: a row of `agent_after_contact_work`. */
export interface AfterContactWork {
  readonly contact_id: string;
  readonly agent_id: string;
  readonly agent_username: string | null;
  readonly channel: string | null;
  readonly queue_id: string | null;
  readonly queue_name: string | null;
  readonly initiation_method: string | null;
  /** StateStartTimestamp of the contact in ENDED. */
  readonly start_time: UnixMillis;
  /** EventTimestamp of the first event that no longer lists the contact; null while it goes on. */
  readonly end_time: UnixMillis | null;
  readonly duration_ms: number | null;
  /** Null while it goes on. */
  readonly closed_by: AfterContactWorkClosedBy | null;
  /** True where start or end is not told by the event that made it. */
  readonly is_inferred: boolean;
  /** The end lies between this and `end_time`; equal to it unless inferred. Null while it goes on. */
  readonly earliest_end_time: UnixMillis | null;
  /** "s" where the events carry whole seconds only: the duration is then good to one second either way. */
  readonly time_precision: "ms" | "s";
  /** The first event that lists the contact as ENDED, then the one that ended it. */
  readonly record_ids: readonly string[];
}
