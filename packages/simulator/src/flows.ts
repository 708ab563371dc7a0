import { buildFlow, drawBlockIds, type BlockPlan, type FlowPlan } from "./flow-builder.ts";
import type { Place } from "./places.ts";
import type { Random } from "./prng.ts";
import type { Flow, Resource } from "./world.ts";

/** What the flows refer to. */
export interface FlowParts {
  readonly place: Place;
  readonly queues: Readonly<Record<"support" | "sales" | "billing" | "webChat" | "backOffice", Resource>>;
  readonly hours: Resource;
  readonly holdMusic: Resource;
  readonly botAliasArn: string;
  readonly lookupFunctionArn: string;
  readonly make: (type: string, name: string) => Resource;
}

/** The flows of an instance. `mainInbound` has versions: what is published changes, its id does not. */
export interface Flows {
  readonly mainInbound: Flow;
  /** Its Lambda block calls an alias that does not exist. */
  readonly mainInboundBroken: Flow;
  /** A bot asks where others have a menu. */
  readonly mainInboundWithBot: Flow;
  readonly customerQueue: Flow;
  readonly agentTransfer: Flow;
  readonly chatInbound: Flow;
  readonly taskRouting: Flow;
  readonly outboundWhisper: Flow;
}

const LOGGING: BlockPlan = { type: "UpdateFlowLoggingBehavior", parameters: { FlowLoggingBehavior: "Enabled" } };
const RECORDING: BlockPlan = {
  type: "UpdateContactRecordingBehavior",
  parameters: { RecordingBehavior: { RecordedParticipants: ["Agent", "Customer"] } },
};
const HANG_UP: BlockPlan = { type: "DisconnectParticipant" };
/** How often the bot asks before the flow chooses for the customer. */
const BOT_ROUNDS = "5";

function say(text: string, next: string): BlockPlan {
  return { type: "MessageParticipant", parameters: { Text: text }, next, errors: [["NoMatchingError", next]] };
}

export function makeFlows(random: Random, parts: FlowParts): Flows {
  const { make } = parts;
  const inbound = make("contact-flow", "Main inbound");
  const usual = mainPlan(parts, parts.lookupFunctionArn);
  const withBot = { ...usual, ...botPlan(parts) };
  const blocks = drawBlockIds(random, new Set([...Object.keys(usual), ...Object.keys(withBot)]));
  const build = (kind: Flow["kind"], name: string, plan: FlowPlan) =>
    buildFlow(make("contact-flow", name), kind, { plan, blocks: drawBlockIds(random, Object.keys(plan)) });
  return {
    mainInbound: buildFlow(inbound, "inbound", { blocks, plan: usual }),
    mainInboundBroken: buildFlow(inbound, "inbound", {
      blocks,
      plan: mainPlan(parts, `${parts.lookupFunctionArn}:next`),
    }),
    mainInboundWithBot: buildFlow(inbound, "inbound", { blocks, plan: withBot }),
    customerQueue: build("customer_queue", "Customer queue", {
      loop: {
        type: "MessageParticipantIteratively",
        parameters: {
          Messages: [
            { Text: "Thank you for waiting. We will be with you shortly." },
            { PromptId: parts.holdMusic.arn },
          ],
        },
      },
    }),
    agentTransfer: build("transfer_to_agent", "Agent transfer", {
      announcement: say("Transferring now.", "transfer"),
      transfer: { type: "TransferContactToAgent" },
    }),
    chatInbound: build("inbound", "Chat inbound", chatPlan(parts)),
    taskRouting: build("inbound", "Task routing", {
      logging: { ...LOGGING, next: "attributes" },
      attributes: { type: "UpdateContactAttributes", parameters: { Attributes: { kind: "follow-up" } }, next: "queue" },
      ...queueing(parts.queues.backOffice, "hang_up"),
      hang_up: HANG_UP,
    }),
    outboundWhisper: build("outbound_whisper", "Outbound whisper", {
      logging: { ...LOGGING, next: "recording" },
      recording: { ...RECORDING, next: "end" },
      end: { type: "EndFlowExecution" },
    }),
  };
}

/** The block that sets a queue, and the transfer to it. */
function queueing(queue: Resource, whenFull: string): FlowPlan {
  return {
    queue: { type: "UpdateContactTargetQueue", parameters: { QueueId: queue.arn }, next: "transfer" },
    transfer: {
      type: "TransferContactToQueue",
      errors: [
        ["QueueAtCapacity", whenFull],
        ["NoMatchingError", "hang_up"],
      ],
    },
  };
}

function mainPlan(parts: FlowParts, functionArn: string): FlowPlan {
  return { ...openingPlan(parts, functionArn), ...menuPlan(parts), ...closingPlan(parts) };
}

