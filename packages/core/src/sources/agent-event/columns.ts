import type { Column } from "../../column.ts";

const STATUS = "CurrentAgentSnapshot.AgentStatus";
const NEXT_STATUS = "CurrentAgentSnapshot.NextAgentStatus";
const CONFIGURATION = "CurrentAgentSnapshot.Configuration";
const REGIONS = "CurrentAgentSnapshot.AgentCrossRegionRoutingConfiguration";

/** The columns of agent events after the common ones, in table order. */
export const agentEventColumns: readonly Column[] = [
  {
    name: "event_type",
    type: "text",
    description: "STATE_CHANGE, HEART_BEAT, LOGIN, LOGOUT or a later type",
    from: "EventType",
  },
  { name: "status_id", type: "text", description: "id of the agent status", from: `${STATUS}.ARN` },
  { name: "status_name", type: "text", description: "agent status: what the agent chose", from: `${STATUS}.Name` },
  {
    name: "status_type",
    type: "text",
    description: "ROUTABLE, CUSTOM or OFFLINE; derived from the name where the event lacks it (2017 to 2019)",
    from: `${STATUS}.Type`,
  },
  {
    name: "status_start_time",
    type: "timestamp",
    description: "when the agent entered the status, which may be days ago",
    from: `${STATUS}.StartTimestamp`,
  },
  {
    name: "previous_status_name",
    type: "text",
    description: "agent status before the event",
    from: "PreviousAgentSnapshot.AgentStatus.Name",
  },
  {
    name: "previous_status_type",
    type: "text",
    description: "ROUTABLE, CUSTOM or OFFLINE before the event, derived like status_type",
    from: "PreviousAgentSnapshot.AgentStatus.Type",
  },
  {
    name: "previous_status_start_time",
    type: "timestamp",
    description: "when the agent had entered the status before the event",
    from: "PreviousAgentSnapshot.AgentStatus.StartTimestamp",
  },
  {
    name: "next_status_name",
    type: "text",
    description: "agent status chosen for after the contact",
    from: `${NEXT_STATUS}.Name`,
  },
  {
    name: "next_status_enqueued_time",
    type: "timestamp",
    description: "when the next status was chosen; no new contact is routed from then on",
    from: `${NEXT_STATUS}.EnqueuedTimestamp`,
  },
  {
    name: "previous_next_status_name",
    type: "text",
    description: "agent status that had been chosen for after the contact before the event",
    from: "PreviousAgentSnapshot.NextAgentStatus.Name",
  },
  { name: "first_name", type: "text", description: "the agent's first name", from: `${CONFIGURATION}.FirstName` },
  { name: "last_name", type: "text", description: "the agent's last name", from: `${CONFIGURATION}.LastName` },
  {
    name: "routing_profile_id",
    type: "text",
    description: "id of the agent's routing profile",
    from: `${CONFIGURATION}.RoutingProfile.ARN`,
  },
  {
    name: "routing_profile_name",
    type: "text",
    description: "name of the agent's routing profile",
    from: `${CONFIGURATION}.RoutingProfile.Name`,
  },
  ...[1, 2, 3, 4, 5].map((level): Column => ({
    name: `hierarchy_level_${level}`,
    type: "text",
    description: `name of the agent's hierarchy group at level ${level}`,
    from: `${CONFIGURATION}.AgentHierarchyGroups.Level${level}.Name`,
  })),
  {
    name: "contacts",
    type: "json",
    description:
      "the agent's contacts after the event: array of contact_id, initial_contact_id, channel, initiation_method, state, " +
      "state_start_time, connected_to_agent_time, queue_time (milliseconds since 1970), queue_id, queue_name; " +
      "active_region and origin_region with Global Resiliency",
    from: "CurrentAgentSnapshot.Contacts",
  },
  {
    name: "previous_contacts",
    type: "json",
    description: "the agent's contacts before the event, in the shape of contacts",
    from: "PreviousAgentSnapshot.Contacts",
  },
  {
    name: "contact_count",
    type: "integer",
    description: "contacts after the event; absent where the event has no current snapshot",
    from: "CurrentAgentSnapshot.Contacts",
  },
  {
    name: "slots",
    type: "json",
    description: "array of channel, available_slots, maximum_slots",
    from: `${CONFIGURATION}.RoutingProfile.Concurrency`,
  },
  {
    name: "proficiencies",
    type: "json",
    description: "array of name, value, level (1 to 5)",
    from: `${CONFIGURATION}.Proficiencies`,
  },
  {
    name: "has_current_snapshot",
    type: "boolean",
    description: "false on LOGIN, which says nothing but who and when",
    from: "CurrentAgentSnapshot",
  },
  {
    name: "has_previous_snapshot",
    type: "boolean",
    description: "false on LOGIN and on the first STATE_CHANGE after it",
    from: "PreviousAgentSnapshot",
  },
  {
    name: "time_precision",
    type: "text",
    description: "ms, or s where the event's milliseconds are not real and its times were cut to whole seconds",
    from: "EventTimestamp",
  },
  {
    name: "current_region",
    type: "text",
    description: "Region the agent is working in (Global Resiliency)",
    from: `${REGIONS}.CurrentRegion`,
  },
  {
    name: "configured_regions",
    type: "json",
    description: "Regions the agent may work in (Global Resiliency)",
    from: `${REGIONS}.ConfiguredRegions`,
  },
  {
    name: "model_version",
    type: "text",
    description: "version of the event model as written; it does not tell which fields there are",
    from: "Version",
  },
];
