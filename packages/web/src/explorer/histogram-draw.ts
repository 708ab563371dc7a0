import { colorFrom, hatch, type Colors } from "../theme/canvas-draw.ts";
import { WIRES } from "../theme/wires.ts";
import type { Tick } from "../time/ticks.ts";
import type { Bar } from "./histogram-layout.ts";

export const HISTOGRAM_TOKENS = [
  "--wire-agent_event",
  "--wire-flow_log",
  "--wire-ccp_log",
  "--wire-cloudtrail",
  "--wire-contact_record",
  "--wire-contact_event",
  "--level-error",
  "--hairline",
  "--ink-muted",
  "--ink",
  "--surface",
  "--accent",
] as const;

export interface HistogramScene {
  readonly bars: readonly Bar[];
  readonly ticks: readonly Tick[];
  /** Horizontal position of an instant. */
  readonly xOf: (time: number) => number;
  readonly width: number;
  readonly plotHeight: number;
  readonly chosen: Bar | undefined;
  /** Pixels, left to right. */
  readonly brush: { readonly from: number; readonly to: number } | undefined;
}

export function drawHistogram(context: CanvasRenderingContext2D, scene: HistogramScene, colors: Colors): void {
  drawAxis(context, scene, colors);
  for (const bar of scene.bars) drawBar(context, bar, colors);
  if (scene.chosen !== undefined) {
    context.strokeStyle = colorFrom(colors, "--ink");
    context.strokeRect(scene.chosen.x - 0.5, 0.5, scene.chosen.width + 1, scene.plotHeight - 1);
  }
  if (scene.brush !== undefined) {
    context.fillStyle = colorFrom(colors, "--accent");
    context.globalAlpha = 0.18;
    context.fillRect(scene.brush.from, 0, scene.brush.to - scene.brush.from, scene.plotHeight);
    context.globalAlpha = 1;
  }
}

function drawAxis(context: CanvasRenderingContext2D, scene: HistogramScene, colors: Colors): void {
  context.font = '11px system-ui, "Liberation Sans", sans-serif';
  context.textBaseline = "top";
  context.strokeStyle = colorFrom(colors, "--hairline");
  context.fillStyle = colorFrom(colors, "--ink-muted");
  line(context, 0, scene.plotHeight + 0.5, scene.width);
  for (const tick of scene.ticks) {
    const half = context.measureText(tick.label).width / 2;
    const at = scene.xOf(tick.time);
    const x = Math.min(scene.width - half, Math.max(half, at));
    context.fillRect(Math.round(at), scene.plotHeight, 1, 4);
    context.fillText(tick.label, x - half, scene.plotHeight + 5);
  }
}

function drawBar(context: CanvasRenderingContext2D, bar: Bar, colors: Colors): void {
  for (const segment of bar.segments) {
    context.fillStyle = colorFrom(colors, WIRES[segment.source].colorToken);
    context.fillRect(bar.x, segment.y, bar.width, segment.height - (segment.height > 3 ? 0.5 : 0));
  }
  const top = bar.segments.at(-1)?.y ?? 0;
  if (bar.isPartial) {
    const height = bar.segments.reduce((sum, segment) => sum + segment.height, 0);
    hatch(context, { x: bar.x, y: top, width: bar.width, height }, colorFrom(colors, "--surface"));
  }
  if (bar.errors > 0) {
    context.fillStyle = colorFrom(colors, "--level-error");
    context.fillRect(bar.x, Math.max(0, top - 4), bar.width, 3);
  }
}

function line(context: CanvasRenderingContext2D, x: number, y: number, width: number): void {
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(x + width, y);
  context.stroke();
}
