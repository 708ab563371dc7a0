import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { TimeSweep, type SweepParts, type SweepWindow } from "./time-sweep.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const BEGIN = Date.UTC(2026, 10, 20);
const LOOK_BACK = 2 * HOUR;

interface ModelEvent {
  readonly id: number;
  readonly time: number;
  readonly visibleTime: number;
}

/** A service that is asked by time, a clock, and a receiver that fails and is restarted as it is told. */
class Model {
  now = BEGIN;
  readonly found = new Set<number>();
  readonly gaps: (readonly [number, number])[] = [];
  readonly #events: readonly ModelEvent[];
  readonly #saved = new Map<string, string>();

  constructor(events: readonly ModelEvent[]) {
    this.#events = events;
  }

  open(more: Partial<SweepParts["options"]> = {}): Promise<TimeSweep> {
    const checkpoints = {
      load: () => Promise.resolve(new Map(this.#saved)),
      save: (_: string, positions: ReadonlyMap<string, string>) => {
        for (const [key, value] of positions) this.#saved.set(key, value);
        return Promise.resolve();
      },
    };
    const options = {
      overlapMs: 2 * MINUTE,
      lookBackMs: LOOK_BACK,
      lookBackEveryMs: 10 * MINUTE,
      aheadMs: 0,
      window: { firstMs: HOUR, minMs: MINUTE, maxMs: 24 * HOUR },
      pagesPerWindow: 3,
      ...more,
    };
    const onExpired = (from: number, to: number): number => this.gaps.push([from, to]);
    return TimeSweep.open({ receiver: "r", keyPrefix: "", checkpoints, now: () => this.now, options, onExpired }, () =>
      Promise.resolve(BEGIN - 6 * HOUR),
    );
  }

  /** Takes some time, like every request; may break off before or after storing. */
  read(outcome: "works" | "fails" | "is killed after storing"): (window: SweepWindow) => Promise<number> {
    return (window) => {
      this.now += 500;
      if (outcome === "fails") return Promise.reject(new Error("failed"));
      const inside = this.#events.filter(
        ({ time, visibleTime }) => time >= window.fromTime && time <= window.toTime && visibleTime <= this.now,
      );
      for (const { id } of inside) this.found.add(id);
      if (outcome !== "works") return Promise.reject(new Error("killed"));
      return Promise.resolve(1 + Math.floor(inside.length / 3));
    };
  }
}

const step = fc.record({
  outcome: fc.constantFrom("works" as const, "works" as const, "fails" as const, "is killed after storing" as const),
  isRestarted: fc.boolean(),
  pauseMs: fc.oneof(fc.integer({ min: 0, max: 20 * MINUTE }), fc.integer({ min: 0, max: 5 * HOUR })),
});

const lateEvent = fc.record({
  time: fc.integer({ min: BEGIN - 6 * HOUR, max: BEGIN + 20 * HOUR }),
  lateMs: fc.oneof(fc.integer({ min: 0, max: MINUTE }), fc.integer({ min: 0, max: LOOK_BACK })),
});

describe("a sweep", () => {
  test("finds every event that shows up within the look-back, through failures, kills and pauses", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(lateEvent, { minLength: 20, maxLength: 60 }),
        fc.array(step, { minLength: 10, maxLength: 30 }),
        async (events, steps) => {
          const model = new Model(events.map(({ time, lateMs }, id) => ({ id, time, visibleTime: time + lateMs })));
          let sweep = await model.open();
          for (const { outcome, isRestarted, pauseMs } of steps) {
            await sweep.turn(model.read(outcome), 0).catch(() => undefined);
            if (isRestarted) sweep = await model.open();
            model.now += pauseMs;
          }
          // afterwards all is quiet for a while
          model.now = Math.max(model.now, BEGIN + 24 * HOUR);
          for (let turn = 0; turn < 60; turn++) {
            await sweep.turn(model.read("works"), 0);
            model.now += MINUTE;
          }
          expect([...model.found].toSorted((left, right) => left - right)).toEqual(events.map((_, id) => id));
        },
      ),
      { numRuns: 1000 },
    );
  });

  test("with an end stops there and is finished", async () => {
    const model = new Model([{ id: 1, time: BEGIN - HOUR, visibleTime: BEGIN }]);
    const sweep = await model.open({ endTime: BEGIN - 30 * MINUTE });
    for (let turn = 0; turn < 20 && !sweep.isFinished; turn++) await sweep.turn(model.read("works"), 0);
    expect(sweep.isFinished).toBe(true);
    expect(sweep.position).toBe(BEGIN - 30 * MINUTE);
    expect(model.found.size).toBe(1);
  });

  test("tells what expired before it was read, once", async () => {
    const model = new Model([]);
    const sweep = await model.open();
    await sweep.turn(model.read("works"), BEGIN - HOUR);
    await sweep.turn(model.read("works"), BEGIN - HOUR);
    expect(model.gaps).toEqual([[BEGIN - 6 * HOUR, BEGIN - HOUR]]);
  });
});
