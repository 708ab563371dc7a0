import { colorFrom, hatch, type Box, type Colors } from "../theme/canvas-draw.ts";
import { DASHES, WIRES } from "../theme/wires.ts";
import { drawQuality } from "./draw-quality.ts";
import { LANE_PADDING, TRACK_HEIGHT, type LaneRow, type Tick, type TrackedSpan } from "./lane-rows.ts";
import { colorOf, type Pen, type TimelineScene } from "./timeline-pen.ts";
import { xOf } from "./timeline-scale.ts";

export const TIMELINE_TOKENS = [
  "--wire-agent_event",
  "--wire-flow_log",
  "--wire-ccp_log",
  "--wire-cloudtrail",
  "--wire-contact_record",
  "--wire-contact_event",
  "--edge-flow_log",
  "--edge-ccp_log",
  "--level-error",
  "--level-warning",
  "--hairline",
  "--hairline-strong",
  "--ink",
  "--ink-muted",
  "--surface",
  "--accent",
  "--hover",
] as const;

const FONT = 'system-ui, "Liberation Sans", sans-serif';

export function drawTimeline(context: CanvasRenderingContext2D, scene: TimelineScene, colors: Colors): void {
  const pen: Pen = { context, colors, scene };
  drawGrid(pen);
  for (const row of scene.rows) drawRow(pen, row);
  drawMeasure(pen);
  drawCursor(pen);
}

function drawGrid({ context, colors, scene }: Pen): void {
  const { axis, view, width, height, axisHeight, rows, chosenRow } = scene;
  const chosen = chosenRow === undefined ? undefined : rows[chosenRow];
  if (chosen !== undefined) {
    context.fillStyle = colorFrom(colors, "--hover");
    context.fillRect(0, chosen.y + axisHeight, width, chosen.height);
  }
  context.font = `11px ${FONT}`;
  context.textBaseline = "middle";
  for (const tick of axis) {
    const x = Math.round(xOf(view, width, tick.time)) + 0.5;
    context.fillStyle = colorFrom(colors, "--hairline");
    context.fillRect(x, axisHeight - 4, 1, height);
    context.fillStyle = colorFrom(colors, "--ink-muted");
    // a label cut at the edge reads as another time
    if (x + 4 + context.measureText(tick.label).width <= width) context.fillText(tick.label, x + 4, axisHeight / 2);
  }
  context.fillStyle = colorFrom(colors, "--hairline");
  for (const row of rows) context.fillRect(0, row.y + axisHeight - 0.5, width, 1);
}

function drawRow(pen: Pen, row: LaneRow): void {
  drawDensity(pen, row);
  if (row.lane.samples.length > 0) drawQuality(pen, row);
  for (const item of row.spans) drawSpan(pen, row, item);
  for (const mark of row.marks) drawMark(pen, row, mark);
  for (const tick of row.density) {
    if (tick.severityNumber >= 13) drawMark(pen, row, tick);
  }
}

/** A problem too short for its label is marked like a failed record, so that it is not overlooked. */
const NARROW_PX = 24;

function drawSpan(pen: Pen, row: LaneRow, item: TrackedSpan): void {
  const { context, scene } = pen;
  const left = Math.max(-8, xOf(scene.view, scene.width, item.fromMs));
  const right = Math.min(scene.width + 8, xOf(scene.view, scene.width, item.toMs));
  if (right < 0 || left > scene.width) return;
  const box: Box = {
    x: left,
    y: scene.axisHeight + row.y + LANE_PADDING + item.track * TRACK_HEIGHT + 1,
    width: Math.max(2, right - left - 1),
    height:
      item.span.gap !== null && row.density.length + row.others.length > 0
        ? row.height - LANE_PADDING * 2 - 2
        : TRACK_HEIGHT - 3,
  };
  if (item.span.gap === null) fillSpan(pen, row, item, box);
  else drawGap(pen, box);
  const isMarked = item.span.record_ids.some((id) => scene.markedIds.has(id));
  if (isMarked) outline(pen, box, colorOf(pen, "--accent"), 2);
  const label =
    item.span.gap === null ? item.span.label : `${item.span.label || "gap"} (${item.span.gap.replaceAll("_", " ")})`;
  if (item.span.is_problem && box.width < NARROW_PX) {
    drawCross(context, box.x + box.width / 2, box.y + 5, colorOf(pen, "--level-error"));
  } else {
    drawLabel(pen, label, box, item.span.is_problem);
  }
  context.setLineDash([]);
}

