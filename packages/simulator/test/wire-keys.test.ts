import { readFileSync } from "node:fs";
import { unixMillis, type SourceName } from "@fourwire/core";
import { describe, expect, test } from "vitest";
import { createSimulation, type Emission, type SimulationOptions } from "../src/index.ts";
import { bodies } from "./bodies.ts";
import { differences, documentedPaths, keyPathsOf, merge, type Comparison, type KeyPaths } from "./key-paths.ts";
import { MINUTE_MS } from "./run.ts";

// Key by key: what the contact centre of all channels writes, against samples we did not write and the keys that Amazon
// documents beyond them. A key too many, a key missing or another type fails; so would a slip of the pen in any key.

const START = unixMillis(Date.parse("2026-11-02T14:00:00.000Z"));
/** Incidents that write keys which ordinary days do not have. */
const INCIDENTS = [
  "region-failover",
  "toll-fraud",
  "privilege-escalation",
  "recording-disabled",
  "lambda-timeout",
  "lex-fallback-loop",
  "mic-denied",
];

function simulate(options: Pick<SimulationOptions, "agents" | "durationMs" | "level" | "incidents">): Emission[] {
  const simulation = createSimulation({ ...options, seed: 2, startTime: START, preset: "centre", places: [0] });
  return [...simulation.emissionsUntil(unixMillis(START + (options.durationMs ?? 0)))];
}

const afternoon = simulate({ agents: 40, durationMs: 120 * MINUTE_MS, level: "TRACE", incidents: INCIDENTS });
/** Administrators' calls are rare: some days of a small place have them all. */
const days = simulate({ agents: 4, durationMs: 3 * 24 * 60 * MINUTE_MS, level: "ERROR", incidents: ["ghost-agent"] });
const emissions = [...afternoon, ...days.filter(({ source }) => source === "cloudtrail")];

function readFixture(name: string): string {
  return readFileSync(new URL(`./fixtures/${name}`, import.meta.url), "utf8");
}

function fixture(name: string): unknown[] {
  const parsed: unknown = JSON.parse(readFixture(name));
  const records = typeof parsed === "object" && parsed !== null && "Records" in parsed ? parsed.Records : parsed;
  return Array.isArray(records) ? records : [records];
}

interface Documented {
  readonly open: readonly string[];
  readonly keys: readonly string[];
}

const documented: Readonly<Record<SourceName, Documented>> = JSON.parse(readFixture("documented-keys.json"));

const SAMPLES: Readonly<Record<SourceName, readonly string[]>> = {
  agent_event: [
    "agent-event-sequence.json",
    "agent-event-heartbeat.json",
    "agent-event-acw-pair.json",
    "agent-event-first-status.json",
  ],
  // no public sample may be copied: the data model's own list, key by key
  contact_record: [],
  contact_event: ["contact-event-completed.json"],
  flow_log: ["flow-log-set-queue.json"],
  cloudtrail: [
    "cloudtrail-get-contact-attributes.json",
    "cloudtrail-get-metric-data.json",
    "cloudtrail-create-module-error.json",
    "cloudtrail-replica-delete-user.json",
    "cloudtrail-admin-website.json",
  ],
  ccp_log: ["ccp-log-entries.json"],
};

/** Keys of samples that are left out, and why. */
const EXEMPT: ReadonlySet<string> = new Set([
  // a dashboard that asks for no interval is answered without one
  ".requestParameters.Interval",
  ".requestParameters.Interval.IntervalPeriod",
  ".responseElements.MetricResults[].MetricInterval",
  ".responseElements.MetricResults[].MetricInterval.Interval",
  ".responseElements.MetricResults[].MetricInterval.StartTime",
  ".responseElements.MetricResults[].MetricInterval.EndTime",
]);

function comparisonOf(source: SourceName): Comparison {
  const { open, keys } = documented[source];
  const openPaths = new Set(open);
  return {
    ours: keyPathsOf(bodies(emissions, source), openPaths),
    samples: keyPathsOf(
      SAMPLES[source].flatMap((name) => fixture(name)),
      openPaths,
    ),
    documented: documentedPaths([" object", ...keys]),
    exempt: EXEMPT,
  };
}

const SOURCES: readonly SourceName[] = [
  "agent_event",
  "contact_record",
  "contact_event",
  "flow_log",
  "cloudtrail",
  "ccp_log",
];
const comparisons = new Map(SOURCES.map((source) => [source, comparisonOf(source)]));

function comparison(source: SourceName): Comparison {
  const found = comparisons.get(source);
  if (found === undefined) throw new Error(source);
  return found;
}

describe.each(SOURCES)("%s", (source) => {
  test("has the keys and types of samples and documentation, and no other", () => {
    expect(differences(comparison(source))).toEqual([]);
  });

  test("every key that is documented is written: the list holds nothing by mistake", () => {
    const { ours } = comparison(source);
    expect(documented[source].keys.map((line) => line.split(" ")[0] ?? "").filter((path) => !ours.has(path))).toEqual(
      [],
    );
  });

  test("a slip of the pen in any key would be found", () => {
    const { ours } = comparison(source);
    const unnoticed = [...ours.keys()].filter((path) => path.includes("."));
    expect(unnoticed.length).toBeGreaterThan(10);
    for (const path of unnoticed)
      expect(differences({ ...comparison(source), ours: misspelt(ours, path) })).not.toEqual([]);
  });

  test("another type at any key would be found", () => {
    const { ours, samples, documented: known } = comparison(source);
    for (const path of ours.keys()) {
      // where nobody has ever seen anything but null, any type may come
      if ([...(merge(samples, known).get(path) ?? [])].every((type) => type === "null")) continue;
      const changed = new Map(ours).set(path, new Set(["bigint"]));
      expect(differences({ ...comparison(source), ours: changed }), path).not.toEqual([]);
    }
  });
});

function misspelt(paths: KeyPaths, path: string): KeyPaths {
  const changed = new Map(paths);
  const types = changed.get(path) ?? new Set<string>();
  changed.delete(path);
  return changed.set(`${path}z`, types);
}

test("contact events have what Amazon's other examples have, however those spell it", () => {
  const lowered = (paths: KeyPaths): KeyPaths =>
    new Map([...paths].map(([path, types]) => [path.toLowerCase(), types]));
  const open = new Set([".detail.tags"]);
  const samples = readFixture("contact-events-documented.ndjson")
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line): unknown => JSON.parse(line));
  const ours = lowered(keyPathsOf(bodies(emissions, "contact_event"), open));
  const theirs = lowered(keyPathsOf(samples, open));
  // routing criteria, their updates and answering machines are not simulated
  const exempt = new Set(
    [...theirs.keys()].filter((path) => /routingcriteria|updatedproperties|voiceactivity/.test(path)),
  );
  const more = new Map([...ours].filter(([path]) => !theirs.has(path)));
  expect(samples).toHaveLength(4);
  expect(differences({ ours, samples: theirs, documented: more, exempt })).toEqual([]);
});

test("both families of the API are called, and only the first has responses", () => {
  const calls = bodies(emissions, "cloudtrail");
  const answered = (name: string) =>
    calls.filter(({ eventName }) => eventName === name).map(({ responseElements }) => responseElements !== null);
  const redacted = ["DescribeUser", "GetCurrentMetricData", "ListUsers", "GetContactAttributes", "ListQueues"];
  expect(redacted.map((name) => new Set(answered(name)))).toEqual(redacted.map(() => new Set([false])));
  const logged = ["StartChatContact", "CreateParticipantConnection", "StartOutboundVoiceContact", "GetMetricDataV2"];
  for (const name of logged) expect(answered(name), name).toContain(true);
});
