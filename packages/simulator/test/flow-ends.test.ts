import { unixMillis } from "@fourwire/core";
import { describe, expect, test } from "vitest";
import { EventQueue } from "../src/event-queue.ts";
import { createDefaultHost } from "../src/flow-engine/default-host.ts";
import { playFlow } from "../src/flow-engine/play-flow.ts";
import { runFlow } from "../src/flow-engine/run-flow.ts";
import { createRandom } from "../src/prng.ts";
import { action, END, equals, ERRORS, QUEUE_ARN, say, TRANSITIONS, visits, warnings, wayOut } from "./flow-builders.ts";
import { contactOf, definition, flowOf, INSTANCE_ARN, runToEnd, START_TIME } from "./flow-runs.ts";

describe("loops and waiting", () => {
  test("a loop of two goes round twice, comes out, and starts again", () => {
    const Conditions = [equals("ContinueLooping", "word"), equals("DoneLooping", "again")];
    const again = action(
      "again",
      "Loop",
      { LoopCount: "1" },
      { Conditions: [equals("ContinueLooping", "loop"), equals("DoneLooping", "end")] },
    );
    const flow = flowOf(
      definition(action("loop", "Loop", { LoopCount: "2" }, { Conditions }), say("word", "loop"), again, END),
    );
    const round = ["loop", "word", "loop", "word", "loop", "again"];
    expect(visits(runToEnd(flow).effects)).toEqual([...round, ...round, "end"]);
  });

  test("a count that is no number from 0 to 100 is an error, or done where there is no error branch", () => {
    const Conditions = [equals("ContinueLooping", "looping"), equals("DoneLooping", "done")];
    for (const LoopCount of ["many", "-1", "101", "$.Attributes.none"]) {
      expect(wayOut(action("l", "Loop", { LoopCount }, { Conditions, Errors: ERRORS }))).toBe("error");
      expect(wayOut(action("l", "Loop", { LoopCount }, { Conditions }))).toBe("done");
    }
  });

  test("a wait lasts its time, or until the customer is back", () => {
    const Conditions = [equals("WaitCompleted", "one"), equals("CustomerReturned", "two")];
    const wait = action(
      "w",
      "Wait",
      { TimeLimitSeconds: "90", Events: ["CustomerReturned"] },
      { ...TRANSITIONS, Conditions },
    );
    expect(wayOut(wait, { host: { customerReturnsAfterMs: () => undefined } })).toBe("one");
    expect(wayOut(wait, { host: { customerReturnsAfterMs: () => 40_000 } })).toBe("two");
    const flow = flowOf(definition(action("w", "Wait", { TimeLimitSeconds: "90" }, "end"), END));
    expect(Math.round(runToEnd(flow).tookMs / 1_000)).toBe(90);
  });
});