function fillSpan(pen: Pen, row: LaneRow, item: TrackedSpan, box: Box): void {
  const { context } = pen;
  const wire = WIRES[row.source];
  const color = colorOf(pen, wire.colorToken);
  context.fillStyle = color;
  context.globalAlpha = tintOf(item.span.kind);
  context.fillRect(box.x, box.y, box.width, box.height);
  context.globalAlpha = 1;
  // the wire's own line runs along the top of everything it says
  context.strokeStyle = color;
  context.setLineDash([...DASHES[wire.line]]);
  context.lineWidth = wire.line === "thin" ? 1 : 2;
  line(context, box.x, box.y + 1, box.width);
  if (wire.line === "double") line(context, box.x, box.y + 4, box.width);
  context.setLineDash([]);
  context.fillStyle = colorOf(pen, wire.edgeToken);
  context.fillRect(box.x, box.y, 1.5, box.height);
  if (!item.span.is_problem) return;
  context.fillStyle = colorOf(pen, "--level-error");
  context.fillRect(box.x, box.y + box.height - 3, box.width, 3);
}

/** Kinds that mean waiting or absence are fainter than those that mean work. */
function tintOf(kind: string): number {
  return /offline|idle|available|routable|waiting|queue|answered|missed|none/i.test(kind) ? 0.13 : 0.26;
}

function drawGap(pen: Pen, box: Box): void {
  hatch(pen.context, box, colorOf(pen, "--hairline-strong"));
  pen.context.setLineDash([2, 3]);
  outline(pen, box, colorOf(pen, "--hairline-strong"), 1);
  pen.context.setLineDash([]);
}

function drawLabel({ context, colors, scene }: Pen, label: string, box: Box, isProblem: boolean): void {
  const left = Math.max(4, box.x + 5);
  const room = Math.min(scene.width, box.x + box.width) - left - 3;
  if (room < 14) return;
  context.font = `${isProblem ? "600 " : ""}11px ${FONT}`;
  context.textBaseline = "middle";
  const text = fitText(context, isProblem ? `! ${label}` : label, room);
  if (text === "") return;
  context.lineJoin = "round";
  context.strokeStyle = colorFrom(colors, "--surface");
  context.lineWidth = 3;
  context.globalAlpha = 0.85;
  context.strokeText(text, left, box.y + box.height / 2 + 1);
  context.globalAlpha = 1;
  context.fillStyle = isProblem ? colorFrom(colors, "--level-error") : colorFrom(colors, "--ink");
  context.fillText(text, left, box.y + box.height / 2 + 1);
}

function fitText(context: CanvasRenderingContext2D, text: string, room: number): string {
  if (context.measureText(text).width <= room) return text;
  const fitting = Math.floor((text.length * room) / context.measureText(text).width) - 1;
  return fitting < 2 ? "" : `${text.slice(0, fitting)}…`;
}

/** A tick for a record; errors and warnings by shape as well as by colour. */
function drawMark(pen: Pen, row: LaneRow, mark: Tick): void {
  const { context, scene } = pen;
  const x = xOf(scene.view, scene.width, mark.timeMs);
  if (x < -6 || x > scene.width + 6) return;
  const top = scene.axisHeight + row.y + 4;
  const bottom = scene.axisHeight + row.y + row.height - 4;
  const isLoud = mark.severityNumber >= 13;
  const isProblem = mark.severityNumber >= 17;
  const loudColor = colorOf(pen, isProblem ? "--level-error" : "--level-warning");
  context.fillStyle = isLoud ? loudColor : colorOf(pen, WIRES[row.source].edgeToken);
  context.fillRect(x - 0.75, top, 1.5, bottom - top);
  if (isProblem) drawCross(context, x, top + 2, loudColor);
  else if (isLoud) drawTriangle(context, x, top);
  else context.fillRect(x - 2.5, (top + bottom) / 2 - 2.5, 5, 5);
  if (scene.markedIds.has(mark.recordId))
    outline(pen, { x: x - 6, y: top - 2, width: 12, height: bottom - top + 4 }, colorOf(pen, "--accent"), 2);
}

