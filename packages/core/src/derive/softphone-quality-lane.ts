import type { Lane, LaneSample } from "../api.ts";
import { formatInstant } from "../instant.ts";
import type { JsonValue } from "../json.ts";
import { isObject } from "../json.ts";
import type { SoftphoneSample } from "../sources/ccp-log/softphone-samples.ts";
import { readSoftphoneSamples } from "../sources/ccp-log/softphone-samples.ts";
import type { AgentWindow } from "./contact-window.ts";
import { makeLane } from "./lane.ts";
import type { TimelineRow } from "./timeline-row.ts";
import { jsonOf } from "./timeline-row.ts";

const METRICS = ["packets_lost", "jitter_ms", "round_trip_ms", "audio_level"] as const;

/** The measured seconds of the agent's sound within the window. A second reported twice counts once; one not measured is absent. */
export function deriveSoftphoneQualityLane(window: AgentWindow, rows: readonly TimelineRow[]): Lane {
  const samples = new Map<string, LaneSample>();
  for (const row of rows) {
    if (row.event_name !== "softphone_metrics") continue;
    for (const sample of readSoftphoneSamples(row.message, objectsOf(row))) {
      if (sample.time < window.from || sample.time > window.to) continue;
      for (const laneSample of measuresOf(sample, row.record_id)) {
        const key = `${laneSample.time} ${laneSample.stream} ${laneSample.metric}`;
        if (!samples.has(key)) samples.set(key, laneSample);
      }
    }
  }
  const ordered = [...samples].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, sample]) => sample);
  return makeLane("softphone_quality", window.agent_id, { samples: ordered });
}

function objectsOf(row: TimelineRow): JsonValue | undefined {
  const attributes = jsonOf(row, "attributes");
  return isObject(attributes) ? attributes.objects : undefined;
}

function measuresOf(sample: SoftphoneSample, recordId: string): LaneSample[] {
  return METRICS.flatMap((metric) => {
    const value = sample[metric];
    if (value === undefined) return [];
    return [{ time: formatInstant(sample.time), metric, stream: sample.stream, value, record_id: recordId }];
  });
}