describe("transfers", () => {
  const withQueue = () => {
    const contact = contactOf();
    contact.queue = { arn: QUEUE_ARN, id: "q", name: "Support", isAgentQueue: false };
    return contact;
  };

  test("to the working queue, unless it is full or there is none", () => {
    const transfer = action("t", "TransferContactToQueue", {}, TRANSITIONS);
    expect(wayOut(transfer, { contact: withQueue(), host: { isQueueFull: () => false } })).toBe("end: queued");
    expect(wayOut(transfer, { contact: withQueue(), host: { isQueueFull: () => true } })).toBe("full");
    expect(wayOut(transfer)).toBe("error");
  });

  test("from queue to queue eleven times, and not twelve", () => {
    const transfer = action("t", "DequeueContactAndTransferToQueue", { QueueId: "another" }, TRANSITIONS);
    const contact = withQueue();
    const ways = Array.from({ length: 12 }, () => wayOut(transfer, { contact, host: { isQueueFull: () => false } }));
    expect(ways).toEqual([...Array.from({ length: 11 }, () => "end: queued"), "error"]);
  });

  test.each([
    [{ kind: "answered", ringMs: 4_000, talkMs: 60_000 }, "next", "end: transferred_to_number"],
    [{ kind: "no_answer" }, "timeout", "timeout"],
    [{ kind: "failed", tookMs: 500 }, "failed", "failed"],
  ] as const)("to a number that is %j", (answer, resumed, ended) => {
    const dial = (ContinueFlowExecution: string) =>
      action(
        "d",
        "TransferParticipantToThirdParty",
        { ThirdPartyPhoneNumber: "+442079460999", ThirdPartyConnectionTimeLimitSeconds: "30", ContinueFlowExecution },
        TRANSITIONS,
      );
    expect(wayOut(dial("True"), { host: { dial: () => answer } })).toBe(resumed);
    expect(wayOut(dial("False"), { host: { dial: () => answer } })).toBe(ended);
  });

  test("a flow that is not at hand ends the run with a warning, and says which it was", () => {
    const flow = flowOf(
      definition(action("t", "TransferToFlow", { ContactFlowId: "{{contactFlows.Other.arn}}" }, "end"), END),
    );
    const { outcome, effects } = runToEnd(flow);
    expect(outcome).toEqual({ kind: "transferred_to_flow", reference: "{{contactFlows.Other.arn}}" });
    expect(warnings(effects)).toEqual(["flow_not_found"]);
  });

  test("a placeholder with another flow's name leads there", () => {
    const other = flowOf(definition(say("there", "end"), END), { id: "f2", name: "Other" });
    const flow = flowOf(
      definition(action("t", "TransferToFlow", { ContactFlowId: "{{contactFlows.Other.arn}}" }, "end"), END),
    );
    expect(visits(runToEnd(flow, { flows: [other] }).effects)).toEqual(["t", "there", "end"]);
  });

  test("a callback is created with the number that was set, and the flow goes on", () => {
    const flow = flowOf(
      definition(
        action("n", "UpdateContactCallbackNumber", { CallbackNumber: "$.Attributes.number" }, "c"),
        action("c", "CreateCallbackContact", { InitialCallDelaySeconds: "60" }, "end"),
        END,
      ),
    );
    const contact = withQueue();
    contact.attributes.set("number", "+447700900999");
    const { effects, outcome } = runToEnd(flow, { contact });
    expect(effects.find(({ kind }) => kind === "callback")).toMatchObject({ number: "+447700900999", delayMs: 60_000 });
    expect(outcome).toEqual({ kind: "disconnected" });
  });
});

