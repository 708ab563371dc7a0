import type { UnixMillis } from "@fourwire/core";
import { instantText } from "./instant-text.ts";
import type { AgentSession } from "./agent-session.ts";
import type { AgentStatusTruth, LoginSessionTruth, OfferTruth, Truth } from "./truth.ts";
import type { AgentContact } from "./wires/agent-event.ts";

interface OpenContact {
  readonly held: AgentContact;
  state: AgentContact["state"];
  stateStartTime: UnixMillis;
  offerStartTime: UnixMillis | undefined;
  endedTime: UnixMillis | undefined;
}

interface OpenAgent {
  readonly agent: AgentSession;
  loginTime: UnixMillis | undefined;
  status:
    | { readonly name: string; readonly type: AgentStatusTruth["status_type"]; readonly since: UnixMillis }
    | undefined;
  readonly contacts: Map<string, OpenContact>;
}

const INBOUND_OFFER_STATES: ReadonlySet<string> = new Set(["INCOMING", "CONNECTING"]);

/**
 * Writes down what really happened to agents. It is shown each agent whenever the agent changes, at the instant of the
 * change, and compares with what it saw before: so the truth and the agent events have the same source and the same
 * instants, whatever becomes of the events on their way.
 */
export class AgentLedger {
  readonly #instanceId: string;
  readonly #tell: (truth: Truth) => void;
  readonly #open = new Map<AgentSession, OpenAgent>();

  constructor(instanceId: string, tell: (truth: Truth) => void) {
    this.#instanceId = instanceId;
    this.#tell = tell;
  }

  logIn(agent: AgentSession, time: UnixMillis): void {
    const open = this.#of(agent);
    // a session that nothing ended is over now
    if (open.loginTime !== undefined) this.endSession(agent, time, "expired");
    this.#closeStatus(open, time);
    open.loginTime = time;
  }

  /** `logout` ends the status too; the other ways leave it as it is. */
  endSession(agent: AgentSession, time: UnixMillis, endedBy: LoginSessionTruth["ended_by"]): void {
    const open = this.#of(agent);
    if (open.loginTime === undefined) return;
    this.#tellSession(open, time, endedBy);
    open.loginTime = undefined;
    if (endedBy === "logout") this.#closeStatus(open, time);
  }

  /** Takes in the agent as it is now. */
  observe(agent: AgentSession, time: UnixMillis): void {
    const open = this.#of(agent);
    if (open.status === undefined || open.status.since !== agent.statusStartTime) {
      this.#closeStatus(open, time);
      open.status = { name: agent.status.name, type: agent.status.type, since: agent.statusStartTime };
    }
    for (const contact of open.contacts.values()) {
      if (!agent.contacts.includes(contact.held)) this.#closeContact(open, contact, time);
    }
    for (const held of agent.contacts) this.#observeContact(open, held, time);
  }

  /** Writes what is still open, its end unknown. */
  finish(): void {
    for (const open of this.#open.values()) {
      for (const contact of open.contacts.values()) this.#closeContact(open, contact, null);
      this.#closeStatus(open, null);
      if (open.loginTime !== undefined) this.#tellSession(open, null, null);
      open.loginTime = undefined;
    }
  }

  #of(agent: AgentSession): OpenAgent {
    let open = this.#open.get(agent);
    if (open === undefined) {
      open = { agent, loginTime: undefined, status: undefined, contacts: new Map() };
      this.#open.set(agent, open);
    }
    return open;
  }

  #observeContact(open: OpenAgent, held: AgentContact, time: UnixMillis): void {
    const known = open.contacts.get(held.contact.id);
    if (known === undefined) {
      open.contacts.set(held.contact.id, {
        held,
        state: held.state,
        stateStartTime: time,
        offerStartTime: isOffer(held) ? time : undefined,
        endedTime: held.state === "ENDED" ? time : undefined,
      });
      return;
    }
    if (known.state === held.state) return;
    this.#tellState(open, known, time);
    this.#closeOffer(open, known, time);
    known.state = held.state;
    known.stateStartTime = time;
    if (held.state === "ENDED") known.endedTime = time;
  }

  #closeContact(open: OpenAgent, contact: OpenContact, time: UnixMillis | null): void {
    this.#tellState(open, contact, time);
    this.#closeOffer(open, contact, time);
    if (contact.endedTime !== undefined) {
      this.#tell({
        kind: "after_contact_work",
        instance_id: this.#instanceId,
        agent_id: open.agent.profile.id,
        contact_id: contact.held.contact.id,
        start_time: instantText(contact.endedTime),
        end_time: endOf(time),
        closed_by: time === null ? null : contact.held.closedBy,
      });
    }
    open.contacts.delete(contact.held.contact.id);
  }

  #closeStatus(open: OpenAgent, time: UnixMillis | null): void {
    const { status, agent } = open;
    if (status === undefined) return;
    open.status = undefined;
    this.#tell({
      kind: "agent_status",
      instance_id: this.#instanceId,
      agent_id: agent.profile.id,
      username: agent.profile.username,
      status_name: status.name,
      status_type: status.type,
      start_time: instantText(status.since),
      end_time: endOf(time),
    });
  }

  #tellSession({ agent, loginTime }: OpenAgent, time: UnixMillis | null, endedBy: LoginSessionTruth["ended_by"]): void {
    if (loginTime === undefined) return;
    this.#tell({
      kind: "login_session",
      instance_id: this.#instanceId,
      agent_id: agent.profile.id,
      username: agent.profile.username,
      start_time: instantText(loginTime),
      end_time: endOf(time),
      ended_by: endedBy,
    });
  }

  #tellState(open: OpenAgent, { held, state, stateStartTime }: OpenContact, time: UnixMillis | null): void {
    this.#tell({
      kind: "agent_contact_state",
      instance_id: this.#instanceId,
      agent_id: open.agent.profile.id,
      contact_id: held.contact.id,
      channel: held.contact.channel,
      initiation_method: held.contact.initiationMethod,
      state,
      start_time: instantText(stateStartTime),
      end_time: endOf(time),
    });
  }

  #closeOffer(open: OpenAgent, contact: OpenContact, time: UnixMillis | null): void {
    if (contact.offerStartTime === undefined) return;
    const { held } = contact;
    this.#tell({
      kind: "offer",
      instance_id: this.#instanceId,
      agent_id: open.agent.profile.id,
      contact_id: held.contact.id,
      channel: held.contact.channel,
      start_time: instantText(contact.offerStartTime),
      end_time: endOf(time),
      outcome: time === null ? null : outcomeOf(contact),
      cause: held.trouble?.cause ?? null,
    });
    contact.offerStartTime = undefined;
  }
}

/** Connect offers what was routed; what the agent dialled is not offered. */
function isOffer({ contact, state }: AgentContact): boolean {
  return contact.initiationMethod !== "OUTBOUND" && INBOUND_OFFER_STATES.has(state);
}

/** Still in the state it was offered in: it went away by itself. */
function outcomeOf({ held, state }: OpenContact): OfferTruth["outcome"] {
  if (held.trouble !== undefined) return held.trouble.outcome;
  return held.state === state ? "abandoned" : "answered";
}

function endOf(time: UnixMillis | null): string | null {
  return time === null ? null : instantText(time);
}
