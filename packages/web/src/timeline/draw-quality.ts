import { colorFrom } from "../theme/canvas-draw.ts";
import type { LaneRow } from "./lane-rows.ts";
import { qualityMetrics, qualitySeries, topOf, type QualitySeries } from "./quality-series.ts";
import { colorOf, type Pen } from "./timeline-pen.ts";
import { xOf } from "./timeline-scale.ts";

/** Longer without a sample than this is a gap in the line, not a straight stretch of it. */
const LONGEST_STEP_MS = 15_000;

/**
 * Softphone samples, each metric to its own scale. Loss is drawn as bars from the top, because it is what hurts;
 * jitter and round trip as lines; the audio level as a faint line. What the agent hears is solid, what the agent says dashed.
 */
export function drawQuality(pen: Pen, row: LaneRow): void {
  const most = new Map(qualityMetrics(row.lane.samples).map((metric) => [metric.metric, topOf(metric)]));
  for (const series of qualitySeries(row.lane.samples)) {
    const top = most.get(series.metric) ?? 1;
    if (series.metric === "packets_lost") drawLoss(pen, row, series, top);
    else drawLine(pen, row, series, top);
  }
}

function drawLoss({ context, scene, colors }: Pen, row: LaneRow, series: QualitySeries, most: number): void {
  context.fillStyle = colorFrom(colors, "--level-error");
  context.globalAlpha = 0.65;
  for (const point of series.points) {
    if (point.value <= 0) continue;
    const x = xOf(scene.view, scene.width, point.timeMs);
    context.fillRect(
      x - 0.75,
      scene.axisHeight + row.y + 2,
      1.5,
      Math.max(3, (point.value / most) * (row.height - 10)),
    );
  }
  context.globalAlpha = 1;
}

function drawLine(pen: Pen, row: LaneRow, series: QualitySeries, most: number): void {
  const { context, scene } = pen;
  const floor = scene.axisHeight + row.y + row.height - 4;
  context.strokeStyle = lineColor(pen, series.metric);
  context.globalAlpha = series.metric === "audio_level" ? 0.25 : 0.95;
  context.lineWidth = series.metric === "round_trip_ms" ? 2 : 1.25;
  context.setLineDash(series.stream === "audio_output" ? [4, 3] : []);
  context.beginPath();
  let previousMs = Number.NEGATIVE_INFINITY;
  for (const point of series.points) {
    const x = xOf(scene.view, scene.width, point.timeMs);
    const y = floor - (point.value / most) * (row.height - 12);
    if (point.timeMs - previousMs > LONGEST_STEP_MS) context.moveTo(x, y);
    else context.lineTo(x, y);
    previousMs = point.timeMs;
  }
  context.stroke();
  context.setLineDash([]);
  context.globalAlpha = 1;
}

function lineColor(pen: Pen, metric: string): string {
  if (metric === "jitter_ms") return colorOf(pen, "--wire-ccp_log");
  return colorOf(pen, metric === "round_trip_ms" ? "--ink-muted" : "--ink");
}