describe("flows that cannot go on", () => {
  test("a circle in which nobody waits is stopped", () => {
    const flow = flowOf(definition(action("a", "TagContact", {}, "b"), action("b", "TagContact", {}, "a")));
    const run = runToEnd(flow);
    expect(run.outcome).toEqual({ kind: "failed", reason: "step_limit" });
    expect(visits(run.effects)).toHaveLength(500);
  });

  test("flows that transfer to each other for ever are stopped too", () => {
    const flow = flowOf(definition(action("t", "TransferToFlow", { ContactFlowId: "f1" }, "t")), { id: "f1" });
    expect(runToEnd(flow).outcome).toEqual({ kind: "failed", reason: "step_limit" });
  });

  test("a circle with words in it goes on for as long as the customer listens, up to a last limit", () => {
    const run = runToEnd(flowOf(definition(say("a", "a"))));
    expect(run.outcome).toEqual({ kind: "failed", reason: "step_limit" });
    expect(visits(run.effects)).toHaveLength(20_000);
  });

  test("a ghost target and a block without a way out fail with their names", () => {
    const ghost = runToEnd(flowOf(definition(say("a", "ghost"))));
    expect(ghost.outcome).toEqual({ kind: "failed", reason: "target_missing" });
    expect(ghost.effects.at(-1)).toEqual({
      kind: "warning",
      code: "target_missing",
      message: 'no action is called "ghost"',
      action: "ghost",
    });
    expect(runToEnd(flowOf(definition(action("a", "TagContact", {}, {})))).outcome).toEqual({
      kind: "failed",
      reason: "no_branch",
    });
  });

  test("modules six deep are refused at the sixth", () => {
    const module = flowOf(
      definition(
        action(
          "in",
          "InvokeFlowModule",
          { FlowModuleId: "m" },
          { NextAction: "back", Errors: [{ ErrorType: "NoMatchingError", NextAction: "back" }] },
        ),
        action("back", "EndFlowModuleExecution", {}, {}),
      ),
      { kind: "module", id: "m" },
    );
    const flow = flowOf(definition(action("call", "InvokeFlowModule", { FlowModuleId: "m" }, "end"), END));
    const { effects, outcome } = runToEnd(flow, { flows: [module] });
    expect(visits(effects).filter((name) => name === "in")).toHaveLength(5);
    expect(warnings(effects)).toEqual(["module_depth"]);
    expect(outcome).toEqual({ kind: "disconnected" });
  });

  test("a reference that names nothing is reported by the block that needed it, and not by the one that asks", () => {
    const asks = action("asks", "Compare", { ComparisonValue: "$.Attributes.nobody" }, { NextAction: "says" });
    const says = action("says", "MessageParticipant", { Text: "Hello $.Attributes.nobody" }, "end");
    const { effects } = runToEnd(flowOf(definition(asks, says, END)));
    expect(effects.filter(({ kind }) => kind === "warning")).toEqual([
      {
        kind: "warning",
        code: "reference_empty",
        message: "$.Attributes.nobody names nothing here and is empty",
        action: "says",
      },
    ]);
  });

  test.each([
    ["NextAction", { NextAction: "next", Errors: ERRORS }, "next"],
    ["an error branch", { Errors: [{ ErrorType: "Whatever", NextAction: "failed" }] }, "failed"],
    ["the first condition", { Conditions: [equals("x", "one")] }, "one"],
    ["none", {}, "end: ended"],
  ])("an invented type is reported and left by %s", (_what, transitions, way) => {
    const invented = action("i", "PlayPrompt", { Text: "hello" }, transitions);
    expect(wayOut(invented)).toBe(way);
    const { effects } = runToEnd(flowOf(definition(invented, { ...END, Identifier: "next" })));
    expect(effects).toContainEqual({
      kind: "warning",
      code: "type_unknown",
      message: '"PlayPrompt" is no action type of the Flow language; the Flow language\'s word is MessageParticipant',
      action: "i",
    });
  });

  test("an invented type is logged under its own name", () => {
    const contact = contactOf();
    contact.isLogging = true;
    const [body] = runToEnd(flowOf(definition(action("i", "PlayVideo", { Url: "u" }, "end"), END)), { contact }).bodies;
    expect(JSON.parse(body ?? "")).toMatchObject({ ContactFlowModuleType: "PlayVideo", Parameters: { Url: "u" } });
  });
});

describe("on the event queue", () => {
  function play(flow: ReturnType<typeof flowOf>) {
    const clock = new EventQueue(START_TIME);
    const random = createRandom(1);
    const host = createDefaultHost({ random, instanceArn: INSTANCE_ARN, flows: [flow] });
    const seen: string[] = [];
    const steps = runFlow({ flow, contact: contactOf(), host, random, clock });
    const running = playFlow(steps, clock, {
      effect: (effect) => {
        if (effect.kind === "enter_block")
          seen.push(`${effect.action} ${Math.floor((clock.now - START_TIME) / 1_000)}`);
      },
      end: (outcome) => seen.push(outcome.kind),
    });
    return { clock, running, seen };
  }
  const waiting = flowOf(definition(action("w", "Wait", { TimeLimitSeconds: "10" }, "end"), END));

  test("time passes where the flow waits", () => {
    const { clock, running, seen } = play(waiting);
    expect(running.isOver).toBe(false);
    while (clock.runNext());
    expect(seen).toEqual(["w 0", "end 10", "disconnected"]);
    expect(running.isOver).toBe(true);
  });

  test("a flow that is stopped does nothing more, and does not end", () => {
    const { clock, running, seen } = play(waiting);
    clock.at(unixMillis(START_TIME + 5_000), () => running.stop());
    while (clock.runNext());
    expect(seen).toEqual(["w 0"]);
    expect(running.isOver).toBe(true);
  });

  test("a queue flow holds until somebody stops it", () => {
    const loop = flowOf(definition(action("p", "MessageParticipantIteratively", { Messages: [{ Text: "wait" }] }, {})));
    const { clock, running, seen } = play(loop);
    while (clock.runNext());
    expect([seen, running.isOver]).toEqual([["p 0"], false]);
    running.stop();
    expect(running.isOver).toBe(true);
  });
});