function openingPlan({ hours }: FlowParts, functionArn: string): FlowPlan {
  return {
    logging: { ...LOGGING, next: "recording" },
    recording: { ...RECORDING, next: "welcome" },
    welcome: say("Welcome to Example Energy.", "hours"),
    hours: {
      type: "CheckHoursOfOperation",
      parameters: { HoursOfOperationId: hours.arn },
      conditions: [
        ["Equals", "True", "lookup"],
        ["Equals", "False", "closed"],
      ],
      errors: [["NoMatchingError", "lookup"]],
    },
    lookup: {
      type: "InvokeLambdaFunction",
      parameters: {
        LambdaFunctionARN: functionArn,
        InvocationTimeLimitSeconds: "8",
        LambdaInvocationAttributes: { phoneNumber: "$.CustomerEndpoint.Address" },
        ResponseValidation: { ResponseType: "STRING_MAP" },
      },
      next: "tier",
      errors: [["NoMatchingError", "apology"]],
    },
    tier: {
      type: "Compare",
      parameters: { ComparisonValue: "$.External.tier" },
      conditions: [
        ["Equals", "gold", "menu"],
        ["Equals", "silver", "menu"],
      ],
      errors: [["NoMatchingCondition", "menu"]],
    },
  };
}

function menuPlan({ queues, place }: FlowParts): FlowPlan {
  const attributes = (reason: string, next: string): BlockPlan => ({
    type: "UpdateContactAttributes",
    parameters: { Attributes: { tier: "$.External.tier", reason, language: place.language } },
    next,
    errors: [["NoMatchingError", next]],
  });
  return {
    menu: {
      type: "GetParticipantInput",
      parameters: {
        Text: "For support press 1, for sales press 2, for billing press 3.",
        StoreInput: "False",
        InputTimeLimitSeconds: "5",
      },
      conditions: [
        ["Equals", "1", "about_support"],
        ["Equals", "2", "about_sales"],
        ["Equals", "3", "about_billing"],
      ],
      errors: [
        ["InputTimeLimitExceeded", "about_support"],
        ["NoMatchingCondition", "about_support"],
        ["NoMatchingError", "about_support"],
      ],
    },
    about_support: attributes("support", "support"),
    about_sales: attributes("sales", "sales"),
    about_billing: attributes("billing", "billing"),
    support: setQueue(queues.support),
    sales: setQueue(queues.sales),
    billing: setQueue(queues.billing),
  };
}

function closingPlan({ queues }: FlowParts): FlowPlan {
  return {
    apology: say("We could not find your account. Please hold.", "default_queue"),
    default_queue: setQueue(queues.support),
    staffing: {
      type: "CheckMetricData",
      parameters: { MetricType: "NumberOfAgentsStaffed" },
      conditions: [["NumberGreaterThan", "0", "transfer"]],
      errors: [
        ["NoMatchingCondition", "transfer"],
        ["NoMatchingError", "transfer"],
      ],
    },
    transfer: {
      type: "TransferContactToQueue",
      errors: [
        ["QueueAtCapacity", "full"],
        ["NoMatchingError", "hang_up"],
      ],
    },
    full: say("All our lines are busy. Please call again later.", "hang_up"),
    closed: say("We are closed. We open at seven in the morning.", "hang_up"),
    hang_up: HANG_UP,
  };
}

function setQueue(queue: Resource): BlockPlan {
  return {
    type: "UpdateContactTargetQueue",
    parameters: { QueueId: queue.arn },
    next: "staffing",
    errors: [["NoMatchingError", "hang_up"]],
  };
}

/** The version whose menu is a bot: what it does not understand goes round again. */
function botPlan({ botAliasArn }: FlowParts): FlowPlan {
  return {
    menu: {
      type: "ConnectParticipantWithLexBot",
      parameters: { Text: "How can we help you today?", LexV2Bot: { AliasArn: botAliasArn } },
      conditions: [
        ["Equals", "Support", "about_support"],
        ["Equals", "Sales", "about_sales"],
        ["Equals", "Billing", "about_billing"],
      ],
      errors: [
        ["NoMatchingCondition", "again"],
        ["NoMatchingError", "about_support"],
      ],
    },
    again: {
      type: "Loop",
      parameters: { LoopCount: BOT_ROUNDS },
      conditions: [
        ["Equals", "ContinueLooping", "menu"],
        ["Equals", "DoneLooping", "default_queue"],
      ],
    },
  };
}

function chatPlan({ queues, botAliasArn }: FlowParts): FlowPlan {
  return {
    logging: { ...LOGGING, next: "greeting" },
    greeting: say("Hello!", "bot"),
    bot: {
      type: "ConnectParticipantWithLexBot",
      parameters: { Text: "What is it about?", LexV2Bot: { AliasArn: botAliasArn } },
      conditions: [
        ["Equals", "Support", "attributes"],
        ["Equals", "Sales", "attributes"],
        ["Equals", "Billing", "attributes"],
      ],
      errors: [
        ["NoMatchingCondition", "attributes"],
        ["NoMatchingError", "attributes"],
      ],
    },
    attributes: {
      type: "UpdateContactAttributes",
      parameters: { Attributes: { topic: "$.Lex.IntentName" } },
      next: "queue",
    },
    ...queueing(queues.webChat, "hang_up"),
    hang_up: HANG_UP,
  };
}
