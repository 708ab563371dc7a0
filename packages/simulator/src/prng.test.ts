import { expect, test } from "vitest";
import { BASE36, createRandom } from "./prng.ts";

function draw(seed: number, count: number): number[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => random.next());
}

test("a seed always gives the same draws", () => {
  expect(draw(7, 100)).toEqual(draw(7, 100));
  expect(draw(7, 100)).not.toEqual(draw(8, 100));
});

test("draws fill [0, 1) evenly", () => {
  const draws = draw(1, 100_000);
  expect(Math.min(...draws.slice(0, 50_000))).toBeGreaterThanOrEqual(0);
  expect(Math.max(...draws.slice(0, 50_000))).toBeLessThan(1);
  const tenths = Array.from(
    { length: 10 },
    (_, tenth) => draws.filter((value) => Math.floor(value * 10) === tenth).length,
  );
  for (const count of tenths) expect(Math.abs(count - 10_000)).toBeLessThan(500);
});

test("uuids are version 4 and do not repeat", () => {
  const random = createRandom(3);
  const ids = Array.from({ length: 20_000 }, () => random.uuid());
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(new Set(ids).size).toBe(ids.length);
});

test("integers include both ends, exponential draws have their mean", () => {
  const random = createRandom(5);
  expect(new Set(Array.from({ length: 200 }, () => random.integer(2, 4)))).toEqual(new Set([2, 3, 4]));
  const draws = Array.from({ length: 50_000 }, () => random.exponential(1_000));
  const mean = draws.reduce((sum, value) => sum + value, 0) / draws.length;
  expect(Math.abs(mean - 1_000)).toBeLessThan(30);
});

test("tokens have the length and the alphabet asked for", () => {
  expect(createRandom(1).token(BASE36, 11)).toMatch(/^[0-9a-z]{11}$/);
});

test("nothing can be picked from nothing", () => {
  expect(() => createRandom(1).pick([])).toThrow("cannot pick from an empty list");
});
