import { parseInstant } from "../../instant.ts";
import { arrayAt, isObject, numberAt, objectAt, textAt, type JsonObject } from "../../json.ts";
import { accepted, rejected, type Decoded } from "../../rejected.ts";
import type { ReceivedRecord } from "../../source.ts";
import { knownKeys, unknownPart } from "../../unknown-keys.ts";
import { instantAt, rejectText, shorten } from "../../wire-values.ts";
import type {
  AgentConfigurationWire,
  AgentContactWire,
  AgentEventWire,
  AgentSnapshotWire,
  AgentStatusWire,
  ContactRegionsWire,
  CrossRegionWire,
  NextAgentStatusWire,
  QueueWire,
  RoutingProfileWire,
} from "./wire.ts";

const MARKS = ["EventType", "AgentARN", "EventTimestamp", "CurrentAgentSnapshot", "PreviousAgentSnapshot"];

const QUEUE_KEYS = knownKeys("ARN Name Channels");

// The previous snapshot is known as a whole: what is new in it was new in the current one of the event before.
const KNOWN_KEYS = knownKeys(
  "AgentARN AWSAccountId AWSAccoutId EventId EventTimestamp EventType InstanceARN Version PreviousAgentSnapshot",
  {
    CurrentAgentSnapshot: knownKeys("", {
      AgentStatus: knownKeys("ARN Name StartTimestamp Type"),
      NextAgentStatus: knownKeys("ARN Name EnqueuedTimestamp EnqueueTimestamp"),
      Configuration: knownKeys("FirstName LastName Username AgentHierarchyGroups Proficiencies", {
        RoutingProfile: knownKeys("ARN Name Concurrency InboundQueues DefaultOutboundQueue"),
      }),
      Contacts: knownKeys(
        "ContactId InitialContactId Channel InitiationMethod State StateStartTimestamp StateStartTimeStamp " +
          "StartStateTimestamp ConnectedToAgentTimestamp QueueTimestamp",
        { Queue: QUEUE_KEYS, GlobalResiliencyMetadata: knownKeys("ActiveRegion OriginRegion") },
      ),
      AgentCrossRegionRoutingConfiguration: knownKeys("ConfiguredRegions CurrentRegion"),
    }),
  },
);

/** True for an agent event of any model: at least two of the keys that only agent events have at the top. */
export function recognizeAgentEvent(value: JsonObject): boolean {
  let found = 0;
  for (const mark of MARKS) if (value[mark] !== undefined && ++found === 2) return true;
  return false;
}

export function decodeAgentEvent(received: ReceivedRecord): Decoded<AgentEventWire> {
  const { value } = received;
  const agentArn = textAt(value, "AgentARN");
  if (agentArn === undefined) return rejectText(value["AgentARN"], "AgentARN");
  const eventType = textAt(value, "EventType");
  if (eventType === undefined) return rejectText(value["EventType"], "EventType");
  const eventTimestamp = instantAt(value, "EventTimestamp");
  if (eventTimestamp === undefined) return rejectText(value["EventTimestamp"], "EventTimestamp");
  if (parseInstant(eventTimestamp) === undefined) {
    return rejected("bad_time", `EventTimestamp is not an instant: ${shorten(eventTimestamp)}`);
  }
  return accepted({
    AgentARN: agentArn,
    AWSAccountId: textAt(value, "AWSAccountId") ?? textAt(value, "AWSAccoutId"),
    CurrentAgentSnapshot: decodeSnapshot(objectAt(value, "CurrentAgentSnapshot")),
    EventId: textAt(value, "EventId"),
    EventTimestamp: eventTimestamp,
    EventType: eventType,
    InstanceARN: textAt(value, "InstanceARN"),
    PreviousAgentSnapshot: decodeSnapshot(objectAt(value, "PreviousAgentSnapshot")),
    Version: textAt(value, "Version"),
    unknownKeys: unknownPart(value, KNOWN_KEYS),
  });
}

function decodeSnapshot(snapshot: JsonObject | undefined): AgentSnapshotWire | undefined {
  if (snapshot === undefined) return undefined;
  const contacts = snapshot["Contacts"];
  return {
    AgentStatus: decodeStatus(objectAt(snapshot, "AgentStatus")),
    NextAgentStatus: decodeNextStatus(objectAt(snapshot, "NextAgentStatus")),
    Configuration: decodeConfiguration(objectAt(snapshot, "Configuration")),
    Contacts: Array.isArray(contacts) ? contacts.filter(isObject).map(decodeContact) : undefined,
    AgentCrossRegionRoutingConfiguration: decodeCrossRegion(objectAt(snapshot, "AgentCrossRegionRoutingConfiguration")),
  };
}

