import type { Lane, LaneSample } from "../api.ts";
import { formatInstant } from "../instant.ts";
import type { JsonValue } from "../json.ts";
import { isObject } from "../json.ts";
import type { SoftphoneSample } from "../sources/ccp-log/softphone-samples.ts";
import { readSoftphoneSamples } from "../sources/ccp-log/softphone-samples.ts";
import type { AgentLeg } from "./agent-leg.ts";
import { makeLane } from "./lane.ts";
import type { TimelineRow } from "./timeline-row.ts";
import { jsonOf, textOf } from "./timeline-row.ts";

const METRICS = ["packets_lost", "jitter_ms", "round_trip_ms", "audio_level"] as const;

/** States of a leg in which the agent's softphone carries the contact's sound. */
const SOUNDING_STATES: ReadonlySet<string> = new Set(["CONNECTED", "CONNECTED_ONHOLD", "PAUSED"]);

export interface SoftphoneQualityInput {
  readonly agentId: string;
  /** The agent's CCP lines about this contact or about none, in time order. */
  readonly rows: readonly TimelineRow[];
  /** The agent's legs of the contact. */
  readonly legs: readonly AgentLeg[];
}

/**
 * The measured seconds of the contact's sound at one agent. CCP reports in batches that may name no contact: of those
 * only the seconds in which the agent was connected count, because an agent has one call at a time. A second reported
 * twice counts once; one not measured is absent.
 */
export function deriveSoftphoneQualityLane({ agentId, rows, legs }: SoftphoneQualityInput): Lane {
  const samples = new Map<string, LaneSample>();
  for (const row of rows) {
    if (row.event_name !== "softphone_metrics") continue;
    const isNamed = textOf(row, "contact_id") !== undefined;
    for (const sample of readSoftphoneSamples(row.message, objectsOf(row))) {
      if (!isNamed && !legs.some((leg) => isSounding(leg, sample.time))) continue;
      for (const laneSample of measuresOf(sample, row.record_id)) {
        const key = `${laneSample.time} ${laneSample.stream} ${laneSample.metric}`;
        if (!samples.has(key)) samples.set(key, laneSample);
      }
    }
  }
  const ordered = [...samples].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, sample]) => sample);
  return makeLane("softphone_quality", agentId, { samples: ordered });
}

function isSounding(leg: AgentLeg, time: number): boolean {
  if (leg.spans.length === 0) return time >= leg.from && time <= (leg.to ?? leg.lastSeen);
  return leg.spans.some(
    ({ state, from, to }) => SOUNDING_STATES.has(state) && time >= from && (to === undefined || time <= to),
  );
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
