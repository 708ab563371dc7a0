import { hasRoom } from "./agent-session.ts";
import { endLeg, hold as holdAt, offer, setState, dial, type Leg } from "./agent-leg.ts";
import { HOLD_TOOK_MS } from "./agent-leg-times.ts";
import { firstTrouble } from "./conditions.ts";
import { logGetContactAttributes } from "./contact-api-calls.ts";
import { disconnect, emitContactEvent } from "./contact-end.ts";
import { drawTransferPlan, type ContactPlan } from "./contact-plan.ts";
import { createContact, isRecordable, touch, type Contact, type DisconnectReason } from "./contact.ts";
import { isReplying, planReply } from "./email-work.ts";
import { enterFlow } from "./flow-run.ts";
import { flowContactOf } from "./flow-world.ts";
import { findAgent } from "./routing.ts";
import type { AgentSession } from "./agent-session.ts";
import type { Stage } from "./stage.ts";

/** What happens once an agent has answered. */
export function converse(stage: Stage, contact: Contact, leg: Leg): void {
  const { plan } = contact;
  if (!contact.isRecorded && isRecordable(contact)) touch(stage, contact, "recording-disabled");
  if (plan.readsAttributes) stage.clock.after(1_400, () => logGetContactAttributes(stage, contact));
  if (plan.hold !== undefined) stage.clock.after(plan.hold.atMs, () => putOnHold(stage, leg));
  if (plan.pause !== undefined) stage.clock.after(plan.pause.atMs, () => pause(stage, leg));
  planReply(stage, leg);
  planIceLoss(stage, leg);
  if (plan.transferAtMs !== undefined) stage.clock.after(plan.transferAtMs, () => transfer(stage, leg));
  const talkMs = Math.round(plan.talkMs * leg.agent.profile.behavior.pace);
  stage.clock.after(talkMs, () => hangUp(stage, leg, endReason(contact)));
}

/** During a transfer the caller waits for the colleague. */
function hangUp(stage: Stage, leg: Leg, reason: DisconnectReason): void {
  const { contact, held } = leg;
  // a held caller, and a paused task, come back first; an answer is finished first
  if (held.state === "CONNECTED_ONHOLD" || held.state === "PAUSED" || isReplying(leg)) {
    return stage.clock.after(4_000, () => hangUp(stage, leg, reason));
  }
  if (contact.phase === "connected" && contact.nextId === undefined) endLeg(stage, leg, reason);
}

function endReason({ plan, channel }: Contact): DisconnectReason {
  if (channel === "TASK") return "AGENT_COMPLETED";
  // Amazon's AGENT_DISCONNECT is an e-mail closed without an answer; for one that was answered there is no word
  if (channel === "EMAIL") return plan.reply?.isSent === true ? "OTHER" : "AGENT_DISCONNECT";
  return plan.isDisconnectedByAgent ? "AGENT_DISCONNECT" : "CUSTOMER_DISCONNECT";
}

function planIceLoss(stage: Stage, leg: Leg): void {
  const { contact, agent } = leg;
  if (contact.channel !== "VOICE") return;
  const trouble = firstTrouble(stage.conditions.callTroubles, agent, contact);
  if (trouble !== undefined) {
    stage.clock.after(trouble.atMs, () => {
      // a call that was over before it was touched by nothing
      if (leg.held.state === "ENDED" || !agent.contacts.includes(leg.held)) return;
      touch(stage, contact, trouble.incident);
      trouble.happened?.();
      loseIce(stage, leg, trouble.kind === "ice_dead");
    });
  } else if (contact.plan.iceLossAtMs !== undefined) {
    stage.clock.after(contact.plan.iceLossAtMs, () => loseIce(stage, leg, false));
  }
}

/** A call whose media does not come back is given up by the customer after some seconds of silence. */
function loseIce(stage: Stage, leg: Leg, isDead: boolean): void {
  const { contact, held } = leg;
  if (held.state === "ENDED") return;
  contact.iceLosses += 1;
  leg.page?.loseIce(stage, isDead);
  if (isDead) stage.clock.after(stage.random.integer(12_000, 22_000), () => endLeg(stage, leg, "CUSTOMER_DISCONNECT"));
}

