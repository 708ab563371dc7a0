import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { toCloudWatchPayload } from "../src/index.ts";
import { bodies, softphoneSamples } from "./bodies.ts";
import { MINUTE_MS, simulate } from "./run.ts";

const emissions = simulate(7, 20 * MINUTE_MS);

/** The elements of a fixture that is a list, or the one document it holds. */
function fixture(name: string): object[] {
  return [JSON.parse(readFileSync(new URL(`./fixtures/${name}`, import.meta.url), "utf8"))].flat();
}

/** Every key of a document as a path; array elements share one path. */
function keyPaths(value: unknown, prefix = ""): string[] {
  if (Array.isArray(value)) return value.flatMap((element) => keyPaths(element, `${prefix}[]`));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) =>
    [`${prefix}.${key}`].concat(keyPaths(child, `${prefix}.${key}`)),
  );
}

function pathsOf(documents: readonly object[]): Set<string> {
  return new Set(documents.flatMap((document) => keyPaths(document)));
}

function surplus(ours: Iterable<string>, samples: unknown[], documented: RegExp): string[] {
  const known = new Set(samples.flatMap((sample) => keyPaths(sample)));
  return [...ours].filter((path) => !known.has(path) && !documented.test(path));
}

function missing(ours: ReadonlySet<string>, sample: unknown, exempt: RegExp): string[] {
  return keyPaths(sample).filter((path) => !ours.has(path) && !exempt.test(path));
}

test("agent events write their keys in the order of real ones", () => {
  const [sample] = fixture("agent-event-sequence.json");
  for (const event of bodies(emissions, "agent_event")) expect(Object.keys(event)).toEqual(Object.keys(sample ?? {}));
});

test("every value in a flow log's parameters is text", () => {
  const leaves = (value: unknown): unknown[] =>
    typeof value === "object" && value !== null ? Object.values(value).flatMap(leaves) : [value];
  const values = bodies(emissions, "flow_log").flatMap(({ Parameters }) => leaves(Parameters ?? {}));
  expect(values.filter((value) => typeof value !== "string")).toEqual([]);
});

test.each([
  ["GetMetricDataV2", "cloudtrail-get-metric-data.json", /Interval/],
  ["GetContactAttributes", "cloudtrail-get-contact-attributes.json", /^$/],
])("CloudTrail records of %s have the keys of the sample", (eventName, name, exempt) => {
  const [file] = fixture(name);
  const records = bodies(emissions, "cloudtrail").filter((record) => record.eventName === eventName);
  const ours = pathsOf([{ Records: records }]);
  expect(surplus(ours, [file], /managementEvent|eventCategory|inScopeOf|error(Code|Message)/)).toEqual([]);
  expect(missing(ours, file, exempt)).toEqual([]);
});

test("CCP entries of page, softphone and worker have the keys of captured ones, in their order", () => {
  const entries = bodies(emissions, "ccp_log");
  const samples = fixture("ccp-log-entries.json");
  expect(samples).toHaveLength(3);
  for (const sample of samples) {
    const same = entries.find(({ text }) => "text" in sample && text === sample.text);
    expect(Object.keys(same ?? {})).toEqual(Object.keys(sample));
  }
});

test("softphone samples have the keys of captured ones and mix the two forms of time", () => {
  const [captured] = fixture("ccp-softphone-metrics.json");
  const [samples = []] = softphoneSamples(emissions);
  for (const sample of samples) expect(Object.keys(sample)).toEqual(Object.keys(captured ?? {}));
  expect(samples[1]).toMatchObject({ timestamp: expect.any(Number), packetsLost: null });
  expect(samples.at(-1)).toMatchObject({ timestamp: expect.any(String), roundTripTimeMillis: expect.any(Number) });
});

test("contact records write null for what does not apply, and never leave a key out", () => {
  const records = bodies(emissions, "contact_record");
  const keys = new Set(records.map((record) => Object.keys(record).join(" ")));
  expect(keys.size).toBe(1);
  expect(records.find(({ Agent }) => Agent === null)).toMatchObject({
    InitialContactId: null,
    NextContactId: null,
    Recording: null,
  });
});

test("flow log entries are delivered as CloudWatch delivers them, with ids that a second delivery repeats", () => {
  const entries = emissions.filter(({ source }) => source === "flow_log").slice(0, 40);
  const payload = JSON.parse(toCloudWatchPayload(entries));
  expect(payload).toMatchObject({
    messageType: "DATA_MESSAGE",
    owner: "111122223333",
    logGroup: "/aws/connect/example",
  });
  expect(payload.logEvents.map(({ message }: { message: string }) => message)).toEqual(entries.map(({ body }) => body));
  const ids = payload.logEvents.map(({ id }: { id: string }) => id);
  expect(new Set(ids).size).toBe(entries.length);
  for (const id of ids) expect(id).toMatch(/^\d{56}$/);
  expect(JSON.parse(toCloudWatchPayload(entries.slice(10, 11))).logEvents[0].id).toBe(ids[10]);
});

test("an empty delivery is still a delivery", () => {
  expect(JSON.parse(toCloudWatchPayload([])).logEvents).toEqual([]);
});
