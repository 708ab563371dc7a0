import { objectAt, type JsonObject } from "@fourwire/core";
import {
  ended,
  failed,
  log,
  NEXT,
  parameterText,
  parameterTexts,
  pause,
  promptOf,
  promptParameters,
  secondsParameterMs,
  type Block,
  type BlockEnd,
  type Executor,
  type Steps,
} from "../block.ts";
import type { InputAnswer, Prompt } from "../flow-host.ts";
import { textOf } from "../reference.ts";

export const INPUT_ACTIONS: readonly (readonly [string, Executor])[] = [
  ["GetParticipantInput", getInput],
  ["ConnectParticipantWithLexBot", talkToBot],
];

const DEFAULT_LIMIT_MS = 5_000;
const MOST_DIGITS = 20;
/** A block for keys, on a channel without keys, fails after about a second (1.29 s in a chat of 2023). */
const NO_KEYS_MS = { least: 900, most: 1_500 } as const;
/** What a customer's typing becomes when the block encrypts it; nobody can read it, so any letters do. */
const CIPHER_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

function getInput(block: Block): Steps<BlockEnd> {
  return parameterText(block, "StoreInput")?.toLowerCase() === "true" ? storeInput(block) : chooseByKey(block);
}

/** Get customer input by keys: an entry with what is asked, an exit with the key, "Timeout" or "Error". */
function* chooseByKey(block: Block): Steps<BlockEnd> {
  const moduleType = "GetUserInput";
  const { run, action } = block;
  const prompt = promptOf(run, action.parameters);
  const limitMs = secondsParameterMs(block, "InputTimeLimitSeconds") ?? DEFAULT_LIMIT_MS;
  const parameters = { MaxDigits: "1", ...promptParameters(prompt, run.contact), Timeout: String(limitMs) };
  yield* log(block, { moduleType, parameters });
  if (prompt !== undefined) yield { kind: "say", prompt };
  const answer = yield* listen(block, prompt, { limitMs, mostDigits: 1 });
  switch (answer.kind) {
    case "hang_up":
      return ended({ kind: "dropped" });
    case "silence":
      yield* log(block, { moduleType, results: "Timeout" });
      return failed("InputTimeLimitExceeded");
    case "no_keys":
      yield* log(block, { moduleType, results: "Error" });
      return failed();
    case "digits":
      yield* log(block, { moduleType, results: answer.digits });
      return { kind: "result", value: answer.digits };
  }
}

/** Store customer input: what was typed goes to `$.StoredCustomerInput` and never to the log. A timeout is a success. */
function* storeInput(block: Block): Steps<BlockEnd> {
  const moduleType = "StoreUserInput";
  const { run, action } = block;
  const { contact } = run;
  const prompt = promptOf(run, action.parameters);
  const limitMs = secondsParameterMs(block, "InputTimeLimitSeconds") ?? DEFAULT_LIMIT_MS;
  const validation = objectAt(action.parameters, "InputValidation");
  const mostDigits = mostDigitsOf(validation);
  const parameters = { ...promptParameters(prompt, contact), MaxDigits: String(mostDigits), Timeout: String(limitMs) };
  yield* log(block, { moduleType, parameters });
  if (prompt !== undefined) yield { kind: "say", prompt };
  const answer = yield* listen(block, prompt, { limitMs, mostDigits });
  switch (answer.kind) {
    case "hang_up":
      return ended({ kind: "dropped" });
    case "silence":
      contact.storedInput = "Timeout";
      yield* log(block, { moduleType, results: "Timeout" });
      return NEXT;
    case "no_keys":
      yield* log(block, { moduleType, results: "Error" });
      return failed();
    case "digits":
      break;
  }
  if (objectAt(validation, "PhoneNumberValidation") !== undefined && !isPhoneNumber(answer.digits)) {
    yield* log(block, { moduleType, results: "Error" });
    return failed("InvalidPhoneNumber");
  }
  const isEncrypted = objectAt(action.parameters, "InputEncryption") !== undefined;
  contact.storedInput = isEncrypted ? run.random.token(CIPHER_LETTERS, 344) : answer.digits;
  yield* log(block, { moduleType });
  return NEXT;
}

