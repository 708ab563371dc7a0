import type { JsonValue } from "@fourwire/core";
import { describe, expect, test } from "vitest";
import { suggestActionType } from "./action-types.ts";
import { parseFlow } from "./parse-flow.ts";

function flow(actions: JsonValue[], more: Record<string, JsonValue> = {}): JsonValue {
  return { Version: "2019-10-30", StartAction: "a", Actions: actions, ...more };
}

const END = { Identifier: "end", Type: "DisconnectParticipant", Parameters: {}, Transitions: {} };

function codesOf(value: JsonValue | undefined): string[] {
  return parseFlow(value).issues.map(({ code, action }) => (action === undefined ? code : `${code} ${action}`));
}

test("an action's transitions are taken apart", () => {
  const parsed = parseFlow(
    flow([
      {
        Identifier: "a",
        Type: "Compare",
        Parameters: { ComparisonValue: "$.Channel" },
        Transitions: {
          NextAction: "end",
          Errors: [{ ErrorType: "NoMatchingCondition", NextAction: "end" }],
          Conditions: [{ NextAction: "end", Condition: { Operator: "Equals", Operands: ["CHAT"] } }],
        },
      },
      END,
    ]),
  );
  expect(parsed).toEqual({
    ok: true,
    issues: [],
    flow: {
      start: "a",
      actions: new Map([
        [
          "a",
          {
            identifier: "a",
            type: "Compare",
            parameters: { ComparisonValue: "$.Channel" },
            next: "end",
            conditions: [{ operator: "Equals", operands: ["CHAT"], next: "end" }],
            errors: [{ type: "NoMatchingCondition", next: "end" }],
          },
        ],
        [
          "end",
          {
            identifier: "end",
            type: "DisconnectParticipant",
            parameters: {},
            next: undefined,
            conditions: [],
            errors: [],
          },
        ],
      ]),
    },
  });
});

describe("what no contact could enter is refused with a reason", () => {
  test.each<[string, JsonValue | undefined, string]>([
    ["nothing", undefined, "not_a_flow"],
    ["null", null, "not_a_flow"],
    ["a text", "flow", "not_a_flow"],
    ["a list", [END], "not_a_flow"],
    ["an object without actions", { Version: "2019-10-30" }, "not_a_flow"],
    ["actions that are no list", { Actions: { a: END } }, "not_a_flow"],
    ["an export of version 1", { modules: [], version: "1", start: "a" }, "legacy_export"],
    ["no action at all", flow([]), "no_actions"],
    ["a start that is a ghost", flow([END]), "start_missing"],
    ["no start", { Version: "2019-10-30", Actions: [END] }, "start_missing"],
  ])("%s", (_what, value, code) => {
    const parsed = parseFlow(value);
    expect(parsed.ok).toBe(false);
    expect(parsed.issues.at(-1)).toMatchObject({ severity: "error", code });
  });
});

test.each([
  ["MessagParticipant", "MessageParticipant"],
  ["DisconnectParticpiant", "DisconnectParticipant"],
  ["Play prompt", "MessageParticipant"],
  ["comparee", "Compare"],
  ["TeleportContact", undefined],
])("%s probably means %s", (written, meant) => {
  expect(suggestActionType(written)).toBe(meant);
});

describe("what runs, perhaps not as meant, is a warning", () => {
  test.each<[string, JsonValue[], string]>([
    [
      "a ghost target",
      [{ Identifier: "a", Type: "Loop", Parameters: { LoopCount: "1" }, Transitions: { NextAction: "ghost" } }],
      "target_missing a",
    ],
    ["an invented type", [{ Identifier: "a", Type: "PlayPrompt", Transitions: {} }], "type_unknown a"],
    ["no type", [{ Identifier: "a" }], "type_unknown a"],
    ["a parameter that is missing", [{ Identifier: "a", Type: "Compare", Transitions: {} }], "parameter_missing a"],
    ["an action that nobody leads to", [{ ...END, Identifier: "a" }, END], "unreachable end"],
    [
      "an identifier twice",
      [
        { ...END, Identifier: "a" },
        { ...END, Identifier: "a" },
      ],
      "identifier_repeated a",
    ],
    [
      "an identifier with a forbidden sign",
      [
        { ...END, Identifier: "a" },
        { ...END, Identifier: "b:1" },
      ],
      "identifier_invalid b:1",
    ],
    ["an action without a name", [{ ...END, Identifier: "a" }, { Type: "Loop" }], "identifier_missing"],
    ["an action that is none", [{ ...END, Identifier: "a" }, 7], "action_invalid"],
  ])("%s", (_what, actions, code) => {
    expect(parseFlow(flow(actions)).ok).toBe(true);
    expect(codesOf(flow(actions))).toContain(code);
  });

  test("an invented operator", () => {
    const condition = { NextAction: "a", Condition: { Operator: "Matches", Operands: ["x"] } };
    const action = {
      Identifier: "a",
      Type: "Loop",
      Parameters: { LoopCount: "1" },
      Transitions: { Conditions: [condition] },
    };
    expect(codesOf(flow([action]))).toEqual(["operator_unknown a"]);
  });

  test("another version, and more actions than Connect takes", () => {
    const actions = Array.from({ length: 251 }, (_, index) => ({
      ...END,
      Identifier: index === 0 ? "a" : `a${index}`,
    }));
    expect(codesOf(flow(actions, { Version: "2031-01-01" })).slice(0, 2)).toEqual([
      "version_unknown",
      "too_many_actions",
    ]);
  });
});

test.each([
  ["PlayPrompt", "MessageParticipant"],
  ["TransferToQueue", "TransferContactToQueue"],
  ["SetVoice", "UpdateContactTextToSpeechVoice"],
  ["CheckAttribute", "Compare"],
  ["InvokeExternalResource", "InvokeLambdaFunction"],
])("the word %s is answered with the Flow language's %s", (type, suggestion) => {
  const [issue] = parseFlow(flow([{ Identifier: "a", Type: type, Transitions: {} }])).issues;
  expect(issue?.message).toContain(`; the Flow language's word is ${suggestion}`);
});

test("a broken file does not make more issues than anybody reads", () => {
  const parsed = parseFlow(flow([{ ...END, Identifier: "a" }, ...Array.from({ length: 5_000 }, () => 7)]));
  expect(parsed.issues).toHaveLength(200);
});
