import { colorFrom, type Colors } from "../theme/canvas-draw.ts";
import type { Tick as AxisTick } from "../time/ticks.ts";
import type { LaneRow } from "./lane-rows.ts";
import type { View } from "./timeline-scale.ts";

export interface TimelineScene {
  readonly rows: readonly LaneRow[];
  readonly view: View;
  readonly width: number;
  readonly height: number;
  readonly axis: readonly AxisTick[];
  readonly axisHeight: number;
  /** Of the selected record. */
  readonly cursorMs: number | undefined;
  readonly measure: View | undefined;
  readonly chosenRow: number | undefined;
  readonly markedIds: ReadonlySet<string>;
}

export interface Pen {
  readonly context: CanvasRenderingContext2D;
  readonly colors: Colors;
  readonly scene: TimelineScene;
}

export function colorOf(pen: Pen, token: string): string {
  return colorFrom(pen.colors, token);
}
