import { expect, test } from "vitest";
import { createPace } from "./pace.ts";

function clock() {
  let time = 0;
  const waits: number[] = [];
  const sleep = async (ms: number) => {
    waits.push(ms);
    time += ms;
  };
  return { waits, now: () => time, sleep, pass: (ms: number) => (time += ms) };
}

test("at ten times the clock, a record of a second later waits a tenth", async () => {
  const { waits, now, sleep } = clock();
  const pace = createPace({ speed: 10, startTime: 5_000, now, sleep });
  for (const time of [5_000, 6_000, 6_050, 8_000]) await pace(time);
  expect(waits).toEqual([100, 200]);
});

test("time lost is caught up with", async () => {
  const { waits, now, sleep, pass } = clock();
  const pace = createPace({ speed: 1, startTime: 0, now, sleep });
  pass(3_000);
  for (const time of [1_000, 2_000, 3_500]) await pace(time);
  expect(waits).toEqual([500]);
});
