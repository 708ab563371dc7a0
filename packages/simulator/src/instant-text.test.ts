import { formatInstant, unixMillis } from "@fourwire/core";
import { expect, test } from "vitest";
import { instantText } from "./instant-text.ts";

test("instants are written as ISO 8601, also across minutes, days and backwards", () => {
  const start = Date.parse("2026-11-02T23:59:58.007Z");
  const times = [0, 1, 992, 993, 1_993, 61_000, 60_999, 86_400_000, -1, -90_000].map((ms) => unixMillis(start + ms));
  expect(times.map((time) => instantText(time))).toEqual(times.map((time) => formatInstant(time)));
});
