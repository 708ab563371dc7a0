import { publishState, removeContact, type AgentSession } from "./agent-session.ts";
import { ACCEPT_TOOK_MS } from "./agent-leg-times.ts";
import { ccpContactOf, type CcpContact } from "./ccp-contact.ts";
import { firstTrouble, type OfferTrouble } from "./conditions.ts";
import { complete, disconnect, emitContactEvent, end } from "./contact-end.ts";
import { isRecordable, touch, type Contact, type DisconnectReason } from "./contact.ts";
import { runWhispers, stopFlow } from "./flow-run.ts";
import type { Stage } from "./stage.ts";
import type { AgentContact, AgentContactState } from "./wires/agent-event.ts";

/** A contact rings an agent for 20 s before it counts as missed. */
const RING_LIMIT_MS = 20_000;
/** Where nobody is at the page, Connect takes a missed contact off by itself. */
const LEFT_ALONE_MS = { least: 30_000, most: 55_000 } as const;
const CLEARS_MISSED_MS = { least: 6_000, most: 15_000 } as const;

/** A contact on its way to, or with, one agent. */
export interface Leg {
  readonly agent: AgentSession;
  readonly contact: Contact;
  readonly held: AgentContact;
  /** Absent where the browser sends no log. */
  readonly page: CcpContact | undefined;
}

/** The contact is offered to one agent. */
export function offer(stage: Stage, contact: Contact, agent: AgentSession): void {
  contact.phase = "offered";
  contact.offers += 1;
  const leg = hold(stage, {
    contact,
    agent,
    state: contact.initiationMethod === "CALLBACK" ? "INCOMING" : "CONNECTING",
  });
  const trouble = drawTrouble(stage, agent, contact);
  contact.hungUp = () => notTaken(stage, leg, { outcome: "abandoned", cause: "customer_abandoned", afterMs: 0 });
  if (trouble === undefined) return take(stage, leg);
  touch(stage, contact, trouble.incident);
  leg.page?.fail(stage, trouble);
  stage.clock.after(trouble.afterMs, () => notTaken(stage, leg, trouble));
}

/** Puts the contact on the agent's list; one that begins as connected was the agent's own doing. */
export function hold(
  stage: Stage,
  { contact, agent, state }: { contact: Contact; agent: AgentSession; state: AgentContactState },
): Leg {
  const held: AgentContact = {
    contact,
    state,
    stateStartTime: stage.clock.now,
    connectedTime: state === "CONNECTED" ? stage.clock.now : undefined,
    trouble: undefined,
    closedBy: "cleared",
    removed: () => leave(stage, leg),
  };
  agent.contacts = [...agent.contacts, held];
  publishState(stage, agent);
  const page =
    agent.browser?.isOpen === true && !agent.isAbsent ? ccpContactOf(stage, agent.browser, contact) : undefined;
  const leg: Leg = { agent, contact, held, page };
  return leg;
}

/** Why the agent will not answer, or undefined. */
function drawTrouble(stage: Stage, agent: AgentSession, contact: Contact): OfferTrouble | undefined {
  const trouble = firstTrouble(stage.conditions.offerTroubles, agent, contact);
  if (trouble !== undefined) return trouble;
  if (agent.isAbsent)
    return { outcome: "missed", cause: "browser_silent", afterMs: RING_LIMIT_MS, incident: "ghost-agent" };
  const { missed, ringMs } = contact.plan;
  if (missed !== undefined && contact.offers === 1) {
    const cause = missed === "accept_fails" ? "api_gap" : "not_answered";
    return { outcome: "missed", cause, afterMs: RING_LIMIT_MS };
  }
  const { missShare, declineShare } = agent.profile.behavior;
  const draw = stage.random.next();
  if (draw < missShare) return { outcome: "missed", cause: "agent_away", afterMs: RING_LIMIT_MS };
  if (draw < missShare + declineShare) return { outcome: "rejected", cause: "declined", afterMs: ringMs };
  return undefined;
}

function isOffered({ agent, held }: Leg): boolean {
  return agent.contacts.includes(held) && (held.state === "CONNECTING" || held.state === "INCOMING");
}

