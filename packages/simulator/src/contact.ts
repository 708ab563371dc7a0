import { unixMillis, type UnixMillis } from "@fourwire/core";
import type { AgentSession } from "./agent-session.ts";
import type { ContactPlan } from "./contact-plan.ts";
import type { Stage } from "./stage.ts";
import type { Resource } from "./world.ts";

export type DisconnectReason = "CUSTOMER_DISCONNECT" | "AGENT_DISCONNECT" | "CONTACT_FLOW_DISCONNECT" | "OTHER";

/** One contact while it lives; dropped from memory once its contact record is written. */
export interface Contact {
  readonly id: string;
  /** Undefined for the first contact of a chain. */
  readonly initialId: string | undefined;
  readonly previousId: string | undefined;
  nextId: string | undefined;
  readonly initiationMethod: "INBOUND" | "TRANSFER";
  readonly customerNumber: string;
  readonly plan: ContactPlan;
  readonly attributes: Record<string, string>;
  readonly initiationTime: UnixMillis;
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
  iceLosses: number;
  transferTime: UnixMillis | undefined;
  disconnectTime: UnixMillis | undefined;
  disconnectReason: DisconnectReason | undefined;
  /** After-contact work starts when the agent's leg ends. */
  legEndTime: UnixMillis | undefined;
  afterContactWorkEndTime: UnixMillis | undefined;
}

export interface Origin {
  readonly plan: ContactPlan;
  readonly transferredFrom?: Contact;
}

export function createContact(stage: Stage, origin: Origin): Contact {
  const from = origin.transferredFrom;
  return {
    id: stage.random.uuid(),
    initialId: from === undefined ? undefined : (from.initialId ?? from.id),
    previousId: from?.id,
    nextId: undefined,
    initiationMethod: from === undefined ? "INBOUND" : "TRANSFER",
    // Ofcom keeps +44 7700 900000 to 900999 for drama
    customerNumber: from?.customerNumber ?? `+447700900${String(stage.random.integer(0, 999)).padStart(3, "0")}`,
    plan: origin.plan,
    attributes: { ...from?.attributes },
    initiationTime: stage.clock.now,
    phase: "flow",
    queue: undefined,
    enqueueTime: undefined,
    agent: undefined,
    offers: 0,
    connectedTime: undefined,
    heldMs: 0,
    longestHoldMs: 0,
    holds: 0,
    iceLosses: 0,
    transferTime: undefined,
    disconnectTime: undefined,
    disconnectReason: undefined,
    legEndTime: undefined,
    afterContactWorkEndTime: undefined,
  };
}

export function queueOf(resource: Resource): NonNullable<Contact["queue"]> {
  return { arn: resource.arn, name: resource.name, id: resource.id };
}

/** The instant cut to whole seconds, as contact records write it. */
export function wholeSecond(time: UnixMillis): UnixMillis {
  return unixMillis(Math.floor(time / 1000) * 1000);
}
