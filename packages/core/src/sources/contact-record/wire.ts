import type { JsonObject, JsonValue } from "../../json.ts";
import type { InstantWire } from "../../wire-values.ts";

/**
 * One contact record as Connect writes it to Kinesis or Firehose, in Amazon's names and casing: the fields that have
 * columns. `undefined` stands for a key that is missing, null, empty or the text "null"; real records write null, older
 * ones lack newer keys altogether. Every enumeration is open. Timestamps have whole seconds, durations are seconds.
 * https://docs.aws.amazon.com/connect/latest/adminguide/ctr-data-model.html (read 2026-11-20)
 */
export interface ContactRecordWire {
  readonly Agent: AgentWire | undefined;
  readonly AgentConnectionAttempts: number | undefined;
  /** What the customer's flows set: keys and values are the customer's own, and keys may differ in case only. */
  readonly Attributes: JsonObject | undefined;
  readonly AWSAccountId: string | undefined;
  /** VOICE, CHAT, TASK, EMAIL. */
  readonly Channel: string | undefined;
  readonly ConnectedToSystemTimestamp: InstantWire | undefined;
  readonly ContactId: string;
  readonly CustomerEndpoint: EndpointWire | undefined;
  /** Null for a chat that ended for a reason without a word of its own. */
  readonly DisconnectReason: string | undefined;
  /** When the customer's end left, which after an external transfer is later than the agent's after-contact work. */
  readonly DisconnectTimestamp: InstantWire | undefined;
  readonly InitialContactId: string | undefined;
  readonly InitiationMethod: string | undefined;
  readonly InitiationTimestamp: InstantWire | undefined;
  readonly InstanceARN: string | undefined;
  /** A record is delivered again whenever something in it changed, up to two years on; the newest one counts. */
  readonly LastUpdateTimestamp: InstantWire | undefined;
  readonly NextContactId: string | undefined;
  readonly PreviousContactId: string | undefined;
  readonly QualityMetrics: QualityMetricsWire | undefined;
  readonly Queue: QueueWire | undefined;
  readonly RelatedContactId: string | undefined;
  readonly ScheduledTimestamp: InstantWire | undefined;
  readonly SystemEndpoint: EndpointWire | undefined;
  readonly Tags: JsonObject | undefined;
  readonly TransferCompletedTimestamp: InstantWire | undefined;
  readonly TransferredToEndpoint: EndpointWire | undefined;
  /** What no field here names (Recordings, SegmentAttributes, RoutingCriteria, ...), in its own names and nesting. */
  readonly unknownKeys: JsonObject | undefined;
}

export interface AgentWire {
  readonly AcceptedByAgentTimestamp: InstantWire | undefined;
  readonly AfterContactWorkDuration: number | undefined;
  readonly AfterContactWorkEndTimestamp: InstantWire | undefined;
  readonly AfterContactWorkStartTimestamp: InstantWire | undefined;
  readonly AgentInteractionDuration: number | undefined;
  readonly AgentPauseDuration: number | undefined;
  readonly ARN: string | undefined;
  readonly ConnectedToAgentTimestamp: InstantWire | undefined;
  readonly CustomerHoldDuration: number | undefined;
  /** The names of Level1 to Level5, `GroupName` here (`Name` in agent events, no name at all in contact events). */
  readonly HierarchyGroups: readonly (string | undefined)[];
  readonly LongestHoldDuration: number | undefined;
  readonly NumberOfHolds: number | undefined;
  readonly RoutingProfile: { readonly ARN: string | undefined; readonly Name: string | undefined } | undefined;
  readonly Username: string | undefined;
}

/** `Duration` is dequeue minus enqueue and includes the whisper. */
export interface QueueWire {
  readonly ARN: string | undefined;
  readonly DequeueTimestamp: InstantWire | undefined;
  readonly Duration: number | undefined;
  readonly EnqueueTimestamp: InstantWire | undefined;
  readonly Name: string | undefined;
}

/** `Type` (TELEPHONE_NUMBER, VOIP, CONTACT_FLOW, ...) and `DisplayName` go to the attributes. */
export interface EndpointWire {
  readonly Address: string | undefined;
}

export interface QualityMetricsWire {
  readonly Agent: AudioQualityWire;
  readonly Customer: AudioQualityWire;
}

/** `QualityMetrics.<participant>.Audio`: score from 1.00 to 5.00; HighPacketLoss, HighRoundTripTime, HighJitterBuffer. */
export interface AudioQualityWire {
  readonly QualityScore: number | undefined;
  readonly PotentialQualityIssues: readonly JsonValue[];
}
