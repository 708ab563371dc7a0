import { useEffect } from "react";
import { prepareCanvas, readColors } from "../theme/canvas-colors.ts";
import { useColorScheme } from "../theme/use-color-scheme.ts";
import { usePageRange } from "../time/range-context.ts";
import { timeTicks } from "../time/ticks.ts";
import type { LaneRow } from "./lane-rows.ts";
import { drawTimeline, TIMELINE_TOKENS } from "./timeline-draw.ts";
import type { View } from "./timeline-scale.ts";

/** Height of the clock above the lanes, in pixels. */
export const AXIS_HEIGHT = 24;

export interface Drawing {
  readonly rows: readonly LaneRow[];
  readonly view: View;
  readonly measure: View | undefined;
  readonly cursorMs: number | undefined;
  readonly markedIds: ReadonlySet<string>;
  readonly width: number;
  readonly height: number;
  readonly chosenRow: number;
}

/** Draws the lanes on the next frame after anything of them changed. */
export function useDrawing(canvas: { readonly current: HTMLCanvasElement | null }, drawing: Drawing): void {
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
