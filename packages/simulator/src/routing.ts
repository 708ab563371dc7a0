import { hasRoom, type AgentSession } from "./agent-session.ts";
import { offer } from "./agent-leg.ts";
import { logStopContact } from "./contact-api-calls.ts";
import { disconnect, emitContactEvent } from "./contact-end.ts";
import { createContact, queueOf, type Contact } from "./contact.ts";
import { runCustomerQueue } from "./flow-run.ts";
import { flowContactOf } from "./flow-world.ts";
import type { Stage } from "./stage.ts";
import type { Resource } from "./world.ts";

/** An abandoned contact that just came back from an agent waits at least this long. */
const LEAST_PATIENCE_MS = 5_000;
const MOST_OFFERS_AT_ONCE = 10;
/** Customers who hang up while it rings are few: a ringing line sounds like progress. */
const ABANDONS_WHILE_RINGING_SHARE = 0.35;

export function enqueue(stage: Stage, contact: Contact, queue: Resource): void {
  contact.phase = "queued";
  contact.queue = queueOf(queue);
  contact.enqueueTime = stage.clock.now;
  emitContactEvent(stage, contact, "QUEUED");
  if (contact.channel === "VOICE" && contact.initiationMethod !== "CALLBACK") {
    runCustomerQueue(stage, contact, (other) => moveToQueue(stage, contact, other));
  }
  const { plan } = contact;
  if (plan.isStoppedInQueue) stage.clock.after(plan.patienceMs / 3, () => stopInQueue(stage, contact));
  if (isImpatient(contact)) {
    stage.clock.after(plan.patienceMs, () => abandon(stage, contact));
  }
  // routing takes a moment, also when an agent is free
  stage.clock.after(stage.random.integer(120, 400), () => offerToLongestIdle(stage, contact, "end"));
}

/** Offers the contact to the agent who has been idle longest; else it waits, last or first in its queue. */
function offerToLongestIdle(stage: Stage, contact: Contact, place: "end" | "front"): void {
  if (contact.phase !== "queued") return;
  const agent = findAgent(stage, contact.channel, (candidate) => takesFrom(candidate, contact));
  if (agent !== undefined) return offer(stage, contact, agent);
  const waiting = stage.waiting.get(contact.queue?.id ?? "");
  if (place === "end") waiting?.push(contact);
  else waiting?.unshift(contact);
}

/** The contact was not taken: it goes to somebody else, or back to the head of its queue. */
export function requeue(stage: Stage, contact: Contact): void {
  // a person's own queue has nobody else
  if (!stage.waiting.has(contact.queue?.id ?? "")) return disconnect(stage, contact, "CUSTOMER_DISCONNECT");
  contact.phase = "queued";
  offerToLongestIdle(stage, contact, "front");
  if (contact.phase !== "queued" || !isImpatient(contact)) return;
  // its patience began when it was queued and may have run out while it rang
  const spentMs = stage.clock.now - (contact.enqueueTime ?? stage.clock.now);
  const leftMs = Math.max(LEAST_PATIENCE_MS, contact.plan.patienceMs - spentMs);
  stage.clock.after(leftMs, () => abandon(stage, contact));
}

/** Tasks, e-mails and callbacks wait for ever. */
function isImpatient({ channel, initiationMethod }: Contact): boolean {
  return channel !== "TASK" && channel !== "EMAIL" && initiationMethod !== "CALLBACK";
}

function takesFrom(agent: AgentSession, contact: Contact): boolean {
  return agent.routingProfile.queues.some(({ id }) => id === contact.queue?.id);
}

export function findAgent(
  stage: Stage,
  channel: Contact["channel"],
  fits: (agent: AgentSession) => boolean,
): AgentSession | undefined {
  let found: AgentSession | undefined;
  for (const agent of stage.agents) {
    if (!hasRoom(agent, channel) || !fits(agent)) continue;
    if (found === undefined || agent.idleSinceTime < found.idleSinceTime) found = agent;
  }
  return found;
}

/** An agent has room: offers the contact that has waited longest in the agent's queues. */
export function offerWaiting(stage: Stage, agent: AgentSession): void {
  // an agent who takes several chats at once may have room for more than one
  for (let offered = 0; offered < MOST_OFFERS_AT_ONCE; offered += 1) {
    const first = longestWaiting(stage, agent);
    if (first === undefined) return;
    leaveWaiting(stage, first);
    offer(stage, first, agent);
  }
}

function longestWaiting(stage: Stage, agent: AgentSession): Contact | undefined {
  let first: Contact | undefined;
  for (const { id } of agent.routingProfile.queues) {
    const head = stage.waiting.get(id)?.find(({ channel }) => hasRoom(agent, channel));
    if (head === undefined) continue;
    if (first === undefined || (head.enqueueTime ?? 0) < (first.enqueueTime ?? 0)) first = head;
  }
  return first;
}

function leaveWaiting(stage: Stage, contact: Contact): void {
  const waiting = stage.waiting.get(contact.queue?.id ?? "");
  const index = waiting?.indexOf(contact) ?? -1;
  if (index >= 0) waiting?.splice(index, 1);
}

function abandon(stage: Stage, contact: Contact): void {
  if (contact.phase === "offered" && contact.agent === undefined) {
    if (stage.random.chance(ABANDONS_WHILE_RINGING_SHARE)) contact.hungUp?.();
    return;
  }
  if (contact.phase !== "queued") return;
  leaveWaiting(stage, contact);
  if (contact.plan.wantsCallback) return switchToCallback(stage, contact);
  disconnect(stage, contact, "CUSTOMER_DISCONNECT");
}

/** The caller takes the offer to be called back: a new contact waits in the caller's place. */
function switchToCallback(stage: Stage, contact: Contact): void {
  const { queue } = contact;
  if (queue === undefined) return;
  const plan = { ...contact.plan, wantsCallback: false };
  const next = createContact(stage, { plan, continues: contact, initiationMethod: "CALLBACK" });
  contact.nextId = next.id;
  emitContactEvent(stage, next, "INITIATED");
  disconnect(stage, contact, "CONTACT_FLOW_DISCONNECT");
  enqueue(stage, next, { id: queue.id, arn: queue.arn, name: queue.name ?? "" });
}

/** The customer queue flow sends a caller who has waited too long to another queue: a new contact waits there. */
function moveToQueue(stage: Stage, contact: Contact, queue: Resource): void {
  if (contact.phase !== "queued") return;
  leaveWaiting(stage, contact);
  const waitedMs = stage.clock.now - (contact.enqueueTime ?? stage.clock.now);
  const patienceMs = Math.max(LEAST_PATIENCE_MS, contact.plan.patienceMs - waitedMs);
  const plan = { ...contact.plan, patienceMs };
  const next = createContact(stage, { plan, continues: contact, initiationMethod: "QUEUE_TRANSFER" });
  next.flowContact = flowContactOf(stage, next, contact);
  contact.nextId = next.id;
  contact.transferTime = stage.clock.now;
  emitContactEvent(stage, next, "INITIATED");
  disconnect(stage, contact, "OTHER");
  enqueue(stage, next, queue);
}

function stopInQueue(stage: Stage, contact: Contact): void {
  if (contact.phase !== "queued") return;
  logStopContact(stage, contact);
  leaveWaiting(stage, contact);
  disconnect(stage, contact, "OTHER");
}
