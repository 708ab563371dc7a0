import type { AgentSession } from "./agent-session.ts";
import type { Contact } from "./contact.ts";
import type { OfferCause } from "./truth.ts";

/** How an offer goes that an agent does not answer. */
export interface OfferTrouble {
  readonly outcome: "missed" | "rejected" | "error" | "abandoned";
  readonly cause: OfferCause;
  /** From the beginning of the offer. */
  readonly afterMs: number;
  /** The name of the incident behind it. */
  readonly incident?: string;
}

/** What happens to the media of an answered call. */
export interface CallTrouble {
  readonly kind: "ice_restart" | "ice_dead";
  readonly atMs: number;
  /** Called if the call is still going on then. */
  readonly happened?: () => void;
  readonly incident?: string;
}

/** What is out of order in one instance; incidents set it, everybody else reads it. */
export interface Conditions {
  /** The published main flow calls a Lambda alias that does not exist. */
  isLambdaBroken: boolean;
  /** The lookup function does not answer within the block's limit. */
  isLambdaSlow: boolean;
  /** The main flow's menu is a bot. */
  hasBotMenu: boolean;
  /** The bot understands nobody: the menu falls back again and again. */
  isBotConfused: boolean;
  isRecordingOff: boolean;
  /** Calls go to the replica Region. */
  isFailedOver: boolean;
  /** The instance is gone: nobody calls, nobody works. */
  isDeleted: boolean;
  /** By queue id: contacts it takes at most. */
  readonly queueLimits: Map<string, number>;
  /** Times the usual number of callers. */
  arrivalFactor: number;
  /** The first answer counts. */
  readonly offerTroubles: Set<(agent: AgentSession, contact: Contact) => OfferTrouble | undefined>;
  readonly callTroubles: Set<(agent: AgentSession, contact: Contact) => CallTrouble | undefined>;
}

export function createConditions(): Conditions {
  return {
    isLambdaBroken: false,
    isLambdaSlow: false,
    hasBotMenu: false,
    isBotConfused: false,
    isRecordingOff: false,
    isFailedOver: false,
    isDeleted: false,
    queueLimits: new Map(),
    arrivalFactor: 1,
    offerTroubles: new Set(),
    callTroubles: new Set(),
  };
}

/** The first trouble that any of the rules has for this agent and contact. */
export function firstTrouble<T>(
  rules: ReadonlySet<(agent: AgentSession, contact: Contact) => T | undefined>,
  agent: AgentSession,
  contact: Contact,
): T | undefined {
  for (const rule of rules) {
    const trouble = rule(agent, contact);
    if (trouble !== undefined) return trouble;
  }
  return undefined;
}
