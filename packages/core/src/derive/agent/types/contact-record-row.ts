import type { UnixMillis } from "../../../record.ts";

type Absent = null | undefined;

/** The columns of `contact_record` that metrics and reconciliation read. Durations are whole seconds, as Connect gives them. */
export interface ContactRecordRow {
  readonly record_id: string;
  readonly contact_id: string;
  readonly agent_id: string | Absent;
  readonly agent_username: string | Absent;
  readonly channel: string | Absent;
  readonly initiation_method: string | Absent;
  readonly queue_id: string | Absent;
  readonly next_contact_id: string | Absent;
  readonly disconnect_reason: string | Absent;
  readonly last_update_time: UnixMillis | Absent;
  readonly initiation_time: UnixMillis | Absent;
  readonly disconnect_time: UnixMillis | Absent;
  readonly transfer_completed_time: UnixMillis | Absent;
  readonly enqueue_time: UnixMillis | Absent;
  readonly queue_duration_s: number | Absent;
  readonly connected_to_agent_time: UnixMillis | Absent;
  readonly agent_interaction_duration_s: number | Absent;
  readonly customer_hold_duration_s: number | Absent;
  readonly agent_pause_duration_s: number | Absent;
  readonly number_of_holds: number | Absent;
  readonly after_contact_work_start_time: UnixMillis | Absent;
  readonly after_contact_work_end_time: UnixMillis | Absent;
  readonly after_contact_work_duration_s: number | Absent;
}

/** The columns to select for `ContactRecordRow`. */
export const CONTACT_RECORD_ROW_COLUMNS = [
  "record_id",
  "contact_id",
  "agent_id",
  "agent_username",
  "channel",
  "initiation_method",
  "queue_id",
  "next_contact_id",
  "disconnect_reason",
  "last_update_time",
  "initiation_time",
  "disconnect_time",
  "transfer_completed_time",
  "enqueue_time",
  "queue_duration_s",
  "connected_to_agent_time",
  "agent_interaction_duration_s",
  "customer_hold_duration_s",
  "agent_pause_duration_s",
  "number_of_holds",
  "after_contact_work_start_time",
  "after_contact_work_end_time",
  "after_contact_work_duration_s",
] as const satisfies readonly (keyof ContactRecordRow)[];
