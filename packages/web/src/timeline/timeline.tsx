import type { TimelineEntry } from "@fourwire/core";
import { useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { useWidth } from "../theme/use-size.ts";
import { usePageRange } from "../time/range-context.ts";
import { hitTest, type Hit } from "./hit-test.ts";
import { LaneLabels } from "./lane-labels.tsx";
import { layoutRows, type DrawnLane } from "./lane-rows.ts";
import { pressTimelineKey } from "./timeline-keys.ts";
import { timeOf, type View } from "./timeline-scale.ts";
import { TimelineTip } from "./timeline-tip.tsx";
import { AXIS_HEIGHT, useDrawing } from "./use-drawing.ts";
import { useTimelinePointer, type Point } from "./use-timeline-pointer.ts";
import "./timeline.css";

export interface TimelineProps {
  readonly lanes: readonly DrawnLane[];
  /** The records behind the lanes, for the density of CCP lines. */
  readonly entries: readonly TimelineEntry[];
  /** Where a span that goes on is drawn to. */
  readonly toMs: number;
  /** Names of the agents by id. */
  readonly agents: ReadonlyMap<string, string>;
  /** What the lanes are of: "the contact". */
  readonly subject: string;
  /** How far the view can be moved. */
  readonly bounds: View;
  readonly view: View;
  readonly measure: View | undefined;
  readonly selectedId: string | undefined;
  readonly cursorMs: number | undefined;
  readonly markedIds: ReadonlySet<string>;
  readonly onView: (view: View) => void;
  readonly onFit: () => void;
  readonly onMeasure: (span: View | undefined, isDone: boolean) => void;
  readonly onSelect: (recordId: string) => void;
}

/** Lanes on one clock. */
export function Timeline(props: TimelineProps): ReactNode {
  const { lanes, entries, toMs, agents, subject, bounds, view, measure } = props;
  const { selectedId, cursorMs, onView, onFit, onMeasure, onSelect } = props;
  const host = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const width = useWidth(host);
  const [hover, setHover] = useState<{ readonly point: Point; readonly hit: Hit | undefined }>();
  const [chosenRow, setChosenRow] = useState(0);
  const { zone } = usePageRange();
  const { rows, height } = useMemo(() => layoutRows({ lanes, entries, toMs }), [lanes, entries, toMs]);
  const hitAt = (point: Point): Hit | undefined => hitTest(rows, { x: point.x, y: point.y - AXIS_HEIGHT, view, width });

  useDrawing(canvas, { ...props, rows, width, height: height + AXIS_HEIGHT, chosenRow });
  useTimelinePointer({
    host,
    view,
    bounds,
    onView,
    onMeasure,
    onHover: (point) => setHover(point === undefined ? undefined : { point, hit: hitAt(point) }),
    onClick: (point) => {
      const hit = hitAt(point);
      onMeasure(undefined, true);
      if (hit !== undefined) setChosenRow(rows.indexOf(hit.row));
      if (hit?.recordId !== undefined) onSelect(hit.recordId);
    },
  });

  const keys = { rows, view, bounds, chosenRow, cursorMs, selectedId, hasMeasure: measure !== undefined };
  const moves = {
    onView,
    onFit,
    onSelect,
    onChooseRow: setChosenRow,
    onClearMeasure: () => onMeasure(undefined, true),
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!pressTimelineKey({ ...keys, ...moves }, event)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  const place = { width, height: height + AXIS_HEIGHT, zone };
  const tip = hover && <TimelineTip {...hover} {...place} timeMs={timeOf(view, width, hover.point.x)} />;
  return (
    <div className="timeline">
      <LaneLabels rows={rows} agents={agents} chosenRow={chosenRow} top={AXIS_HEIGHT} onChoose={setChosenRow} />
      <div
        ref={host}
        className="timeline-lanes"
        role="application"
        aria-label={`Lanes of ${subject} on one clock. W and S zoom, A and D pan, F fits ${subject} and then everything, up and down choose a lane, comma and full stop step through it.`}
        tabIndex={0}
        data-testid="timeline"
        data-from={new Date(Math.round(view.fromMs)).toISOString()}
        data-to={new Date(Math.round(view.toMs)).toISOString()}
        onKeyDown={onKeyDown}
      >
        <canvas ref={canvas} style={{ width: "100%", height: height + AXIS_HEIGHT }} />
        {tip}
      </div>
    </div>
  );
}
