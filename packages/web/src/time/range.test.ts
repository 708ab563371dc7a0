import { describe, expect, test } from "vitest";
import { absoluteRange, describeRange, parseBound, parseRange, resolveRange, widenRange } from "./range.ts";

const nowMs = Date.parse("2026-11-21T14:30:00.000Z");
const utc = { nowMs, zone: "utc" as const };

describe("the range in the URL", () => {
  test("a relative bound is counted back from now", () => {
    expect(parseBound("-15m", nowMs)).toBe(Date.parse("2026-11-21T14:15:00.000Z"));
    expect(parseBound("-7d", nowMs)).toBe(Date.parse("2026-11-14T14:30:00.000Z"));
  });
  test("epoch seconds, epoch milliseconds and ISO instants are the same instant", () => {
    const bounds = ["1763735400", "1763735400000", "2025-11-21T14:30:00Z", "2025-11-21T15:30:00+01:00"];
    expect(bounds.map((bound) => parseBound(bound, nowMs))).toEqual(bounds.map(() => 1_763_735_400_000));
  });
  test("what is none of these is not guessed at", () => {
    expect(["", "yesterday", "-15", "12:00", "2026-11-21T14:30:00"].map((bound) => parseBound(bound, nowMs))).toEqual(
      Array(5).fill(undefined),
    );
  });
  test("a relative range stays relative", () => {
    expect(resolveRange({ from: "-5m" }, nowMs)).toEqual({ fromMs: nowMs - 300_000, toMs: nowMs, isRelative: true });
  });
  test("an absolute range does not move with the clock", () => {
    const range = absoluteRange(nowMs - 1000, nowMs);
    expect(resolveRange(range, nowMs + 99_999)).toEqual({ fromMs: nowMs - 1000, toMs: nowMs, isRelative: false });
  });
  test("an inverted range never reaches the server", () => {
    const resolved = resolveRange({ from: "now", to: "2020-01-01T00:00:00Z" }, nowMs);
    expect(resolved.fromMs).toBeLessThan(resolved.toMs);
  });
  test("a bound that cannot be read falls back to the last hour", () => {
    expect(resolveRange({ from: "nonsense" }, nowMs)).toEqual({
      fromMs: nowMs - 3_600_000,
      toMs: nowMs,
      isRelative: false,
    });
  });
  test("a range is widened around its middle", () => {
    expect(widenRange({ fromMs: 10_000, toMs: 20_000, isRelative: false }, 3)).toEqual(absoluteRange(0, 30_000));
  });
  test("only a relative range that ends now is described by its length", () => {
    expect(describeRange({ from: "-15m" })).toBe("last 15 min");
    expect(describeRange({ from: "-15m", to: "2026-11-21T14:30:00Z" })).toBeUndefined();
  });
});

describe("the range as typed", () => {
  test.each([
    ["15m", "-15m"],
    ["last 15 minutes", "-15m"],
    ["past 2 hours", "-2h"],
    ["-4h", "-4h"],
    ["3 days", "-3d"],
    ["1 week", "-1w"],
  ])("%s is relative", (text, from) => {
    expect(parseRange(text, utc)?.from).toBe(from);
  });
  test.each([
    ["yesterday 9-10", "2026-11-20T09:00:00.000Z", "2026-11-20T10:00:00.000Z"],
    ["Yesterday 9:15 – 10:45", "2026-11-20T09:15:00.000Z", "2026-11-20T10:45:00.000Z"],
    ["today 14-15", "2026-11-21T14:00:00.000Z", "2026-11-21T15:00:00.000Z"],
    ["9-10", "2026-11-21T09:00:00.000Z", "2026-11-21T10:00:00.000Z"],
    ["2026-11-19 23-1", "2026-11-19T23:00:00.000Z", "2026-11-20T01:00:00.000Z"],
    ["yesterday", "2026-11-20T00:00:00.000Z", "2026-11-21T00:00:00.000Z"],
    ["2026-11-19", "2026-11-19T00:00:00.000Z", "2026-11-20T00:00:00.000Z"],
    ["2026-11-19 14:00 to 2026-11-19 15:30", "2026-11-19T14:00:00.000Z", "2026-11-19T15:30:00.000Z"],
    ["2026-11-19T14:00:00Z/2026-11-19T15:00:00Z", "2026-11-19T14:00:00.000Z", "2026-11-19T15:00:00.000Z"],
    ["2026-11-19T14:00:00Z", "2026-11-19T13:55:00.000Z", "2026-11-19T14:05:00.000Z"],
    ["1763735400", "2025-11-21T14:25:00.000Z", "2025-11-21T14:35:00.000Z"],
  ])("%s is absolute", (text, from, to) => {
    expect(parseRange(text, utc)).toEqual({ from, to });
  });
  test("today goes on until now", () => {
    expect(parseRange("today", utc)).toEqual({ from: "2026-11-21T00:00:00.000Z", to: undefined });
  });
  test("words for days are read in the zone the page shows", () => {
    const local = parseRange("yesterday 9-10", { nowMs, zone: "local" });
    const now = new Date(nowMs);
    expect(local?.from).toBe(new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1, 9).toISOString());
  });
  test.each(["", "soon", "25-26", "2026-13-40", "9 to", "99:99"])("%j is not understood", (text) => {
    expect(parseRange(text, utc)).toBeUndefined();
  });
});
