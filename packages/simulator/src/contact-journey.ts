import { clearContact, isAvailable, publishState, type AgentSession } from "./agent-session.ts";
import { logGetContactAttributes, logStopContact } from "./contact-api-calls.ts";
import { drawTransferPlan, type ContactPlan } from "./contact-plan.ts";
import { createContact, queueOf, type Contact, type DisconnectReason } from "./contact.ts";
import { runAgentTransfer, runCustomerQueue, runMainInbound } from "./flow-run.ts";
import * as softphone from "./softphone-call.ts";
import type { SoftphoneCall } from "./softphone-call.ts";
import type { Stage } from "./stage.ts";
import type { AgentContact } from "./wires/agent-event.ts";
import { writeContactEvent, type ContactEventType } from "./wires/contact-event.ts";
import { writeContactRecord } from "./wires/contact-record.ts";
import type { Resource } from "./world.ts";

/** A voice contact rings an agent for 20 s before it counts as missed. */
const RING_LIMIT_MS = 20_000;
/** Contact records follow the end of after-contact work by about a minute (67 s in real records). */
const CONTACT_RECORD_DELAY_MS = { least: 60_000, most: 70_000 } as const;

/** A contact on its way to, or with, one agent. */
interface Leg {
  readonly agent: AgentSession;
  readonly held: AgentContact;
  /** Absent where the browser sends no log. */
  readonly call: SoftphoneCall | undefined;
}

export function startInboundContact(stage: Stage, plan: ContactPlan): Contact {
  const contact = createContact(stage, { plan });
  emitContactEvent(stage, contact, "INITIATED");
  runMainInbound(stage, contact, (outcome) => {
    if (outcome.kind === "queued") enqueue(stage, contact, outcome.queue);
    else disconnect(stage, contact, "CUSTOMER_DISCONNECT");
  });
  return contact;
}

function enqueue(stage: Stage, contact: Contact, queue: Resource): void {
  contact.phase = "queued";
  contact.queue = queueOf(queue);
  contact.enqueueTime = stage.clock.now;
  emitContactEvent(stage, contact, "QUEUED");
  runCustomerQueue(stage, contact);
  const { plan } = contact;
  if (plan.isStoppedInQueue) stage.clock.after(plan.patienceMs / 3, () => stopInQueue(stage, contact));
  stage.clock.after(plan.patienceMs, () => abandon(stage, contact));
  // routing takes a moment, also when an agent is free
  stage.clock.after(stage.random.integer(120, 400), () => offerToLongestIdle(stage, contact));
}

function offerToLongestIdle(stage: Stage, contact: Contact): void {
  if (contact.phase !== "queued") return;
  const agent = findAgent(stage, (candidate) =>
    candidate.routingProfile.queues.some(({ id }) => id === contact.queue?.id),
  );
  if (agent === undefined) stage.waiting.get(contact.queue?.id ?? "")?.push(contact);
  else offer(stage, contact, agent);
}

function findAgent(stage: Stage, fits: (agent: AgentSession) => boolean): AgentSession | undefined {
  let found: AgentSession | undefined;
  for (const agent of stage.agents) {
    if (!isAvailable(agent) || !fits(agent)) continue;
    if (found === undefined || agent.idleSinceTime < found.idleSinceTime) found = agent;
  }
  return found;
}

/** An agent became free: offers the contact that has waited longest in the agent's queues. */
export function offerWaiting(stage: Stage, agent: AgentSession): void {
  let first: Contact | undefined;
  for (const { id } of agent.routingProfile.queues) {
    const head = stage.waiting.get(id)?.[0];
    if (head === undefined) continue;
    if (first === undefined || (head.enqueueTime ?? 0) < (first.enqueueTime ?? 0)) first = head;
  }
  if (first === undefined) return;
  leaveWaiting(stage, first);
  offer(stage, first, agent);
}

function leaveWaiting(stage: Stage, contact: Contact): void {
  const waiting = stage.waiting.get(contact.queue?.id ?? "");
  const index = waiting?.indexOf(contact) ?? -1;
  if (index >= 0) waiting?.splice(index, 1);
}

