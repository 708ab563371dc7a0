import type { JsonObject } from "@fourwire/core";
import { logUpdateContactAttributes } from "./contact-api-calls.ts";
import { touch, type Contact } from "./contact.ts";
import {
  createFlowContact,
  transferFlowContact,
  type FlowContact,
  type FlowQueue,
} from "./flow-engine/flow-contact.ts";
import { createDefaultHost, speechMs } from "./flow-engine/default-host.ts";
import type { BotAnswer, FlowHost, InputAnswer, LambdaAnswer } from "./flow-engine/flow-host.ts";
import type { Stage } from "./stage.ts";
import { isOpenAt } from "./working-day.ts";
import type { Flow, World } from "./world.ts";

const VOICE = "Amy";
/** A function that answers takes so long; one that does not exist fails at once; a slow one outlasts the block's limit. */
const LAMBDA_MS = { least: 180, most: 900 } as const;
const LAMBDA_MISSING_MS = 96;
const LAMBDA_SLOW_MS = 12_000;
const CARD_MS = { least: 6_000, most: 14_000 } as const;
const CARD_DIGITS = 16;
const MENU_MS = { least: 2_200, most: 4_600 } as const;
const INTENTS = { "1": "Support", "2": "Sales", "3": "Billing" } as const;

/** What of a contact outlives one flow; made once, or taken over from the contact it continues. */
export function flowContactOf(stage: Stage, contact: Contact, from: Contact | undefined): FlowContact {
  if (from?.flowContact !== undefined)
    return transferFlowContact(from.flowContact, contact.id, contact.initiationMethod);
  const { instance, place } = stage.world;
  const created = createFlowContact({
    id: contact.id,
    instanceArn: instance.arn,
    customerAddress: contact.email?.customerAddress ?? contact.customerNumber ?? "",
    systemAddress: contact.email === undefined ? place.systemNumber : place.systemAddress,
    segmentAttributes: segmentAttributesOf(contact),
    channel: contact.channel,
    initiationMethod: contact.initiationMethod,
    region: place.region,
  });
  created.voice = VOICE;
  return created;
}

/** What flows read as `$.SegmentAttributes`. */
function segmentAttributesOf({ email }: Contact): JsonObject {
  return email === undefined ? {} : { "connect:EmailSubject": email.subject };
}

/** The flow that the contact's flows hung on an event, such as CustomerQueue; undefined where there is none. */
export function hookedFlow({ world }: Stage, { flowContact }: Contact, hook: string): Flow | undefined {
  const arn = flowContact?.hooks.get(hook);
  return arn === undefined ? undefined : flowsOf(world).find((flow) => flow.arn === arn);
}

function flowsOf(world: World): readonly Flow[] {
  return [
    world.mainInbound,
    world.cardEntry,
    world.customerQueue,
    world.queueOverflow,
    world.agentWhisper,
    world.customerWhisper,
    world.agentTransfer,
    world.chatInbound,
    world.taskRouting,
    world.emailInbound,
    world.outboundWhisper,
  ];
}

/** What the world answers to this contact's flows. */
export function flowHostOf(stage: Stage, contact: Contact): FlowHost {
  const { world, random } = stage;
  return {
    ...createDefaultHost({ random, instanceArn: world.instance.arn, flows: flowsOf(world) }),
    findQueue: (reference) => flowQueueOf(stage, reference),
    isOpen: () => world.isDemo || isOpenAt(world, stage.clock.now),
    queueMetrics: (queue) => metricsOf(stage, queue),
    isQueueFull: (queue) => isFull(stage, contact, queue),
    isInQueue: () => contact.phase === "queued",
    speechMs: (prompt, of) => Math.round(speechMs(prompt, of) * contact.plan.flowPace),
    answerMenu: ({ mostDigits }) => (mostDigits > 1 ? typeCard(stage, contact) : answerMenu(stage, contact)),
    invokeLambda: ({ functionArn }) =>
      functionArn === world.cardCheckFunctionArn ? checkCard(stage) : invokeLookup(stage, contact, functionArn),
    talkToBot: () => talkToBot(stage, contact),
  };
}

function flowQueueOf({ world }: Stage, reference: string): FlowQueue | undefined {
  const queue = Object.values(world.queues).find(({ arn, id }) => arn === reference || id === reference);
  return queue === undefined ? undefined : { arn: queue.arn, id: queue.id, name: queue.name, isAgentQueue: false };
}