function take(stage: Stage, leg: Leg): void {
  const { ringMs } = leg.contact.plan;
  stage.clock.after(ringMs - ACCEPT_TOOK_MS, () => {
    if (isOffered(leg)) leg.page?.accept(stage);
  });
  stage.clock.after(ringMs, () => {
    if (!isOffered(leg)) return;
    leg.contact.hungUp = undefined;
    if (leg.held.state === "INCOMING") dial(stage, leg);
    else connect(stage, leg);
  });
}

/** The agent accepted a callback, or dialled: the customer's phone rings. */
export function dial(stage: Stage, leg: Leg): void {
  const { contact, held } = leg;
  if (held.state === "INCOMING") setState(stage, leg, "CONNECTING");
  contact.phase = "offered";
  stage.clock.after(contact.plan.dialMs, () => {
    if (!leg.agent.contacts.includes(held) || contact.phase === "ended") return;
    if (!contact.plan.isReached) return endLeg(stage, leg, "TELECOM_UNANSWERED");
    contact.connectedToSystemTime = stage.clock.now;
    emitContactEvent(stage, contact, "CONNECTED_TO_SYSTEM");
    connect(stage, leg);
  });
}

function connect(stage: Stage, leg: Leg): void {
  const { contact, agent, held } = leg;
  contact.phase = "connected";
  stopFlow(contact);
  contact.agent = agent;
  contact.connectedTime = stage.clock.now;
  contact.isRecorded = isRecordable(contact) && !stage.conditions.isRecordingOff;
  held.connectedTime = stage.clock.now;
  leg.page?.answer(stage);
  setState(stage, leg, "CONNECTED");
  emitContactEvent(stage, contact, "CONNECTED_TO_AGENT");
  runWhispers(stage, contact);
  stage.answered(contact, leg);
}

const TROUBLE_STATES = { missed: "MISSED", rejected: "REJECTED", abandoned: "REJECTED", error: "ERROR" } as const;

/** The agent keeps it on screen for some seconds; a customer who is still there goes back to the head of the queue. */
function notTaken(stage: Stage, leg: Leg, trouble: OfferTrouble): void {
  if (!isOffered(leg)) return;
  const { contact, agent, held } = leg;
  contact.hungUp = undefined;
  held.trouble = trouble;
  setState(stage, leg, TROUBLE_STATES[trouble.outcome]);
  leg.page?.miss(stage);
  const { least, most } = agent.isAbsent ? LEFT_ALONE_MS : CLEARS_MISSED_MS;
  stage.clock.after(stage.random.integer(least, most), () => removeContact(stage, agent, held, "cleared"));
  if (trouble.outcome === "abandoned") return disconnect(stage, contact, "CUSTOMER_DISCONNECT");
  stage.requeue(contact);
}

/** The agent's part is over: after-contact work begins. */
export function endLeg(stage: Stage, leg: Leg, reason: DisconnectReason): void {
  const { contact, agent, held } = leg;
  if (held.state === "ENDED" || !agent.contacts.includes(held)) return;
  contact.legEndTime = stage.clock.now;
  contact.agent = agent;
  leg.page?.hangUp(stage, reason === "AGENT_DISCONNECT");
  if (contact.phase !== "ended") end(stage, contact, reason);
  setState(stage, leg, "ENDED");
  const { afterContactWorkLimitMs } = agent.profile.behavior;
  const { afterContactWorkMs } = contact.plan;
  const isCutOff = afterContactWorkLimitMs !== undefined && afterContactWorkLimitMs < afterContactWorkMs;
  stage.clock.after(isCutOff ? afterContactWorkLimitMs : afterContactWorkMs, () =>
    removeContact(stage, agent, held, isCutOff ? "timeout" : "cleared"),
  );
}

/** The contact is off the agent's list, whatever took it off. */
function leave(stage: Stage, leg: Leg): void {
  const { contact, held } = leg;
  leg.page?.clear(stage, held.closedBy === "cleared");
  if (held.state !== "ENDED") return;
  contact.afterContactWorkEndTime = stage.clock.now;
  complete(stage, contact);
}

export function setState(stage: Stage, leg: Leg, state: AgentContactState): void {
  leg.held.state = state;
  leg.held.stateStartTime = stage.clock.now;
  publishState(stage, leg.agent);
}