function drawCross(context: CanvasRenderingContext2D, x: number, y: number, color: string): void {
  context.strokeStyle = color;
  context.lineWidth = 2;
  context.beginPath();
  context.moveTo(x - 3.5, y - 3.5);
  context.lineTo(x + 3.5, y + 3.5);
  context.moveTo(x + 3.5, y - 3.5);
  context.lineTo(x - 3.5, y + 3.5);
  context.stroke();
}

function drawTriangle(context: CanvasRenderingContext2D, x: number, y: number): void {
  context.beginPath();
  context.moveTo(x, y - 3);
  context.lineTo(x + 4, y + 4);
  context.lineTo(x - 4, y + 4);
  context.fill();
}

const BIN_PX = 3;

/** How many lines the CCP wrote, in bins of a few pixels; the square root keeps single lines visible beside bursts. */
function drawDensity(pen: Pen, row: LaneRow): void {
  const { context, scene } = pen;
  const own = binsOf(row.density, scene);
  const others = binsOf(row.others, scene);
  const most = Math.sqrt(Math.max(1, ...own, ...others));
  const floor = scene.axisHeight + row.y + row.height - 3;
  const drawBins = (bins: readonly number[], alpha: number): void => {
    context.globalAlpha = alpha;
    for (const [bin, count] of bins.entries()) {
      if (count === 0) continue;
      const height = Math.max(2, (Math.sqrt(count) / most) * (row.height - 12));
      context.fillRect(bin * BIN_PX, floor - height, BIN_PX - 1, height);
    }
    context.globalAlpha = 1;
  };
  context.fillStyle = colorOf(pen, "--ink-muted");
  drawBins(others, 0.28);
  context.fillStyle = colorOf(pen, WIRES[row.source].colorToken);
  drawBins(own, 1);
}

function binsOf(ticks: readonly Tick[], { view, width }: TimelineScene): readonly number[] {
  const bins = Array.from({ length: Math.ceil(width / BIN_PX) + 1 }, () => 0);
  for (const tick of ticks) {
    const bin = Math.floor(xOf(view, width, tick.timeMs) / BIN_PX);
    if (bin >= 0 && bin < bins.length) bins[bin] = (bins[bin] ?? 0) + 1;
  }
  return bins;
}

function drawMeasure({ context, colors, scene }: Pen): void {
  if (scene.measure === undefined) return;
  const left = xOf(scene.view, scene.width, scene.measure.fromMs);
  const right = xOf(scene.view, scene.width, scene.measure.toMs);
  context.fillStyle = colorFrom(colors, "--accent");
  context.globalAlpha = 0.12;
  context.fillRect(left, 0, right - left, scene.height);
  context.globalAlpha = 1;
  context.fillRect(left - 0.5, 0, 1, scene.height);
  context.fillRect(right - 0.5, 0, 1, scene.height);
}

function drawCursor({ context, colors, scene }: Pen): void {
  if (scene.cursorMs === undefined) return;
  const x = xOf(scene.view, scene.width, scene.cursorMs);
  if (x < 0 || x > scene.width) return;
  context.fillStyle = colorFrom(colors, "--accent");
  context.fillRect(x - 0.75, scene.axisHeight - 4, 1.5, scene.height);
  context.beginPath();
  context.moveTo(x - 5, scene.axisHeight - 9);
  context.lineTo(x + 5, scene.axisHeight - 9);
  context.lineTo(x, scene.axisHeight - 2);
  context.fill();
}

function outline({ context }: Pen, box: Box, color: string, width: number): void {
  context.strokeStyle = color;
  context.lineWidth = width;
  context.strokeRect(box.x + 0.5, box.y + 0.5, box.width - 1, box.height - 1);
}

function line(context: CanvasRenderingContext2D, x: number, y: number, width: number): void {
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(x + width, y);
  context.stroke();
}
