import { unixMillis } from "@fourwire/core";
import { createSimulation, type Emission } from "../src/index.ts";

export const START = unixMillis(Date.UTC(2026, 10, 21, 9));
export const MINUTE_MS = 60_000;

export function simulate(seed: number, durationMs: number, agents = 25): Emission[] {
  const simulation = createSimulation({ seed, agents, startTime: START });
  return [...simulation.emissionsUntil(unixMillis(START + durationMs))];
}

/** What `Map.groupBy` does in later versions of Node. */
export function groupBy<T>(values: readonly T[], keyOf: (value: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const value of values) {
    const group = groups.get(keyOf(value));
    if (group === undefined) groups.set(keyOf(value), [value]);
    else group.push(value);
  }
  return groups;
}

export function distinct(values: Iterable<string>): string[] {
  return [...new Set(values)].toSorted((a, b) => (a < b ? -1 : 1));
}
