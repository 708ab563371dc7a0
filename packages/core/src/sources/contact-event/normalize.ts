import { parseConnectArn, resourceIdOf, type ConnectArn } from "../../arn.ts";
import { parseInstant } from "../../instant.ts";
import { jsonText, textAt } from "../../json.ts";
import type { SourceRecord, UnixMillis } from "../../record.ts";
import { SEVERITY } from "../../severity.ts";
import {
  makeRecordId,
  type Carrier,
  type ContactLink,
  type ContactReferences,
  type DecodeContext,
  type ReceivedRecord,
} from "../../source.ts";
import { normalizeChannel, oneLine } from "../../wire-values.ts";
import { eventTimeOf } from "./event-time.ts";
import { identityOf } from "./identity.ts";
import type {
  AgentInfoWire,
  ContactEventDetailWire,
  ContactEventEnvelopeWire,
  ContactEventWire,
  GlobalResiliencyWire,
  QueueInfoWire,
} from "./wire.ts";

/** The row of one contact event. All keys are always there and in one order. */
export function normalizeContactEvent(
  event: ContactEventWire,
  received: ReceivedRecord,
  context: DecodeContext,
): SourceRecord {
  const { detail } = event;
  const { agentInfo: agent = NO_AGENT, queueInfo: queue = NO_QUEUE } = detail;
  const { globalResiliencyMetadata: resiliency = NO_RESILIENCY } = detail;
  const origin = readOrigin(event, received);
  const eventTime = requireEventTime(event, received);
  const identity = identityOf(event);
  return {
    record_id: makeRecordId({ source: "contact_event", identity, eventTime, digest: context.digest }),
    source: "contact_event",
    instance_id: origin.instanceId,
    account_id: origin.accountId,
    region: origin.region,
    event_name: detail.eventType,
    event_time: eventTime,
    observed_time: context.observedTime,
    severity_number: SEVERITY.info,
    severity_text: undefined,
    contact_id: detail.contactId,
    agent_id: resourceIdOf(agent.agentArn),
    agent_username: undefined,
    flow_id: undefined,
    session_id: undefined,
    message: describeContactEvent(detail),
    attributes: jsonText(event.unknownKeys),
    original_id: origin.id,
    original_body: received.body,
    event_type: detail.eventType,
    channel: normalizeChannel(detail.channel),
    initiation_method: detail.initiationMethod?.toUpperCase(),
    disconnect_reason: detail.disconnectReason?.toUpperCase(),
    initial_contact_id: detail.initialContactId,
    previous_contact_id: detail.previousContactId,
    related_contact_id: detail.relatedContactId,
    initiation_time: parseInstant(detail.initiationTimestamp),
    connected_to_system_time: parseInstant(detail.connectedToSystemTimestamp),
    enqueue_time: parseInstant(queue.enqueueTimestamp),
    connected_to_agent_time: parseInstant(agent.connectedToAgentTimestamp),
    disconnect_time: parseInstant(detail.disconnectTimestamp),
    after_contact_work_start_time: parseInstant(agent.afterContactWorkStartTimestamp),
    after_contact_work_end_time: parseInstant(agent.afterContactWorkEndTimestamp),
    queue_id: resourceIdOf(queue.queueArn),
    queue_type: queue.queueType,
    updated_properties: detail.updatedProperties.length === 0 ? undefined : JSON.stringify(detail.updatedProperties),
    system_endpoint_address: textAt(detail.tags, "aws:connect:systemEndpoint"),
    tags: jsonText(detail.tags),
    active_region: resiliency.activeRegion,
    origin_region: resiliency.originRegion,
    detail_type: origin.detailType,
  };
}

function readOrigin(event: ContactEventWire, received: ReceivedRecord) {
  const { envelope = NO_ENVELOPE, detail } = event;
  const { carrier = NO_CARRIER } = received;
  const arn = parseConnectArn(detail.instanceArn) ?? parseConnectArn(detail.agentInfo?.agentArn) ?? NO_ARN;
  return {
    id: envelope.id ?? carrier.id,
    detailType: envelope.detailType,
    instanceId: arn.instanceId ?? textAt(detail.tags, "aws:connect:instanceId"),
    accountId: envelope.account ?? arn.accountId ?? carrier.accountId,
    region: envelope.region ?? arn.region ?? carrier.region,
  };
}

function requireEventTime(event: ContactEventWire, received: ReceivedRecord): UnixMillis {
  const time = eventTimeOf(event, received);
  if (time === undefined) throw new Error("decodeContactEvent let an event through without a time");
  return time;
}

/** "DISCONNECTED (VOICE, OUTBOUND, CUSTOMER_DISCONNECT)"; for updates, what was updated. */
function describeContactEvent(detail: ContactEventDetailWire): string {
  const words = [normalizeChannel(detail.channel), detail.initiationMethod, detail.disconnectReason];
  const facts = words.map((word) => word?.toUpperCase());
  const known = facts.filter((fact) => fact !== undefined).join(", ");
  const updated = detail.updatedProperties.filter((property) => typeof property === "string").join(", ");
  const text = known === "" ? detail.eventType : `${detail.eventType} (${known})`;
  return oneLine(updated === "" ? text : `${text}: ${updated}`);
}

const LINKS = [
  ["initial", "initialContactId"],
  ["previous", "previousContactId"],
  ["related", "relatedContactId"],
] as const;

/** The chain of contacts the event's contact belongs to. */
export function referContactEvent(event: ContactEventWire): ContactReferences {
  const { detail } = event;
  const links: ContactLink[] = [];
  for (const [relation, key] of LINKS) {
    const otherId = detail[key];
    if (otherId === undefined || otherId === detail.contactId) continue;
    links.push({ contact_id: detail.contactId, relation, other_contact_id: otherId });
  }
  return { contactIds: [detail.contactId], links };
}

const NO_ENVELOPE: ContactEventEnvelopeWire = {
  id: undefined,
  detailType: undefined,
  account: undefined,
  region: undefined,
  time: undefined,
};

const NO_CARRIER: Carrier = {};

const NO_ARN: ConnectArn = {
  region: undefined,
  accountId: undefined,
  instanceId: undefined,
  resourceType: undefined,
  resourceId: undefined,
};

const NO_AGENT: AgentInfoWire = {
  agentArn: undefined,
  connectedToAgentTimestamp: undefined,
  afterContactWorkStartTimestamp: undefined,
  afterContactWorkEndTimestamp: undefined,
};

const NO_QUEUE: QueueInfoWire = { queueArn: undefined, queueType: undefined, enqueueTimestamp: undefined };
const NO_RESILIENCY: GlobalResiliencyWire = { activeRegion: undefined, originRegion: undefined };
