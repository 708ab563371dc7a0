import type { Place } from "../places.ts";
import type { Random } from "../prng.ts";
import type { Flow, Resource } from "../world.ts";
import { CARD_ENTRY } from "./card-entry.ts";
import {
  AGENT_TRANSFER,
  AGENT_WHISPER,
  CUSTOMER_QUEUE,
  CUSTOMER_WHISPER,
  OUTBOUND_WHISPER,
  QUEUE_OVERFLOW,
} from "./event-flows.ts";
import { actionNames, publishFlow, type FlowTemplate } from "./flow-template.ts";
import { MAIN_INBOUND, MAIN_INBOUND_WITH_BOT } from "./main-inbound.ts";
import { CHAT_INBOUND, EMAIL_INBOUND, TASK_ROUTING } from "./text-inbound.ts";

/** What the flows of an instance refer to. */
export interface FlowParts {
  readonly place: Place;
  readonly queues: Readonly<Record<"support" | "sales" | "billing" | "webChat" | "backOffice" | "email", Resource>>;
  readonly hours: Resource;
  readonly holdMusic: Resource;
  readonly botAliasArn: string;
  readonly lookupFunctionArn: string;
  readonly cardCheckFunctionArn: string;
  readonly make: (type: string, name: string) => Resource;
  /** Whether callers who wait too long are moved to another queue. */
  readonly hasOverflow: boolean;
}

/** The published flows of an instance. `mainInbound` has versions: what is published changes, its id does not. */
export interface Flows {
  readonly mainInbound: Flow;
  /** Its Lambda block calls an alias that does not exist. */
  readonly mainInboundBroken: Flow;
  /** A bot asks where others have a menu. */
  readonly mainInboundWithBot: Flow;
  readonly cardEntry: Flow;
  readonly customerQueue: Flow;
  /** What the main flow hangs on waiting, except in the demo. */
  readonly queueOverflow: Flow;
  readonly agentWhisper: Flow;
  readonly customerWhisper: Flow;
  readonly agentTransfer: Flow;
  readonly chatInbound: Flow;
  readonly taskRouting: Flow;
  readonly emailInbound: Flow;
  readonly outboundWhisper: Flow;
}

export function makeFlows(random: Random, parts: FlowParts): Flows {
  const { make } = parts;
  const resources = {
    main: make("contact-flow", MAIN_INBOUND.name),
    cardEntry: make("flow-module", CARD_ENTRY.name),
    customerQueue: make("contact-flow", CUSTOMER_QUEUE.name),
    agentWhisper: make("contact-flow", AGENT_WHISPER.name),
    customerWhisper: make("contact-flow", CUSTOMER_WHISPER.name),
    agentTransfer: make("contact-flow", AGENT_TRANSFER.name),
    chatInbound: make("contact-flow", CHAT_INBOUND.name),
    taskRouting: make("contact-flow", TASK_ROUTING.name),
    outboundWhisper: make("contact-flow", OUTBOUND_WHISPER.name),
    queueOverflow: make("contact-flow", QUEUE_OVERFLOW.name),
    emailInbound: make("contact-flow", EMAIL_INBOUND.name),
  };
  const values = valuesOf(parts, resources);
  // versions of a flow share the identifiers of its blocks
  const mainBlocks = drawIdentifiers(random, [MAIN_INBOUND, MAIN_INBOUND_WITH_BOT]);
  const publish = (template: FlowTemplate, resource: Resource, blocks = drawIdentifiers(random, [template])) =>
    publishVersion(template, resource, { blocks, values });
  return {
    mainInbound: publish(MAIN_INBOUND, resources.main, mainBlocks),
    mainInboundBroken: publishVersion(MAIN_INBOUND, resources.main, {
      blocks: mainBlocks,
      values: new Map([...values, ["functions.lookup", `${parts.lookupFunctionArn}:next`]]),
    }),
    mainInboundWithBot: publish(MAIN_INBOUND_WITH_BOT, resources.main, mainBlocks),
    cardEntry: publish(CARD_ENTRY, resources.cardEntry),
    customerQueue: publish(CUSTOMER_QUEUE, resources.customerQueue),
    agentWhisper: publish(AGENT_WHISPER, resources.agentWhisper),
    customerWhisper: publish(CUSTOMER_WHISPER, resources.customerWhisper),
    agentTransfer: publish(AGENT_TRANSFER, resources.agentTransfer),
    chatInbound: publish(CHAT_INBOUND, resources.chatInbound),
    taskRouting: publish(TASK_ROUTING, resources.taskRouting),
    outboundWhisper: publish(OUTBOUND_WHISPER, resources.outboundWhisper),
    queueOverflow: publish(QUEUE_OVERFLOW, resources.queueOverflow),
    emailInbound: publish(EMAIL_INBOUND, resources.emailInbound),
  };
}

function valuesOf(
  parts: FlowParts,
  resources: Readonly<
    Record<"customerQueue" | "queueOverflow" | "agentWhisper" | "customerWhisper" | "cardEntry", Resource>
  >,
): ReadonlyMap<string, string> {
  const { queues, make } = parts;
  return new Map([
    ["hours", parts.hours.arn],
    ["language", parts.place.language],
    ["queues.support", queues.support.arn],
    ["queues.sales", queues.sales.arn],
    ["queues.billing", queues.billing.arn],
    ["queues.web_chat", queues.webChat.arn],
    ["queues.back_office", queues.backOffice.arn],
    ["queues.email", queues.email.arn],
    ["flows.customer_queue", parts.hasOverflow ? resources.queueOverflow.arn : resources.customerQueue.arn],
    ["flows.agent_whisper", resources.agentWhisper.arn],
    ["flows.customer_whisper", resources.customerWhisper.arn],
    ["modules.card_entry", resources.cardEntry.arn],
    ["prompts.hold_music", parts.holdMusic.arn],
    ["prompts.beep", make("prompt", "Beep.wav").arn],
    ["functions.lookup", parts.lookupFunctionArn],
    ["functions.card_check", parts.cardCheckFunctionArn],
    ["bots.menu", parts.botAliasArn],
    ["encryption.key_id", "card-key"],
    ["encryption.key", "-----BEGIN CERTIFICATE-----"],
  ]);
}

interface Version {
  readonly blocks: Readonly<Record<string, string>>;
  readonly values: ReadonlyMap<string, string>;
}

function publishVersion(template: FlowTemplate, resource: Resource, { blocks, values }: Version): Flow {
  const options = { arn: resource.arn, valueOf: (name: string) => values.get(name), identifiers: blocks };
  return { ...resource, ...publishFlow(template, options), blocks };
}

function drawIdentifiers(random: Random, templates: readonly FlowTemplate[]): Readonly<Record<string, string>> {
  const names = new Set(templates.flatMap((template) => actionNames(template)));
  return Object.fromEntries([...names].map((name) => [name, random.uuid()]));
}
