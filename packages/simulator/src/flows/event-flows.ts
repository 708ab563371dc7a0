import { block, flow, onError, otherwise, when } from "./flow-language.ts";
import type { FlowTemplate } from "./flow-template.ts";

// Flows that events lead to: waiting in a queue, being connected, being held, being left.

/** Plays until an agent answers. */
export const CUSTOMER_QUEUE: FlowTemplate = {
  name: "Customer queue",
  kind: "customer_queue",
  definition: flow([
    block(
      "loop",
      "MessageParticipantIteratively",
      {
        Messages: [
          { Text: "Thank you for waiting. We will be with you shortly." },
          { PromptId: "{{prompts.hold_music}}" },
        ],
      },
      { Errors: [], Conditions: [] },
    ),
  ]),
};

/** How often a waiting caller is told before being moved, and how long each time lasts. */
const ROUNDS_BEFORE_OVERFLOW = "2";
const ROUND_SECONDS = "40";

/** The same for whom another queue may help: after some rounds, a caller of any other queue goes over to Support. */
export const QUEUE_OVERFLOW: FlowTemplate = {
  name: "Customer queue with overflow",
  kind: "customer_queue",
  definition: flow([
    block(
      "loop",
      "MessageParticipantIteratively",
      {
        Messages: [
          { Text: "Thank you for waiting. We will be with you shortly." },
          { PromptId: "{{prompts.hold_music}}" },
        ],
        InterruptFrequencySeconds: ROUND_SECONDS,
      },
      { Errors: [], Conditions: [when("MessagesInterrupted", "rounds")] },
    ),
    block(
      "rounds",
      "Loop",
      { LoopCount: ROUNDS_BEFORE_OVERFLOW },
      { Conditions: [when("ContinueLooping", "loop"), when("DoneLooping", "queue")] },
    ),
    block(
      "queue",
      "Compare",
      { ComparisonValue: "$.Queue.Name" },
      {
        NextAction: "overflow",
        Errors: [onError("NoMatchingCondition", "overflow")],
        Conditions: [when("Support", "loop")],
      },
    ),
    block(
      "overflow",
      "DequeueContactAndTransferToQueue",
      { QueueId: "{{queues.support}}" },
      {
        NextAction: "loop",
        Errors: [onError("QueueAtCapacity", "loop"), onError("NoMatchingError", "loop")],
        Conditions: [],
      },
    ),
  ]),
};

/** What the agent hears before the customer. */
export const AGENT_WHISPER: FlowTemplate = {
  name: "Agent whisper",
  kind: "agent_whisper",
  definition: flow([
    block("queue_name", "MessageParticipant", { Text: "$.Queue.Name" }, otherwise("resume", "resume")),
    block("resume", "EndFlowExecution", {}, {}),
  ]),
};

/** What the customer hears before the agent. */
export const CUSTOMER_WHISPER: FlowTemplate = {
  name: "Customer whisper",
  kind: "customer_whisper",
  definition: flow([
    block("beep", "MessageParticipant", { PromptId: "{{prompts.beep}}" }, otherwise("resume", "resume")),
    block("resume", "EndFlowExecution", {}, {}),
  ]),
};

export const CUSTOMER_HOLD: FlowTemplate = {
  name: "Customer hold",
  kind: "customer_hold",
  definition: flow([
    block(
      "music",
      "MessageParticipantIteratively",
      { Messages: [{ PromptId: "{{prompts.hold_music}}" }] },
      { Errors: [], Conditions: [] },
    ),
  ]),
};

/** After the agent has left: a question, and for a chat some time to come back. */
export const DISCONNECT: FlowTemplate = {
  name: "Disconnect",
  kind: "disconnect",
  definition: flow([
    block(
      "channel",
      "Compare",
      { ComparisonValue: "$.Channel" },
      { NextAction: "survey", Errors: [onError("NoMatchingCondition", "survey")], Conditions: [when("CHAT", "wait")] },
    ),
    block(
      "survey",
      "GetParticipantInput",
      {
        Text: "How satisfied are you, from 1 to 5?",
        StoreInput: "True",
        InputTimeLimitSeconds: "6",
        InputValidation: { CustomValidation: { MaximumLength: "1" } },
      },
      otherwise("score", "hang_up"),
    ),
    block(
      "score",
      "UpdateContactAttributes",
      { Attributes: { surveyScore: "$.StoredCustomerInput" } },
      otherwise("thanks", "hang_up"),
    ),
    block("thanks", "MessageParticipant", { Text: "Thank you. Goodbye." }, otherwise("hang_up", "hang_up")),
    block(
      "wait",
      "Wait",
      { TimeLimitSeconds: "300", Events: ["CustomerReturned"] },
      otherwise("hang_up", "hang_up", {
        Conditions: [when("CustomerReturned", "survey"), when("WaitCompleted", "hang_up")],
      }),
    ),
    block("hang_up", "DisconnectParticipant", {}, {}),
  ]),
};

/** A call that one agent hands to another. */
export const AGENT_TRANSFER: FlowTemplate = {
  name: "Agent transfer",
  kind: "transfer_to_agent",
  definition: flow([
    block("announcement", "MessageParticipant", { Text: "Transferring now." }, otherwise("transfer", "transfer")),
    block("transfer", "TransferContactToAgent", {}, otherwise("hang_up", "hang_up")),
    block("hang_up", "DisconnectParticipant", {}, {}),
  ]),
};

/** A call that an agent makes. */
export const OUTBOUND_WHISPER: FlowTemplate = {
  name: "Outbound whisper",
  kind: "outbound_whisper",
  definition: flow([
    block("logging", "UpdateFlowLoggingBehavior", { FlowLoggingBehavior: "Enabled" }, "recording"),
    block(
      "recording",
      "UpdateContactRecordingBehavior",
      { RecordingBehavior: { RecordedParticipants: ["Agent", "Customer"] } },
      "resume",
    ),
    block("resume", "EndFlowExecution", {}, {}),
  ]),
};
