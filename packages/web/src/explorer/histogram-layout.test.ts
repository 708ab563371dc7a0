import type { HistogramResponse } from "@fourwire/core";
import { expect, test } from "vitest";
import { barAt, layoutBars } from "./histogram-layout.ts";

const fromMs = Date.parse("2026-11-21T14:00:00Z");

function histogram(buckets: HistogramResponse["buckets"]): HistogramResponse {
  return {
    from: new Date(fromMs).toISOString(),
    to: new Date(fromMs + 100_000).toISOString(),
    bucket_ms: 10_000,
    buckets,
    total: 0,
    took_ms: 1,
  };
}

function time(second: number): string {
  return new Date(fromMs + second * 1000).toISOString();
}

const area = { width: 1000, height: 50, nowMs: fromMs + 1_000_000 };

test("bars are stacked in the order of the wires, the highest as high as the plot", () => {
  const { bars, most } = layoutBars(
    histogram([{ time: time(20), counts: { ccp_log: 3, agent_event: 2 }, errors: 1 }]),
    area,
  );
  expect(most).toBe(5);
  expect(bars[0]).toMatchObject({ x: 200, width: 99, total: 5, errors: 1, isPartial: false });
  expect(bars[0]?.segments).toEqual([
    { source: "agent_event", y: 30, height: 20, count: 2 },
    { source: "ccp_log", y: 0, height: 30, count: 3 },
  ]);
});
test("one record among thousands is still seen", () => {
  const { bars } = layoutBars(
    histogram([{ time: time(0), counts: { ccp_log: 100_000, cloudtrail: 1 }, errors: 0 }]),
    area,
  );
  expect(bars[0]?.segments.at(-1)).toMatchObject({ source: "cloudtrail", height: 1 });
});
test("a bucket that goes on past now, or past the range, is partial", () => {
  const buckets = [
    { time: time(20), counts: { ccp_log: 1 }, errors: 0 },
    { time: time(95), counts: { ccp_log: 1 }, errors: 0 },
  ];
  expect(layoutBars(histogram(buckets), area).bars.map((bar) => bar.isPartial)).toEqual([false, true]);
  expect(layoutBars(histogram(buckets), { ...area, nowMs: fromMs + 25_000 }).bars.map((bar) => bar.isPartial)).toEqual([
    true,
    true,
  ]);
});
test("the bar under the pointer is found, and none where there are no records", () => {
  const { bars } = layoutBars(histogram([{ time: time(20), counts: { ccp_log: 1 }, errors: 0 }]), area);
  expect([barAt(bars, 250)?.fromMs, barAt(bars, 350)]).toEqual([fromMs + 20_000, undefined]);
});
