import { expect, test } from "vitest";
import { createDefaultHost } from "../src/flow-engine/default-host.ts";
import { FlowCensus } from "../src/flow-engine/flow-census.ts";
import { followCustomer, type CustomerEvent } from "../src/flow-engine/flow-customer.ts";
import { createRandom } from "../src/prng.ts";
import { action, END, say, switchLogging } from "./flow-builders.ts";
import { definition, flowOf, INSTANCE_ARN, START_TIME } from "./flow-runs.ts";

// From the first block to the goodbye: which flows a customer goes through is what the flow hung on the events.

const hook = (name: string, flow: string, next: string) =>
  action(name, "UpdateContactEventHooks", { EventHooks: { [name]: flow } }, next);
const main = flowOf(
  definition(
    switchLogging("log", "Enabled", "CustomerQueue"),
    hook("CustomerQueue", "queue", "AgentWhisper"),
    hook("AgentWhisper", "whisper", "CustomerHold"),
    hook("CustomerHold", "hold", "CustomerRemaining"),
    hook("CustomerRemaining", "goodbye", "set"),
    action("set", "UpdateContactTargetQueue", { QueueId: "Support" }, "go"),
    action("go", "TransferContactToQueue", {}, "end"),
    END,
  ),
  { name: "main", id: "main" },
);
const loop = action("loop", "MessageParticipantIteratively", { Messages: [{ Text: "please wait" }] }, {});
const others = [
  flowOf(definition(loop), { name: "queue", id: "queue" }),
  flowOf(definition(say("whisper", "resume"), action("resume", "EndFlowExecution", {}, {})), {
    name: "whisper",
    id: "whisper",
  }),
  flowOf(definition(loop), { name: "hold", id: "hold" }),
  flowOf(definition(say("goodbye", "end"), END), { name: "goodbye", id: "goodbye" }),
];

function follow(seed: number, flows = [main, ...others]): readonly CustomerEvent[] {
  const random = createRandom(seed);
  const host = { ...createDefaultHost({ random, instanceArn: INSTANCE_ARN, flows }), isQueueFull: () => false };
  return followCustomer({
    flow: main,
    host,
    random,
    startTime: START_TIME,
    instanceArn: INSTANCE_ARN,
    channel: "VOICE",
    logForm: { vintage: "2025", timestamps: "iso" },
    attributes: {},
    external: {},
    queue: undefined,
  });
}

function flowsEntered(events: readonly CustomerEvent[]): string {
  return events
    .flatMap((event) => (event.kind === "effect" && event.effect.kind === "enter_flow" ? event.effect.flow.name : []))
    .join(" ");
}

const lives = Array.from({ length: 300 }, (_, seed) => follow(seed));

test("every customer waits, most are answered, some are held, some are left by the agent", () => {
  expect(new Set(lives.map((events) => flowsEntered(events)))).toEqual(
    new Set([
      "main queue",
      "main queue whisper",
      "main queue whisper hold",
      "main queue whisper goodbye",
      "main queue whisper hold goodbye",
    ]),
  );
});

test("all of it is one contact's trail, in time order, with one Set logging behavior", () => {
  for (const events of lives) {
    const times = events.map(({ time }) => time);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    const bodies = events.flatMap((event) =>
      event.kind === "effect" && event.effect.kind === "log" ? event.effect.body : [],
    );
    expect(new Set(bodies.map((body) => JSON.parse(body).ContactId)).size).toBe(1);
    expect(bodies.filter((body) => body.includes("SetLoggingBehavior"))).toHaveLength(1);
    expect(bodies.some((body) => body.includes("AddToPlayLoop"))).toBe(true);
  }
});

test("a flow that is not at hand is left out, with a warning", () => {
  const census = new FlowCensus();
  for (let seed = 0; seed < 50; seed += 1) census.add(follow(seed, [main]));
  expect([...census.outcomes]).toEqual([["main: queued", 50]]);
  expect([...census.warnings.values()].map(({ code, action: where }) => `${code} ${where}`).toSorted()).toEqual([
    "flow_not_found AgentWhisper",
    "flow_not_found CustomerHold",
    "flow_not_found CustomerQueue",
    "flow_not_found CustomerRemaining",
  ]);
});
