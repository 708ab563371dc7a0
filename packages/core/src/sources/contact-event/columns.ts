import type { Column } from "../../column.ts";

/** The columns of contact events after the common ones, in table order. */
export const contactEventColumns: readonly Column[] = [
  {
    name: "event_type",
    type: "text",
    description: "INITIATED, QUEUED, CONNECTED_TO_AGENT, DISCONNECTED, ...; upper case",
    from: "detail.eventType",
  },
  {
    name: "channel",
    type: "text",
    description: "VOICE, CHAT, TASK, EMAIL or a later one; upper case",
    from: "detail.channel",
  },
  {
    name: "initiation_method",
    type: "text",
    description: "how the contact began; upper case",
    from: "detail.initiationMethod",
  },
  {
    name: "disconnect_reason",
    type: "text",
    description: "how the contact ended; upper case",
    from: "detail.disconnectReason",
  },
  {
    name: "initial_contact_id",
    type: "text",
    description: "first contact of the chain",
    from: "detail.initialContactId",
  },
  {
    name: "previous_contact_id",
    type: "text",
    description: "contact this one was transferred from",
    from: "detail.previousContactId",
  },
  {
    name: "related_contact_id",
    type: "text",
    description: "contact this one is related to",
    from: "detail.relatedContactId",
  },
  {
    name: "initiation_time",
    type: "timestamp",
    description: "when the contact began",
    from: "detail.initiationTimestamp",
  },
  {
    name: "connected_to_system_time",
    type: "timestamp",
    description: "when the customer's end was connected",
    from: "detail.connectedToSystemTimestamp",
  },
  {
    name: "enqueue_time",
    type: "timestamp",
    description: "when the contact entered the queue",
    from: "detail.queueInfo.enqueueTimestamp",
  },
  {
    name: "connected_to_agent_time",
    type: "timestamp",
    description: "when the agent was connected",
    from: "detail.agentInfo.connectedToAgentTimestamp",
  },
  {
    name: "disconnect_time",
    type: "timestamp",
    description: "when the contact was disconnected",
    from: "detail.disconnectTimestamp",
  },
  {
    name: "after_contact_work_start_time",
    type: "timestamp",
    description: "start of after-contact work",
    from: "detail.agentInfo.afterContactWorkStartTimestamp",
  },
  {
    name: "after_contact_work_end_time",
    type: "timestamp",
    description: "end of after-contact work",
    from: "detail.agentInfo.afterContactWorkEndTimestamp",
  },
  { name: "queue_id", type: "text", description: "id of the queue", from: "detail.queueInfo.queueArn" },
  {
    name: "queue_type",
    type: "text",
    description: "kind of queue, such as STANDARD",
    from: "detail.queueInfo.queueType",
  },
  {
    name: "updated_properties",
    type: "json",
    description: "array: what a CONTACT_DATA_UPDATED event changed",
    from: "detail.updatedProperties",
  },
  {
    name: "system_endpoint_address",
    type: "text",
    description: "the contact centre's number or address",
    from: "detail.tags.aws:connect:systemEndpoint",
  },
  { name: "tags", type: "json", description: "tags of the contact", from: "detail.tags" },
  {
    name: "active_region",
    type: "text",
    description: "Region the contact is handled in (Global Resiliency)",
    from: "detail.globalResiliencyMetadata.activeRegion",
  },
  {
    name: "origin_region",
    type: "text",
    description: "Region the contact began in (Global Resiliency)",
    from: "detail.globalResiliencyMetadata.originRegion",
  },
  {
    name: "detail_type",
    type: "text",
    description: "name under which EventBridge carried the event; absent for a bare detail",
    from: "detail-type",
  },
];
