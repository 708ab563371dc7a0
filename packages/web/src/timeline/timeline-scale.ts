/** The visible span of the lanes, in milliseconds since the epoch. */
export interface View {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Closer than this there is nothing to see: no wire is finer than a millisecond. */
const NARROWEST_MS = 20;
/** Room beside the first and last record when everything is fitted. */
const MARGIN = 0.02;

export function xOf(view: View, width: number, timeMs: number): number {
  return ((timeMs - view.fromMs) / (view.toMs - view.fromMs)) * width;
}

export function timeOf(view: View, width: number, x: number): number {
  return view.fromMs + (x / Math.max(1, width)) * (view.toMs - view.fromMs);
}

/** The whole contact with a little room. A contact of a single instant still gets a span. */
export function fitView(bounds: View): View {
  const room = Math.max(NARROWEST_MS, (bounds.toMs - bounds.fromMs) * MARGIN);
  return { fromMs: bounds.fromMs - room, toMs: bounds.toMs + room };
}

export function isSameView(one: View, other: View): boolean {
  return one.fromMs === other.fromMs && one.toMs === other.toMs;
}

export interface ZoomRequest {
  /** Below 1 zooms in. */
  readonly factor: number;
  /** The instant that stays where it is. */
  readonly anchorMs: number;
  readonly bounds: View;
}

export function zoomView(view: View, { factor, anchorMs, bounds }: ZoomRequest): View {
  const widest = fitView(bounds);
  const wanted = (view.toMs - view.fromMs) * factor;
  const size = Math.min(widest.toMs - widest.fromMs, Math.max(NARROWEST_MS, wanted));
  const share = (anchorMs - view.fromMs) / (view.toMs - view.fromMs);
  return clampView({ fromMs: anchorMs - share * size, toMs: anchorMs + (1 - share) * size }, bounds);
}

export function panView(view: View, byMs: number, bounds: View): View {
  return clampView({ fromMs: view.fromMs + byMs, toMs: view.toMs + byMs }, bounds);
}

/** The view moved as little as needed to show the instant, a quarter in from the edge. */
export function revealTime(view: View, timeMs: number, bounds: View): View {
  if (timeMs >= view.fromMs && timeMs <= view.toMs) return view;
  const size = view.toMs - view.fromMs;
  const fromMs = timeMs < view.fromMs ? timeMs - size / 4 : timeMs - (size * 3) / 4;
  return clampView({ fromMs, toMs: fromMs + size }, bounds);
}

function clampView(view: View, bounds: View): View {
  const widest = fitView(bounds);
  const size = view.toMs - view.fromMs;
  if (size >= widest.toMs - widest.fromMs) return widest;
  const fromMs = Math.min(widest.toMs - size, Math.max(widest.fromMs, view.fromMs));
  return { fromMs, toMs: fromMs + size };
}
