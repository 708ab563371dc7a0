import { expect, test } from "vitest";
import { formatElapsed } from "./since.tsx";

test("a running time reads like a stopwatch, then like a calendar", () => {
  expect([0, -40, 4_900, 65_000, 3_599_999, 3_600_000, 86_400_000, 187_200_000].map(formatElapsed)).toEqual([
    "0:00",
    "0:00",
    "0:04",
    "1:05",
    "59:59",
    "1:00:00",
    "24:00:00",
    "2 d 4 h",
  ]);
});
