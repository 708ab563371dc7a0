import { hasRoom } from "./agent-session.ts";
import { logStartChat, logStartTask } from "./contact-api-calls.ts";
import { disconnect, emitContactEvent } from "./contact-end.ts";
import { drawPlan, drawTextPlan, MEAN_HANDLE_MS, type ContactPlan } from "./contact-plan.ts";
import { createContact, type Contact } from "./contact.ts";
import { dialOut } from "./conversation.ts";
import { startEmail } from "./email-work.ts";
import { enterFlow, publishedMainFlow, type JourneyOutcome } from "./flow-run.ts";
import { enqueue } from "./routing.ts";
import type { Stage } from "./stage.ts";
import { staffingAt } from "./working-day.ts";

/** How busy agents are on average. */
export const OCCUPANCY = 0.72;
/** The rate of arrivals is looked at again this often. */
const RATE_PERIOD_MS = 300_000;
/** Somebody always tries outside hours. */
const NIGHT_RATE_PER_MS = 1 / 600_000;

export function startInboundContact(stage: Stage, plan: ContactPlan): Contact {
  const contact = createContact(stage, { plan });
  emitContactEvent(stage, contact, "INITIATED");
  enterFlow(stage, contact, publishedMainFlow(stage), (outcome) => goOn(stage, contact, outcome));
  return contact;
}

/** Where a contact goes after the flow it came in by. */
function goOn(stage: Stage, contact: Contact, outcome: JourneyOutcome): void {
  if (contact.phase === "ended") return;
  switch (outcome.kind) {
    case "queued":
      return enqueue(stage, contact, outcome.queue);
    case "hung_up":
      return disconnect(stage, contact, "CUSTOMER_DISCONNECT");
    case "disconnected":
    case "done":
      return disconnect(stage, contact, "CONTACT_FLOW_DISCONNECT");
  }
}

function startChat(stage: Stage): void {
  const plan = drawTextPlan(stage.random, "CHAT");
  const contact = createContact(stage, { plan, channel: "CHAT", initiationMethod: "API" });
  logStartChat(stage, contact);
  emitContactEvent(stage, contact, "INITIATED");
  enterFlow(stage, contact, stage.world.chatInbound, (outcome) => goOn(stage, contact, outcome));
}

function startTask(stage: Stage): void {
  const plan = drawTextPlan(stage.random, "TASK");
  const contact = createContact(stage, { plan, channel: "TASK", initiationMethod: "API" });
  logStartTask(stage, contact);
  emitContactEvent(stage, contact, "INITIATED");
  enterFlow(stage, contact, stage.world.taskRouting, (outcome) => goOn(stage, contact, outcome));
}

function receiveEmail(stage: Stage): void {
  const contact = startEmail(stage);
  enterFlow(stage, contact, stage.world.emailInbound, (outcome) => goOn(stage, contact, outcome));
}

/** An agent with nothing to do calls somebody back. */
function startOutbound(stage: Stage): void {
  const free = stage.agents.filter((agent) => !agent.isAbsent && hasRoom(agent, "VOICE"));
  if (free.length === 0) return;
  const contact = dialOut(stage, stage.random.pick(free), { ...drawPlan(stage.random), missed: undefined });
  if (contact !== undefined) enterFlow(stage, contact, stage.world.outboundWhisper);
}

/**
 * Contacts arrive by a Poisson process whose rate follows the planned staff of the hour, so that agents are as busy at
 * noon as they are at eight.
 */
export function startArrivals(stage: Stage): void {
  const step = (): void => {
    const rate = ratePerMs(stage);
    const waitMs = stage.random.exponential(1 / rate);
    // an exponential wait has no memory: where it goes past the period, a fresh one at the new rate is as good
    if (waitMs > RATE_PERIOD_MS) return stage.clock.after(RATE_PERIOD_MS, step);
    stage.clock.after(waitMs, () => {
      if (!stage.conditions.isDeleted) receive(stage);
      step();
    });
  };
  step();
}

function ratePerMs(stage: Stage): number {
  const staff = staffingAt(stage.world, stage.clock.now);
  const planned = (staff * OCCUPANCY) / MEAN_HANDLE_MS;
  return Math.max(NIGHT_RATE_PER_MS, planned) * stage.conditions.arrivalFactor;
}

/** The channel mix; chats cost less, since an agent has several at once. */
function receive(stage: Stage): void {
  const draw = stage.random.next();
  if (draw < 0.63) startInboundContact(stage, drawPlan(stage.random));
  else if (draw < 0.8) startChat(stage);
  else if (draw < 0.9) startTask(stage);
  else if (draw < 0.94) receiveEmail(stage);
  else startOutbound(stage);
}
