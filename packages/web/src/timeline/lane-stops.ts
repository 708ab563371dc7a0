import type { LaneRow } from "./lane-rows.ts";

/** Something in a lane that can be stepped to. */
export interface Stop {
  readonly timeMs: number;
  readonly label: string;
  readonly recordId: string;
}

/** Everything of a lane in time order, one stop for each record. */
export function laneStops(row: LaneRow): readonly Stop[] {
  const stops: Stop[] = [];
  for (const { span, fromMs } of row.spans) {
    const recordId = span.record_ids[0];
    if (recordId !== undefined) stops.push({ timeMs: fromMs, label: span.label, recordId });
  }
  for (const tick of [...row.marks, ...row.density])
    stops.push({ timeMs: tick.timeMs, label: tick.label, recordId: tick.recordId });
  for (const sample of row.lane.samples) {
    stops.push({
      timeMs: Date.parse(sample.time),
      label: `${sample.metric} ${sample.value}`,
      recordId: sample.record_id,
    });
  }
  const seen = new Set<string>();
  return stops
    .toSorted((one, other) => one.timeMs - other.timeMs)
    .filter((stop) => {
      const isFirst = !seen.has(stop.recordId);
      seen.add(stop.recordId);
      return isFirst;
    });
}

export interface StopRequest {
  readonly selectedId: string | undefined;
  /** Where to step from when the selected record is not in the lane. */
  readonly timeMs: number;
  readonly direction: 1 | -1;
}

/** The next stop in the direction; undefined at the end of the lane. */
export function nextStop(stops: readonly Stop[], { selectedId, timeMs, direction }: StopRequest): Stop | undefined {
  const at = stops.findIndex((stop) => stop.recordId === selectedId);
  if (at >= 0) return stops[at + direction];
  if (direction === 1) return stops.find((stop) => stop.timeMs >= timeMs);
  return stops.findLast((stop) => stop.timeMs <= timeMs);
}
