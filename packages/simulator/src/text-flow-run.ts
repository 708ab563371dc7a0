import type { Contact } from "./contact.ts";
import { play, type FlowStep } from "./flow-run.ts";
import type { Stage } from "./stage.ts";
import type { Resource } from "./world.ts";

/** A chat meets the bot, says what it is about, and waits for an agent. */
export function runChatInbound(stage: Stage, contact: Contact, done: (queue: Resource) => void): void {
  const flow = stage.world.chatInbound;
  const queue = stage.world.queues.webChat;
  const bot = { flow, block: "bot", moduleType: "GetUserInput" };
  const parameters = { BotAliasArn: stage.world.bot.aliasArn, Text: "Hello! What is it about?", Timeout: "300000" };
  const understood = stage.random.chance(0.9);
  const steps: FlowStep[] = [
    {
      delayMs: 35,
      entry: { flow, block: "logging", moduleType: "SetLoggingBehavior", parameters: { LoggingBehavior: "Enable" } },
    },
    {
      delayMs: 20,
      entry: {
        flow,
        block: "greeting",
        moduleType: "PlayPrompt",
        parameters: { Text: "Hello!", TextToSpeechType: "text" },
      },
    },
    { delayMs: 30, entry: { ...bot, parameters } },
    {
      delayMs: stage.random.integer(4_000, 25_000),
      entry: { ...bot, results: understood ? "Billing" : "Fallbackintent" },
    },
    ...attributeSteps(contact, { topic: understood ? "billing" : "unknown" }, { flow, block: "attributes" }),
    ...queueSteps(queue, flow),
  ];
  play(stage, contact, { flow, steps, outcome: "queued", failedBlocks: [] }, () => done(queue));
}

/** A task goes straight to its queue. */
export function runTaskRouting(stage: Stage, contact: Contact, done: (queue: Resource) => void): void {
  const flow = stage.world.taskRouting;
  const queue = stage.world.queues.backOffice;
  const steps: FlowStep[] = [
    {
      delayMs: 30,
      entry: { flow, block: "logging", moduleType: "SetLoggingBehavior", parameters: { LoggingBehavior: "Enable" } },
    },
    ...attributeSteps(contact, { kind: "follow-up" }, { flow, block: "attributes" }),
    ...queueSteps(queue, flow),
  ];
  play(stage, contact, { flow, steps, outcome: "queued", failedBlocks: [] }, () => done(queue));
}

/** What a customer hears before the agent who dialled is connected. */
export function runOutboundWhisper(stage: Stage, contact: Contact): void {
  const flow = stage.world.outboundWhisper;
  const recording = {
    RecordingBehaviorOption: stage.conditions.isRecordingOff ? "Disable" : "Enable",
    RecordingParticipantOption: "All",
    AnalyticsBehaviorOption: "Disable",
  };
  const steps: FlowStep[] = [
    {
      delayMs: 40,
      entry: { flow, block: "logging", moduleType: "SetLoggingBehavior", parameters: { LoggingBehavior: "Enable" } },
    },
    { delayMs: 12, entry: { flow, block: "recording", moduleType: "SetRecordingBehavior", parameters: recording } },
  ];
  play(stage, contact, { flow, steps, outcome: "transferred", failedBlocks: [] });
}

function attributeSteps(
  contact: Contact,
  attributes: Record<string, string>,
  block: { readonly flow: FlowStep["entry"]["flow"]; readonly block: string },
): FlowStep[] {
  Object.assign(contact.attributes, attributes);
  return Object.entries(attributes).map(([Key, Value]) => ({
    delayMs: 4,
    entry: { ...block, moduleType: "SetAttributes", parameters: { Key, Value, AddAttributeToRelatedContact: "false" } },
  }));
}

function queueSteps(queue: Resource, flow: FlowStep["entry"]["flow"]): FlowStep[] {
  return [
    { delayMs: 8, entry: { flow, block: "queue", moduleType: "SetQueue", parameters: { Queue: queue.arn } } },
    // "false" answers the at-capacity branch: the transfer succeeds
    { delayMs: 25, entry: { flow, block: "transfer", moduleType: "Transfer", parameters: {}, results: "false" } },
  ];
}
