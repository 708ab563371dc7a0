import type { SourceName } from "@fourwire/core";
import type { AgentSession } from "./agent-session.ts";
import type { Callers } from "./callers.ts";
import type { Contact } from "./contact.ts";
import type { EventQueue } from "./event-queue.ts";
import type { Random } from "./prng.ts";
import type { World } from "./world.ts";

/** What every actor of the simulation shares. */
export interface Stage {
  readonly random: Random;
  readonly world: World;
  readonly clock: EventQueue;
  /** Writes one record at the clock's instant. */
  readonly emit: (source: SourceName, body: string) => void;
  readonly agents: readonly AgentSession[];
  /** Contacts waiting, by queue id, the one to be offered next first. */
  readonly waiting: ReadonlyMap<string, Contact[]>;
  readonly callers: Callers;
  /** The version of the main flow that new contacts enter. */
  readonly published: { isLambdaBroken: boolean };
  /** Called when an agent becomes able to take a contact. */
  readonly agentBecameAvailable: (agent: AgentSession) => void;
}