function abandon(stage: Stage, contact: Contact): void {
  if (contact.phase !== "queued") return;
  leaveWaiting(stage, contact);
  disconnect(stage, contact, "CUSTOMER_DISCONNECT");
}

function stopInQueue(stage: Stage, contact: Contact): void {
  if (contact.phase !== "queued") return;
  logStopContact(stage, contact);
  leaveWaiting(stage, contact);
  disconnect(stage, contact, "OTHER");
}

/** The customer's line ends without an agent's leg: no after-contact work, so the contact completes at once. */
function disconnect(stage: Stage, contact: Contact, reason: DisconnectReason): void {
  end(stage, contact, reason);
  stage.clock.after(stage.random.integer(30, 200), () => complete(stage, contact));
}

function end(stage: Stage, contact: Contact, reason: DisconnectReason): void {
  contact.phase = "ended";
  contact.disconnectTime = stage.clock.now;
  contact.disconnectReason = reason;
  emitContactEvent(stage, contact, "DISCONNECTED");
}

function complete(stage: Stage, contact: Contact): void {
  emitContactEvent(stage, contact, "COMPLETED");
  const { least, most } = CONTACT_RECORD_DELAY_MS;
  stage.clock.after(stage.random.integer(least, most), () => {
    stage.emit("contact_record", writeContactRecord(stage, contact));
  });
}

function emitContactEvent(stage: Stage, contact: Contact, type: ContactEventType): void {
  stage.emit("contact_event", writeContactEvent(stage, contact, type));
}

/** The contact rings at one agent. */
function offer(stage: Stage, contact: Contact, agent: AgentSession): void {
  contact.phase = "offered";
  contact.offers += 1;
  const held: AgentContact = {
    contact,
    state: "CONNECTING",
    stateStartTime: stage.clock.now,
    connectedTime: undefined,
  };
  agent.contacts = [held];
  publishState(stage, agent);
  const call = agent.browser === undefined ? undefined : softphone.ring(stage, agent.browser, contact);
  const leg = { agent, held, call };
  const isMissed = contact.plan.missed !== undefined && contact.offers === 1;
  if (!isMissed) return takeCall(stage, contact, leg);
  if (contact.plan.missed === "accept_fails" && call !== undefined) {
    stage.clock.after(contact.plan.ringMs, () => softphone.failToAccept(stage, call));
  }
  stage.clock.after(RING_LIMIT_MS, () => miss(stage, contact, leg));
}

function takeCall(stage: Stage, contact: Contact, leg: Leg): void {
  const { call } = leg;
  const { ringMs } = contact.plan;
  if (call !== undefined) stage.clock.after(ringMs - softphone.ACCEPT_TOOK_MS, () => softphone.accept(stage, call));
  stage.clock.after(ringMs, () => answer(stage, contact, leg));
}

/** The agent keeps a missed contact on screen for some seconds; the caller goes back to the head of the queue. */
function miss(stage: Stage, contact: Contact, leg: Leg): void {
  setState(stage, leg, "MISSED");
  if (leg.call !== undefined) softphone.miss(stage, leg.call);
  stage.clock.after(stage.random.integer(6_000, 15_000), () => clear(stage, leg));
  contact.phase = "queued";
  const next = findAgent(stage, (agent) => agent.routingProfile.queues.some(({ id }) => id === contact.queue?.id));
  if (next !== undefined) offer(stage, contact, next);
  else {
    stage.waiting.get(contact.queue?.id ?? "")?.unshift(contact);
    // its patience began when it was queued and may have run out while it rang
    const spentMs = stage.clock.now - (contact.enqueueTime ?? stage.clock.now);
    stage.clock.after(Math.max(5_000, contact.plan.patienceMs - spentMs), () => abandon(stage, contact));
  }
}