function putOnHold(stage: Stage, leg: Leg): void {
  const { contact, held } = leg;
  const forMs = contact.plan.hold?.forMs ?? 0;
  if (held.state !== "CONNECTED") return;
  leg.page?.setHeld(stage, true);
  stage.clock.after(HOLD_TOOK_MS, () => {
    if (held.state !== "CONNECTED") return;
    setState(stage, leg, "CONNECTED_ONHOLD");
    stage.clock.after(forMs - HOLD_TOOK_MS, () => {
      if (held.state === "CONNECTED_ONHOLD") leg.page?.setHeld(stage, false);
    });
    stage.clock.after(forMs, () => {
      if (held.state !== "CONNECTED_ONHOLD") return;
      contact.holds += 1;
      contact.heldMs += forMs;
      contact.longestHoldMs = Math.max(contact.longestHoldMs, forMs);
      setState(stage, leg, "CONNECTED");
    });
  });
}

/** Tasks can be paused. */
function pause(stage: Stage, leg: Leg): void {
  const { contact, held } = leg;
  const forMs = contact.plan.pause?.forMs ?? 0;
  if (held.state !== "CONNECTED") return;
  contact.lastPausedTime = stage.clock.now;
  setState(stage, leg, "PAUSED");
  emitContactEvent(stage, contact, "PAUSED");
  stage.clock.after(forMs, () => {
    if (held.state !== "PAUSED") return;
    contact.pauses += 1;
    contact.pausedMs += forMs;
    contact.lastResumedTime = stage.clock.now;
    setState(stage, leg, "CONNECTED");
    emitContactEvent(stage, contact, "RESUMED");
  });
}

/** Who hands a call over without a word is gone before the colleague's telephone has rung twice. */
const COLD_TRANSFER_MS = { least: 700, most: 1_600 } as const;

/**
 * Cold: the first agent leaves while it rings, and the transfer is complete then. Warm: after the three have talked; Amazon
 * leaves TransferCompletedTimestamp out.
 */
function leaveTransfer(stage: Stage, leg: Leg, ringMs: number): void {
  const { contact } = leg;
  const { conferenceMs } = contact.plan;
  if (conferenceMs !== undefined) {
    return stage.clock.after(ringMs + conferenceMs, () => endLeg(stage, leg, "AGENT_DISCONNECT"));
  }
  stage.clock.after(stage.random.integer(COLD_TRANSFER_MS.least, COLD_TRANSFER_MS.most), () => {
    if (contact.phase === "connected") contact.transferTime = stage.clock.now;
    endLeg(stage, leg, "AGENT_DISCONNECT");
  });
}

/** A transfer to a colleague makes a new contact. */
function transfer(stage: Stage, leg: Leg): void {
  const { contact, held } = leg;
  if (contact.phase !== "connected" || held.state !== "CONNECTED") return;
  const colleague = findAgent(stage, contact.channel, (agent) => agent !== leg.agent);
  if (colleague === undefined) return;
  const plan = drawTransferPlan(stage.random);
  const next = createContact(stage, { plan, continues: contact });
  contact.nextId = next.id;
  emitContactEvent(stage, next, "INITIATED");
  next.flowContact = flowContactOf(stage, next, contact);
  enterFlow(stage, next, stage.world.agentTransfer, () => {
    const { profile } = colleague;
    next.queue = { arn: profile.arn.replace("/agent/", "/queue/agent/"), name: null, id: profile.id };
    next.enqueueTime = stage.clock.now;
    emitContactEvent(stage, next, "QUEUED");
    // the colleague may have taken another contact meanwhile
    if (!hasRoom(colleague, contact.channel)) {
      disconnect(stage, next, "OTHER");
      return endLeg(stage, leg, "CUSTOMER_DISCONNECT");
    }
    offer(stage, next, colleague);
    leaveTransfer(stage, leg, plan.ringMs);
  });
}

/** An agent dials out: a customer's number, no queue to wait in. */
export function dialOut(
  stage: Stage,
  agent: AgentSession,
  plan: ContactPlan,
  customerNumber?: string,
): Contact | undefined {
  if (!hasRoom(agent, "VOICE")) return undefined;
  const contact = createContact(stage, {
    plan,
    initiationMethod: "OUTBOUND",
    ...(customerNumber === undefined ? {} : { customerNumber }),
  });
  emitContactEvent(stage, contact, "INITIATED");
  const leg = holdAt(stage, { contact, agent, state: "CONNECTING" });
  dial(stage, leg);
  return contact;
}
