import type { JsonObject } from "@fourwire/core";
import { describe, expect, test } from "vitest";
import type { FlowHost, LambdaAnswer } from "../src/flow-engine/flow-host.ts";
import { action, answers, END, equals, ERRORS, QUEUE_ARN, say, TRANSITIONS, visits, wayOut } from "./flow-builders.ts";
import { contactOf, definition, flowOf, runToEnd } from "./flow-runs.ts";

describe("a menu", () => {
  const menu = action("m", "GetParticipantInput", { StoreInput: "False", Text: "1 or 2" }, TRANSITIONS);

  test.each([
    ["1", "one"],
    ["2", "two"],
    ["9", "no match"],
    ["12", "one"],
  ])("%s leads to %s", (digits, way) => {
    expect(wayOut(menu, { host: answers(digits) })).toBe(way);
  });

  test("a silence leads to the time limit's branch, another channel to the error", () => {
    expect(wayOut(menu, { host: { answerMenu: () => ({ kind: "silence" }) } })).toBe("timeout");
    expect(wayOut(menu, { contact: contactOf({ channel: "TASK" }) })).toBe("error");
  });

  test("an error without a branch takes NextAction, as older exports expect", () => {
    const bare = action("m", "GetParticipantInput", { StoreInput: "False", Text: "1 or 2" }, "next");
    expect(wayOut(bare, { host: { answerMenu: () => ({ kind: "silence" }) } })).toBe("next");
  });

  test("a phone number is checked, and an encrypted input is stored unreadable", () => {
    const parameters = {
      StoreInput: "True",
      Text: "number",
      InputValidation: { PhoneNumberValidation: { NumberFormat: "Local" } },
    };
    const Errors = [
      { ErrorType: "InvalidPhoneNumber", NextAction: "failed" },
      { ErrorType: "NoMatchingError", NextAction: "error" },
    ];
    const store = action("s", "GetParticipantInput", parameters, { NextAction: "next", Errors });
    expect(wayOut(store, { host: answers("12") })).toBe("failed");
    expect(wayOut(store, { host: answers("07700900123") })).toBe("next");
    const contact = contactOf();
    const secret = action(
      "s",
      "GetParticipantInput",
      { StoreInput: "True", Text: "pin", InputEncryption: { Key: "k" } },
      "next",
    );
    wayOut(secret, { contact, host: answers("2468") });
    expect(contact.storedInput).toMatch(/^[\w+/]{344}$/);
  });
});

describe("a Lambda block", () => {
  const lambda = (more: JsonObject = {}) =>
    action(
      "l",
      "InvokeLambdaFunction",
      { LambdaFunctionARN: "arn:f", InvocationTimeLimitSeconds: "8", ...more },
      TRANSITIONS,
    );
  const returning = (tookMs: number): Partial<FlowHost> => ({
    invokeLambda: () => ({ kind: "returned", value: { a: "1" }, tookMs }),
  });

  test("goes on in time, and takes the error branch at its limit", () => {
    expect(wayOut(lambda(), { host: returning(7_999) })).toBe("next");
    expect(wayOut(lambda(), { host: returning(8_001) })).toBe("error");
    expect(wayOut(lambda({ InvocationTimeLimitSeconds: "30" }), { host: returning(8_001) })).toBe("error");
    expect(wayOut(lambda({ InvocationTimeLimitSeconds: "1" }), { host: returning(1_001) })).toBe("error");
  });

  test("a late function costs the limit, not its own time", () => {
    const { tookMs } = runToEnd(
      flowOf(definition(action("l", "InvokeLambdaFunction", { LambdaFunctionARN: "f" }, "end"), END)),
      {
        host: returning(60_000),
      },
    );
    expect(tookMs).toBeGreaterThanOrEqual(3_000);
    expect(tookMs).toBeLessThan(3_100);
  });

  test.each([
    ["throttled", 3],
    ["service_failure", 3],
    ["function_error", 1],
    ["access_denied", 1],
  ] as const)("%s is tried %i times", (reason, times) => {
    const attempts: number[] = [];
    const host: Partial<FlowHost> = {
      invokeLambda: ({ attempt }) => {
        attempts.push(attempt);
        return { kind: "failed", reason, tookMs: 100 };
      },
    };
    expect(wayOut(lambda(), { host })).toBe("error");
    expect(attempts).toEqual(Array.from({ length: times }, (_, index) => index + 1));
  });

  test("a second try that answers is a success", () => {
    const host: Partial<FlowHost> = {
      invokeLambda: ({ attempt }): LambdaAnswer =>
        attempt === 1
          ? { kind: "failed", reason: "throttled", tookMs: 50 }
          : { kind: "returned", value: {}, tookMs: 50 },
    };
    expect(wayOut(lambda(), { host })).toBe("next");
  });

  test("an answer that is no flat object is refused, unless JSON was asked for", () => {
    const nested: Partial<FlowHost> = {
      invokeLambda: () => ({ kind: "returned", value: { a: { b: [1] } }, tookMs: 9 }),
    };
    const list: Partial<FlowHost> = { invokeLambda: () => ({ kind: "returned", value: [1], tookMs: 9 }) };
    const json = { ResponseValidation: { ResponseType: "JSON" } };
    expect([wayOut(lambda(), { host: nested }), wayOut(lambda(), { host: list })]).toEqual(["error", "error"]);
    expect([wayOut(lambda(json), { host: nested }), wayOut(lambda(json), { host: list })]).toEqual(["next", "next"]);
    const huge: Partial<FlowHost> = {
      invokeLambda: () => ({ kind: "returned", value: { a: "x".repeat(33_000) }, tookMs: 9 }),
    };
    expect(wayOut(lambda(json), { host: huge })).toBe("error");
  });

  test("functions one after another have 20 s together, until the customer hears something", () => {
    const call = (name: string, next: string) =>
      action(
        name,
        "InvokeLambdaFunction",
        { LambdaFunctionARN: "f", InvocationTimeLimitSeconds: "8" },
        { NextAction: next, Errors: [{ ErrorType: "NoMatchingError", NextAction: "too long" }] },
      );
    const tail = [call("third", "end"), END, { ...END, Identifier: "too long" }];
    const silent = runToEnd(flowOf(definition(call("first", "second"), call("second", "third"), ...tail)), {
      host: returning(7_500),
    });
    expect(visits(silent.effects)).toEqual(["first", "second", "third", "too long"]);
    const spoken = runToEnd(
      flowOf(definition(call("first", "second"), call("second", "word"), say("word", "third"), ...tail)),
      { host: returning(7_500) },
    );
    expect(visits(spoken.effects)).toEqual(["first", "second", "word", "third", "end"]);
  });

  test("an asynchronous call is not waited for", () => {
    expect(wayOut(lambda({ InvocationType: "ASYNCHRONOUS" }), { host: returning(60_000) })).toBe("next");
  });

  test("what it returns is $.External, and replaces what the one before returned", () => {
    let calls = 0;
    const host: Partial<FlowHost> = {
      invokeLambda: () => ({ kind: "returned", value: { [`key${(calls += 1)}`]: "v" }, tookMs: 5 }),
    };
    const Attributes = { first: "<$.External.key1>", second: "<$.External.key2>" };
    const flow = flowOf(
      definition(
        action("a", "InvokeLambdaFunction", { LambdaFunctionARN: "f" }, "b"),
        action("b", "InvokeLambdaFunction", { LambdaFunctionARN: "f" }, "c"),
        action("c", "UpdateContactAttributes", { Attributes }, "end"),
        END,
      ),
    );
    expect([...runToEnd(flow, { host }).contact.attributes]).toEqual([
      ["first", "<>"],
      ["second", "<v>"],
    ]);
  });
});

