import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fitView, panView, revealTime, timeOf, xOf, zoomView } from "./timeline-scale.ts";

const bounds = { fromMs: 1_000_000, toMs: 1_100_000 };
const view = { fromMs: 1_020_000, toMs: 1_040_000 };

describe("the clock of the lanes", () => {
  test("a position and its time are each other's inverse", () => {
    expect(xOf(view, 800, 1_030_000)).toBe(400);
    expect(timeOf(view, 800, 400)).toBe(1_030_000);
  });
  test("fitting leaves room at both ends", () => {
    expect(fitView(bounds)).toEqual({ fromMs: 998_000, toMs: 1_102_000 });
  });
  test("a contact of one instant can still be shown", () => {
    expect(fitView({ fromMs: 5, toMs: 5 })).toEqual({ fromMs: -15, toMs: 25 });
  });
  test("zooming keeps the instant under the pointer where it is", () => {
    const zoomed = zoomView(view, { factor: 0.5, anchorMs: 1_025_000, bounds });
    expect(zoomed).toEqual({ fromMs: 1_022_500, toMs: 1_032_500 });
    expect(xOf(zoomed, 800, 1_025_000)).toBe(xOf(view, 800, 1_025_000));
  });
  test("zooming out ends at the whole contact", () => {
    expect(zoomView(view, { factor: 1000, anchorMs: 1_025_000, bounds })).toEqual(fitView(bounds));
  });
  test("panning stops at the ends without changing the zoom", () => {
    expect(panView(view, 10_000_000, bounds)).toEqual({ fromMs: 1_082_000, toMs: 1_102_000 });
    expect(panView(view, -10_000_000, bounds)).toEqual({ fromMs: 998_000, toMs: 1_018_000 });
  });
  test("an instant in view moves nothing", () => {
    expect(revealTime(view, 1_030_000, bounds)).toBe(view);
  });
  test("an instant out of view is brought in a quarter from the edge", () => {
    expect(revealTime(view, 1_060_000, bounds)).toEqual({ fromMs: 1_045_000, toMs: 1_065_000 });
  });
  test("however it is moved, the view stays inside the contact and keeps a length", () => {
    const widest = fitView(bounds);
    const moves = fc.array(
      fc.record({
        factor: fc.double({ min: 0.01, max: 100, noNaN: true }),
        byMs: fc.integer({ min: -200_000, max: 200_000 }),
      }),
    );
    fc.assert(
      fc.property(moves, (steps) => {
        let moved = view;
        for (const { factor, byMs } of steps) {
          moved = panView(zoomView(moved, { factor, anchorMs: (moved.fromMs + moved.toMs) / 2, bounds }), byMs, bounds);
        }
        expect(moved.toMs - moved.fromMs).toBeGreaterThanOrEqual(19.99);
        expect(moved.fromMs).toBeGreaterThanOrEqual(widest.fromMs - 0.01);
        expect(moved.toMs).toBeLessThanOrEqual(widest.toMs + 0.01);
      }),
    );
  });
});
