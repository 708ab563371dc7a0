import { expect, test } from "vitest";
import { describeDropped, describeRate } from "./receiver-words.ts";

test("rates are told to a digit that means something", () => {
  expect([0, 0.04, 3.46, 12.6, 1204].map(describeRate)).toEqual(["", "< 0.1/min", "3.5/min", "13/min", "1,204/min"]);
});

test("what was left out is told by reason", () => {
  expect(describeDropped({ control_message: 2, digest_file: 1400 })).toBe("2 control message, 1,400 digest file");
});
