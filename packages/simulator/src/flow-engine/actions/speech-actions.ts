import { arrayAt, isObject, type JsonObject } from "@fourwire/core";
import {
  failed,
  log,
  NEXT,
  ended,
  pause,
  promptOf,
  promptParameters,
  secondsParameterMs,
  type Block,
  type BlockEnd,
  type Executor,
  type Steps,
} from "../block.ts";
import type { FlowContact } from "../flow-contact.ts";
import type { Prompt } from "../flow-host.ts";

export const SPEECH_ACTIONS: readonly (readonly [string, Executor])[] = [
  ["MessageParticipant", playPrompt],
  ["MessageParticipantIteratively", loopPrompts],
];

function* playPrompt(block: Block): Steps<BlockEnd> {
  const { run, action } = block;
  const prompt = promptOf(run, action.parameters);
  if (prompt === undefined) {
    yield* log(block, { moduleType: "PlayPrompt", parameters: {}, results: "No prompt provided" });
    return failed();
  }
  yield* log(block, { moduleType: "PlayPrompt", parameters: promptParameters(prompt, run.contact) });
  yield { kind: "say", prompt };
  yield* pause(run, run.host.speechMs(prompt, run.contact), "speech");
  return NEXT;
}

/** One entry a prompt and a closing empty one; then the loop plays until it is interrupted, or the customer goes on. */
function* loopPrompts(block: Block): Steps<BlockEnd> {
  const { run, action } = block;
  const messages = arrayAt(action.parameters, "Messages").filter((message) => isObject(message));
  const prompts = messages.flatMap((message) => promptOf(run, message) ?? []);
  for (const prompt of prompts) {
    yield* log(block, { moduleType: "AddToPlayLoop", parameters: loopParameters(prompt, run.contact) });
    yield { kind: "say", prompt };
  }
  yield* log(block, { moduleType: "AddToPlayLoop", parameters: {} });
  if (prompts.length === 0 && messages.length > 0) return failed();
  const intervalMs = secondsParameterMs(block, "InterruptFrequencySeconds");
  if (intervalMs !== undefined && intervalMs > 0 && action.conditions.length > 0) {
    yield* pause(run, intervalMs, "speech");
    return { kind: "result", value: "MessagesInterrupted" };
  }
  yield { kind: "hold" };
  return ended({ kind: "ended" });
}

function loopParameters(prompt: Prompt, contact: FlowContact): JsonObject {
  const isSpoken = prompt.form === "text" || prompt.form === "ssml";
  return isSpoken ? { Text: prompt.content, Voice: contact.voice } : { AudioPrompt: prompt.content };
}
