import { arrayAt, objectAt, type JsonObject } from "@fourwire/core";
import {
  allParameterTexts,
  failed,
  log,
  NEXT,
  parameterText,
  parameterTexts,
  type Block,
  type BlockEnd,
  type Executor,
  type Steps,
} from "../block.ts";
import { textOf } from "../reference.ts";

export const SETTING_ACTIONS: readonly (readonly [string, Executor])[] = [
  ["UpdateFlowLoggingBehavior", setLogging],
  ["UpdateContactTargetQueue", setQueue],
  ["UpdateContactEventHooks", setEventHook],
  ["UpdateContactRecordingBehavior", setRecording],
  ["UpdateContactRecordingAndAnalyticsBehavior", setRecording],
  ["UpdateContactTextToSpeechVoice", setVoice],
  ["UpdateContactData", setContactData],
  ["UpdateContactRoutingBehavior", setRouting],
  ["UpdateContactCallbackNumber", setCallbackNumber],
  ["UpdateContactMediaStreamingBehavior", setMediaStreaming],
  ["CreateWisdomSession", setAssistant],
];

/** Switching on is the first entry of a trail; switching off is the last one before the gap. */
function* setLogging(block: Block): Steps<BlockEnd> {
  const { contact } = block.run;
  const moduleType = "SetLoggingBehavior";
  if (parameterText(block, "FlowLoggingBehavior") === "Enabled") {
    contact.isLogging = true;
    yield* log(block, { moduleType, parameters: { LoggingBehavior: "Enable" } });
  } else {
    yield* log(block, { moduleType, parameters: { LoggingBehavior: "Disable" } });
    contact.isLogging = false;
  }
  return NEXT;
}

function* setQueue(block: Block): Steps<BlockEnd> {
  const { contact, host } = block.run;
  const agent = parameterText(block, "AgentId");
  const reference = parameterText(block, "QueueId");
  const queue = agent === undefined ? host.findQueue(reference ?? "") : host.findAgentQueue(agent);
  if (queue === undefined) {
    const parameters: JsonObject = agent === undefined ? { Queue: reference ?? "" } : { Agent: agent };
    yield* log(block, { moduleType: "SetQueue", parameters, results: "Error" });
    return failed();
  }
  contact.queue = queue;
  yield* log(block, {
    moduleType: "SetQueue",
    parameters: queue.isAgentQueue ? { Agent: queue.id } : { Queue: queue.arn },
  });
  yield { kind: "set_queue", queue };
  return NEXT;
}

/** Hooks for the contact's end or a pause are "event hooks" in the designer of today; the older ones "contact flows". */
const EVENT_HOOKS: ReadonlySet<string> = new Set(["CustomerRemaining", "PauseContact", "ResumeContact"]);

function* setEventHook(block: Block): Steps<BlockEnd> {
  const { contact, host } = block.run;
  for (const [hook, value] of Object.entries(parameterTexts(block, "EventHooks"))) {
    const reference = textOf(value);
    const moduleType = EVENT_HOOKS.has(hook) ? "SetEventHook" : "SetContactFlow";
    const flow = host.findFlow(reference)?.arn ?? reference;
    if (reference === "") {
      yield* log(block, { moduleType, parameters: { ContactFlowId: "", Type: hook }, results: "Error" });
      return failed();
    }
    contact.hooks.set(hook, flow);
    yield* log(block, { moduleType, parameters: { ContactFlowId: flow, Type: hook } });
    yield { kind: "set_hook", hook, flow };
  }
  return NEXT;
}

