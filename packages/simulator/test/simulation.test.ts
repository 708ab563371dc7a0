import { unixMillis } from "@fourwire/core";
import { expect, test } from "vitest";
import { createSimulation } from "../src/index.ts";
import { MINUTE_MS, simulate, START } from "./run.ts";

function take(seed: number, count: number, agents = 25) {
  const simulation = createSimulation({ seed, agents, startTime: START });
  return Array.from({ length: count }, () => simulation.next());
}

test("the same seed gives the same bytes", () => {
  expect(take(7, 5_000)).toEqual(take(7, 5_000));
});

test("different seeds give different centres", () => {
  const [first, second] = [take(7, 200), take(8, 200)];
  expect(first.map(({ body }) => body)).not.toEqual(second.map(({ body }) => body));
  const bodiesOfSecond = new Set(second.map(({ body }) => body));
  expect(first.filter(({ body }) => bodiesOfSecond.has(body))).toEqual([]);
});

test("another start moves every record by the same time and changes nothing else about it", () => {
  const shiftMs = 86_400_000;
  const later = createSimulation({ seed: 7, agents: 25, startTime: unixMillis(START + shiftMs) });
  const expected = take(7, 500).map(({ time, source }) => ({ time: time + shiftMs, source }));
  expect(expected.map(() => later.next()).map(({ time, source }) => ({ time, source }))).toEqual(expected);
});

test("records come in time order", () => {
  const times = simulate(7, 60 * MINUTE_MS).map(({ time }) => time);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(times.length).toBeGreaterThan(10_000);
});

test("all six sources speak", () => {
  const sources = new Set(simulate(7, 3 * MINUTE_MS).map(({ source }) => source));
  expect([...sources].sort()).toEqual([
    "agent_event",
    "ccp_log",
    "cloudtrail",
    "contact_event",
    "contact_record",
    "flow_log",
  ]);
});

test("reading up to an instant and going on later loses nothing", () => {
  const simulation = createSimulation({ seed: 7, agents: 25, startTime: START });
  const parts = [10_000, 20_000, 20_000, 60_000].flatMap((ms) =>
    Array.from(simulation.emissionsUntil(unixMillis(START + ms))),
  );
  expect(parts).toEqual(simulate(7, 60_000));
});

test("peeking takes nothing", () => {
  const simulation = createSimulation({ seed: 7, agents: 25, startTime: START });
  expect(simulation.peek()).toEqual(simulation.next());
});

test.each([1, 2, 4, 60])("a centre of %i agents works through an hour", (agents) => {
  const emissions = simulate(11, 60 * MINUTE_MS, agents);
  const logins = emissions.filter(({ body }) => body.includes('"EventType":"LOGIN"'));
  expect(logins.length).toBeGreaterThanOrEqual(agents);
  expect(emissions.some(({ source }) => source === "contact_record")).toBe(true);
});

test.each([0, -1, 2.5, Number.NaN])("%d agents are refused", (agents) => {
  expect(() => createSimulation({ seed: 1, agents, startTime: START })).toThrow(RangeError);
});
