import { parseConnectArn, resourceIdOf } from "../../arn.ts";
import { parseInstant } from "../../instant.ts";
import { jsonText } from "../../json.ts";
import type { SourceRecord, UnixMillis } from "../../record.ts";
import { SEVERITY } from "../../severity.ts";
import {
  makeRecordId,
  type ContactLink,
  type ContactReferences,
  type DecodeContext,
  type ReceivedRecord,
} from "../../source.ts";
import { normalizeChannel, oneLine } from "../../wire-values.ts";
import type { AgentWire, ContactRecordWire, QualityMetricsWire, QueueWire } from "./wire.ts";

/** The row of one contact record. All keys are always there and in one order. */
export function normalizeContactRecord(
  record: ContactRecordWire,
  received: ReceivedRecord,
  context: DecodeContext,
): SourceRecord {
  const { Agent: agent = NO_AGENT, Queue: queue = NO_QUEUE, QualityMetrics: quality = NO_QUALITY } = record;
  const place = readPlace(record, received);
  const eventTime = eventTimeOf(record);
  const identity = identityOf(record, received.body);
  return {
    record_id: makeRecordId({ source: "contact_record", identity, eventTime, digest: context.digest }),
    source: "contact_record",
    instance_id: place.instanceId,
    account_id: place.accountId,
    region: place.region,
    event_name: "CONTACT_RECORD",
    event_time: eventTime,
    observed_time: context.observedTime,
    severity_number: SEVERITY.info,
    severity_text: undefined,
    contact_id: record.ContactId,
    agent_id: resourceIdOf(agent.ARN),
    agent_username: agent.Username,
    flow_id: undefined,
    session_id: undefined,
    message: describeContactRecord(record),
    attributes: jsonText(record.unknownKeys),
    original_id: record.ContactId,
    original_body: received.body,
    initial_contact_id: record.InitialContactId,
    previous_contact_id: record.PreviousContactId,
    next_contact_id: record.NextContactId,
    related_contact_id: record.RelatedContactId,
    channel: normalizeChannel(record.Channel),
    initiation_method: record.InitiationMethod,
    disconnect_reason: record.DisconnectReason,
    initiation_time: parseInstant(record.InitiationTimestamp),
    connected_to_system_time: parseInstant(record.ConnectedToSystemTimestamp),
    disconnect_time: parseInstant(record.DisconnectTimestamp),
    last_update_time: parseInstant(record.LastUpdateTimestamp),
    scheduled_time: parseInstant(record.ScheduledTimestamp),
    transfer_completed_time: parseInstant(record.TransferCompletedTimestamp),
    transferred_to: record.TransferredToEndpoint?.Address,
    queue_id: resourceIdOf(queue.ARN),
    queue_name: queue.Name,
    enqueue_time: parseInstant(queue.EnqueueTimestamp),
    dequeue_time: parseInstant(queue.DequeueTimestamp),
    queue_duration_s: queue.Duration,
    agent_connection_attempts: record.AgentConnectionAttempts,
    accepted_by_agent_time: parseInstant(agent.AcceptedByAgentTimestamp),
    connected_to_agent_time: parseInstant(agent.ConnectedToAgentTimestamp),
    agent_interaction_duration_s: agent.AgentInteractionDuration,
    customer_hold_duration_s: agent.CustomerHoldDuration,
    longest_hold_duration_s: agent.LongestHoldDuration,
    number_of_holds: agent.NumberOfHolds,
    after_contact_work_start_time: parseInstant(agent.AfterContactWorkStartTimestamp),
    after_contact_work_end_time: parseInstant(agent.AfterContactWorkEndTimestamp),
    after_contact_work_duration_s: agent.AfterContactWorkDuration,
    agent_pause_duration_s: agent.AgentPauseDuration,
    ...routingColumns(agent),
    customer_endpoint_address: record.CustomerEndpoint?.Address,
    system_endpoint_address: record.SystemEndpoint?.Address,
    agent_quality_score: quality.Agent.QualityScore,
    customer_quality_score: quality.Customer.QualityScore,
    quality_issues: qualityIssuesText(quality),
    user_attributes: jsonText(record.Attributes),
    tags: jsonText(record.Tags),
  };
}

