import type { JsonObject } from "@fourwire/core";
import type { Random } from "../prng.ts";
import { collectExternalKeys, type ExternalKeys } from "./external-keys.ts";
import type { FlowContact, FlowQueue } from "./flow-contact.ts";
import type {
  BotAnswer,
  BotRequest,
  DialAnswer,
  FlowHost,
  InputAnswer,
  InputRequest,
  LambdaAnswer,
  LookUpAnswer,
  LookUpRequest,
  Prompt,
  QueueMetrics,
  ViewAnswer,
  ViewRequest,
} from "./flow-host.ts";
import type { FlowResource } from "./flow-resource.ts";

export interface DefaultHostOptions {
  readonly random: Random;
  readonly instanceArn: string;
  /** Flows and modules that others may lead to. */
  readonly flows: readonly FlowResource[];
}

/** Speech at about 165 words a minute, with a breath before it. */
const SPEECH_MS_PER_CHARACTER = 62;
const SPEECH_START_MS = 350;
const RECORDING_MS = 4_500;
const KEYS = "0123456789";

/**
 * A world for flows that nobody has described: customers who mostly do what they are told, functions that mostly answer,
 * queues that exist, are mostly open and staffed. Everything is drawn from `random`. A simulation replaces what it knows
 * better: `{ ...createDefaultHost(options), isOpen: () => true }`.
 */
export function createDefaultHost(options: DefaultHostOptions): FlowHost {
  const { random, flows } = options;
  let externalKeys: ExternalKeys | undefined;
  const keysOfFlows = (): ExternalKeys =>
    (externalKeys ??= collectExternalKeys(flows.map(({ definition }) => definition)));
  const queues = new Map<string, FlowQueue>();
  const findQueue = (reference: string, isAgentQueue: boolean): FlowQueue | undefined => {
    if (reference.trim() === "") return undefined;
    const queue = queues.get(reference) ?? makeQueue(options, reference, isAgentQueue);
    queues.set(reference, queue);
    return queue;
  };
  return {
    findFlow: (reference) => findResource(flows, reference, false),
    findModule: (reference) => findResource(flows, reference, true),
    findQueue: (reference) => findQueue(reference, false),
    findAgentQueue: (reference) => findQueue(reference, true),
    isOpen: () => random.chance(0.85),
    queueMetrics: () => drawMetrics(random),
    isQueueFull: () => random.chance(0.03),
    isInQueue: () => true,
    speechMs,
    answerMenu: (request) => drawInput(random, request),
    invokeLambda: () => drawLambda(random, keysOfFlows()),
    talkToBot: (request) => drawBot(random, request),
    dial: () => drawDial(random),
    lookUp: (request) => drawLookUp(random, request),
    showView: (request) => drawView(random, request),
    customerReturnsAfterMs: (_contact, limitMs) =>
      random.chance(0.3) ? random.integer(0, Math.max(0, limitMs)) : undefined,
  };
}

/**
 * By ARN, id or name; an ARN whose id is another flow's name counts too, and so does a placeholder with the name inside,
 * as exports under version control have them: `{{contactFlows.Main menu.arn}}`.
 */
function findResource(flows: readonly FlowResource[], reference: string, isModule: boolean): FlowResource | undefined {
  // a version or an alias after the id: `:3`, `:$LATEST`, `:live`
  const wanted = reference.replace(/:(?:\$\w+|\d+)$|(?<=[0-9a-f]{12}):[\w$.-]+$/, "");
  if (wanted === "") return undefined;
  return flows.find(({ arn, name, kind }) => {
    if ((kind === "module") !== isModule) return false;
    const isNamed = wanted === name || wanted.endsWith(`/${name}`) || isPlaceholderOf(name, wanted);
    return isNamed || arn === wanted || arn.endsWith(`/${wanted}`);
  });
}

function isPlaceholderOf(name: string, wanted: string): boolean {
  if (!wanted.includes(name)) return false;
  const literal = name.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(String.raw`^(?:\{\{|\$\{)(?:\w+\.)?${literal}(?:\.\w+)?\}\}?$`).test(wanted);
}

/** How long a prompt takes to hear on the telephone; elsewhere it is only shown. */
export function speechMs(prompt: Prompt, contact: FlowContact): number {
  if (contact.channel !== "VOICE") return 0;
  if (prompt.form === "prompt" || prompt.form === "s3_audio") return RECORDING_MS;
  const spoken = prompt.form === "ssml" ? prompt.content.replaceAll(/<[^>]*>/g, "") : prompt.content;
  return SPEECH_START_MS + spoken.trim().length * SPEECH_MS_PER_CHARACTER;
}

function makeQueue({ random, instanceArn }: DefaultHostOptions, reference: string, isAgentQueue: boolean): FlowQueue {
  const isArn = reference.startsWith("arn:");
  const id = isArn ? (reference.split("/").at(-1) ?? "") : random.uuid();
  const arn = isArn ? reference : `${instanceArn}/queue/${isAgentQueue ? "agent/" : ""}${id}`;
  return { arn, id, name: isAgentQueue ? null : "Queue", isAgentQueue };
}

