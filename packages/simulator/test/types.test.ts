import { readFileSync } from "node:fs";
import { unixMillis, type SourceName } from "@fourwire/core";
import { expect, test } from "vitest";
import { createSimulation, type Emission } from "../src/index.ts";
import { MINUTE_MS } from "./run.ts";

// The contact centre of all channels against samples we did not write: where both have a key, the values are of the same
// type. `shapes.test.ts` compares the keys themselves.

const START = unixMillis(Date.parse("2026-11-02T14:00:00.000Z"));
const simulation = createSimulation({
  seed: 2,
  agents: 40,
  startTime: START,
  durationMs: 120 * MINUTE_MS,
  preset: "centre",
  places: [0],
  incidents: ["region-failover", "toll-fraud"],
  level: "TRACE",
});
const emissions: readonly Emission[] = [...simulation.emissionsUntil(unixMillis(START + 120 * MINUTE_MS))];

const bodiesOf = (source: SourceName): unknown[] =>
  emissions.filter((emission) => emission.source === source).map(({ body }): unknown => JSON.parse(body));

function fixture(name: string): unknown[] {
  const parsed: unknown = JSON.parse(readFileSync(new URL(`./fixtures/${name}`, import.meta.url), "utf8"));
  const records = typeof parsed === "object" && parsed !== null && "Records" in parsed ? parsed.Records : parsed;
  return Array.isArray(records) ? records : [records];
}

/** The types that stand at each path; array elements share one path. Null says nothing about a type. */
function typesOf(documents: readonly unknown[]): Map<string, Set<string>> {
  const types = new Map<string, Set<string>>();
  const visit = (value: unknown, path: string): void => {
    if (value === null || value === undefined) return;
    const known = types.get(path);
    const type = Array.isArray(value) ? "array" : typeof value;
    if (known === undefined) types.set(path, new Set([type]));
    else known.add(type);
    if (Array.isArray(value)) for (const element of value) visit(element, `${path}[]`);
    else if (typeof value === "object")
      for (const [key, child] of Object.entries(value)) visit(child, `${path}.${key}`);
  };
  for (const document of documents) visit(document, "");
  return types;
}

/** Paths that both have with types that do not agree. */
function differing(ours: readonly unknown[], samples: readonly unknown[]): string[] {
  const [own, theirs] = [typesOf(ours), typesOf(samples)];
  return [...theirs].flatMap(([path, types]) => {
    const written = own.get(path);
    if (written === undefined || [...written].every((type) => types.has(type))) return [];
    return [`${path}: ${[...written].join("|")} and not ${[...types].join("|")}`];
  });
}

function common(ours: readonly unknown[], samples: readonly unknown[]): number {
  const own = typesOf(ours);
  return [...typesOf(samples).keys()].filter((path) => own.has(path)).length;
}

/** Those of the same API call, where there are some: calls differ in what they are asked. */
function alike(ours: unknown[], samples: readonly unknown[]): unknown[] {
  const nameOf = (value: unknown) =>
    typeof value === "object" && value !== null && "eventName" in value ? value.eventName : undefined;
  const names = new Set(samples.map(nameOf));
  const same = ours.filter((value) => names.has(nameOf(value)));
  return same.length === 0 ? ours : same;
}

test.each([
  ["agent_event", "agent-event-sequence.json", 25],
  ["agent_event", "agent-event-heartbeat.json", 40],
  ["contact_event", "contact-event-completed.json", 18],
  ["flow_log", "flow-log-set-queue.json", 5],
  ["cloudtrail", "cloudtrail-get-contact-attributes.json", 20],
  ["cloudtrail", "cloudtrail-get-metric-data.json", 25],
  ["cloudtrail", "cloudtrail-create-module-error.json", 20],
  ["cloudtrail", "cloudtrail-replica-delete-user.json", 8],
] as const)("%s has the types of %s", (source, name, least) => {
  const ours = alike(bodiesOf(source), fixture(name));
  expect(differing(ours, fixture(name))).toEqual([]);
  expect(common(ours, fixture(name))).toBeGreaterThanOrEqual(least);
});

test("CCP entries have the types of captured ones", () => {
  expect(differing(bodiesOf("ccp_log"), fixture("ccp-log-entries.json"))).toEqual([]);
});

test("a difference is found", () => {
  expect(differing([{ a: [{ b: 1 }] }], [{ a: [{ b: "1" }] }])).toEqual([".a[].b: number and not string"]);
});

test("both families of the API are called, and only the first has responses", () => {
  const calls = bodiesOf("cloudtrail").filter(
    (call): call is { eventName: string; responseElements: unknown } =>
      typeof call === "object" && call !== null && "eventName" in call,
  );
  const answered = (name: string) =>
    calls.filter(({ eventName }) => eventName === name).map(({ responseElements }) => responseElements !== null);
  const redacted = ["DescribeUser", "GetCurrentMetricData", "ListUsers", "GetContactAttributes", "ListQueues"];
  expect(redacted.map((name) => new Set(answered(name)))).toEqual(redacted.map(() => new Set([false])));
  const logged = ["StartChatContact", "CreateParticipantConnection", "StartOutboundVoiceContact", "GetMetricDataV2"];
  for (const name of logged) expect(answered(name), name).toContain(true);
});