function metricsOf({ agents, waiting, clock }: Stage, queue: FlowQueue) {
  const staffed = agents.filter(
    ({ isLoggedIn, status, routingProfile }) =>
      isLoggedIn && status.type !== "OFFLINE" && routingProfile.queues.some(({ id }) => id === queue.id),
  );
  const waits = waiting.get(queue.id) ?? [];
  return {
    agentsOnline: staffed.length,
    agentsStaffed: staffed.filter(({ status }) => status.type === "ROUTABLE").length,
    agentsAvailable: staffed.filter(({ status, contacts }) => status.type === "ROUTABLE" && contacts.length === 0)
      .length,
    contactsInQueue: waits.length,
    oldestContactMs: waits[0]?.enqueueTime === undefined ? 0 : clock.now - waits[0].enqueueTime,
  };
}

function isFull(stage: Stage, contact: Contact, queue: FlowQueue): boolean {
  const limit = stage.conditions.queueLimits.get(queue.id);
  if (limit === undefined || (stage.waiting.get(queue.id)?.length ?? 0) < limit) return false;
  touch(stage, contact, "queue-full");
  return true;
}

function answerMenu({ random }: Stage, { plan }: Contact): InputAnswer {
  const paced = (ms: number) => Math.round(ms * plan.flowPace);
  if (plan.menu === "timeout") return { kind: "silence" };
  if (plan.menu === "hang_up") return { kind: "hang_up", afterMs: paced(random.integer(400, 3_000)) };
  return { kind: "digits", digits: plan.menu, tookMs: paced(random.integer(MENU_MS.least, MENU_MS.most)) };
}

/** A card number for billing: typed while the flow does not log, so nobody will see it. */
function typeCard({ random }: Stage, { plan }: Contact): InputAnswer {
  const tookMs = Math.round(random.integer(CARD_MS.least, CARD_MS.most) * plan.flowPace);
  return { kind: "digits", digits: random.token("0123456789", CARD_DIGITS), tookMs };
}

function checkCard({ random }: Stage): LambdaAnswer {
  const result = random.chance(0.9) ? "accepted" : "declined";
  return { kind: "returned", value: { result }, tookMs: random.integer(LAMBDA_MS.least, LAMBDA_MS.most) };
}

function invokeLookup(stage: Stage, contact: Contact, functionArn: string): LambdaAnswer {
  const { random, conditions } = stage;
  if (functionArn !== stage.world.lookupFunctionArn) {
    touch(stage, contact, "bad-flow-publish");
    return { kind: "failed", reason: "function_error", tookMs: LAMBDA_MISSING_MS };
  }
  if (conditions.isLambdaSlow) touch(stage, contact, "lambda-timeout");
  const isSlow = conditions.isLambdaSlow || contact.plan.lambda === "times_out";
  const tookMs = isSlow ? LAMBDA_SLOW_MS : random.integer(LAMBDA_MS.least, LAMBDA_MS.most);
  if (!isSlow && contact.plan.writesAttributes) {
    stage.clock.after(tookMs, () => {
      if (contact.phase === "flow") logUpdateContactAttributes(stage, contact, { lastLookup: "found" });
    });
  }
  const value = { tier: contact.plan.tier, accountStatus: "active", openCases: String(random.integer(0, 3)) };
  return { kind: "returned", value, tookMs };
}

function talkToBot(stage: Stage, contact: Contact): BotAnswer {
  const { random, conditions } = stage;
  const { plan, channel } = contact;
  if (plan.menu === "hang_up" && channel === "VOICE") return { kind: "hang_up", afterMs: random.integer(900, 4_000) };
  const tookMs = channel === "CHAT" ? random.integer(4_000, 25_000) : random.integer(3_200, 6_200);
  if (conditions.isBotConfused) touch(stage, contact, "lex-fallback-loop");
  const isUnderstood = !conditions.isBotConfused && plan.menu !== "timeout" && plan.menu !== "hang_up";
  const intent = isUnderstood ? INTENTS[plan.menu] : "FallbackIntent";
  return { kind: "intent", intent, slots: {}, sessionAttributes: {}, tookMs };
}
