import { describe, expect, test } from "vitest";
import { RateLimiter } from "./rate-limiter.ts";

describe("a sender", () => {
  let now = 0;
  const limiter = (): RateLimiter => new RateLimiter({ requestsPerSecond: 2, bytesPerSecond: 100 }, () => now);

  test("may send ten seconds' worth at once and then waits for the next request", () => {
    const limits = limiter();
    for (let request = 0; request < 20; request++) expect(limits.admit("a")).toBeUndefined();
    expect(limits.admit("a")).toBe(500);
    now += 500;
    expect([limits.admit("a"), limits.admit("a")]).toEqual([undefined, 500]);
  });

  test("does not take from another", () => {
    const limits = limiter();
    for (let request = 0; request < 21; request++) limits.admit("a");
    expect(limits.admit("b")).toBeUndefined();
  });

  test("may send one body beyond the limit and pays for it afterwards", () => {
    const limits = limiter();
    expect(limits.admit("a")).toBeUndefined();
    limits.charge("a", 1500);
    expect(limits.admit("a")).toBeCloseTo(5010);
    now += 5010;
    expect(limits.admit("a")).toBeUndefined();
  });

  test("is not locked out by a clock that is set back", () => {
    const limits = limiter();
    now += 60_000;
    expect(limits.admit("a")).toBeUndefined();
    now -= 60_000;
    expect(limits.admit("a")).toBeUndefined();
  });
});