/** Parameter names and values as in an entry of 2023. */
function* setRecording(block: Block): Steps<BlockEnd> {
  const recorded = arrayAt(objectAt(block.action.parameters, "RecordingBehavior"), "RecordedParticipants").filter(
    (participant) => participant === "Agent" || participant === "Customer",
  );
  const analytics = parameterTexts(block, "AnalyticsBehavior");
  const isAnalyzed = textOf(analytics["Enabled"]).toLowerCase() === "true";
  const parameters: JsonObject = {
    AnalyticsBehaviorOption: isAnalyzed ? "Enable" : "Disable",
    ...(isAnalyzed ? analyticsParameters(analytics) : {}),
    RecordingBehaviorOption: recorded.length > 0 ? "Enable" : "Disable",
    ...(recorded.length > 0
      ? { RecordingParticipantOption: participantOption(recorded.map((name) => textOf(name))) }
      : {}),
  };
  yield* log(block, { moduleType: "SetRecordingBehavior", parameters });
  return NEXT;
}

function analyticsParameters(analytics: JsonObject): JsonObject {
  const isRedacted = analytics["AnalyticsRedactionBehavior"] === "Enabled";
  return {
    AnalyticsCustomVocabulary: "None",
    AnalyticsLanguageLocaleCode: textOf(analytics["AnalyticsLanguage"] ?? "en-US"),
    AnalyticsRedactionOption: isRedacted ? "Enable" : "Disable",
    AnalyticsRedactionPolicy: textOf(analytics["AnalyticsRedactionResults"] ?? "None"),
    ChatAnalyticsMode: "ContactLens",
    VoiceAnalyticsMode: textOf(analytics["AnalyticsMode"] ?? "PostCall"),
  };
}

function participantOption(recorded: readonly string[]): string {
  return recorded.length > 1 ? "All" : (recorded[0] ?? "None");
}

function* setVoice(block: Block): Steps<BlockEnd> {
  const { contact } = block.run;
  contact.voice = parameterText(block, "TextToSpeechVoice") ?? contact.voice;
  contact.voiceEngine = parameterText(block, "TextToSpeechEngine") ?? contact.voiceEngine;
  const parameters = { GlobalVoice: contact.voice, GlobalEngine: contact.voiceEngine };
  yield* log(block, { moduleType: "SetVoice", parameters });
  return NEXT;
}

function* setContactData(block: Block): Steps<BlockEnd> {
  const { contact } = block.run;
  contact.languageCode = parameterText(block, "LanguageCode") ?? contact.languageCode;
  contact.customerId = parameterText(block, "CustomerId") ?? contact.customerId;
  yield* log(block, { moduleType: "SetContactData", parameters: allParameterTexts(block) });
  return NEXT;
}

function* setRouting(block: Block): Steps<BlockEnd> {
  const { contact } = block.run;
  const priority = Number(parameterText(block, "QueuePriority") ?? Number.NaN);
  const age = Number(parameterText(block, "QueueTimeAdjustmentSeconds") ?? Number.NaN);
  if (Number.isInteger(priority)) contact.priority = priority;
  if (Number.isFinite(age)) contact.queueAgeSeconds = age;
  yield* log(block, { moduleType: "ChangeRoutingPriority", parameters: allParameterTexts(block) });
  return NEXT;
}

function* setCallbackNumber(block: Block): Steps<BlockEnd> {
  const { contact } = block.run;
  const number = parameterText(block, "CallbackNumber") ?? "";
  const parameters = { CallbackNumber: number };
  if (!/^\+?\d{7,15}$/.test(number)) {
    yield* log(block, { moduleType: "UpdateContactCallbackNumber", parameters, results: "Invalid number" });
    return failed("InvalidCallbackNumber");
  }
  contact.callbackNumber = number;
  yield* log(block, { moduleType: "UpdateContactCallbackNumber", parameters });
  return NEXT;
}

function* setMediaStreaming(block: Block): Steps<BlockEnd> {
  const isStarted = parameterText(block, "MediaStreamingState") !== "Disabled";
  const moduleType = isStarted ? "StartMediaStreaming" : "StopMediaStreaming";
  yield* log(block, { moduleType, parameters: allParameterTexts(block) });
  return NEXT;
}

function* setAssistant(block: Block): Steps<BlockEnd> {
  const WisdomAssistantArn = parameterText(block, "WisdomAssistantArn") ?? "";
  yield* log(block, { moduleType: "SetWisdomAssistant", parameters: { WisdomAssistantArn } });
  return NEXT;
}
