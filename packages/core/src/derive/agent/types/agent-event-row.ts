import type { UnixMillis } from "../../../record.ts";

/** A column that SQL may give as null and a normalized record as undefined; both mean "absent". */
type Absent = null | undefined;

/**
 * The columns of `agent_event` that the derivations read, in the shape a query or `normalizeAgentEvent` gives them:
 * instants in milliseconds since 1970, JSON columns as their text. A normalized record is one as it stands.
 */
export interface AgentEventRow {
  readonly record_id: string;
  readonly event_time: UnixMillis;
  /** STATE_CHANGE, HEART_BEAT, LOGIN, LOGOUT; a later type is taken for a STATE_CHANGE if it has a snapshot. */
  readonly event_type: string;
  readonly agent_id: string;
  readonly agent_username: string | Absent;
  readonly instance_id: string | Absent;
  readonly region: string | Absent;
  readonly first_name: string | Absent;
  readonly last_name: string | Absent;
  readonly status_name: string | Absent;
  /** ROUTABLE, CUSTOM, OFFLINE. */
  readonly status_type: string | Absent;
  readonly status_start_time: UnixMillis | Absent;
  readonly previous_status_name: string | Absent;
  readonly previous_status_type: string | Absent;
  readonly previous_status_start_time: UnixMillis | Absent;
  readonly next_status_name: string | Absent;
  readonly next_status_enqueued_time: UnixMillis | Absent;
  readonly previous_next_status_name: string | Absent;
  readonly routing_profile_id: string | Absent;
  readonly routing_profile_name: string | Absent;
  readonly hierarchy_level_1: string | Absent;
  readonly hierarchy_level_2: string | Absent;
  readonly hierarchy_level_3: string | Absent;
  readonly hierarchy_level_4: string | Absent;
  readonly hierarchy_level_5: string | Absent;
  /** JSON text of the contacts after the event; absent when there are none or no snapshot. */
  readonly contacts: string | Absent;
  /** JSON text of the contacts before the event, in the same shape. */
  readonly previous_contacts: string | Absent;
  /** JSON text of `AgentSlots[]`. */
  readonly slots: string | Absent;
  readonly has_current_snapshot: boolean;
  readonly has_previous_snapshot: boolean;
  /** "s" where the event's times were cut to whole seconds. */
  readonly time_precision: string | Absent;
  readonly current_region: string | Absent;
  /** JSON text of Region names. */
  readonly configured_regions: string | Absent;
}

/** The columns to select for `AgentEventRow`. */
export const AGENT_EVENT_ROW_COLUMNS = [
  "record_id",
  "event_time",
  "event_type",
  "agent_id",
  "agent_username",
  "instance_id",
  "region",
  "first_name",
  "last_name",
  "status_name",
  "status_type",
  "status_start_time",
  "previous_status_name",
  "previous_status_type",
  "previous_status_start_time",
  "next_status_name",
  "next_status_enqueued_time",
  "previous_next_status_name",
  "routing_profile_id",
  "routing_profile_name",
  "hierarchy_level_1",
  "hierarchy_level_2",
  "hierarchy_level_3",
  "hierarchy_level_4",
  "hierarchy_level_5",
  "contacts",
  "previous_contacts",
  "slots",
  "has_current_snapshot",
  "has_previous_snapshot",
  "time_precision",
  "current_region",
  "configured_regions",
] as const satisfies readonly (keyof AgentEventRow)[];
