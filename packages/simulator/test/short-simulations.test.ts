import { unixMillis } from "@fourwire/core";
import { expect, test } from "vitest";
import { createSimulation, type Truth } from "../src/index.ts";
import { localOffsetMs } from "../src/local-time.ts";
import { PLACES } from "../src/places.ts";
import { MINUTE_MS } from "./run.ts";

const HOUR_MS = 60 * MINUTE_MS;
const MONDAY = Date.parse("2026-11-02T00:00:00.000Z");
const HOURS_OF_A_WEEK = Array.from({ length: 7 * 24 }, (_, hour) => MONDAY + hour * HOUR_MS);

function truthOf(startTime: number): readonly Truth[] {
  const truth: Truth[] = [];
  const simulation = createSimulation({
    seed: 7,
    agents: 20,
    startTime: unixMillis(startTime),
    durationMs: 30 * MINUTE_MS,
    preset: "centre",
    level: "ERROR",
    tell: (fact) => truth.push(fact),
  });
  for (const _ of simulation.emissionsUntil(unixMillis(startTime + 30 * MINUTE_MS)));
  simulation.finish();
  return truth;
}

test.each([
  ["night", "2026-11-03T04:30:00.000Z"],
  ["Saturday morning", "2026-11-07T09:00:00.000Z"],
  ["Sunday evening", "2026-11-08T21:15:00.000Z"],
  ["Monday, shortly before the day changes", "2026-11-02T23:50:00.000Z"],
])("half an hour of a %s has people at work and calls", (_, start) => {
  const truth = truthOf(Date.parse(start));
  const agents = truth.flatMap((fact) => (fact.kind === "login_session" ? [fact.agent_id] : []));
  expect(new Set(agents).size).toBeGreaterThanOrEqual(8);
  const answered = truth.filter((fact) => fact.kind === "contact" && fact.connected_time !== null);
  expect(answered.length).toBeGreaterThan(20);
});

test("a short simulation is within working hours whenever it begins", () => {
  for (const startTime of HOURS_OF_A_WEEK) {
    for (const hours of [0.5, 1, 8]) {
      for (const place of PLACES) {
        const offset = localOffsetMs(place, unixMillis(startTime), unixMillis(startTime + hours * HOUR_MS));
        const [begins, ends] = [new Date(startTime + offset), new Date(startTime + offset + hours * HOUR_MS)];
        expect([1, 2, 3, 4, 5]).toContain(begins.getUTCDay());
        expect(begins.getUTCHours()).toBeGreaterThanOrEqual(9);
        expect(ends.getTime() - begins.setUTCHours(0, 0, 0, 0)).toBeLessThanOrEqual(18 * HOUR_MS);
      }
    }
  }
});

test("working hours that the clock has anyway are kept, and so are those of longer simulations", () => {
  const [london, columbus] = PLACES;
  if (london === undefined || columbus === undefined) throw new Error("there are no places");
  const start = unixMillis(MONDAY + 14 * HOUR_MS);
  expect(localOffsetMs(london, start, unixMillis(start + HOUR_MS))).toBe(0);
  expect(localOffsetMs(columbus, start, unixMillis(start + HOUR_MS))).toBe(-5 * HOUR_MS);
  const saturday = unixMillis(MONDAY + 5 * 24 * HOUR_MS);
  expect(localOffsetMs(columbus, saturday, unixMillis(saturday + 24 * HOUR_MS))).toBe(-5 * HOUR_MS);
  expect(localOffsetMs(columbus, saturday, undefined)).toBe(-5 * HOUR_MS);
});
