import { block, flow, onError, otherwise, when } from "./flow-language.ts";
import type { FlowTemplate } from "./flow-template.ts";

/** A chat meets the bot, says what it is about, and waits for an agent. */
export const CHAT_INBOUND: FlowTemplate = {
  name: "Chat inbound",
  kind: "inbound",
  definition: flow([
    block("logging", "UpdateFlowLoggingBehavior", { FlowLoggingBehavior: "Enabled" }, "greeting"),
    block("greeting", "MessageParticipant", { Text: "Hello!" }, otherwise("bot", "queue")),
    block(
      "bot",
      "ConnectParticipantWithLexBot",
      {
        Text: "What is it about?",
        LexV2Bot: { AliasArn: "{{bots.menu}}" },
        LexSessionAttributes: { language: "{{language}}" },
        LexTimeoutSeconds: { Text: "300" },
      },
      {
        NextAction: "unknown",
        Errors: [onError("NoMatchingCondition", "unknown"), onError("NoMatchingError", "queue")],
        Conditions: [when("Billing", "attributes"), when("Support", "attributes"), when("Sales", "attributes")],
      },
    ),
    block(
      "attributes",
      "UpdateContactAttributes",
      { Attributes: { topic: "$.Lex.IntentName" } },
      otherwise("queue", "queue"),
    ),
    block("unknown", "UpdateContactAttributes", { Attributes: { topic: "unknown" } }, otherwise("queue", "queue")),
    block("queue", "UpdateContactTargetQueue", { QueueId: "{{queues.web_chat}}" }, otherwise("transfer", "hang_up")),
    block(
      "transfer",
      "TransferContactToQueue",
      {},
      {
        NextAction: "hang_up",
        Errors: [onError("QueueAtCapacity", "hang_up"), onError("NoMatchingError", "hang_up")],
        Conditions: [],
      },
    ),
    block("hang_up", "DisconnectParticipant", {}, {}),
  ]),
};

/** A task goes straight to its queue. */
export const TASK_ROUTING: FlowTemplate = {
  name: "Task routing",
  kind: "inbound",
  definition: flow([
    block("logging", "UpdateFlowLoggingBehavior", { FlowLoggingBehavior: "Enabled" }, "attributes"),
    block("attributes", "UpdateContactAttributes", { Attributes: { kind: "follow-up" } }, otherwise("queue", "queue")),
    block("queue", "UpdateContactTargetQueue", { QueueId: "{{queues.back_office}}" }, otherwise("transfer", "hang_up")),
    block(
      "transfer",
      "TransferContactToQueue",
      {},
      {
        NextAction: "hang_up",
        Errors: [onError("QueueAtCapacity", "hang_up"), onError("NoMatchingError", "hang_up")],
        Conditions: [],
      },
    ),
    block("hang_up", "DisconnectParticipant", {}, {}),
  ]),
};

/** An e-mail: machines that answer machines are hung up on, the rest waits for an agent. */
export const EMAIL_INBOUND: FlowTemplate = {
  name: "E-mail inbound",
  kind: "inbound",
  definition: flow([
    block("logging", "UpdateFlowLoggingBehavior", { FlowLoggingBehavior: "Enabled" }, "sender"),
    block(
      "sender",
      "Compare",
      { ComparisonValue: "$.CustomerEndpoint.Address" },
      {
        NextAction: "attributes",
        Errors: [onError("NoMatchingCondition", "attributes")],
        Conditions: [when("mailer-daemon", "hang_up", "TextContains"), when("noreply", "hang_up", "TextContains")],
      },
    ),
    block(
      "attributes",
      "UpdateContactAttributes",
      { Attributes: { subject: "$.SegmentAttributes['connect:EmailSubject']" } },
      otherwise("queue", "queue"),
    ),
    block("queue", "UpdateContactTargetQueue", { QueueId: "{{queues.email}}" }, otherwise("transfer", "hang_up")),
    block(
      "transfer",
      "TransferContactToQueue",
      {},
      {
        NextAction: "hang_up",
        Errors: [onError("QueueAtCapacity", "hang_up"), onError("NoMatchingError", "hang_up")],
        Conditions: [],
      },
    ),
    block("hang_up", "DisconnectParticipant", {}, {}),
  ]),
};
