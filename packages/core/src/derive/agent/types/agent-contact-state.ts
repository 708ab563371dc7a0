import type { UnixMillis } from "../../../record.ts";

/** One state of one contact at one agent, from entering to leaving it: a row of `agent_contact_state`. */
export interface AgentContactState {
  readonly contact_id: string;
  readonly agent_id: string;
  readonly agent_username: string | null;
  readonly channel: string | null;
  readonly initiation_method: string | null;
  readonly queue_id: string | null;
  readonly queue_name: string | null;
  readonly state: string;
  /** Of a hold and of what follows it the EventTimestamp, because StateStartTimestamp does not change on hold. */
  readonly start_time: UnixMillis;
  readonly end_time: UnixMillis | null;
  readonly duration_ms: number | null;
  /** True where start or end lies in a gap: told by a later event's previous snapshot, or by nothing. */
  readonly is_inferred: boolean;
  readonly record_ids: readonly string[];
}