function decodeStatus(status: JsonObject | undefined): AgentStatusWire | undefined {
  if (status === undefined) return undefined;
  return {
    ARN: textAt(status, "ARN"),
    Name: textAt(status, "Name"),
    StartTimestamp: instantAt(status, "StartTimestamp"),
    Type: textAt(status, "Type"),
  };
}

function decodeNextStatus(status: JsonObject | undefined): NextAgentStatusWire | undefined {
  if (status === undefined) return undefined;
  return {
    ARN: textAt(status, "ARN"),
    Name: textAt(status, "Name"),
    EnqueuedTimestamp: instantAt(status, "EnqueuedTimestamp") ?? instantAt(status, "EnqueueTimestamp"),
  };
}

function decodeConfiguration(configuration: JsonObject | undefined): AgentConfigurationWire | undefined {
  if (configuration === undefined) return undefined;
  const proficiencies = arrayAt(configuration, "Proficiencies");
  return {
    FirstName: textAt(configuration, "FirstName"),
    LastName: textAt(configuration, "LastName"),
    Username: textAt(configuration, "Username"),
    AgentHierarchyGroups: decodeHierarchy(objectAt(configuration, "AgentHierarchyGroups")),
    Proficiencies: proficiencies.filter(isObject).map((proficiency) => ({
      Name: textAt(proficiency, "Name"),
      Value: textAt(proficiency, "Value"),
      ProficiencyLevel: numberAt(proficiency, "ProficiencyLevel") ?? numberAt(proficiency, "Level"),
    })),
    RoutingProfile: decodeRoutingProfile(objectAt(configuration, "RoutingProfile")),
  };
}

const NO_HIERARCHY: readonly undefined[] = [];
const LEVELS = ["Level1", "Level2", "Level3", "Level4", "Level5"];

function decodeHierarchy(groups: JsonObject | undefined): readonly (string | undefined)[] {
  return groups === undefined ? NO_HIERARCHY : LEVELS.map((level) => textAt(objectAt(groups, level), "Name"));
}

function decodeRoutingProfile(profile: JsonObject | undefined): RoutingProfileWire | undefined {
  if (profile === undefined) return undefined;
  const concurrency = arrayAt(profile, "Concurrency");
  return {
    ARN: textAt(profile, "ARN"),
    Name: textAt(profile, "Name"),
    Concurrency: concurrency.filter(isObject).map((slots) => ({
      AvailableSlots: numberAt(slots, "AvailableSlots"),
      Channel: textAt(slots, "Channel"),
      MaximumSlots: numberAt(slots, "MaximumSlots"),
    })),
  };
}

function decodeContact(contact: JsonObject): AgentContactWire {
  return {
    ContactId: textAt(contact, "ContactId"),
    InitialContactId: textAt(contact, "InitialContactId"),
    Channel: textAt(contact, "Channel"),
    InitiationMethod: textAt(contact, "InitiationMethod"),
    State: textAt(contact, "State"),
    StateStartTimestamp:
      instantAt(contact, "StateStartTimestamp") ??
      instantAt(contact, "StateStartTimeStamp") ??
      instantAt(contact, "StartStateTimestamp"),
    ConnectedToAgentTimestamp: instantAt(contact, "ConnectedToAgentTimestamp"),
    QueueTimestamp: instantAt(contact, "QueueTimestamp"),
    Queue: decodeQueue(objectAt(contact, "Queue")),
    GlobalResiliencyMetadata: decodeContactRegions(objectAt(contact, "GlobalResiliencyMetadata")),
  };
}

function decodeQueue(queue: JsonObject | undefined): QueueWire | undefined {
  return queue === undefined ? undefined : { ARN: textAt(queue, "ARN"), Name: textAt(queue, "Name") };
}

function decodeContactRegions(regions: JsonObject | undefined): ContactRegionsWire | undefined {
  if (regions === undefined) return undefined;
  return { ActiveRegion: textAt(regions, "ActiveRegion"), OriginRegion: textAt(regions, "OriginRegion") };
}

function decodeCrossRegion(configuration: JsonObject | undefined): CrossRegionWire | undefined {
  if (configuration === undefined) return undefined;
  const regions = arrayAt(configuration, "ConfiguredRegions");
  return {
    ConfiguredRegions: regions.filter((region) => typeof region === "string"),
    CurrentRegion: textAt(configuration, "CurrentRegion"),
  };
}
