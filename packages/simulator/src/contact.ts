import { unixMillis, type UnixMillis } from "@fourwire/core";
import type { AgentSession } from "./agent-session.ts";
import type { ContactPlan } from "./contact-plan.ts";
import type { FlowContact } from "./flow-engine/flow-contact.ts";
import type { Stage } from "./stage.ts";
import type { Channel, Resource } from "./world.ts";

export type DisconnectReason =
  | "CUSTOMER_DISCONNECT"
  | "AGENT_DISCONNECT"
  | "AGENT_COMPLETED"
  | "CONTACT_FLOW_DISCONNECT"
  | "TELECOM_UNANSWERED"
  | "IDLE_DISCONNECT"
  | "DISCARDED"
  | "OTHER";

export type InitiationMethod =
  | "INBOUND"
  | "OUTBOUND"
  | "TRANSFER"
  | "QUEUE_TRANSFER"
  | "CALLBACK"
  | "API"
  | "MONITOR"
  | "AGENT_REPLY";

/** What an e-mail contact is about. */
export interface EmailHeader {
  readonly customerAddress: string;
  readonly subject: string;
}

/** One contact while it lives; dropped from memory once its contact record is written. */
export interface Contact {
  readonly id: string;
  /** Undefined for the first contact of a chain. */
  readonly initialId: string | undefined;
  readonly previousId: string | undefined;
  nextId: string | undefined;
  /** A reply's question. */
  readonly relatedId: string | undefined;
  readonly channel: Channel;
  readonly initiationMethod: InitiationMethod;
  /** Undefined for tasks and e-mails. */
  readonly customerNumber: string | undefined;
  /** E-mails only. */
  readonly email: EmailHeader | undefined;
  readonly plan: ContactPlan;
  readonly attributes: Record<string, string>;
  readonly initiationTime: UnixMillis;
  /** When the customer's line was connected to Connect: at once for what comes in, on answer for what is dialled. */
  connectedToSystemTime: UnixMillis | undefined;
  /** `flow` until queued or dropped, `ended` from the disconnect on. */
  phase: "flow" | "queued" | "offered" | "connected" | "ended";
  /** Absent name: an agent's own queue, where transfers to a person wait. */
  queue: { readonly arn: string; readonly name: string | null; readonly id: string } | undefined;
  enqueueTime: UnixMillis | undefined;
  agent: AgentSession | undefined;
  /** How many agents it was offered to. */
  offers: number;
  connectedTime: UnixMillis | undefined;
  heldMs: number;
  longestHoldMs: number;
  holds: number;
  pausedMs: number;
  pauses: number;
  lastPausedTime: UnixMillis | undefined;
  lastResumedTime: UnixMillis | undefined;
  iceLosses: number;
  transferTime: UnixMillis | undefined;
  disconnectTime: UnixMillis | undefined;
  disconnectReason: DisconnectReason | undefined;
  /** After-contact work starts when the agent's leg ends. */
  legEndTime: UnixMillis | undefined;
  afterContactWorkEndTime: UnixMillis | undefined;
  /** Where it is and where it began, while Global Resiliency has moved the traffic. */
  readonly regions: { readonly ActiveRegion: string; readonly OriginRegion: string } | undefined;
  /** Names of the incidents that touched it. */
  readonly incidents: Set<string>;
  /** Known once an agent has answered. */
  isRecorded: boolean;
  /** What it means that the customer hangs up while it rings; set while it does. */
  hungUp: (() => void) | undefined;
  /** What its flows know of it; undefined before the first. */
  flowContact: FlowContact | undefined;
  /** Ends the flow it is in. */
  stopFlow: (() => void) | undefined;
  /** Stop those who listen in; called when the contact ends. */
  readonly listeners: Set<() => void>;
  /** When a supervisor who listened in began to talk too. */
  bargeTime: UnixMillis | undefined;
}

export interface OriginOfContact {
  readonly plan: ContactPlan;
  readonly channel?: Channel;
  readonly initiationMethod?: InitiationMethod;
  readonly customerNumber?: string;
  /** The contact this one goes on from. */
  readonly continues?: Contact;
  /** The contact this one answers, in a thread of e-mails. */
  readonly answers?: Contact;
  readonly email?: EmailHeader;
}

