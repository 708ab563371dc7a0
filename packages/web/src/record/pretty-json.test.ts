import { expect, test } from "vitest";
import { prettyJson } from "./pretty-json.ts";

test("JSON is laid out without touching a number or an escape", () => {
  expect(prettyJson('{"n":12345678901234567890,"s":"a\\u0041, {b}:\\"","e":{},"l":[1,[]]}')).toBe(
    '{\n  "n": 12345678901234567890,\n  "s": "a\\u0041, {b}:\\"",\n  "e": {},\n  "l": [\n    1,\n    []\n  ]\n}',
  );
});
test("what is not JSON is not laid out", () => {
  expect([prettyJson("2026-11-21 INFO started"), prettyJson('{"a":')]).toEqual([undefined, undefined]);
});
