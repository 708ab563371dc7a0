import type { JsonObject, JsonValue } from "../../json.ts";
import type { InstantWire } from "../../wire-values.ts";

/**
 * One contact event: the EventBridge envelope and its detail. Real events write camelCase keys, some of Amazon's
 * samples PascalCase, one of them both; the keys are looked up without case and stand here as real events write them.
 * `undefined` stands for a key that is missing, null, empty or the text "null". Every enumeration is open.
 * https://docs.aws.amazon.com/connect/latest/adminguide/contact-events.html (read 2026-11-20)
 */
export interface ContactEventWire {
  /** Undefined for a detail that came without its envelope. */
  readonly envelope: ContactEventEnvelopeWire | undefined;
  readonly detail: ContactEventDetailWire;
  /** The detail as received. */
  readonly receivedDetail: JsonObject;
  /** What no field here names, in its own names and nesting. */
  readonly unknownKeys: JsonObject | undefined;
}

/** https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html (read 2026-11-20) */
export interface ContactEventEnvelopeWire {
  readonly id: string | undefined;
  /** "Amazon Connect Contact Event", or "Connect Customer Contact Event" since the renaming of 2026. */
  readonly detailType: string | undefined;
  readonly account: string | undefined;
  /** The Region that published this copy. */
  readonly region: string | undefined;
  /** Whole seconds, rounded up or down; the detail has the milliseconds. */
  readonly time: InstantWire | undefined;
}

export interface ContactEventDetailWire {
  readonly contactId: string;
  /** INITIATED, CONNECTED_TO_SYSTEM, QUEUED, CONNECTED_TO_AGENT, DISCONNECTED, COMPLETED, ...; in upper case. */
  readonly eventType: string;
  /** VOICE in real events, "Voice" in a sample. */
  readonly channel: string | undefined;
  readonly initiationMethod: string | undefined;
  readonly disconnectReason: string | undefined;
  readonly instanceArn: string | undefined;
  readonly initialContactId: string | undefined;
  readonly previousContactId: string | undefined;
  readonly relatedContactId: string | undefined;
  readonly initiationTimestamp: InstantWire | undefined;
  /** `1970-01-01T00:00:00.001Z` while not connected. */
  readonly connectedToSystemTimestamp: InstantWire | undefined;
  readonly disconnectTimestamp: InstantWire | undefined;
  readonly agentInfo: AgentInfoWire | undefined;
  /** Absent for OUTBOUND. */
  readonly queueInfo: QueueInfoWire | undefined;
  readonly updatedProperties: readonly JsonValue[];
  /** Keys are the customer's own and Amazon's `aws:connect:*`; their case counts. */
  readonly tags: JsonObject | undefined;
  readonly globalResiliencyMetadata: GlobalResiliencyWire | undefined;
}

export interface AgentInfoWire {
  readonly agentArn: string | undefined;
  readonly connectedToAgentTimestamp: InstantWire | undefined;
  /** COMPLETED events, 2025 and later. */
  readonly afterContactWorkStartTimestamp: InstantWire | undefined;
  readonly afterContactWorkEndTimestamp: InstantWire | undefined;
}

export interface QueueInfoWire {
  readonly queueArn: string | undefined;
  readonly queueType: string | undefined;
  readonly enqueueTimestamp: InstantWire | undefined;
}

/** Present where the instance is linked to one in another Region; both then publish every event. */
export interface GlobalResiliencyWire {
  readonly activeRegion: string | undefined;
  readonly originRegion: string | undefined;
}
