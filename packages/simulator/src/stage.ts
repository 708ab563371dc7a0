import type { SourceName, UnixMillis } from "@fourwire/core";
import type { AgentLedger } from "./agent-ledger.ts";
import type { AgentSession } from "./agent-session.ts";
import type { Leg } from "./agent-leg.ts";
import type { Callers } from "./callers.ts";
import type { Conditions } from "./conditions.ts";
import type { Contact } from "./contact.ts";
import type { Delivery } from "./delivery.ts";
import type { Origin } from "./emission.ts";
import type { EventQueue } from "./event-queue.ts";
import type { Random } from "./prng.ts";
import type { Truth } from "./truth.ts";
import type { CcpLevel } from "./wires/ccp-log.ts";
import type { World } from "./world.ts";

/** What every actor of one instance's simulation shares. */
export interface Stage {
  readonly random: Random;
  /** Draws for what only a browser's log shows: the world is the same whether its lines are written or not. */
  readonly browserRandom: Random;
  readonly world: World;
  readonly clock: EventQueue;
  /** When the simulation ends; undefined for an endless one. */
  readonly endTime: UnixMillis | undefined;
  /** The least level of CCP entries that are written. */
  readonly level: CcpLevel;
  /** Writes one record at the clock's instant. */
  readonly emit: (source: SourceName, body: string, about: About) => void;
  /** What the wires do to records on their way. */
  readonly delivery: Delivery;
  /** Says what really happened. */
  readonly tell: (truth: Truth) => void;
  readonly ledger: AgentLedger;
  readonly agents: readonly AgentSession[];
  /** People who listen in and take no contacts. */
  readonly supervisors: readonly AgentSession[];
  /** Contacts waiting, by queue id, the one to be offered next first. */
  readonly waiting: ReadonlyMap<string, Contact[]>;
  readonly callers: Callers;
  /** What is out of order at the moment. */
  readonly conditions: Conditions;
  /** Ids of the contacts that each incident touched, by its name. */
  readonly touched: ReadonlyMap<string, Set<string>>;
  /** Called when an agent becomes able to take a contact. */
  readonly agentBecameAvailable: (agent: AgentSession) => void;
  /** Called when an agent did not take a contact that still waits. */
  readonly requeue: (contact: Contact) => void;
  /** Called when an agent has answered. */
  readonly answered: (contact: Contact, leg: Leg) => void;
}

export interface About {
  readonly key: string;
  /** Where it is delivered, if not where the instance is. */
  readonly origin?: Origin;
}

/** Everybody who has a session: agents, then supervisors. */
export function everybody({ agents, supervisors }: Stage): readonly AgentSession[] {
  return [...agents, ...supervisors];
}
