import { expect, test } from "vitest";
import {
  formatAge,
  formatCount,
  formatDuration,
  formatInstantIn,
  formatMinute,
  instantParts,
  plural,
} from "./format.ts";
import { timeTicks } from "./ticks.ts";

test("an instant names its zone", () => {
  expect(instantParts("2026-11-21T14:03:22.123Z", "utc")).toEqual({ date: "11-21", clock: "14:03:22.123", zone: "Z" });
  expect(formatInstantIn("2026-11-21T14:03:22.123Z", "utc")).toBe("2026-11-21 14:03:22.123 Z");
  expect(formatInstantIn("2026-11-21T14:03:22.123Z", "local")).toMatch(/[+-]\d\d:\d\d$/);
});
test("a time that is not one is said to be unknown", () => {
  expect(formatInstantIn("not a time", "utc")).toBe("unknown");
});
test("a length of time carries its units", () => {
  const lengths = [0, 812, 4200, 9_960, 59_400, 59_999, 252_000, 300_000, 3_780_000, 187_200_000, -1500];
  expect(lengths.map(formatDuration)).toEqual([
    "0 ms",
    "812 ms",
    "4.2 s",
    "10 s",
    "59 s",
    "1 min",
    "4 min 12 s",
    "5 min",
    "1 h 3 min",
    "2 d 4 h",
    "-1.5 s",
  ]);
});
test("an age is in one unit and never negative", () => {
  expect([-5000, 4000, 180_000, 7_200_000, 432_000_000].map(formatAge)).toEqual(["0 s", "4 s", "3 min", "2 h", "5 d"]);
});
test("counts are grouped and nouns agree", () => {
  expect([formatCount(1204), plural(1, "record"), plural(1204, "record")]).toEqual([
    "1,204",
    "1 record",
    "1,204 records",
  ]);
});
test("a year is printed only when it is another one", () => {
  const now = Date.parse("2026-11-21T00:00:00Z");
  expect(formatMinute(Date.parse("2026-01-02T03:04:00Z"), "utc", now)).toBe("01-02 03:04");
  expect(formatMinute(Date.parse("2020-01-02T03:04:00Z"), "utc", now)).toBe("2020-01-02 03:04");
});
test("ticks stand at round times and no closer than asked", () => {
  const fromMs = Date.parse("2026-11-21T14:03:00Z");
  const ticks = timeTicks({ fromMs, toMs: fromMs + 3_600_000, width: 600, zone: "utc", gap: 100 });
  expect(ticks.map((tick) => tick.label)).toEqual(["14:10", "14:20", "14:30", "14:40", "14:50", "15:00"]);
});
test("midnight is told by its day", () => {
  const fromMs = Date.parse("2026-11-20T23:30:00Z");
  const ticks = timeTicks({ fromMs, toMs: fromMs + 3_600_000, width: 240, zone: "utc", gap: 100 });
  expect(ticks.map((tick) => tick.label)).toEqual(["23:30", "11-21 00:00", "00:30"]);
});
