import { describe, expect, test } from "vitest";
import { durationSchema, durationText } from "./duration.ts";

const schema = durationSchema({ minMs: 200, maxMs: 86_400_000 });

describe("a duration in the configuration", () => {
  test.each([
    ["250ms", 250],
    ["30s", 30_000],
    ["1.5 m", 90_000],
    ["2h", 7_200_000],
    ["1d", 86_400_000],
  ])("%s is %i ms", (text, ms) => {
    expect(schema.parse(text)).toBe(ms);
  });

  test.each(["30", "30 seconds", "-5s", "", "s", "1e3s"])("%j is none", (text) => {
    expect(schema.safeParse(text).error?.issues[0]?.message).toContain("a number and a unit");
  });

  test("outside its bounds is refused with the bounds", () => {
    expect(schema.safeParse("100ms").error?.issues[0]?.message).toBe("must be between 200ms and 1d");
    expect(schema.safeParse("2d").success).toBe(false);
  });

  test("is written in the largest unit that is exact", () => {
    expect([1, 1500, 60_000, 90_000, 86_400_000].map(durationText)).toEqual(["1ms", "1500ms", "1m", "90s", "1d"]);
  });
});
