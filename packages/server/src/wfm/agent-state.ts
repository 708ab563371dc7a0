import type { AgentBoardRow, WfmAgentState, WfmEvent } from "@fourwire/core";

/** What of the board's row real-time adherence is told. */
export function wfmStateOf(row: AgentBoardRow): WfmAgentState {
  return {
    agent_id: row.agent_id,
    agent_username: row.agent_username,
    name: row.name,
    instance_id: row.instance_id,
    hierarchy: row.hierarchy,
    routing_profile_name: row.routing_profile_name,
    is_logged_in: row.is_logged_in,
    status_name: row.status_name,
    status_type: row.status_type,
    status_start_time: row.status_start_time,
    activity: row.activity,
    activity_start_time: row.activity_start_time,
    after_contact_work_start_time: row.after_contact_work_start_time,
    next_status_name: row.next_status_name,
    next_status_enqueued_time: row.next_status_enqueued_time,
    contacts: row.contacts,
    adherence: row.adherence,
    marks: row.marks.map((mark) => mark.mark),
    event_time: row.last_event_time,
    record_id: row.last_record_id,
  };
}

/** What has to differ for a state to be another: a heartbeat that confirms it is no change. */
export function stateKey(state: WfmAgentState): string {
  return JSON.stringify({ ...state, event_time: null, record_id: null });
}

/** The fields of an event that names no agent. */
export const NO_AGENT: { readonly [Key in keyof WfmAgentState]: null } = {
  agent_id: null,
  agent_username: null,
  name: null,
  instance_id: null,
  hierarchy: null,
  routing_profile_name: null,
  is_logged_in: null,
  status_name: null,
  status_type: null,
  status_start_time: null,
  activity: null,
  activity_start_time: null,
  after_contact_work_start_time: null,
  next_status_name: null,
  next_status_enqueued_time: null,
  contacts: null,
  adherence: null,
  marks: null,
  event_time: null,
  record_id: null,
};

export type WfmEventHead = Pick<WfmEvent, "event_id" | "kind" | "sequence" | "sent_time" | "agent_count">;
