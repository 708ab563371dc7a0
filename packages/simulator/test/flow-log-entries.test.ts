import type { JsonObject } from "@fourwire/core";
import { describe, expect, test } from "vitest";
import type { FlowHost } from "../src/flow-engine/flow-host.ts";
import {
  action,
  answers,
  brief,
  ENABLE,
  END,
  entriesOf,
  equals,
  identifiers,
  parse,
  QUEUE_ARN,
} from "./flow-builders.ts";
import { contactOf, definition, flowOf, runToEnd, type RunToEndOptions } from "./flow-runs.ts";

describe("how many entries a block writes", () => {
  test("Set contact attributes: one an attribute, with its key and value as texts", () => {
    const Attributes = { tier: "gold", count: 3, "copy of $.Channel": "$.Attributes.tier" };
    const entries = entriesOf([action("a", "UpdateContactAttributes", { Attributes }, "end")]);
    expect(entries.map(({ Parameters }) => Parameters)).toEqual([
      { Value: "gold", AddAttributeToRelatedContact: "false", Key: "tier" },
      { Value: "3", AddAttributeToRelatedContact: "false", Key: "count" },
      { Value: "", AddAttributeToRelatedContact: "false", Key: "copy of VOICE" },
    ]);
    expect(new Set(entries.map(({ Identifier }) => Identifier))).toEqual(new Set(["a"]));
  });

  test("Check contact attributes: one a condition tested, up to the one that holds; the attribute's name is not told", () => {
    const Conditions = [
      equals("gold", "end"),
      { NextAction: "end", Condition: { Operator: "TextStartsWith", Operands: ["sil"] } },
      equals("silver", "end"),
    ];
    const contact = contactOf();
    contact.attributes.set("tier", "silver");
    const compare = action("c", "Compare", { ComparisonValue: "$.Attributes.tier" }, { NextAction: "end", Conditions });
    expect(entriesOf([compare], { contact }).map(brief)).toEqual([
      ["CheckAttribute", { ComparisonMethod: "Equals", Value: "silver", SecondValue: "gold" }, "false"],
      ["CheckAttribute", { ComparisonMethod: "StartsWith", Value: "silver", SecondValue: "sil" }, "true"],
    ]);
  });

  test("Get customer input: an entry with what is asked, an exit with the key, seconds later", () => {
    const menu = action(
      "m",
      "GetParticipantInput",
      { StoreInput: "False", Text: "Press 1", InputTimeLimitSeconds: "7" },
      { NextAction: "end", Conditions: [equals("1", "end")] },
    );
    const entries = entriesOf([menu], { host: answers("1") });
    expect(entries.map(brief)).toEqual([
      ["GetUserInput", { MaxDigits: "1", Text: "Press 1", TextToSpeechType: "text", Voice: "Joanna", Timeout: "7000" }],
      ["GetUserInput", "1"],
    ]);
    expect(Date.parse(entries[1]?.Timestamp ?? "") - Date.parse(entries[0]?.Timestamp ?? "")).toBe(2_000);
  });

  test("Get customer input: a silence is a Timeout after the prompt and the limit, a chat an Error", () => {
    const menu = action(
      "m",
      "GetParticipantInput",
      { StoreInput: "False", Text: "Press 1", InputTimeLimitSeconds: "5" },
      "end",
    );
    const silence: Partial<FlowHost> = { answerMenu: () => ({ kind: "silence" }), speechMs: () => 1_000 };
    const entries = entriesOf([menu], { host: silence });
    expect(entries[1]).toMatchObject({ ContactFlowModuleType: "GetUserInput", Results: "Timeout" });
    expect(Date.parse(entries[1]?.Timestamp ?? "") - Date.parse(entries[0]?.Timestamp ?? "")).toBe(6_000);
    const chat = entriesOf([menu], { contact: contactOf({ channel: "CHAT" }) });
    expect(chat[1]).toMatchObject({ Results: "Error" });
  });

  test("a customer who hangs up inside a block leaves an entry without an exit, and nothing after it", () => {
    const menu = action("m", "GetParticipantInput", { StoreInput: "False", Text: "Press 1" }, "end");
    const flow = flowOf(definition({ ...ENABLE, Transitions: { NextAction: "m" } }, menu, END));
    const run = runToEnd(flow, { host: { answerMenu: () => ({ kind: "hang_up", afterMs: 900 }) } });
    expect(run.outcome).toEqual({ kind: "dropped" });
    expect(identifiers(run.bodies)).toEqual(["on", "m"]);
  });

  test("Store customer input: what was typed is in no entry; a timeout is stored and goes on", () => {
    const store = action("s", "GetParticipantInput", { StoreInput: "True", Text: "Your number" }, "end");
    const typed = entriesOf([store], { host: answers("123456") });
    expect(typed.map(brief)).toEqual([
      [
        "StoreUserInput",
        { Text: "Your number", TextToSpeechType: "text", Voice: "Joanna", MaxDigits: "20", Timeout: "5000" },
      ],
      ["StoreUserInput"],
    ]);
    const contact = contactOf();
    const silent = entriesOf([store], { contact, host: { answerMenu: () => ({ kind: "silence" }) } });
    expect(silent[1]).toMatchObject({ Results: "Timeout" });
    expect(contact.storedInput).toBe("Timeout");
  });

  test("Lambda: an entry, then an exit with the answer as texts", () => {
    const Parameters = {
      LambdaFunctionARN: "arn:aws:lambda:eu-west-2:111122223333:function:lookup",
      InvocationTimeLimitSeconds: "3",
      LambdaInvocationAttributes: { number: "$.CustomerEndpoint.Address" },
    };
    const lookup = action("l", "InvokeLambdaFunction", Parameters, "end");
    const shown = {
      FunctionArn: Parameters.LambdaFunctionARN,
      TimeLimit: "3000",
      ResponseValidation: "ResponseType=STRING_MAP",
      Parameters: { number: "+447700900123" },
    };
    const host: Partial<FlowHost> = {
      invokeLambda: () => ({ kind: "returned", value: { tier: "gold", age: 30, isNew: true }, tookMs: 250 }),
    };
    expect(entriesOf([lookup], { host }).map(brief)).toEqual([
      ["InvokeExternalResource", shown],
      ["InvokeExternalResource", shown, { tier: "gold", age: "30", isNew: "true" }],
    ]);
  });

  test("a failed Lambda block writes its Results before everything else and no ExternalResults", () => {
    const lookup = action("l", "InvokeLambdaFunction", { LambdaFunctionARN: "f" }, "end");
    const bodiesOf = (reason: "function_error" | "access_denied") =>
      entriesOf([lookup], { host: { invokeLambda: () => ({ kind: "failed", reason, tookMs: 90 }) } });
    const [, exit] = bodiesOf("function_error");
    expect(Object.keys(exit ?? {})[0]).toBe("Results");
    expect(exit).toMatchObject({ Results: "The Lambda Function Returned An Error." });
    expect(exit?.ExternalResults).toBeUndefined();
    expect(bodiesOf("access_denied")[1]?.Results).toBe("Status Code: 403; Error Code: AccessDeniedException");
  });

  test("Lex: an entry with the bot and its session, an exit with the intent in the log's own case", () => {
    const bot = action(
      "b",
      "ConnectParticipantWithLexBot",
      {
        Text: "How can I help?",
        LexV2Bot: { AliasArn: "arn:aws:lex:bot" },
        LexSessionAttributes: { id: "$.ContactId" },
      },
      "end",
    );
    const host: Partial<FlowHost> = {
      talkToBot: () => ({ kind: "intent", intent: "FallbackIntent", slots: {}, sessionAttributes: {}, tookMs: 3_000 }),
    };
    expect(entriesOf([bot], { host }).map(brief)).toEqual([
      [
        "GetUserInput",
        {
          BotAliasArn: "arn:aws:lex:bot",
          Engine: "Standard",
          Text: "How can I help?",
          TextToSpeechType: "text",
          Voice: "Joanna",
          Parameter: { id: contactOf().id },
        },
      ],
      ["GetUserInput", "Fallbackintent"],
    ]);
  });

  test("Loop prompts: one a prompt and a closing empty one", () => {
    const Messages = [{ Text: "Please wait" }, { PromptId: "arn:music" }];
    const loop = action(
      "p",
      "MessageParticipantIteratively",
      { Messages, InterruptFrequencySeconds: "20" },
      { NextAction: "end", Conditions: [equals("MessagesInterrupted", "end")] },
    );
    expect(entriesOf([loop]).map(brief)).toEqual([
      ["AddToPlayLoop", { Text: "Please wait", Voice: "Joanna" }],
      ["AddToPlayLoop", { AudioPrompt: "arn:music" }],
      ["AddToPlayLoop", {}],
    ]);
  });

  test("a queue transfer that succeeds says false, one that meets a full queue true, one without a queue Error", () => {
    const contact = () => {
      const made = contactOf();
      made.queue = { arn: QUEUE_ARN, id: "q", name: "Support", isAgentQueue: false };
      return made;
    };
    const flow = flowOf(
      definition(
        { ...ENABLE, Transitions: { NextAction: "t" } },
        action("t", "TransferContactToQueue", {}, "end"),
        END,
      ),
    );
    const transferOf = (options: RunToEndOptions) => parse(runToEnd(flow, options).bodies)[1];
    expect(transferOf({ contact: contact(), host: { isQueueFull: () => false } })).toMatchObject({
      Parameters: {},
      Results: "false",
    });
    expect(transferOf({ contact: contact(), host: { isQueueFull: () => true } })).toMatchObject({
      Parameters: {},
      Results: "true",
    });
    expect(transferOf({})).toMatchObject({ Parameters: {}, Results: "Error" });
  });

  test("a prompt whose reference is empty is no prompt", () => {
    expect(entriesOf([action("p", "MessageParticipant", { Text: "$.External.nothing" }, "end")]).map(brief)).toEqual([
      ["PlayPrompt", {}, "No prompt provided"],
    ]);
  });

  test.each([
    ["CheckHoursOfOperation", {}, ["CheckHoursOfOperation", {}, "true"]],
    ["CheckMetricData", { MetricType: "NumberOfAgentsAvailable" }, ["CheckStaffing", {}, "true"]],
    ["CheckMetricData", { MetricType: "OldestContactInQueueAgeSeconds" }, ["CheckQueueStatus", {}, "true"]],
    ["Loop", { LoopCount: "0" }, ["Loop", { LoopCount: "0" }, "Done"]],
    ["Wait", { TimeLimitSeconds: "5" }, ["Wait", { Timeout: "5000" }]],
    ["UpdateContactTargetQueue", { QueueId: QUEUE_ARN }, ["SetQueue", { Queue: QUEUE_ARN }]],
    [
      "UpdateContactTextToSpeechVoice",
      { TextToSpeechVoice: "Amy" },
      ["SetVoice", { GlobalVoice: "Amy", GlobalEngine: "Standard" }],
    ],
    [
      "UpdateContactEventHooks",
      { EventHooks: { CustomerQueue: "arn:f" } },
      ["SetContactFlow", { ContactFlowId: "arn:f", Type: "CustomerQueue" }],
    ],
    [
      "UpdateContactEventHooks",
      { EventHooks: { CustomerRemaining: "arn:f" } },
      ["SetEventHook", { ContactFlowId: "arn:f", Type: "CustomerRemaining" }],
    ],
    ["UpdateContactData", { LanguageCode: "en-AU" }, ["SetContactData", { LanguageCode: "en-AU" }]],
    ["TagContact", { Tags: { team: 7 } }, ["TagContact", { Tags: { team: "7" } }]],
    ["CreateWisdomSession", { WisdomAssistantArn: "arn:w" }, ["SetWisdomAssistant", { WisdomAssistantArn: "arn:w" }]],
  ])("%s %j is %j", (type, parameters: JsonObject, expected) => {
    const contact = contactOf();
    contact.queue = { arn: QUEUE_ARN, id: "q", name: "Support", isAgentQueue: false };
    const host: Partial<FlowHost> = {
      isOpen: () => true,
      queueMetrics: () => ({
        agentsOnline: 3,
        agentsStaffed: 2,
        agentsAvailable: 1,
        contactsInQueue: 4,
        oldestContactMs: 61_000,
      }),
    };
    const Conditions = [
      equals("True", "end"),
      { NextAction: "end", Condition: { Operator: "NumberGreaterThan", Operands: ["0"] } },
      equals("DoneLooping", "end"),
    ];
    const [entry] = entriesOf([action("x", type, parameters, { NextAction: "end", Conditions })], { contact, host });
    expect(entry === undefined ? undefined : brief(entry)).toEqual(expected);
  });
});
