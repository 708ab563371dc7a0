import { LANE_PADDING, TRACK_HEIGHT, type LaneRow, type Tick, type TrackedSpan } from "./lane-rows.ts";
import { xOf, type View } from "./timeline-scale.ts";

/** What is under the pointer. */
export interface Hit {
  readonly row: LaneRow;
  readonly timeMs: number;
  readonly toMs?: number | undefined;
  readonly label: string;
  readonly kind: string;
  readonly recordId: string | undefined;
  readonly gap: TrackedSpan["span"]["gap"];
}

export interface Pointer {
  readonly x: number;
  readonly y: number;
  readonly view: View;
  readonly width: number;
}

/** How far from a tick the pointer may be, in pixels. */
const REACH_PX = 5;

/** The tick nearest to the pointer, else the sample, else the span under it. */
export function hitTest(rows: readonly LaneRow[], pointer: Pointer): Hit | undefined {
  const row = rows.find((candidate) => pointer.y >= candidate.y && pointer.y < candidate.y + candidate.height);
  if (row === undefined) return undefined;
  return (
    hitTick(row, row.marks, pointer) ??
    hitSample(row, pointer) ??
    hitSpan(row, pointer) ??
    hitTick(row, row.density, pointer) ??
    hitOther(row, pointer)
  );
}

function hitTick(row: LaneRow, ticks: readonly Tick[], pointer: Pointer): Hit | undefined {
  const tick = nearest(ticks, (candidate) => candidate.timeMs, pointer);
  if (tick === undefined) return undefined;
  return { row, timeMs: tick.timeMs, label: tick.label, kind: "record", recordId: tick.recordId, gap: null };
}

function hitOther(row: LaneRow, pointer: Pointer): Hit | undefined {
  const hit = hitTick(row, row.others, pointer);
  return hit === undefined ? undefined : { ...hit, kind: "other contact" };
}

function hitSample(row: LaneRow, pointer: Pointer): Hit | undefined {
  const sample = nearest(row.lane.samples, (candidate) => Date.parse(candidate.time), pointer);
  if (sample === undefined) return undefined;
  const timeMs = Date.parse(sample.time);
  const values = row.lane.samples.filter((other) => Date.parse(other.time) === timeMs);
  const label = values
    .map(
      (other) =>
        `${other.stream === "audio_input" ? "heard" : "spoken"} ${other.metric.replaceAll("_", " ")} ${other.value}`,
    )
    .join(", ");
  return { row, timeMs, label, kind: "sample", recordId: sample.record_id, gap: null };
}

function hitSpan(row: LaneRow, { x, y, view, width }: Pointer): Hit | undefined {
  const track = Math.floor((y - row.y - LANE_PADDING) / TRACK_HEIGHT);
  const inside = row.spans.filter(
    (item) => x >= xOf(view, width, item.fromMs) - 1 && x <= xOf(view, width, item.toMs) + 1,
  );
  const item = inside.find((candidate) => candidate.track === track) ?? inside.at(-1);
  if (item === undefined) return undefined;
  const { span } = item;
  return {
    row,
    timeMs: item.fromMs,
    toMs: item.toMs,
    label: span.label,
    kind: span.kind,
    recordId: span.record_ids[0],
    gap: span.gap,
  };
}

function nearest<T>(items: readonly T[], timeOfItem: (item: T) => number, { x, view, width }: Pointer): T | undefined {
  let best: T | undefined;
  let bestDistance = REACH_PX;
  for (const item of items) {
    const distance = Math.abs(xOf(view, width, timeOfItem(item)) - x);
    if (distance <= bestDistance) {
      best = item;
      bestDistance = distance;
    }
  }
  return best;
}
