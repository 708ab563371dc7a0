import { isObject, objectAt, type JsonObject, type JsonValue } from "@fourwire/core";
import { holds } from "./condition.ts";
import type { FlowAction, FlowCondition } from "./flow-definition.ts";
import type { FlowEffect, FlowOutcome, FlowWarningCode, WaitReason } from "./flow-effect.ts";
import type { FlowContact } from "./flow-contact.ts";
import type { Prompt } from "./flow-host.ts";
import { writeFlowLogEntry, type FlowLogParts } from "./flow-log-entry.ts";
import type { FlowResource } from "./flow-resource.ts";
import { textOf } from "./reference.ts";
import type { Frame, RunState } from "./run-state.ts";

/** One action while it runs. */
export interface Block {
  readonly run: RunState;
  readonly frame: Frame;
  readonly action: FlowAction;
}

/** How a block ended: which kind of branch it takes, or that it takes none. */
export type BlockEnd =
  | { readonly kind: "next" }
  /** Compared with the conditions, in their order. */
  | { readonly kind: "result"; readonly value: string }
  | { readonly kind: "failed"; readonly errorType: string }
  | { readonly kind: "enter"; readonly flow: FlowResource }
  | { readonly kind: "call"; readonly module: FlowResource; readonly input: JsonObject }
  /** `result`: the branch that a custom module chooses. */
  | { readonly kind: "return"; readonly result: string | undefined; readonly output: JsonObject }
  | { readonly kind: "end"; readonly outcome: FlowOutcome };

export type Steps<Result = void> = Generator<FlowEffect, Result, void>;
export type Executor = (block: Block) => Steps<BlockEnd>;

export const NEXT: BlockEnd = { kind: "next" };
const LONGEST_WAIT_MS = 7 * 86_400_000;
const DEPTH_LIMIT = 10;

export function failed(errorType = "NoMatchingError"): BlockEnd {
  return { kind: "failed", errorType };
}

export function ended(outcome: FlowOutcome): BlockEnd {
  return { kind: "end", outcome };
}

/** Writes an entry at this instant, while logging is on for the instance and the contact. */
export function* log({ run, frame, action }: Block, parts: FlowLogParts): Steps {
  if (!run.isInstanceLogging || !run.contact.isLogging) return;
  const entry = {
    ...parts,
    contactId: run.contact.id,
    flow: frame.flow,
    identifier: action.identifier,
    time: run.clock.now,
    moduleStack: run.moduleStack,
  };
  yield { kind: "log", body: writeFlowLogEntry(entry, run.logForm) };
}

/** Lets simulated time pass. What takes time for somebody is no idle circle. */
export function* pause(run: RunState, durationMs: number, reason: WaitReason): Steps {
  const ms = Math.min(LONGEST_WAIT_MS, Math.max(0, Math.round(durationMs)));
  if (!Number.isFinite(ms)) return;
  if (reason !== "processing" && ms > 0) run.noteWaiting();
  if (reason === "speech" || reason === "input" || reason === "bot") run.lambdaMs = 0;
  yield { kind: "wait", durationMs: ms, reason };
}

export function* warn({ action }: Block, code: FlowWarningCode, message: string): Steps {
  yield { kind: "warning", code, message, action: action.identifier };
}

/** The parameter as text, its references resolved; undefined when absent or empty. */
export function parameterText({ run, action }: Block, name: string): string | undefined {
  const text = run.expand(textOf(action.parameters[name]));
  return text === "" ? undefined : text;
}

/** Seconds of a parameter as milliseconds; undefined when it is no positive number. */
export function secondsParameterMs(block: Block, name: string): number | undefined {
  const seconds = Number(parameterText(block, name) ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : undefined;
}

/** An object parameter with every reference resolved and every leaf written as text, as logs show them. */
export function parameterTexts({ run, action }: Block, name: string): JsonObject {
  return textLeaves(run, objectAt(action.parameters, name) ?? {}, 0);
}

/** An object parameter with every reference resolved; what is no text keeps its type, as modules' inputs do. */
export function parameterObject({ run, action }: Block, name: string): JsonObject {
  return resolvedObject(run, objectAt(action.parameters, name) ?? {}, 0);
}

function resolvedObject(run: RunState, object: JsonObject, depth: number): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, resolvedValue(run, value, depth)]));
}

function resolvedValue(run: RunState, value: JsonValue | undefined, depth: number): JsonValue | undefined {
  if (typeof value === "string") return run.expand(value);
  if (depth >= DEPTH_LIMIT) return value;
  if (Array.isArray(value)) return value.map((element) => resolvedValue(run, element, depth + 1) ?? null);
  return isObject(value) ? resolvedObject(run, value, depth + 1) : value;
}

export function allParameterTexts({ run, action }: Block): JsonObject {
  return textLeaves(run, action.parameters, 0);
}

function textLeaves(run: RunState, object: JsonObject, depth: number): JsonObject {
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => [run.expand(key), textLeaf(run, value, depth)]),
  );
}

function textLeaf(run: RunState, value: JsonValue | undefined, depth: number): JsonValue {
  if (depth < DEPTH_LIMIT) {
    if (isObject(value)) return textLeaves(run, value, depth + 1);
    if (Array.isArray(value)) return value.map((element) => textLeaf(run, element, depth + 1));
  }
  return run.expand(textOf(value));
}

/** What the customer is to hear; undefined when nothing was given, or its references are empty. */
export function promptOf(run: RunState, parameters: JsonObject): Prompt | undefined {
  const media = objectAt(parameters, "Media");
  const forms: readonly (readonly [Prompt["form"], JsonValue | undefined])[] = [
    ["text", parameters["Text"]],
    ["ssml", parameters["SSML"]],
    ["prompt", parameters["PromptId"]],
    ["s3_audio", media?.["Uri"]],
  ];
  for (const [form, value] of forms) {
    const content = run.expand(textOf(value));
    if (content !== "") return { form, content };
  }
  return undefined;
}

/** The prompt as log entries show it. */
export function promptParameters(prompt: Prompt | undefined, contact: FlowContact): JsonObject {
  switch (prompt?.form) {
    case undefined:
      return {};
    case "text":
    case "ssml":
      return { Text: prompt.content, TextToSpeechType: prompt.form, Voice: contact.voice };
    case "prompt":
      return { AudioPrompt: prompt.content };
    case "s3_audio":
      return { PromptSource: "S3", PromptLocation: prompt.content };
  }
}

/** The first condition that holds for a value. */
export function matchCondition({ run, action }: Block, value: string): FlowCondition | undefined {
  return action.conditions.find((condition) => holds(condition, value, operandsOf(run, condition)));
}

export function operandsOf(run: RunState, { operands }: FlowCondition): readonly string[] {
  return operands.map((operand) => run.expand(operand));
}
