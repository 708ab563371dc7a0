import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import {
  deriveFlowRuns,
  readFlowGraph,
  resourceIdOf,
  SOURCES,
  unixMillis,
  type FlowVersion,
  type JsonValue,
  type TimelineRow,
} from "@fourwire/core";
import {
  createDefaultHost,
  createRandom,
  EXAMPLE_INSTANCE_ARN,
  followCustomer,
  parseFlow,
  type FlowLogForm,
  type FlowResource,
} from "@fourwire/simulator";
import { expect, test } from "vitest";

// Real flows of public projects, run by made-up customers: the engine knows every block they went through and every branch
// they took; the overlay has to find the same in the log alone.

const FOLDER = new URL("../packages/simulator/test/fixtures/flows/", import.meta.url);
const START = unixMillis(Date.parse("2026-11-25T09:00:00Z"));
const SEEDS = Array.from({ length: 12 }, (_, index) => index + 1);

interface Sample {
  readonly flow: FlowResource;
  readonly version: FlowVersion;
}

const samples = readdirSync(FOLDER, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".json"))
  .sort()
  .map(readSample);

function readSample(name: string, index: number): Sample {
  const definition: JsonValue = JSON.parse(readFileSync(new URL(name, FOLDER), "utf8"));
  const [parsed, graph] = [parseFlow(definition), readFlowGraph(definition)];
  if (!parsed.ok || !graph.ok) throw new Error(`${name} cannot be read`);
  const isModule = name.includes("module") || name.includes("endFlowModule");
  const id = `aaaaaaaa-0000-4000-8000-0000000000${String(index).padStart(2, "0")}`;
  const arn = `${EXAMPLE_INSTANCE_ARN}/${isModule ? "flow-module" : "contact-flow"}/${id}`;
  const flowName = name.replace(/^.*\//, "").replace(".json", "");
  return {
    flow: { arn, name: flowName, kind: isModule ? "module" : "inbound", definition: parsed.flow },
    version: { flow_id: id, published_time: unixMillis(0), graph: graph.value },
  };
}

interface Walked {
  /** `flow block`, in order, of every block that wrote an entry. */
  readonly truth: readonly string[];
  /** The branch by which each of them was left, as the Flow language calls it. */
  readonly branches: readonly string[];
  readonly rows: readonly TimelineRow[];
}

function walk(sample: Sample, seed: number, vintage: FlowLogForm["vintage"]): Walked {
  const random = createRandom(seed);
  const flows = samples.map(({ flow }) => flow);
  const events = followCustomer({
    flow: sample.flow,
    host: createDefaultHost({ random, instanceArn: EXAMPLE_INSTANCE_ARN, flows }),
    random,
    startTime: START,
    instanceArn: EXAMPLE_INSTANCE_ARN,
    channel: "VOICE",
    logForm: { vintage, timestamps: "iso" },
    attributes: {},
    external: {},
    queue: undefined,
  });
  const truth: string[] = [];
  const branches: string[] = [];
  const rows: TimelineRow[] = [];
  let at = "";
  let hasLogged = false;
  for (const event of events) {
    if (event.kind !== "effect") continue;
    if (event.effect.kind === "enter_block") {
      at = `${resourceIdOf(event.effect.flow.arn)} ${event.effect.action}`;
      hasLogged = false;
    }
    if (event.effect.kind === "leave_block" && hasLogged) {
      branches[truth.length - 1] = `${at} ${event.effect.branch.replace(/^error /, "")}`;
    }
    if (event.effect.kind !== "log") continue;
    rows.push(rowOf(event.effect.body, rows.length));
    if (!hasLogged) truth.push(at);
    hasLogged = true;
  }
  return { truth, branches, rows };
}

function rowOf(body: string, index: number): TimelineRow {
  const received = { value: JSON.parse(body), body, carrier: undefined };
  const decoded = SOURCES.flow_log.decode(received);
  if (!decoded.ok) throw new Error(decoded.rejected.detail);
  const digest = (text: string) => createHash("sha256").update(text).digest("base64url");
  const row = SOURCES.flow_log.normalize(decoded.value, received, { digest, observedTime: START, memory: undefined });
  // ids in an order of their own: nothing but the graph tells the order within a millisecond
  return { ...row, record_id: digest(`${index} ${body}`) };
}

/** Blocks as found, by flow and time; those of one flow are told in order, and flows do not interleave in time. */
function found(rows: readonly TimelineRow[], versions: readonly FlowVersion[]) {
  return deriveFlowRuns(rows, versions).flatMap((run) => run.visits.map((visit) => ({ flow: run.flow_id, ...visit })));
}

const byFlow = (ways: readonly string[]): readonly string[] =>
  ways.toSorted((left, right) =>
    left.slice(0, 36) < right.slice(0, 36) ? -1 : left.slice(0, 36) > right.slice(0, 36) ? 1 : 0,
  );

const versions = samples.map(({ version }) => version);

test.each(samples.map((sample) => [sample.flow.name, sample] as const))(
  "every block of %s is found by its identifier, each visit once and in order",
  (_name, sample) => {
    for (const seed of SEEDS) {
      const { truth, rows } = walk(sample, seed, "2025");
      const visits = found(rows, versions);
      expect(byFlow(visits.map((visit) => `${visit.flow} ${visit.block_id}`))).toEqual(byFlow(truth));
      expect(visits.filter((visit) => visit.is_ghost || visit.follows === "unknown")).toEqual([]);
    }
  },
);

test("the branch taken is among those that are left open, wherever the definition has it", () => {
  let [branchCount, certainCount] = [0, 0];
  for (const sample of samples) {
    for (const seed of SEEDS) {
      const { branches, rows } = walk(sample, seed, "2025");
      const taken = byFlow(branches.filter((branch) => branch !== undefined));
      const left = deriveFlowRuns(rows, versions).flatMap((run) =>
        run.visits.flatMap((visit, index) => {
          const isFollowed = run.visits[index + 1]?.follows === "branch";
          return isFollowed ? [{ key: `${run.flow_id} ${visit.block_id}`, by: visit.left_by }] : [];
        }),
      );
      for (const { key, by } of left) {
        const own = taken.filter((branch) => branch.startsWith(`${key} `));
        const truths = new Set(own.map((branch) => branch.slice(key.length + 1)));
        expect(
          [...by, "module", "NoMatchingError"].some((label) => truths.has(label)),
          `${key}: ${by.join()}`,
        ).toBe(true);
        certainCount += by.length === 1 ? 1 : 0;
        branchCount += 1;
      }
    }
  }
  expect(branchCount).toBeGreaterThan(500);
  expect(certainCount / branchCount).toBeGreaterThan(0.9);
});

test("without identifiers the visits are the same, their blocks among those that fit, and most are told for certain", () => {
  let [visitCount, certainCount] = [0, 0];
  for (const sample of samples) {
    for (const seed of SEEDS) {
      const { truth, rows } = walk(sample, seed, "2023");
      const visits = found(rows, versions);
      const wanted = byFlow(truth);
      const given = visits.toSorted((left, right) => (left.flow < right.flow ? -1 : left.flow > right.flow ? 1 : 0));
      expect(given.length, `${sample.flow.name} ${seed}`).toBe(wanted.length);
      for (const [index, visit] of given.entries()) {
        const block = wanted[index]?.slice(37) ?? "";
        expect(visit.block_id === null ? visit.one_of : [visit.block_id]).toContain(block);
        certainCount += visit.block_id === block ? 1 : 0;
      }
      visitCount += given.length;
    }
  }
  expect(visitCount).toBeGreaterThan(900);
  expect(certainCount / visitCount).toBeGreaterThan(0.9);
});
