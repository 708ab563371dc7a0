import { describe, expect, test } from "vitest";
import { unixMillis } from "../../instant.ts";
import { SoftphoneCalls } from "./softphone-calls.ts";

const START = 1_795_176_000_000;
const HOUR_MS = 3_600_000;

function at(offsetMs: number) {
  return unixMillis(START + offsetMs);
}

describe("softphone calls of a browser context", () => {
  test("an entry between start and end belongs to the call, before and after it does not", () => {
    const calls = new SoftphoneCalls();
    calls.open("a", "call-1", at(0));
    calls.close("a", undefined, at(60_000));
    expect([-1, 0, 30_000, 70_000, 70_001].map((offset) => calls.contactAt("a", at(offset)))).toEqual([
      undefined,
      "call-1",
      "call-1",
      "call-1",
      undefined,
    ]);
  });

  test("the next call ends the one before, whichever start arrives first", () => {
    const calls = new SoftphoneCalls();
    calls.open("a", "call-2", at(60_000));
    calls.open("a", "call-1", at(0));
    expect([59_999, 60_000].map((offset) => calls.contactAt("a", at(offset)))).toEqual(["call-1", "call-2"]);
  });

  test("a late end of the first call does not end the second", () => {
    const calls = new SoftphoneCalls();
    calls.open("a", "call-1", at(0));
    calls.open("a", "call-2", at(60_000));
    calls.close("a", "call-1", at(61_000));
    expect(calls.contactAt("a", at(200_000))).toBe("call-2");
  });

  test("of two ends the earlier counts", () => {
    const calls = new SoftphoneCalls();
    calls.open("a", "call-1", at(0));
    calls.close("a", "call-1", at(90_000));
    calls.close("a", "call-1", at(30_000));
    calls.close("a", "call-1", at(60_000));
    expect(calls.contactAt("a", at(40_001))).toBeUndefined();
  });

  test("a call without an end expires after twelve hours", () => {
    const calls = new SoftphoneCalls();
    calls.open("a", "call-1", at(0));
    expect(calls.contactAt("a", at(12 * HOUR_MS))).toBe("call-1");
    expect(calls.contactAt("a", at(12 * HOUR_MS + 1))).toBeUndefined();
  });

  test("browser contexts do not know each other", () => {
    const calls = new SoftphoneCalls();
    calls.open("a", "call-1", at(0));
    calls.close("b", "call-1", at(1));
    expect(calls.contactAt("b", at(1))).toBeUndefined();
    expect(calls.contactAt("a", at(60_000))).toBe("call-1");
  });

  test("a start that arrives twice is one call", () => {
    const calls = new SoftphoneCalls();
    calls.open("a", "call-1", at(0));
    calls.open("a", "call-1", at(0));
    calls.close("a", "call-1", at(1_000));
    expect(calls.contactAt("a", at(60_000))).toBeUndefined();
  });

  test("2,000 browser contexts are remembered, the one quiet for longest is forgotten", () => {
    const calls = new SoftphoneCalls();
    for (let i = 0; i < 2_000; i += 1) calls.open(`logger-${i}`, "call", at(0));
    calls.open("logger-0", "call-2", at(1));
    calls.open("one more", "call", at(0));
    expect(["logger-0", "logger-1", "logger-2", "one more"].map((logger) => calls.contactAt(logger, at(1)))).toEqual([
      "call-2",
      undefined,
      "call",
      "call",
    ]);
  });

  test("64 calls of a browser context are remembered, the oldest is forgotten", () => {
    const calls = new SoftphoneCalls();
    for (let i = 0; i < 65; i += 1) calls.open("a", `call-${i}`, at(i * 1_000));
    expect([0, 1_000, 64_000].map((offset) => calls.contactAt("a", at(offset)))).toEqual([
      undefined,
      "call-1",
      "call-64",
    ]);
  });
});
