import type { ReactNode } from "react";
import { formatDuration, formatInstantIn } from "../time/format.ts";
import type { Zone } from "../time/range.ts";
import type { Hit } from "./hit-test.ts";
import type { Point } from "./use-timeline-pointer.ts";

export interface TimelineTipProps {
  readonly hit: Hit | undefined;
  readonly point: Point;
  /** The instant under the pointer. */
  readonly timeMs: number;
  readonly width: number;
  /** Of the lanes; the tip stays inside. */
  readonly height: number;
  readonly zone: Zone;
}

const GAPS: Readonly<Record<NonNullable<Hit["gap"]>, string>> = {
  not_logged: "a gap because logging was off",
  not_received: "a gap because nothing was received",
  late: "a gap because the records came late",
};

/** What is under the pointer and when. */
export function TimelineTip({ hit, point, timeMs, width, height, zone }: TimelineTipProps): ReactNode {
  const side = point.x > width / 2 ? { right: width - point.x + 14 } : { left: point.x + 14 };
  if (hit === undefined) {
    return (
      <div className="tip timeline-tip" style={{ ...side, top: 0 }}>
        {formatInstantIn(timeMs, zone)}
      </div>
    );
  }
  const lengthMs = hit.toMs === undefined ? undefined : hit.toMs - hit.timeMs;
  return (
    <div
      className="tip timeline-tip"
      style={{
        ...side,
        ...(point.y > height / 2 ? { bottom: height - point.y + 10, top: "auto" } : { top: point.y + 14 }),
      }}
    >
      <p>
        <strong>{hit.label}</strong>
      </p>
      <p className="muted">
        {hit.row.label}
        {hit.kind === "record" || hit.kind === "sample" ? "" : `, ${hit.kind.replaceAll("_", " ").toLowerCase()}`}
      </p>
      <p>
        {formatInstantIn(hit.timeMs, zone)}
        {lengthMs === undefined ? "" : `, ${formatDuration(lengthMs)}`}
      </p>
      {hit.gap === null ? null : <p className="level-warning">{GAPS[hit.gap]}</p>}
    </div>
  );
}
