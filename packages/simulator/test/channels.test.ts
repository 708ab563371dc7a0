import { unixMillis } from "@fourwire/core";
import { expect, test } from "vitest";
import { createSimulation, INCIDENTS, type SimulationOptions, type Truth } from "../src/index.ts";
import { bodies } from "./bodies.ts";
import { MINUTE_MS, START } from "./run.ts";

const DURATION_MS = 90 * MINUTE_MS;

function run(options: Partial<SimulationOptions>) {
  const truth: Truth[] = [];
  const simulation = createSimulation({
    seed: 7,
    agents: 40,
    startTime: START,
    durationMs: DURATION_MS,
    preset: "centre",
    places: [0],
    level: "ERROR",
    tell: (fact) => truth.push(fact),
    ...options,
  });
  const emissions = [...simulation.emissionsUntil(unixMillis(START + DURATION_MS))];
  simulation.finish();
  return { emissions, truth };
}

const names = INCIDENTS.map(({ name }) => name);
const { emissions, truth } = run({ incidents: names });
const records = bodies(emissions, "contact_record");

const ENDPOINT_TYPES: Readonly<Record<string, string>> = { VOICE: "TELEPHONE_NUMBER", EMAIL: "EMAIL_ADDRESS" };

test("only calls have the system's telephone number", () => {
  expect(new Set(records.map(({ Channel }) => Channel))).toEqual(new Set(["VOICE", "CHAT", "TASK", "EMAIL"]));
  for (const { Channel, Tags, SystemEndpoint } of records) {
    expect("aws:connect:systemEndpoint" in Tags).toBe(Channel === "VOICE");
    expect(SystemEndpoint?.Type).toBe(ENDPOINT_TYPES[Channel]);
  }
});

test("only answered calls have a measured quality", () => {
  const measured = records.filter(({ QualityMetrics }) => QualityMetrics !== null);
  expect(measured.length).toBeGreaterThan(50);
  expect(measured.filter(({ Channel, Agent }) => Channel !== "VOICE" || Agent === null)).toEqual([]);
});

test("a record says when its task was last paused", () => {
  const paused = records.filter(({ TotalPauseCount }) => TotalPauseCount > 0);
  expect(paused.length).toBeGreaterThan(0);
  for (const { LastPausedTimestamp, LastResumedTimestamp, TotalPauseDurationInSeconds } of paused) {
    const ms = Date.parse(LastResumedTimestamp ?? "") - Date.parse(LastPausedTimestamp ?? "");
    expect(Math.abs(ms / 1000 - TotalPauseDurationInSeconds)).toBeLessThanOrEqual(1);
  }
});

test("agents have skills", () => {
  const [snapshot] = bodies(emissions, "agent_event").flatMap(({ CurrentAgentSnapshot }) => CurrentAgentSnapshot ?? []);
  expect(snapshot?.Configuration.Proficiencies).toContainEqual({
    Level: expect.any(Number),
    Name: "Language",
    Value: "en-GB",
  });
});

test("an incident names every contact that names it, and no other", () => {
  const named = new Map(names.map((name) => [name, new Set<string>()]));
  const ended = new Set<string>();
  for (const fact of truth) {
    if (fact.kind !== "contact") continue;
    ended.add(fact.contact_id);
    for (const name of fact.incidents) named.get(name)?.add(fact.contact_id);
  }
  const told = truth.filter((fact) => fact.kind === "incident");
  expect(told.find(({ name }) => name === "ghost-agent")?.affected_agent_ids).toHaveLength(2);
  expect(told.map(({ name }) => name).toSorted()).toEqual(names.toSorted());
  const deleted = told.find(({ name }) => name === "instance-deleted");
  expect(told.filter(({ start_time }) => start_time > (deleted?.start_time ?? ""))).toEqual([]);
  for (const { name, affected_contact_ids } of told) {
    // those that were still going on at the end have no line of their own
    expect([...(named.get(name) ?? [])].toSorted()).toEqual(
      affected_contact_ids.filter((id) => ended.has(id)).toSorted(),
    );
  }
});
