import { unixMillis } from "@fourwire/core";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { EventQueue } from "./event-queue.ts";

const start = unixMillis(1_000);

function drain(queue: EventQueue): void {
  while (queue.runNext());
}

test("tasks run by time, and in the order of scheduling at one time", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 20 })), (delays) => {
      const queue = new EventQueue(start);
      const ran: { delay: number; index: number }[] = [];
      for (const [index, delay] of delays.entries()) queue.after(delay, () => ran.push({ delay, index }));
      drain(queue);
      const expected = delays
        .map((delay, index) => ({ delay, index }))
        .toSorted((a, b) => a.delay - b.delay || a.index - b.index);
      expect(ran).toEqual(expected);
    }),
  );
});

test("the clock stands at a task's instant while it runs", () => {
  const queue = new EventQueue(start);
  const seen: number[] = [];
  queue.after(5, () => {
    seen.push(queue.now);
    queue.after(5, () => seen.push(queue.now));
  });
  drain(queue);
  expect(seen).toEqual([1_005, 1_010]);
});

test("a task in the past runs now: time never runs backwards", () => {
  const queue = new EventQueue(start);
  const seen: number[] = [];
  queue.after(50, () => queue.at(start, () => seen.push(queue.now)));
  drain(queue);
  expect(seen).toEqual([1_050]);
});

test("an empty queue has nothing to run", () => {
  const queue = new EventQueue(start);
  expect(queue.runNext()).toBe(false);
  expect(queue.size).toBe(0);
});
