import type { JsonObject } from "../../json.ts";
import type { InstantWire } from "../../wire-values.ts";

/**
 * One agent event as Connect writes it to Kinesis: the union of every model from 2017-10-01 to 2026, in Amazon's names
 * and casing. `undefined` stands for a key that is missing, null, empty or the text "null". Every enumeration is open.
 * `Version` cannot select a model: Amazon's own sample carries "2017-10-01" beside fields of 2023.
 * https://docs.aws.amazon.com/connect/latest/adminguide/agent-event-stream-model.html (read 2026-11-20)
 */
export interface AgentEventWire {
  readonly AgentARN: string;
  /** Also read from `AWSAccoutId`, a misspelling found in a public test event of 2020. */
  readonly AWSAccountId: string | undefined;
  /** Null on LOGIN, in every real LOGIN seen. */
  readonly CurrentAgentSnapshot: AgentSnapshotWire | undefined;
  readonly EventId: string | undefined;
  readonly EventTimestamp: InstantWire;
  /** STATE_CHANGE, HEART_BEAT, LOGIN, LOGOUT. */
  readonly EventType: string;
  readonly InstanceARN: string | undefined;
  /** Null on LOGIN and on the first STATE_CHANGE after it; present on a real LOGOUT, whatever the guide says. */
  readonly PreviousAgentSnapshot: AgentSnapshotWire | undefined;
  readonly Version: string | undefined;
  /** What no field here names, in the wire's own names and nesting (the event and its current snapshot). */
  readonly unknownKeys: JsonObject | undefined;
}

export interface AgentSnapshotWire {
  readonly AgentStatus: AgentStatusWire | undefined;
  readonly NextAgentStatus: NextAgentStatusWire | undefined;
  readonly Configuration: AgentConfigurationWire | undefined;
  /** Undefined when the key is missing; empty when the agent has no contact. */
  readonly Contacts: readonly AgentContactWire[] | undefined;
  /** Global Resiliency, 2026. */
  readonly AgentCrossRegionRoutingConfiguration: CrossRegionWire | undefined;
}

export interface AgentStatusWire {
  readonly ARN: string | undefined;
  readonly Name: string | undefined;
  readonly StartTimestamp: InstantWire | undefined;
  /** ROUTABLE, CUSTOM, OFFLINE; absent in the events of 2017 to 2019. */
  readonly Type: string | undefined;
}

/** Only present while the agent has chosen the status to go to after the contact. */
export interface NextAgentStatusWire {
  readonly ARN: string | undefined;
  readonly Name: string | undefined;
  /** An older edition of the guide spells it `EnqueueTimestamp`; both are read. */
  readonly EnqueuedTimestamp: InstantWire | undefined;
}

export interface AgentConfigurationWire {
  readonly FirstName: string | undefined;
  readonly LastName: string | undefined;
  readonly Username: string | undefined;
  /** The names of Level1 to Level5; a level that is missing, null or `{"ARN":null,"Name":null}` is undefined. */
  readonly AgentHierarchyGroups: readonly (string | undefined)[];
  readonly Proficiencies: readonly ProficiencyWire[];
  readonly RoutingProfile: RoutingProfileWire | undefined;
}

export interface ProficiencyWire {
  readonly Name: string | undefined;
  readonly Value: string | undefined;
  /** 1 to 5. The model page says `ProficiencyLevel`, the sample page `Level`; both are read. */
  readonly ProficiencyLevel: number | undefined;
}

/** `InboundQueues` and `DefaultOutboundQueue` are left to the original body: they fill most of it and rarely change. */
export interface RoutingProfileWire {
  readonly ARN: string | undefined;
  readonly Name: string | undefined;
  /** 2019 and later. */
  readonly Concurrency: readonly ConcurrencyWire[];
}

export interface ConcurrencyWire {
  readonly AvailableSlots: number | undefined;
  readonly Channel: string | undefined;
  readonly MaximumSlots: number | undefined;
}

export interface AgentContactWire {
  readonly ContactId: string | undefined;
  readonly InitialContactId: string | undefined;
  /** VOICE, CHAT, TASKS (so written here; TASK everywhere else in Connect), EMAIL. */
  readonly Channel: string | undefined;
  readonly InitiationMethod: string | undefined;
  /** INCOMING, PENDING, CONNECTING, CONNECTED, CONNECTED_ONHOLD, PAUSED, MISSED, ERROR, ENDED, REJECTED. */
  readonly State: string | undefined;
  /** Also read from `StateStartTimeStamp` (the guide's prose) and `StartStateTimestamp` (a public test event). */
  readonly StateStartTimestamp: InstantWire | undefined;
  readonly ConnectedToAgentTimestamp: InstantWire | undefined;
  readonly QueueTimestamp: InstantWire | undefined;
  readonly Queue: QueueWire | undefined;
  /** 2026, instances of Global Resiliency. */
  readonly GlobalResiliencyMetadata: ContactRegionsWire | undefined;
}

export interface ContactRegionsWire {
  readonly ActiveRegion: string | undefined;
  readonly OriginRegion: string | undefined;
}

/** A contact's queue may lack its name; an agent's own queue (`.../queue/agent/<agent id>`) has a null one. */
export interface QueueWire {
  readonly ARN: string | undefined;
  readonly Name: string | undefined;
}

export interface CrossRegionWire {
  readonly ConfiguredRegions: readonly string[];
  readonly CurrentRegion: string | undefined;
}