export function createContact(stage: Stage, origin: OriginOfContact): Contact {
  const channel = origin.channel ?? origin.continues?.channel ?? "VOICE";
  const isDialled = origin.initiationMethod === "OUTBOUND" || origin.initiationMethod === "CALLBACK";
  const contact: Contact = {
    id: stage.random.uuid(),
    channel,
    ...lineageOf(origin),
    customerNumber: hasNumber(channel) ? (origin.customerNumber ?? numberOf(stage, origin.continues)) : undefined,
    ...threadOf(origin),
    plan: origin.plan,
    initiationTime: stage.clock.now,
    connectedToSystemTime: isDialled ? undefined : stage.clock.now,
    regions: regionsOf(stage),
    incidents: new Set(),
    listeners: new Set(),
    ...UNTOUCHED,
  };
  // its contact events name the other Region
  if (stage.conditions.isFailedOver) touch(stage, contact, "region-failover");
  return contact;
}

function regionsOf({ conditions, world: { place } }: Stage): Contact["regions"] {
  if (!conditions.isFailedOver) return undefined;
  return { ActiveRegion: place.replicaRegion, OriginRegion: place.region };
}

function threadOf({ email, answers, continues }: OriginOfContact): Pick<Contact, "email" | "relatedId"> {
  return { email: email ?? (answers ?? continues)?.email, relatedId: answers?.id };
}

type Lineage = Pick<Contact, "initialId" | "previousId" | "initiationMethod" | "attributes">;

function lineageOf({ continues: from, initiationMethod }: OriginOfContact): Lineage {
  return {
    initialId: from === undefined ? undefined : (from.initialId ?? from.id),
    previousId: from?.id,
    initiationMethod: initiationMethod ?? (from === undefined ? "INBOUND" : "TRANSFER"),
    attributes: { ...from?.attributes },
  };
}

/** What is true of every contact before anything has happened to it. */
const UNTOUCHED = {
  nextId: undefined,
  phase: "flow",
  queue: undefined,
  enqueueTime: undefined,
  agent: undefined,
  offers: 0,
  connectedTime: undefined,
  heldMs: 0,
  longestHoldMs: 0,
  holds: 0,
  pausedMs: 0,
  pauses: 0,
  lastPausedTime: undefined,
  lastResumedTime: undefined,
  iceLosses: 0,
  transferTime: undefined,
  disconnectTime: undefined,
  disconnectReason: undefined,
  legEndTime: undefined,
  afterContactWorkEndTime: undefined,
  isRecorded: false,
  hungUp: undefined,
  flowContact: undefined,
  stopFlow: undefined,
  bargeTime: undefined,
} as const;

function hasNumber(channel: Channel): boolean {
  return channel === "VOICE" || channel === "CHAT";
}

/** Whether there is anything to record or to transcribe. */
export function isRecordable({ channel, initiationMethod }: Contact): boolean {
  return hasNumber(channel) && initiationMethod !== "MONITOR";
}

function numberOf(stage: Stage, from: Contact | undefined): string {
  return from?.customerNumber ?? drawNumber(stage);
}

/** Notes that an incident touched the contact. */
export function touch(stage: Stage, contact: Contact, incident: string | undefined): void {
  if (incident === undefined) return;
  contact.incidents.add(incident);
  stage.touched.get(incident)?.add(contact.id);
}

function drawNumber({ random, world }: Stage): string {
  const { prefix, digits } = world.place.customerNumbers;
  return prefix + String(random.integer(0, 10 ** digits - 1)).padStart(digits, "0");
}

export function queueOf(resource: Resource): NonNullable<Contact["queue"]> {
  return { arn: resource.arn, name: resource.name, id: resource.id };
}

/** The instant cut to whole seconds, as contact records write it. */
export function wholeSecond(time: UnixMillis): UnixMillis {
  return unixMillis(Math.floor(time / 1000) * 1000);
}
