import type { LaneSample } from "@fourwire/core";
import { groupBy } from "../list/group-by.ts";

/** One metric of one direction of the audio. */
export interface QualitySeries {
  readonly metric: string;
  readonly stream: string;
  readonly points: readonly { readonly timeMs: number; readonly value: number }[];
}

export interface QualityMetric {
  readonly metric: string;
  readonly label: string;
  readonly unit: string;
  /** The largest value in the timeline. */
  readonly most: number;
}

const LABELS: Readonly<Record<string, readonly [string, string]>> = {
  packets_lost: ["lost", ""],
  jitter_ms: ["jitter", " ms"],
  round_trip_ms: ["round trip", " ms"],
  audio_level: ["audio level", ""],
};

/** The top of the lane at least: below it a call is fine, and a fine call is a calm line. */
const LEAST_TOPS: Readonly<Record<string, number>> = { packets_lost: 10, jitter_ms: 40, round_trip_ms: 300 };

/** What the top of the lane stands for. */
export function topOf({ metric, most }: QualityMetric): number {
  return Math.max(1, most, LEAST_TOPS[metric] ?? 0);
}

export function qualitySeries(samples: readonly LaneSample[]): readonly QualitySeries[] {
  const groups = groupBy(samples, (sample) => `${sample.metric}\n${sample.stream}`);
  return [...groups.values()].map((group) => ({
    metric: group[0]?.metric ?? "",
    stream: group[0]?.stream ?? "",
    points: group
      .map((sample) => ({ timeMs: Date.parse(sample.time), value: sample.value }))
      .sort((one, other) => one.timeMs - other.timeMs),
  }));
}

/** The metrics present, each with its largest value, for the lane's legend. */
export function qualityMetrics(samples: readonly LaneSample[]): readonly QualityMetric[] {
  const groups = groupBy(samples, (sample) => sample.metric);
  return [...groups].map(([metric, group]) => {
    const [label, unit] = LABELS[metric] ?? [metric.replaceAll("_", " "), ""];
    return { metric, label, unit, most: group.reduce((most, sample) => Math.max(most, sample.value), 0) };
  });
}