describe("checks", () => {
  test.each([
    [true, "one"],
    [false, "two"],
    [undefined, "error"],
  ])("hours that are %s lead to %s", (isOpen, way) => {
    const Conditions = [equals("True", "one"), equals("False", "two")];
    const check = action("h", "CheckHoursOfOperation", {}, { ...TRANSITIONS, Conditions });
    expect(wayOut(check, { host: { isOpen: () => isOpen } })).toBe(way);
  });

  test("staffing looks at the working queue; without one it is an error", () => {
    const Conditions = [{ NextAction: "one", Condition: { Operator: "NumberGreaterThan", Operands: ["0"] } }];
    const check = action(
      "s",
      "CheckMetricData",
      { MetricType: "NumberOfAgentsStaffed" },
      { ...TRANSITIONS, Conditions },
    );
    const contact = contactOf();
    contact.queue = { arn: QUEUE_ARN, id: "q", name: "Support", isAgentQueue: false };
    const staffed = (agentsStaffed: number): Partial<FlowHost> => ({
      queueMetrics: () => ({
        agentsOnline: 5,
        agentsStaffed,
        agentsAvailable: 0,
        contactsInQueue: 0,
        oldestContactMs: 0,
      }),
    });
    expect(wayOut(check, { contact, host: staffed(2) })).toBe("one");
    expect(wayOut(check, { contact, host: staffed(0) })).toBe("no match");
    expect(wayOut(check, { host: staffed(2) })).toBe("error");
  });

  test("percentages are kept: 20, 40 and the rest", () => {
    const less = (operand: string, next: string) => ({
      NextAction: next,
      Condition: { Operator: "NumberLessThan", Operands: [operand] },
    });
    const split = action(
      "d",
      "DistributeByPercentage",
      {},
      { NextAction: "no match", Errors: ERRORS, Conditions: [less("21", "one"), less("61", "two")] },
    );
    const ways = Array.from({ length: 2_000 }, (_, seed) => wayOut(split, { seed }));
    const share = (way: string) => ways.filter((taken) => taken === way).length / ways.length;
    expect(share("one")).toBeCloseTo(0.2, 1);
    expect(share("two")).toBeCloseTo(0.4, 1);
    expect(share("no match")).toBeCloseTo(0.4, 1);
  });

  test("metrics fill $.Metrics", () => {
    const host: Partial<FlowHost> = {
      queueMetrics: () => ({
        agentsOnline: 5,
        agentsStaffed: 4,
        agentsAvailable: 3,
        contactsInQueue: 2,
        oldestContactMs: 61_000,
      }),
    };
    const Attributes = {
      size: "$.Metrics.Queue.Size",
      age: "$.Metrics.Queue.OldestContactAge",
      free: "$.Metrics.Agents.Available.Count",
    };
    const flow = flowOf(
      definition(
        action("m", "GetMetricData", { QueueId: QUEUE_ARN }, "a"),
        action("a", "UpdateContactAttributes", { Attributes }, "end"),
        END,
      ),
    );
    expect(Object.fromEntries(runToEnd(flow, { host }).contact.attributes)).toEqual({
      size: "2",
      age: "61",
      free: "3",
    });
  });
});