interface Listening {
  readonly limitMs: number;
  readonly mostDigits: number;
}

type Heard = InputAnswer | { readonly kind: "no_keys" };

/** Asks the host what the customer presses, and lets the time pass that it takes. */
function* listen(block: Block, prompt: Prompt | undefined, { limitMs, mostDigits }: Listening): Steps<Heard> {
  const { run, action } = block;
  const { contact, host } = run;
  if (contact.channel !== "VOICE") {
    yield* pause(run, run.random.integer(NO_KEYS_MS.least, NO_KEYS_MS.most), "input");
    return { kind: "no_keys" };
  }
  const choices = mostDigits === 1 ? action.conditions.flatMap(({ operands }) => operands) : [];
  const answer = host.answerMenu({ contact, action: action.identifier, prompt, limitMs, choices, mostDigits });
  switch (answer.kind) {
    case "hang_up":
      yield* pause(run, answer.afterMs, "input");
      return answer;
    case "silence":
      yield* pause(run, (prompt === undefined ? 0 : host.speechMs(prompt, contact)) + limitMs, "input");
      return answer;
    case "digits":
      yield* pause(run, answer.tookMs, "input");
      return { ...answer, digits: answer.digits.slice(0, mostDigits) };
  }
}

function mostDigitsOf(validation: JsonObject | undefined): number {
  const length = Number(objectAt(validation, "CustomValidation")?.["MaximumLength"] ?? MOST_DIGITS);
  return Number.isInteger(length) && length > 0 ? Math.min(length, MOST_DIGITS) : MOST_DIGITS;
}

function isPhoneNumber(digits: string): boolean {
  return /^\+?\d{7,15}$/.test(digits);
}

/** Get customer input by Lex: an entry with the bot, an exit with the intent as Connect writes it. */
function* talkToBot(block: Block): Steps<BlockEnd> {
  const moduleType = "GetUserInput";
  const { run, action } = block;
  const { contact } = run;
  const prompt = promptOf(run, action.parameters);
  const sessionAttributes = parameterTexts(block, "LexSessionAttributes");
  const bot = parameterTexts(block, "LexV2Bot");
  const firstBot = parameterTexts(block, "LexBot");
  const botArn = typeof bot["AliasArn"] === "string" ? bot["AliasArn"] : "";
  const parameters: JsonObject = {
    ...(botArn === ""
      ? { BotName: firstBot["Name"], BotAlias: firstBot["Alias"], BotRegion: firstBot["Region"] }
      : { BotAliasArn: botArn }),
    Engine: contact.voiceEngine,
    ...promptParameters(prompt, contact),
    ...(Object.keys(sessionAttributes).length === 0 ? {} : { Parameter: sessionAttributes }),
  };
  yield* log(block, { moduleType, parameters });
  if (prompt !== undefined) yield { kind: "say", prompt };
  const answer = run.host.talkToBot({
    contact,
    action: action.identifier,
    botArn: botArn === "" ? textOf(firstBot["Name"]) : botArn,
    prompt,
    intents: action.conditions.flatMap(({ operands }) => operands),
    sessionAttributes,
  });
  if (answer.kind === "hang_up") {
    yield* pause(run, answer.afterMs, "bot");
    return ended({ kind: "dropped" });
  }
  yield* pause(run, answer.tookMs, "bot");
  if (answer.kind === "failed") {
    yield* log(block, { moduleType, results: "Error" });
    return failed();
  }
  block.frame.lex = {
    IntentName: answer.intent,
    Slots: answer.slots,
    SessionAttributes: answer.sessionAttributes,
    DialogState: "Fulfilled",
  };
  yield* log(block, { moduleType, results: intentAsLogged(answer.intent) });
  return { kind: "result", value: answer.intent };
}

/** Logs change the case of intent names: `FallbackIntent` stands there as `Fallbackintent`. */
function intentAsLogged(intent: string): string {
  return intent.slice(0, 1).toUpperCase() + intent.slice(1).toLowerCase();
}
