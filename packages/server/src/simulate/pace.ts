/** Waits shorter than this are saved up: timers are not finer. */
const LEAST_WAIT_MS = 20;

export interface PaceOptions {
  /** 1: as the clock; 10: ten times as fast. */
  readonly speed: number;
  /** The simulated instant that is now, Unix milliseconds. */
  readonly startTime: number;
  /** Milliseconds of a clock that only goes forward. */
  readonly now?: () => number;
  readonly sleep?: (ms: number) => Promise<void>;
}

/** Waits until a record's time has come. Time lost is caught up with, not added. */
export function createPace(options: PaceOptions): (time: number) => Promise<void> {
  const { speed, startTime, now = () => performance.now(), sleep = wait } = options;
  const began = now();
  return async (time) => {
    const dueMs = began + (time - startTime) / speed;
    const waitMs = dueMs - now();
    if (waitMs >= LEAST_WAIT_MS) await sleep(waitMs);
  };
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
