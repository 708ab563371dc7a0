import { parseInstant } from "../../instant.ts";
import { arrayAt, numberAt, objectAt, textAt, type JsonObject } from "../../json.ts";
import { accepted, rejected, type Decoded } from "../../rejected.ts";
import type { ReceivedRecord } from "../../source.ts";
import { knownKeys, unknownPart } from "../../unknown-keys.ts";
import { instantAt, integerAt, rejectText } from "../../wire-values.ts";
import type {
  AgentWire,
  AudioQualityWire,
  ContactRecordWire,
  EndpointWire,
  QualityMetricsWire,
  QueueWire,
} from "./wire.ts";

const LEVELS = ["Level1", "Level2", "Level3", "Level4", "Level5"];

const ENDPOINT_KEYS = knownKeys("Address");
const QUALITY_KEYS = knownKeys("", { Audio: knownKeys("QualityScore PotentialQualityIssues") });

const KNOWN_KEYS = knownKeys(
  "AgentConnectionAttempts Attributes AWSAccountId AWSContactTraceRecordFormatVersion Channel " +
    "ConnectedToSystemTimestamp ContactId DisconnectReason DisconnectTimestamp InitialContactId InitiationMethod " +
    "InitiationTimestamp InstanceARN LastUpdateTimestamp NextContactId PreviousContactId RelatedContactId " +
    "ScheduledTimestamp Tags TransferCompletedTimestamp",
  {
    Agent: knownKeys(
      "AcceptedByAgentTimestamp AfterContactWorkDuration AfterContactWorkEndTimestamp " +
        "AfterContactWorkStartTimestamp AgentInteractionDuration AgentPauseDuration ARN ConnectedToAgentTimestamp " +
        "CustomerHoldDuration LongestHoldDuration NumberOfHolds Username",
      {
        HierarchyGroups: knownKeys("", Object.fromEntries(LEVELS.map((level) => [level, knownKeys("ARN GroupName")]))),
        RoutingProfile: knownKeys("ARN Name"),
      },
    ),
    CustomerEndpoint: ENDPOINT_KEYS,
    QualityMetrics: knownKeys("", { Agent: QUALITY_KEYS, Customer: QUALITY_KEYS }),
    Queue: knownKeys("ARN DequeueTimestamp Duration EnqueueTimestamp Name"),
    SystemEndpoint: ENDPOINT_KEYS,
    TransferredToEndpoint: ENDPOINT_KEYS,
  },
);

/** True for a contact record: it says so itself, or it has a record's keys and none of a flow log or an event. */
export function recognizeContactRecord(value: JsonObject): boolean {
  if (value["AWSContactTraceRecordFormatVersion"] !== undefined) return true;
  if (value["EventType"] !== undefined || value["ContactFlowModuleType"] !== undefined) return false;
  const hasStart = value["InitiationMethod"] !== undefined || value["InitiationTimestamp"] !== undefined;
  return hasStart && value["ContactId"] !== undefined && value["InstanceARN"] !== undefined;
}

export function decodeContactRecord(received: ReceivedRecord): Decoded<ContactRecordWire> {
  const { value } = received;
  const contactId = textAt(value, "ContactId");
  if (contactId === undefined) return rejectText(value["ContactId"], "ContactId");
  const wire = decodeFields(value, contactId);
  const times = [wire.DisconnectTimestamp, wire.LastUpdateTimestamp, wire.InitiationTimestamp];
  if (times.every((time) => parseInstant(time) === undefined)) {
    const detail = "none of DisconnectTimestamp, LastUpdateTimestamp, InitiationTimestamp is an instant";
    return rejected("bad_time", detail);
  }
  return accepted(wire);
}

