import { unixMillis } from "../../instant.ts";
import type { ColumnValue, SourceRecord, UnixMillis } from "../../record.ts";
import type { AgentEventRow } from "./types/agent-event-row.ts";

type Value = ColumnValue | null;

/** The row of an agent event, as `normalizeAgentEvent` made it, as the derivations read it. */
export function toEventRow(record: SourceRecord): AgentEventRow {
  return readEventRow(record, record.record_id, record.event_time);
}

function readEventRow(row: Readonly<Record<string, Value>>, recordId: string, eventTime: UnixMillis): AgentEventRow {
  const text = (column: string) => textOf(row[column]);
  const time = (column: string) => timeOf(row[column]);
  return {
    record_id: recordId,
    event_time: eventTime,
    event_type: text("event_type") ?? "",
    agent_id: text("agent_id") ?? "",
    agent_username: text("agent_username"),
    instance_id: text("instance_id"),
    region: text("region"),
    first_name: text("first_name"),
    last_name: text("last_name"),
    status_name: text("status_name"),
    status_type: text("status_type"),
    status_start_time: time("status_start_time"),
    previous_status_name: text("previous_status_name"),
    previous_status_type: text("previous_status_type"),
    previous_status_start_time: time("previous_status_start_time"),
    next_status_name: text("next_status_name"),
    next_status_enqueued_time: time("next_status_enqueued_time"),
    previous_next_status_name: text("previous_next_status_name"),
    routing_profile_id: text("routing_profile_id"),
    routing_profile_name: text("routing_profile_name"),
    hierarchy_level_1: text("hierarchy_level_1"),
    hierarchy_level_2: text("hierarchy_level_2"),
    hierarchy_level_3: text("hierarchy_level_3"),
    hierarchy_level_4: text("hierarchy_level_4"),
    hierarchy_level_5: text("hierarchy_level_5"),
    contacts: text("contacts"),
    previous_contacts: text("previous_contacts"),
    slots: text("slots"),
    has_current_snapshot: row["has_current_snapshot"] === true,
    has_previous_snapshot: row["has_previous_snapshot"] === true,
    time_precision: text("time_precision"),
    current_region: text("current_region"),
    configured_regions: text("configured_regions"),
  };
}

function textOf(value: Value): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

function timeOf(value: Value): UnixMillis | null {
  return typeof value === "number" && Number.isFinite(value) ? unixMillis(value) : null;
}
