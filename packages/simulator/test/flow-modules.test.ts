import type { JsonObject, JsonValue } from "@fourwire/core";
import { describe, expect, test } from "vitest";
import { createDefaultHost } from "../src/flow-engine/default-host.ts";
import { parseFlow } from "../src/flow-engine/parse-flow.ts";
import { createRandom } from "../src/prng.ts";
import { action, ENABLE, END, equals, parse, say, visits, type Entry } from "./flow-builders.ts";
import { contactOf, definition, flowOf, INSTANCE_ARN, runToEnd } from "./flow-runs.ts";

// Custom modules: what goes in, what comes out, and which branch the caller takes.

const MODULE_ID = "bbbbbbbb-0000-4000-8000-00000000000d";

function run(caller: readonly JsonObject[], module: readonly JsonValue[]) {
  const start = { ...ENABLE, Transitions: { NextAction: caller[0]?.["Identifier"] ?? "end" } };
  const flow = flowOf(definition(start, ...caller, END));
  const flows = [flow, flowOf(definition(...module), { name: "Check", id: MODULE_ID, kind: "module" })];
  const world = createDefaultHost({ random: createRandom(1), instanceArn: INSTANCE_ARN, flows });
  const contact = contactOf();
  contact.attributes.set("tier", "gold");
  const host = {
    findModule: (reference: string) => world.findModule(reference),
    invokeLambda: () => ({ kind: "returned" as const, value: { who: "Ana" }, tookMs: 100 }),
  };
  const { bodies, effects } = runToEnd(flow, { contact, host });
  return { entries: parse(bodies), visited: visits(effects), contact };
}

function invoke(Input: JsonObject, transitions: JsonObject = { NextAction: "after" }): JsonObject {
  return action("invoke", "InvokeFlowModule", { FlowModuleId: `${MODULE_ID}:$LATEST`, Input }, transitions);
}

const remember = (name: string, value: string, next: string) =>
  action(`set ${name}`, "UpdateContactAttributes", { Attributes: { [name]: value } }, next);
const back = (parameters: JsonObject): JsonObject => ({
  Identifier: "back",
  Type: "EndFlowModuleExecution",
  Parameters: parameters,
  Transitions: {},
});

const BRANCHES: JsonObject = {
  NextAction: "after",
  Conditions: [equals("known", "one"), equals("unknown", "two")],
  Errors: [
    { ErrorType: "NoMatchingCondition", NextAction: "neither" },
    { ErrorType: "NoMatchingError", NextAction: "neither" },
  ],
};
const WAYS = ["after", "one", "two", "neither"].map((name) => say(name, "end"));

describe("a module's input", () => {
  test("is what the caller gives, its references resolved, its numbers kept", () => {
    const { contact } = run(
      [invoke({ tier: "$.Attributes.tier", count: 7, who: { name: "Ana" } }), say("after", "end")],
      [remember("seen", "$.Modules.Input.tier $.Modules.Input.count $.Modules.Input.who.name", "back"), back({})],
    );
    expect(contact.attributes.get("seen")).toBe("gold 7 Ana");
  });

  test("is not there outside of the module", () => {
    const { contact } = run(
      [invoke({ tier: "gold" }, { NextAction: "set left" }), remember("left", "<$.Modules.Input.tier>", "end")],
      [back({})],
    );
    expect(contact.attributes.get("left")).toBe("<>");
  });
});

describe("a module's return", () => {
  test.each([
    ["known", "one"],
    ["unknown", "two"],
    ["never declared", "neither"],
  ])("by the branch %s leads to %s", (Result, way) => {
    expect(run([invoke({}, BRANCHES), ...WAYS], [back({ Result })]).visited).toEqual([
      "on",
      "invoke",
      "back",
      way,
      "end",
    ]);
  });

  test("without a branch leads on", () => {
    expect(run([invoke({}, BRANCHES), ...WAYS], [back({})]).visited).toEqual(["on", "invoke", "back", "after", "end"]);
  });

  test("leaves branch and output to the caller until the next module", () => {
    const { contact, entries } = run(
      [
        invoke({}, { NextAction: "set out", Conditions: [equals("known", "set out")] }),
        remember("out", "$.Modules.Result $.Modules.ResultData.name", "end"),
      ],
      [back({ Result: "known", ResultData: { name: "$.Attributes.tier" } })],
    );
    expect(contact.attributes.get("out")).toBe("known gold");
    expect(entries.find((entry: Entry) => entry.ContactFlowModuleType === "ReturnFromFlowModule")?.Parameters).toEqual({
      Result: "known",
      ResultData: { name: "gold" },
    });
  });
});

test("a module neither sees nor changes what a function has told the caller", () => {
  const lambda = (next: string) =>
    action("ask", "InvokeLambdaFunction", { LambdaFunctionARN: "arn:aws:lambda:eu-west-2:1:function:x" }, next);
  const { contact } = run(
    [lambda("invoke"), invoke({}, { NextAction: "set after" }), remember("after", "<$.External.who>", "end")],
    [remember("inside", "<$.External.who>", "back"), back({})],
  );
  expect(contact.attributes.get("inside")).toBe("<>");
  expect(contact.attributes.get("after")).toBe("<Ana>");
});

test("an operator that would join conditions is told apart from a slip of the pen", () => {
  const condition = {
    NextAction: "end",
    Condition: { Operator: "And", Operands: [{ Operator: "Equals", Operands: ["1"] }] },
  };
  const parsed = parseFlow(
    definition(
      action("check", "Compare", { ComparisonValue: "$.Channel" }, { NextAction: "end", Conditions: [condition] }),
      END,
    ),
  );
  expect(parsed.issues).toMatchObject([
    { code: "operator_unknown", action: "check", message: expect.stringContaining("joins no conditions") },
  ]);
});