function drawMetrics(random: Random): QueueMetrics {
  const agentsOnline = random.chance(0.9) ? random.integer(1, 12) : 0;
  const agentsStaffed = random.integer(0, agentsOnline);
  const contactsInQueue = random.integer(0, 6);
  return {
    agentsOnline,
    agentsStaffed,
    agentsAvailable: random.integer(0, agentsStaffed),
    contactsInQueue,
    oldestContactMs: contactsInQueue === 0 ? 0 : random.exponential(60_000),
  };
}

function drawInput(random: Random, request: InputRequest): InputAnswer {
  const { choices, mostDigits, contact, prompt, limitMs } = request;
  const heardMs = prompt === undefined ? 0 : speechMs(prompt, contact);
  const draw = random.next();
  if (draw < 0.04) return { kind: "hang_up", afterMs: Math.round(heardMs * random.next()) + 300 };
  if (draw < 0.12) return { kind: "silence" };
  const tookMs = Math.round(heardMs * (0.4 + 0.6 * random.next())) + random.integer(200, Math.max(200, limitMs - 200));
  if (choices.length > 0 && draw < 0.92) return { kind: "digits", digits: random.pick(choices), tookMs };
  const length = mostDigits === 1 ? 1 : random.integer(Math.min(4, mostDigits), Math.min(11, mostDigits));
  return { kind: "digits", digits: random.token(KEYS, length), tookMs };
}

function drawLambda(random: Random, keys: ExternalKeys): LambdaAnswer {
  const draw = random.next();
  if (draw < 0.03) return { kind: "failed", reason: "function_error", tookMs: random.exponential(300) };
  if (draw < 0.04) return { kind: "failed", reason: "throttled", tookMs: random.integer(20, 80) };
  if (draw < 0.045) return { kind: "failed", reason: "access_denied", tookMs: random.integer(20, 80) };
  const tookMs = draw < 0.065 ? 9_000 : 40 + random.exponential(220);
  const value: JsonObject = Object.fromEntries([...keys].map(([key, values]) => [key, drawValue(random, key, values)]));
  return { kind: "returned", value, tookMs };
}

function drawValue(random: Random, key: string, values: readonly string[]): string {
  if (values.length > 0 && random.chance(0.85)) return random.pick(values);
  return /number|phone/i.test(key)
    ? `+4477009${random.token(KEYS, 5)}`
    : random.chance(0.5)
      ? random.token(KEYS, 1)
      : key;
}

function drawBot(random: Random, { intents, prompt, contact }: BotRequest): BotAnswer {
  const heardMs = prompt === undefined ? 0 : speechMs(prompt, contact);
  const draw = random.next();
  if (draw < 0.04) return { kind: "hang_up", afterMs: heardMs + random.integer(200, 3_000) };
  const tookMs = heardMs + random.integer(1_200, 6_000);
  if (draw < 0.07) return { kind: "failed", tookMs };
  const isUnderstood = intents.length > 0 && draw < 0.85;
  const intent = isUnderstood ? random.pick(intents) : "FallbackIntent";
  return { kind: "intent", intent, slots: {}, sessionAttributes: {}, tookMs };
}

function drawDial(random: Random): DialAnswer {
  const draw = random.next();
  if (draw < 0.15) return { kind: "no_answer" };
  if (draw < 0.2) return { kind: "failed", tookMs: random.integer(200, 1_500) };
  return { kind: "answered", ringMs: random.integer(2_000, 15_000), talkMs: random.exponential(90_000) };
}

function drawLookUp(random: Random, { type }: LookUpRequest): LookUpAnswer {
  const tookMs = 60 + random.exponential(180);
  const draw = random.next();
  if (draw < 0.04) return { kind: "error", errorType: "NoMatchingError", tookMs };
  if (type === "GetCustomerProfile" && draw < 0.2) {
    return { kind: "error", errorType: draw < 0.08 ? "MultipleFoundError" : "NoneFoundError", tookMs };
  }
  if (type === "GetCase" && draw < 0.2) {
    return { kind: "error", errorType: draw < 0.08 ? "MultipleFound" : "NoneFound", tookMs };
  }
  return { kind: "found", found: drawFound(random, type), tookMs };
}

function drawFound(random: Random, type: string): JsonObject {
  const id = random.uuid();
  if (type.includes("Profile"))
    return { ProfileId: id, ProfileARN: `profile/${id}`, FirstName: "Sam", LastName: "Example" };
  if (type.includes("Case")) return { case_id: id, status: "open", title: "Example" };
  return { ContactId: id };
}

function drawView(random: Random, { actions, limitMs }: ViewRequest): ViewAnswer {
  const draw = random.next();
  if (draw < 0.08) return { kind: "silence" };
  if (draw < 0.11) return { kind: "failed", tookMs: random.integer(100, 900) };
  const action = actions.length > 0 ? random.pick(actions) : "Next";
  return { kind: "acted", action, output: {}, tookMs: random.integer(1, Math.max(1, Math.min(limitMs, 60_000))) };
}
