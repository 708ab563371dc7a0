import type { JsonObject } from "@fourwire/core";
import { block, flow, onError, otherwise, when } from "./flow-language.ts";
import type { FlowTemplate } from "./flow-template.ts";

const MENU_TEXT = "For support press 1, for sales press 2, for billing press 3.";
const BOT_TEXT = "How can we help you today?";
/** A bot that understands nothing is asked this often again. */
const BOT_ROUNDS = "5";

/** What happens before anything is logged: the flows that later events lead to. */
const HOOKS: readonly JsonObject[] = [
  block(
    "queue_flow",
    "UpdateContactEventHooks",
    { EventHooks: { CustomerQueue: "{{flows.customer_queue}}" } },
    otherwise("agent_whisper", "logging"),
  ),
  block(
    "agent_whisper",
    "UpdateContactEventHooks",
    { EventHooks: { AgentWhisper: "{{flows.agent_whisper}}" } },
    otherwise("customer_whisper", "logging"),
  ),
  block(
    "customer_whisper",
    "UpdateContactEventHooks",
    { EventHooks: { CustomerWhisper: "{{flows.customer_whisper}}" } },
    otherwise("voice", "logging"),
  ),
  block(
    "voice",
    "UpdateContactTextToSpeechVoice",
    { TextToSpeechVoice: "Amy", TextToSpeechEngine: "Neural" },
    "logging",
  ),
];

const OPENING: readonly JsonObject[] = [
  block("logging", "UpdateFlowLoggingBehavior", { FlowLoggingBehavior: "Enabled" }, "recording"),
  block(
    "recording",
    "UpdateContactRecordingBehavior",
    { RecordingBehavior: { RecordedParticipants: ["Agent", "Customer"] } },
    "welcome",
  ),
  block("welcome", "MessageParticipant", { Text: "Welcome to Example Energy." }, otherwise("hours", "hours")),
  block(
    "hours",
    "CheckHoursOfOperation",
    { HoursOfOperationId: "{{hours}}" },
    otherwise("closed", "lookup", { Conditions: [when("True", "lookup"), when("False", "closed")] }),
  ),
  block(
    "closed",
    "MessageParticipant",
    { Text: "We are closed at the moment. Please call again tomorrow." },
    otherwise("hang_up", "hang_up"),
  ),
];

const LOOKUP: readonly JsonObject[] = [
  block(
    "lookup",
    "InvokeLambdaFunction",
    {
      LambdaFunctionARN: "{{functions.lookup}}",
      InvocationTimeLimitSeconds: "8",
      InvocationType: "SYNCHRONOUS",
      LambdaInvocationAttributes: { phoneNumber: "$.CustomerEndpoint.Address" },
      ResponseValidation: { ResponseType: "STRING_MAP" },
    },
    otherwise("tier", "apology"),
  ),
  block(
    "tier",
    "Compare",
    { ComparisonValue: "$.External.tier" },
    {
      NextAction: "menu",
      Errors: [onError("NoMatchingCondition", "menu")],
      Conditions: [when("gold", "menu"), when("silver", "menu")],
    },
  ),
  block(
    "apology",
    "MessageParticipant",
    { Text: "We could not find your account. Please hold." },
    otherwise("default_queue", "default_queue"),
  ),
  block(
    "default_queue",
    "UpdateContactTargetQueue",
    { QueueId: "{{queues.support}}" },
    otherwise("staffing", "hang_up"),
  ),
];

const MENU: readonly JsonObject[] = [
  block(
    "menu",
    "GetParticipantInput",
    { Text: MENU_TEXT, StoreInput: "False", InputTimeLimitSeconds: "5" },
    {
      NextAction: "support",
      Errors: [
        onError("InputTimeLimitExceeded", "support"),
        onError("NoMatchingCondition", "support"),
        onError("NoMatchingError", "support"),
      ],
      Conditions: [when("1", "support"), when("2", "sales"), when("3", "billing")],
    },
  ),
];

const BOT_MENU: readonly JsonObject[] = [
  block(
    "menu",
    "ConnectParticipantWithLexBot",
    { Text: BOT_TEXT, LexV2Bot: { AliasArn: "{{bots.menu}}" } },
    {
      NextAction: "again",
      Errors: [onError("NoMatchingCondition", "again"), onError("NoMatchingError", "support")],
      Conditions: [when("Support", "support"), when("Sales", "sales"), when("Billing", "billing")],
    },
  ),
  block(
    "again",
    "Loop",
    { LoopCount: BOT_ROUNDS },
    { Conditions: [when("ContinueLooping", "menu"), when("DoneLooping", "default_queue")] },
  ),
];

function reason(name: string, next: string): JsonObject {
  const Attributes = { tier: "$.External.tier", reason: name, language: "{{language}}" };
  return block(name, "UpdateContactAttributes", { Attributes, TargetContact: "Current" }, otherwise(next, next));
}

function setQueue(name: string): JsonObject {
  return block(
    `${name}_queue`,
    "UpdateContactTargetQueue",
    { QueueId: `{{queues.${name}}}` },
    otherwise("staffing", "hang_up"),
  );
}

const QUEUEING: readonly JsonObject[] = [
  reason("support", "support_queue"),
  reason("sales", "sales_queue"),
  reason("billing", "card"),
  block(
    "card",
    "InvokeFlowModule",
    { FlowModuleId: "{{modules.card_entry}}" },
    otherwise("billing_queue", "billing_queue"),
  ),
  setQueue("support"),
  setQueue("sales"),
  setQueue("billing"),
  block(
    "staffing",
    "CheckMetricData",
    { MetricType: "NumberOfAgentsStaffed" },
    {
      NextAction: "unstaffed",
      Errors: [onError("NoMatchingCondition", "unstaffed"), onError("NoMatchingError", "transfer")],
      Conditions: [when("0", "transfer", "NumberGreaterThan")],
    },
  ),
  block(
    "unstaffed",
    "MessageParticipant",
    { Text: "It may take a little longer today." },
    otherwise("transfer", "transfer"),
  ),
  block(
    "transfer",
    "TransferContactToQueue",
    {},
    {
      NextAction: "hang_up",
      Errors: [onError("QueueAtCapacity", "full"), onError("NoMatchingError", "hang_up")],
      Conditions: [],
    },
  ),
  block(
    "full",
    "MessageParticipant",
    { Text: "All our lines are busy. Please call again later." },
    otherwise("hang_up", "hang_up"),
  ),
  block("hang_up", "DisconnectParticipant", {}, {}),
];

/** Hours, a look-up of the caller, a menu by keys, a queue. Billing callers type a card number, unlogged. */
export const MAIN_INBOUND: FlowTemplate = {
  name: "Main inbound",
  kind: "inbound",
  definition: flow([...HOOKS, ...OPENING, ...LOOKUP, ...MENU, ...QUEUEING]),
};

/** The same with a bot instead of the menu. */
export const MAIN_INBOUND_WITH_BOT: FlowTemplate = {
  name: "Main inbound",
  kind: "inbound",
  definition: flow([...HOOKS, ...OPENING, ...LOOKUP, ...BOT_MENU, ...QUEUEING]),
};