function routingColumns(agent: AgentWire) {
  return {
    routing_profile_id: resourceIdOf(agent.RoutingProfile?.ARN),
    routing_profile_name: agent.RoutingProfile?.Name,
    hierarchy_level_1: agent.HierarchyGroups[0],
    hierarchy_level_2: agent.HierarchyGroups[1],
    hierarchy_level_3: agent.HierarchyGroups[2],
    hierarchy_level_4: agent.HierarchyGroups[3],
    hierarchy_level_5: agent.HierarchyGroups[4],
  };
}

/** One id for each version of a record: a later delivery with a newer update time is another record of that contact. */
function identityOf(record: ContactRecordWire, body: string): string {
  return `${record.ContactId}\n${record.LastUpdateTimestamp ?? body}`;
}

/** When the contact ended; a record written before that, such as a scheduled task's, stands at its last update. */
function eventTimeOf(record: ContactRecordWire): UnixMillis {
  const time =
    parseInstant(record.DisconnectTimestamp) ??
    parseInstant(record.LastUpdateTimestamp) ??
    parseInstant(record.InitiationTimestamp);
  if (time === undefined) throw new Error("decodeContactRecord let a record through without a time");
  return time;
}

function readPlace(record: ContactRecordWire, received: ReceivedRecord) {
  const arn = parseConnectArn(record.InstanceARN) ?? parseConnectArn(record.Agent?.ARN);
  return {
    instanceId: arn?.instanceId,
    accountId: record.AWSAccountId ?? arn?.accountId ?? received.carrier?.accountId,
    region: arn?.region ?? received.carrier?.region,
  };
}

/** "contact record: VOICE INBOUND, queue BasicQueue, agent ana.ruiz, CUSTOMER_DISCONNECT". */
function describeContactRecord(record: ContactRecordWire): string {
  const kind = [normalizeChannel(record.Channel), record.InitiationMethod].filter((part) => part !== undefined);
  const parts = [
    kind.join(" "),
    record.Queue?.Name === undefined ? "" : `queue ${record.Queue.Name}`,
    record.Agent?.Username === undefined ? "" : `agent ${record.Agent.Username}`,
    record.DisconnectReason ?? "",
  ].filter((part) => part !== "");
  return parts.length === 0 ? "contact record" : oneLine(`contact record: ${parts.join(", ")}`);
}

function qualityIssuesText(quality: QualityMetricsWire): string | undefined {
  const agent = quality.Agent.PotentialQualityIssues;
  const customer = quality.Customer.PotentialQualityIssues;
  if (agent.length === 0 && customer.length === 0) return undefined;
  return JSON.stringify({ agent, customer });
}

const LINKS = [
  ["initial", "InitialContactId"],
  ["previous", "PreviousContactId"],
  ["next", "NextContactId"],
  ["related", "RelatedContactId"],
] as const;

/** The chain of contacts the record belongs to. */
export function referContactRecord(record: ContactRecordWire): ContactReferences {
  const links: ContactLink[] = [];
  for (const [relation, key] of LINKS) {
    const otherId = record[key];
    if (otherId === undefined || otherId === record.ContactId) continue;
    links.push({ contact_id: record.ContactId, relation, other_contact_id: otherId });
  }
  return { contactIds: [record.ContactId], links };
}

const NO_AGENT: AgentWire = {
  AcceptedByAgentTimestamp: undefined,
  AfterContactWorkDuration: undefined,
  AfterContactWorkEndTimestamp: undefined,
  AfterContactWorkStartTimestamp: undefined,
  AgentInteractionDuration: undefined,
  AgentPauseDuration: undefined,
  ARN: undefined,
  ConnectedToAgentTimestamp: undefined,
  CustomerHoldDuration: undefined,
  HierarchyGroups: [],
  LongestHoldDuration: undefined,
  NumberOfHolds: undefined,
  RoutingProfile: undefined,
  Username: undefined,
};

const NO_QUEUE: QueueWire = {
  ARN: undefined,
  DequeueTimestamp: undefined,
  Duration: undefined,
  EnqueueTimestamp: undefined,
  Name: undefined,
};

const NO_AUDIO = { QualityScore: undefined, PotentialQualityIssues: [] };
const NO_QUALITY: QualityMetricsWire = { Agent: NO_AUDIO, Customer: NO_AUDIO };
