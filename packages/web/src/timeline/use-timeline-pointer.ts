import { useEffect, useRef, type RefObject } from "react";
import { panView, timeOf, zoomView, type View } from "./timeline-scale.ts";

export interface TimelinePointer {
  readonly host: RefObject<HTMLElement | null>;
  readonly view: View;
  readonly bounds: View;
  readonly onView: (view: View) => void;
  /** While dragging, and at its end. */
  readonly onMeasure: (span: View, isDone: boolean) => void;
  readonly onHover: (point: Point | undefined) => void;
  readonly onClick: (point: Point) => void;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

interface Drag {
  readonly start: Point;
  readonly view: View;
  readonly isPan: boolean;
  isMoved: boolean;
}

const CLICK_PX = 4;
/** One notch of a wheel is about 100. */
const WHEEL_ZOOM = 0.0016;

/** Wheel zooms at the pointer, drag measures, Shift-drag or a sideways wheel pans, a press without movement selects. */
export function useTimelinePointer(pointer: TimelinePointer): void {
  const current = useRef(pointer);
  useEffect(() => {
    current.current = pointer;
  });
  useEffect(() => {
    const host = pointer.host.current;
    if (host === null) return undefined;
    let drag: Drag | undefined;
    const onDown = (event: PointerEvent): void => {
      if (event.button !== 0) return;
      drag = { start: pointOf(host, event), view: current.current.view, isPan: event.shiftKey, isMoved: false };
      host.setPointerCapture(event.pointerId);
    };
    const onMove = (event: PointerEvent): void => {
      const point = pointOf(host, event);
      if (drag === undefined) current.current.onHover(point);
      else moveDrag(current.current, drag, point, host.clientWidth);
    };
    const onUp = (event: PointerEvent): void => {
      const point = pointOf(host, event);
      if (drag?.isMoved === false) current.current.onClick(point);
      else if (drag?.isPan === false) current.current.onMeasure(spanOf(drag, point, host.clientWidth), true);
      drag = undefined;
    };
    const onCancel = (): void => {
      drag = undefined;
    };
    const onWheel = (event: WheelEvent): void => wheel(current.current, event, host);
    const { signal, abort } = listening();
    host.addEventListener("pointerdown", onDown, { signal });
    host.addEventListener("pointermove", onMove, { signal });
    host.addEventListener("pointerup", onUp, { signal });
    host.addEventListener("pointercancel", onCancel, { signal });
    host.addEventListener("pointerleave", () => current.current.onHover(undefined), { signal });
    host.addEventListener("wheel", onWheel, { signal, passive: false });
    return abort;
  }, [pointer.host]);
}

function moveDrag(pointer: TimelinePointer, drag: Drag, point: Point, width: number): void {
  if (!drag.isMoved && Math.abs(point.x - drag.start.x) < CLICK_PX) return;
  drag.isMoved = true;
  if (!drag.isPan) {
    pointer.onMeasure(spanOf(drag, point, width), false);
    return;
  }
  const byMs = ((drag.start.x - point.x) / Math.max(1, width)) * (drag.view.toMs - drag.view.fromMs);
  pointer.onView(panView(drag.view, byMs, pointer.bounds));
}

function wheel(pointer: TimelinePointer, event: WheelEvent, host: HTMLElement): void {
  event.preventDefault();
  const { view, bounds } = pointer;
  const sideways = event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX;
  if (Math.abs(sideways) > Math.abs(event.shiftKey ? 0 : event.deltaY)) {
    pointer.onView(panView(view, (sideways / Math.max(1, host.clientWidth)) * (view.toMs - view.fromMs), bounds));
    return;
  }
  const anchorMs = timeOf(view, host.clientWidth, pointOf(host, event).x);
  pointer.onView(zoomView(view, { factor: Math.exp(event.deltaY * WHEEL_ZOOM), anchorMs, bounds }));
}

function spanOf(drag: Drag, point: Point, width: number): View {
  const times = [timeOf(drag.view, width, drag.start.x), timeOf(drag.view, width, point.x)];
  return { fromMs: Math.min(...times), toMs: Math.max(...times) };
}

function pointOf(host: HTMLElement, event: MouseEvent): Point {
  const box = host.getBoundingClientRect();
  return { x: Math.min(box.width, Math.max(0, event.clientX - box.left)), y: event.clientY - box.top };
}

function listening(): { readonly signal: AbortSignal; readonly abort: () => void } {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}
