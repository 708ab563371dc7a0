import type { HistogramResponse, SourceName } from "@fourwire/core";
import { WIRE_ORDER } from "../theme/wires.ts";

export interface Bar {
  readonly fromMs: number;
  readonly toMs: number;
  readonly x: number;
  readonly width: number;
  readonly total: number;
  readonly errors: number;
  /** From the bottom up. */
  readonly segments: readonly {
    readonly source: SourceName;
    readonly y: number;
    readonly height: number;
    readonly count: number;
  }[];
  /** The bucket goes on past what could be counted: past the end of the range, or past now. */
  readonly isPartial: boolean;
}

export interface BarArea {
  readonly width: number;
  readonly height: number;
  readonly nowMs: number;
}

/** Bars stacked by source. Every source that is in a bucket gets at least one pixel: one error among thousands is seen. */
export function layoutBars(
  histogram: HistogramResponse,
  area: BarArea,
): { readonly bars: readonly Bar[]; readonly most: number } {
  const fromMs = Date.parse(histogram.from);
  const toMs = Date.parse(histogram.to);
  const perMs = area.width / Math.max(1, toMs - fromMs);
  const totals = histogram.buckets.map((bucket) => sum(bucket.counts));
  const most = Math.max(1, ...totals);
  const bars = histogram.buckets.map((bucket, index): Bar => {
    const startMs = Date.parse(bucket.time);
    const endMs = startMs + histogram.bucket_ms;
    const left = Math.max(0, (startMs - fromMs) * perMs);
    const right = Math.min(area.width, (endMs - fromMs) * perMs);
    return {
      fromMs: startMs,
      toMs: endMs,
      x: left,
      width: Math.max(1, right - left - 1),
      total: totals[index] ?? 0,
      errors: bucket.errors,
      segments: stack(bucket.counts, area.height / most, area.height),
      isPartial: endMs > Math.min(toMs, area.nowMs),
    };
  });
  return { bars, most };
}

/** The bar under a horizontal position; also between two bars of the same bucket grid. */
export function barAt(bars: readonly Bar[], x: number): Bar | undefined {
  return bars.find((bar) => x >= bar.x && x < bar.x + bar.width + 1);
}

function stack(counts: Partial<Record<SourceName, number>>, perRecord: number, floor: number): Bar["segments"] {
  const segments: { source: SourceName; y: number; height: number; count: number }[] = [];
  let y = floor;
  for (const source of WIRE_ORDER) {
    const count = counts[source] ?? 0;
    if (count === 0) continue;
    const height = Math.max(1, count * perRecord);
    y -= height;
    segments.push({ source, y, height, count });
  }
  return segments;
}

function sum(counts: Partial<Record<SourceName, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}
