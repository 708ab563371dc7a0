import { useEffect, useRef, useState, type RefObject } from "react";

export interface Brush {
  readonly from: number;
  readonly to: number;
}

export interface BrushRequest {
  readonly host: RefObject<HTMLElement | null>;
  /** Pixels from the left edge, in order. */
  readonly onBrush: (from: number, to: number) => void;
  readonly onClick: (x: number) => void;
  readonly onHover: (x: number | undefined) => void;
}

/** A press that moves less than this is a click. */
const CLICK_PX = 4;

/** A span dragged along the horizontal axis of an element; returns it while it is being dragged. */
export function useBrush(request: BrushRequest): Brush | undefined {
  const [brush, setBrush] = useState<Brush>();
  const current = useRef(request);
  useEffect(() => {
    current.current = request;
  });
  useEffect(() => {
    const host = request.host.current;
    if (host === null) return undefined;
    let startX: number | undefined;
    const positionOf = (event: PointerEvent): number => {
      const box = host.getBoundingClientRect();
      return Math.min(box.width, Math.max(0, event.clientX - box.left));
    };
    const spanTo = (x: number): Brush => ({ from: Math.min(startX ?? x, x), to: Math.max(startX ?? x, x) });
    const onDown = (event: PointerEvent): void => {
      if (event.button !== 0) return;
      startX = positionOf(event);
      host.setPointerCapture(event.pointerId);
    };
    const onMove = (event: PointerEvent): void => {
      const x = positionOf(event);
      current.current.onHover(x);
      if (startX !== undefined) setBrush(spanTo(x));
    };
    const onUp = (event: PointerEvent): void => {
      if (startX === undefined) return;
      const span = spanTo(positionOf(event));
      startX = undefined;
      setBrush(undefined);
      if (span.to - span.from < CLICK_PX) current.current.onClick(span.to);
      else current.current.onBrush(span.from, span.to);
    };
    const onCancel = (): void => {
      startX = undefined;
      setBrush(undefined);
    };
    const onLeave = (): void => current.current.onHover(undefined);
    const controller = new AbortController();
    const { signal } = controller;
    host.addEventListener("pointerdown", onDown, { signal });
    host.addEventListener("pointermove", onMove, { signal });
    host.addEventListener("pointerup", onUp, { signal });
    host.addEventListener("pointercancel", onCancel, { signal });
    host.addEventListener("pointerleave", onLeave, { signal });
    return () => controller.abort();
  }, [request.host]);
  return brush;
}