function decodeFields(value: JsonObject, contactId: string): ContactRecordWire {
  return {
    Agent: decodeAgent(objectAt(value, "Agent")),
    AgentConnectionAttempts: integerAt(value, "AgentConnectionAttempts"),
    Attributes: objectAt(value, "Attributes"),
    AWSAccountId: textAt(value, "AWSAccountId"),
    Channel: textAt(value, "Channel"),
    ConnectedToSystemTimestamp: instantAt(value, "ConnectedToSystemTimestamp"),
    ContactId: contactId,
    CustomerEndpoint: decodeEndpoint(objectAt(value, "CustomerEndpoint")),
    DisconnectReason: textAt(value, "DisconnectReason"),
    DisconnectTimestamp: instantAt(value, "DisconnectTimestamp"),
    InitialContactId: textAt(value, "InitialContactId"),
    InitiationMethod: textAt(value, "InitiationMethod"),
    InitiationTimestamp: instantAt(value, "InitiationTimestamp"),
    InstanceARN: textAt(value, "InstanceARN"),
    LastUpdateTimestamp: instantAt(value, "LastUpdateTimestamp"),
    NextContactId: textAt(value, "NextContactId"),
    PreviousContactId: textAt(value, "PreviousContactId"),
    QualityMetrics: decodeQuality(objectAt(value, "QualityMetrics")),
    Queue: decodeQueue(objectAt(value, "Queue")),
    RelatedContactId: textAt(value, "RelatedContactId"),
    ScheduledTimestamp: instantAt(value, "ScheduledTimestamp"),
    SystemEndpoint: decodeEndpoint(objectAt(value, "SystemEndpoint")),
    Tags: objectAt(value, "Tags"),
    TransferCompletedTimestamp: instantAt(value, "TransferCompletedTimestamp"),
    TransferredToEndpoint: decodeEndpoint(objectAt(value, "TransferredToEndpoint")),
    unknownKeys: unknownPart(value, KNOWN_KEYS),
  };
}

function decodeAgent(agent: JsonObject | undefined): AgentWire | undefined {
  if (agent === undefined) return undefined;
  const groups = objectAt(agent, "HierarchyGroups");
  const profile = objectAt(agent, "RoutingProfile");
  return {
    AcceptedByAgentTimestamp: instantAt(agent, "AcceptedByAgentTimestamp"),
    AfterContactWorkDuration: integerAt(agent, "AfterContactWorkDuration"),
    AfterContactWorkEndTimestamp: instantAt(agent, "AfterContactWorkEndTimestamp"),
    AfterContactWorkStartTimestamp: instantAt(agent, "AfterContactWorkStartTimestamp"),
    AgentInteractionDuration: integerAt(agent, "AgentInteractionDuration"),
    AgentPauseDuration: integerAt(agent, "AgentPauseDuration"),
    ARN: textAt(agent, "ARN"),
    ConnectedToAgentTimestamp: instantAt(agent, "ConnectedToAgentTimestamp"),
    CustomerHoldDuration: integerAt(agent, "CustomerHoldDuration"),
    HierarchyGroups: LEVELS.map((level) => textAt(objectAt(groups, level), "GroupName")),
    LongestHoldDuration: integerAt(agent, "LongestHoldDuration"),
    NumberOfHolds: integerAt(agent, "NumberOfHolds"),
    RoutingProfile: profile && { ARN: textAt(profile, "ARN"), Name: textAt(profile, "Name") },
    Username: textAt(agent, "Username"),
  };
}

function decodeQueue(queue: JsonObject | undefined): QueueWire | undefined {
  if (queue === undefined) return undefined;
  return {
    ARN: textAt(queue, "ARN"),
    DequeueTimestamp: instantAt(queue, "DequeueTimestamp"),
    Duration: integerAt(queue, "Duration"),
    EnqueueTimestamp: instantAt(queue, "EnqueueTimestamp"),
    Name: textAt(queue, "Name"),
  };
}

function decodeEndpoint(endpoint: JsonObject | undefined): EndpointWire | undefined {
  return endpoint && { Address: textAt(endpoint, "Address") };
}

function decodeQuality(metrics: JsonObject | undefined): QualityMetricsWire | undefined {
  if (metrics === undefined) return undefined;
  return { Agent: decodeAudio(objectAt(metrics, "Agent")), Customer: decodeAudio(objectAt(metrics, "Customer")) };
}

function decodeAudio(participant: JsonObject | undefined): AudioQualityWire {
  const audio = objectAt(participant, "Audio");
  return {
    QualityScore: numberAt(audio, "QualityScore"),
    PotentialQualityIssues: arrayAt(audio, "PotentialQualityIssues"),
  };
}
