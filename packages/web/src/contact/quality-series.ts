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
  /** The largest value in the timeline: the top of the lane. */
  readonly most: number;
}

const LABELS: Readonly<Record<string, readonly [string, string]>> = {
  packets_lost: ["lost", ""],
  jitter_ms: ["jitter", " ms"],
  round_trip_ms: ["round trip", " ms"],
  audio_level: ["audio level", ""],
};

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
