import { expect, test } from "vitest";
import { groupBy } from "./group-by.ts";
import { findNext, moveIndex } from "./step.ts";

const items = ["a", "ERROR", "b", "ERROR", "c"];
const isError = (item: string): boolean => item === "ERROR";

test("the next error is after the selected record", () => {
  expect(findNext({ items, from: 1, direction: 1 }, isError)).toBe(3);
});
test("after the last error it goes round to the first", () => {
  expect(findNext({ items, from: 3, direction: 1 }, isError)).toBe(1);
  expect(findNext({ items, from: 1, direction: -1 }, isError)).toBe(3);
});
test("without a selection it begins at the end it comes from", () => {
  expect(findNext({ items, from: -1, direction: 1 }, isError)).toBe(1);
  expect(findNext({ items, from: -1, direction: -1 }, isError)).toBe(3);
});
test("the only error is found again, and none is none", () => {
  expect(findNext({ items: ["ERROR"], from: 0, direction: 1 }, isError)).toBe(0);
  expect([
    findNext({ items: ["a"], from: 0, direction: 1 }, isError),
    findNext({ items: [], from: -1, direction: 1 }, isError),
  ]).toEqual([-1, -1]);
});
test("moving stops at the ends of the list", () => {
  expect([
    moveIndex(3, 2, 1),
    moveIndex(3, 0, -1),
    moveIndex(3, -1, 1),
    moveIndex(3, -1, -1),
    moveIndex(0, -1, 1),
  ]).toEqual([2, 0, 0, 2, -1]);
});
test("groups keep the order in which their keys came", () => {
  expect([...groupBy(["b1", "a1", "b2"], (item) => item.charAt(0))]).toEqual([
    ["b", ["b1", "b2"]],
    ["a", ["a1"]],
  ]);
});
