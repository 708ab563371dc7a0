import { endLeg, hold, type Leg } from "./agent-leg.ts";
import { logStartEmail } from "./contact-api-calls.ts";
import { emitContactEvent } from "./contact-end.ts";
import { drawTextPlan } from "./contact-plan.ts";
import { createContact, type Contact, type EmailHeader } from "./contact.ts";
import { enterFlow } from "./flow-run.ts";
import type { Random } from "./prng.ts";
import type { Stage } from "./stage.ts";

const SUBJECTS = [
  "My bill of last month",
  "Moving house",
  "Question about my tariff",
  "Meter reading",
  "No connection since this morning",
  "Cancellation",
];
/** Part of the e-mails that a web form starts by API; the others come by mail. */
const WEB_FORM_SHARE = 0.3;
/** Somebody's out-of-office answer, or a bounce. */
const MACHINE_SHARE = 0.04;

/** An e-mail comes in. Each message is a contact of its own, and so is each answer. */
export function startEmail(stage: Stage): Contact {
  const plan = drawTextPlan(stage.random, "EMAIL");
  const isForm = stage.random.chance(WEB_FORM_SHARE);
  const contact = createContact(stage, {
    plan,
    channel: "EMAIL",
    initiationMethod: isForm ? "API" : "INBOUND",
    email: drawHeader(stage.random, isForm),
  });
  if (isForm) logStartEmail(stage, contact);
  emitContactEvent(stage, contact, "INITIATED");
  return contact;
}

function drawHeader(random: Random, isForm: boolean): EmailHeader {
  const isMachine = !isForm && random.chance(MACHINE_SHARE);
  const name = isMachine ? "mailer-daemon" : `customer-${random.integer(1_000, 9_999)}`;
  const subject = random.pick(SUBJECTS);
  return {
    customerAddress: `${name}@example.net`,
    subject: isMachine ? `Undeliverable: ${subject}` : subject,
  };
}

/** The agent writes an answer while the question is open. What is sent goes through the outbound whisper flow. */
export function planReply(stage: Stage, leg: Leg): void {
  const { reply } = leg.contact.plan;
  if (reply === undefined) return;
  stage.clock.after(reply.atMs, () => {
    const { contact, agent, held } = leg;
    if (held.state !== "CONNECTED" || !agent.isLoggedIn) return;
    const answer = createContact(stage, {
      plan: { ...contact.plan, reply: undefined, afterContactWorkMs: reply.clearMs },
      channel: "EMAIL",
      initiationMethod: "AGENT_REPLY",
      answers: contact,
    });
    emitContactEvent(stage, answer, "INITIATED");
    answer.phase = "connected";
    answer.agent = agent;
    answer.connectedTime = stage.clock.now;
    const draft = hold(stage, { contact: answer, agent, state: "CONNECTED" });
    emitContactEvent(stage, answer, "CONNECTED_TO_AGENT");
    stage.clock.after(reply.forMs, () => finishReply(stage, draft, reply.isSent));
  });
}

function finishReply(stage: Stage, draft: Leg, isSent: boolean): void {
  if (draft.held.state !== "CONNECTED") return;
  if (!isSent) return endLeg(stage, draft, "DISCARDED");
  // Amazon has no word for an e-mail that was sent
  enterFlow(stage, draft.contact, stage.world.outboundWhisper, () => endLeg(stage, draft, "OTHER"));
}

/** Whether an answer is being written at this agent. */
export function isReplying({ agent, contact }: Leg): boolean {
  return agent.contacts.some((other) => other.contact.relatedId === contact.id && other.state === "CONNECTED");
}
