import { expect, test } from "vitest";
import { collectExternalKeys } from "../src/flow-engine/external-keys.ts";
import type { FlowResource } from "../src/flow-engine/flow-resource.ts";
import { createRandom } from "../src/prng.ts";
import { FLOW_TEMPLATES } from "../src/flows/flow-templates.ts";
import { exampleFlow } from "../src/flows/example-flow.ts";
import { QUEUE_ARN } from "./flow-builders.ts";
import { contactOf, flowOf, readFixture, runToEnd, sampleNames } from "./flow-runs.ts";

// Made-up customers are only worth something if they get everywhere.

const CUSTOMERS = 400;
const CHANNELS = ["VOICE", "VOICE", "CHAT", "TASK", "VOICE"] as const;

/** Values that flows compare `$.External` with, as if a flow before had called its function. */
function externalFor(flow: FlowResource, seed: number): Record<string, string> {
  const random = createRandom(seed + 5_000);
  return Object.fromEntries(
    [...collectExternalKeys([flow.definition])].map(([key, values]) => [
      key,
      values.length > 0 && random.chance(0.7) ? random.pick(values) : random.chance(0.5) ? "7" : key,
    ]),
  );
}

function visited(flow: FlowResource, others: readonly FlowResource[] = []): Set<string> {
  const actions = new Set<string>();
  for (let seed = 0; seed < CUSTOMERS; seed += 1) {
    const contact = contactOf({ channel: CHANNELS[seed % CHANNELS.length] ?? "VOICE" });
    if (seed % 2 === 0) contact.queue = { arn: QUEUE_ARN, id: "q", name: "Support", isAgentQueue: false };
    const { effects } = runToEnd(flow, { seed, contact, flows: others, external: externalFor(flow, seed) });
    for (const effect of effects) {
      if (effect.kind === "enter_block" && effect.flow === flow) actions.add(effect.action);
    }
  }
  return actions;
}

test("customers reach almost every action of the sample flows", () => {
  let reached = 0;
  let all = 0;
  for (const name of sampleNames()) {
    const flow = flowOf(readFixture(`flows/${name}`), { kind: name.includes("odule") ? "module" : "inbound" });
    const seen = visited(flow);
    reached += seen.size;
    all += flow.definition.actions.size;
  }
  expect(all).toBe(322);
  expect(reached / all).toBeGreaterThan(0.9);
});

test.each(Object.keys(FLOW_TEMPLATES))("customers reach every action of our own flow %s", (name) => {
  const others = Object.keys(FLOW_TEMPLATES).map((other) =>
    flowOf(exampleFlow(other) ?? null, { name: other, kind: FLOW_TEMPLATES[other]?.kind ?? "inbound", id: other }),
  );
  const flow = others.find((other) => other.name === name);
  if (flow === undefined) throw new Error(name);
  const seen = visited(flow, others);
  const missed = [...flow.definition.actions.keys()].filter((action) => !seen.has(action));
  // a transfer to an agent does not fail
  expect(missed).toEqual(name === "agent-transfer" ? ["hang_up"] : []);
});