function answer(stage: Stage, contact: Contact, leg: Leg): void {
  contact.phase = "connected";
  contact.agent = leg.agent;
  contact.connectedTime = stage.clock.now;
  leg.held.connectedTime = stage.clock.now;
  if (leg.call !== undefined) softphone.answer(stage, leg.call, contact);
  setState(stage, leg, "CONNECTED");
  emitContactEvent(stage, contact, "CONNECTED_TO_AGENT");
  const { plan } = contact;
  if (plan.readsAttributes) stage.clock.after(1_400, () => logGetContactAttributes(stage, contact));
  if (plan.hold !== undefined) stage.clock.after(plan.hold.atMs, () => hold(stage, contact, leg));
  if (plan.iceLossAtMs !== undefined) stage.clock.after(plan.iceLossAtMs, () => loseIce(stage, contact, leg));
  if (plan.transferAtMs !== undefined) stage.clock.after(plan.transferAtMs, () => transfer(stage, contact, leg));
  const reason = plan.isDisconnectedByAgent ? "AGENT_DISCONNECT" : "CUSTOMER_DISCONNECT";
  stage.clock.after(plan.talkMs, () => {
    // during a transfer the caller waits for the colleague
    if (contact.phase === "connected" && contact.nextId === undefined) endLeg(stage, contact, leg, reason);
  });
}

function hold(stage: Stage, contact: Contact, leg: Leg): void {
  const forMs = contact.plan.hold?.forMs ?? 0;
  if (leg.call !== undefined) softphone.setHeld(stage, leg.call, true);
  stage.clock.after(softphone.HOLD_TOOK_MS, () => setState(stage, leg, "CONNECTED_ONHOLD"));
  stage.clock.after(forMs, () => {
    if (leg.call !== undefined) softphone.setHeld(stage, leg.call, false);
  });
  stage.clock.after(forMs + softphone.HOLD_TOOK_MS, () => {
    contact.holds += 1;
    contact.heldMs += forMs;
    contact.longestHoldMs = Math.max(contact.longestHoldMs, forMs);
    setState(stage, leg, "CONNECTED");
  });
}

function loseIce(stage: Stage, contact: Contact, leg: Leg): void {
  contact.iceLosses += 1;
  if (leg.call !== undefined) softphone.loseIce(stage, leg.call);
}

/** A transfer to a colleague makes a new contact; the first agent's leg ends when the colleague answers. */
function transfer(stage: Stage, contact: Contact, leg: Leg): void {
  const colleague = findAgent(stage, () => true);
  if (colleague === undefined || contact.phase !== "connected") return;
  const plan = drawTransferPlan(stage.random);
  const next = createContact(stage, { plan, transferredFrom: contact });
  contact.nextId = next.id;
  emitContactEvent(stage, next, "INITIATED");
  runAgentTransfer(stage, next, () => {
    const { profile } = colleague;
    next.queue = { arn: profile.arn.replace("/agent/", "/queue/agent/"), name: null, id: profile.id };
    next.enqueueTime = stage.clock.now;
    emitContactEvent(stage, next, "QUEUED");
    // the colleague may have taken another contact meanwhile
    if (!isAvailable(colleague)) {
      disconnect(stage, next, "OTHER");
      return endLeg(stage, contact, leg, "CUSTOMER_DISCONNECT");
    }
    offer(stage, next, colleague);
    stage.clock.after(plan.ringMs, () => {
      contact.transferTime = stage.clock.now;
      endLeg(stage, contact, leg, "AGENT_DISCONNECT");
    });
  });
}

function endLeg(stage: Stage, contact: Contact, leg: Leg, reason: DisconnectReason): void {
  contact.legEndTime = stage.clock.now;
  if (leg.call !== undefined) softphone.hangUp(stage, leg.call, reason === "AGENT_DISCONNECT");
  end(stage, contact, reason);
  setState(stage, leg, "ENDED");
  stage.clock.after(contact.plan.afterContactWorkMs, () => {
    contact.afterContactWorkEndTime = stage.clock.now;
    clear(stage, leg);
    complete(stage, contact);
  });
}

function clear(stage: Stage, leg: Leg): void {
  if (leg.call !== undefined) softphone.clear(stage, leg.call);
  clearContact(stage, leg.agent);
}

function setState(stage: Stage, leg: Leg, state: AgentContact["state"]): void {
  leg.held.state = state;
  leg.held.stateStartTime = stage.clock.now;
  publishState(stage, leg.agent);
}
