import type { JsonObject } from "@fourwire/core";

export type FlowChannel = "VOICE" | "CHAT" | "TASK" | "EMAIL";

/** Events that a flow may hang another flow on; open, since Connect adds some. */
export type EventHook = string;

export interface FlowQueue {
  readonly arn: string;
  readonly id: string;
  /** Null for an agent's own queue. */
  readonly name: string | null;
  /** Whether this is an agent's own queue; its id is then the agent's. */
  readonly isAgentQueue: boolean;
}

/** What of a contact outlives one flow: later flows read it, and change it. */
export interface FlowContact {
  readonly id: string;
  readonly initialId: string | undefined;
  readonly previousId: string | undefined;
  readonly channel: FlowChannel;
  readonly initiationMethod: string;
  /** The customer's number, or address on other channels. */
  readonly customerAddress: string;
  readonly systemAddress: string;
  readonly instanceArn: string;
  readonly region: string;
  /** Set logging behavior: stays as it is in every later flow, until another block changes it. */
  isLogging: boolean;
  /** User-defined attributes, `$.Attributes`. */
  readonly attributes: Map<string, string>;
  /** Set by Set working queue. */
  queue: FlowQueue | undefined;
  voice: string;
  voiceEngine: string;
  languageCode: string;
  customerId: string;
  callbackNumber: string;
  /** Flow references by event: CustomerQueue, AgentWhisper, CustomerRemaining (the disconnect flow), ... */
  readonly hooks: Map<EventHook, string>;
  /** 1 is first; Connect's default is 5. */
  priority: number;
  /** Seconds added to the contact's age in the queue. */
  queueAgeSeconds: number;
  /** Queue-to-queue transfers so far. */
  queueTransfers: number;
  /** Who talks to the customer, for whisper and hold flows: `$.Agent`. */
  agent: JsonObject | undefined;
  /** `$.StoredCustomerInput` outlives the flow that stored it; modules have one of their own. */
  storedInput: string | undefined;
  /** `$.SegmentAttributes`: what Connect itself knows of this segment, such as an e-mail's subject. */
  readonly segmentAttributes: JsonObject;
}

export interface FlowContactOptions {
  readonly id: string;
  readonly instanceArn: string;
  readonly customerAddress: string;
  readonly systemAddress: string;
  readonly channel?: FlowChannel;
  readonly initiationMethod?: string;
  readonly region?: string;
  readonly segmentAttributes?: JsonObject;
}

export function createFlowContact(options: FlowContactOptions): FlowContact {
  return {
    initialId: undefined,
    previousId: undefined,
    channel: options.channel ?? "VOICE",
    initiationMethod: options.initiationMethod ?? "INBOUND",
    region: options.region ?? options.instanceArn.split(":")[3] ?? "",
    id: options.id,
    instanceArn: options.instanceArn,
    customerAddress: options.customerAddress,
    systemAddress: options.systemAddress,
    isLogging: false,
    attributes: new Map(),
    queue: undefined,
    voice: "Joanna",
    voiceEngine: "Standard",
    languageCode: "en-US",
    customerId: "",
    callbackNumber: options.customerAddress,
    hooks: new Map(),
    priority: 5,
    queueAgeSeconds: 0,
    queueTransfers: 0,
    agent: undefined,
    storedInput: undefined,
    segmentAttributes: options.segmentAttributes ?? {},
  };
}

/**
 * The contact that a transfer makes. It inherits attributes, voice and logging (a chat transferred in 2023 logged under
 * its new id without a Set logging behavior of its own) but not the hooks: they belong to the segment that set them.
 */
export function transferFlowContact(from: FlowContact, id: string, initiationMethod = "TRANSFER"): FlowContact {
  return {
    ...from,
    id,
    initialId: from.initialId ?? from.id,
    previousId: from.id,
    initiationMethod,
    attributes: new Map(from.attributes),
    hooks: new Map(),
    queue: undefined,
    agent: undefined,
  };
}
