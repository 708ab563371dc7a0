import type { ContactAgent, ContactTimeline } from "@fourwire/core";
import { useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import { prepareCanvas, readColors } from "../theme/canvas-colors.ts";
import { useColorScheme } from "../theme/use-color-scheme.ts";
import { useWidth } from "../theme/use-size.ts";
import { usePageRange } from "../time/range-context.ts";
import { timeTicks } from "../time/ticks.ts";
import { hitTest, type Hit } from "./hit-test.ts";
import { LaneLabels } from "./lane-labels.tsx";
import { layoutRows } from "./lane-rows.ts";
import { drawTimeline, TIMELINE_TOKENS } from "./timeline-draw.ts";
import { pressTimelineKey } from "./timeline-keys.ts";
import { timeOf, type View } from "./timeline-scale.ts";
import { TimelineTip } from "./timeline-tip.tsx";
import { useTimelinePointer, type Point } from "./use-timeline-pointer.ts";

export interface TimelineProps {
  readonly timeline: ContactTimeline;
  readonly bounds: View;
  readonly view: View;
  readonly measure: View | undefined;
  readonly selectedId: string | undefined;
  readonly cursorMs: number | undefined;
  readonly markedIds: ReadonlySet<string>;
  /** `undefined` fits the whole contact. */
  readonly onView: (view: View | undefined) => void;
  readonly onMeasure: (span: View | undefined, isDone: boolean) => void;
  readonly onSelect: (recordId: string) => void;
}

const AXIS_HEIGHT = 24;

/** The lanes of a contact on one clock. */
export function Timeline(props: TimelineProps): ReactNode {
  const { timeline, bounds, view, measure, selectedId, cursorMs, onView, onMeasure, onSelect } = props;
  const host = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const width = useWidth(host);
  const [hover, setHover] = useState<{ readonly point: Point; readonly hit: Hit | undefined }>();
  const [chosenRow, setChosenRow] = useState(0);
  const { zone } = usePageRange();
  const { rows, height } = useMemo(
    () => layoutRows({ lanes: timeline.lanes, entries: timeline.entries, toMs: bounds.toMs }),
    [timeline, bounds.toMs],
  );
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

  return (
    <div className="timeline">
      <LaneLabels
        rows={rows}
        agents={agentNames(timeline.agents)}
        chosenRow={chosenRow}
        top={AXIS_HEIGHT}
        onChoose={setChosenRow}
      />
      <div
        ref={host}
        className="timeline-lanes"
        role="application"
        aria-label="Lanes of the contact on one clock. W and S zoom, A and D pan, F fits, up and down choose a lane, comma and full stop step through it."
        tabIndex={0}
        data-testid="timeline"
        data-from={new Date(Math.round(view.fromMs)).toISOString()}
        data-to={new Date(Math.round(view.toMs)).toISOString()}
        onKeyDown={(event) => {
          const keys = {
            rows,
            view,
            bounds,
            chosenRow,
            cursorMs,
            selectedId,
            hasMeasure: measure !== undefined,
            onView,
            onSelect,
          };
          const isTaken = pressTimelineKey(
            { ...keys, onChooseRow: setChosenRow, onClearMeasure: () => onMeasure(undefined, true) },
            event,
          );
          if (!isTaken) return;
          event.preventDefault();
          event.stopPropagation();
        }}
      >
        <canvas ref={canvas} style={{ width: "100%", height: height + AXIS_HEIGHT }} />
        {hover === undefined ? null : (
          <TimelineTip
            hit={hover.hit}
            point={hover.point}
            timeMs={timeOf(view, width, hover.point.x)}
            width={width}
            zone={zone}
          />
        )}
      </div>
    </div>
  );
}

interface Drawing extends TimelineProps {
  readonly rows: ReturnType<typeof layoutRows>["rows"];
  readonly width: number;
  readonly height: number;
  readonly chosenRow: number;
}

function useDrawing(canvas: { readonly current: HTMLCanvasElement | null }, drawing: Drawing): void {
  const { rows, width, height, view, measure, cursorMs, markedIds, chosenRow } = drawing;
  const { zone } = usePageRange();
  const scheme = useColorScheme();
  useEffect(() => {
    const element = canvas.current;
    if (element === null || width === 0) return undefined;
    const frame = requestAnimationFrame(() => {
      const context = prepareCanvas(element, width, height);
      if (context === undefined) return;
      const axis = timeTicks({ fromMs: view.fromMs, toMs: view.toMs, width, zone, gap: 120 });
      const scene = {
        rows,
        view,
        width,
        height,
        axis,
        axisHeight: AXIS_HEIGHT,
        cursorMs,
        measure,
        chosenRow,
        markedIds,
      };
      drawTimeline(context, scene, readColors({ host: document.body, tokens: TIMELINE_TOKENS, scheme }));
    });
    return () => cancelAnimationFrame(frame);
  }, [canvas, rows, width, height, view, measure, cursorMs, markedIds, chosenRow, zone, scheme]);
}

function agentNames(agents: readonly ContactAgent[]): ReadonlyMap<string, string> {
  return new Map(agents.map((agent) => [agent.agent_id, agent.agent_username ?? agent.agent_id]));
}
