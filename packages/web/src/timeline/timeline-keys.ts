import type { KeyboardEvent } from "react";
import { moveIndex } from "../list/step.ts";
import type { LaneRow } from "./lane-rows.ts";
import { laneStops, nextStop } from "./lane-stops.ts";
import { panView, zoomView, type View } from "./timeline-scale.ts";

export interface TimelineKeys {
  readonly rows: readonly LaneRow[];
  readonly view: View;
  readonly bounds: View;
  readonly chosenRow: number;
  readonly cursorMs: number | undefined;
  readonly selectedId: string | undefined;
  readonly hasMeasure: boolean;
  readonly onView: (view: View) => void;
  readonly onFit: () => void;
  readonly onChooseRow: (row: number) => void;
  readonly onSelect: (recordId: string) => void;
  readonly onClearMeasure: () => void;
}

const ZOOM_IN = 0.7;
const PAN_SHARE = 0.15;

/** The keys of the lanes while they are in focus. Returns whether the key was one of them. */
export function pressTimelineKey(keys: TimelineKeys, event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const { view, bounds, rows } = keys;
  const anchorMs =
    keys.cursorMs !== undefined && keys.cursorMs > view.fromMs && keys.cursorMs < view.toMs
      ? keys.cursorMs
      : (view.fromMs + view.toMs) / 2;
  const zoom = (factor: number): void => keys.onView(zoomView(view, { factor, anchorMs, bounds }));
  const pan = (share: number): void => keys.onView(panView(view, (view.toMs - view.fromMs) * share, bounds));
  const actions: Readonly<Record<string, () => void>> = {
    w: () => zoom(ZOOM_IN),
    "+": () => zoom(ZOOM_IN),
    s: () => zoom(1 / ZOOM_IN),
    "-": () => zoom(1 / ZOOM_IN),
    a: () => pan(-PAN_SHARE),
    arrowleft: () => pan(-PAN_SHARE),
    d: () => pan(PAN_SHARE),
    arrowright: () => pan(PAN_SHARE),
    f: keys.onFit,
    arrowup: () => keys.onChooseRow(moveIndex(rows.length, keys.chosenRow, -1)),
    arrowdown: () => keys.onChooseRow(moveIndex(rows.length, keys.chosenRow, 1)),
    ",": () => step(keys, -1),
    ".": () => step(keys, 1),
  };
  const action = event.key === "Escape" && keys.hasMeasure ? keys.onClearMeasure : actions[event.key.toLowerCase()];
  action?.();
  return action !== undefined;
}

function step(keys: TimelineKeys, direction: 1 | -1): void {
  const row = keys.rows[keys.chosenRow] ?? keys.rows[0];
  if (row === undefined) return;
  const timeMs = keys.cursorMs ?? (direction === 1 ? keys.view.fromMs : keys.view.toMs);
  const stop = nextStop(laneStops(row), { selectedId: keys.selectedId, timeMs, direction });
  if (stop !== undefined) keys.onSelect(stop.recordId);
}
