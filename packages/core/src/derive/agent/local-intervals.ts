import { unixMillis } from "../../instant.ts";
import type { UnixMillis } from "../../record.ts";

/** Milliseconds to add to UTC to get the zone's clock at an instant: 3,600,000 for Berlin in winter. */
export type ZoneOffset = (time: UnixMillis) => number;

export const BASE_INTERVAL_MS = 900_000;
/** Intervals in one call; a year of quarters of an hour is 35,040. */
export const INTERVAL_LIMIT = 40_000;

/** No zone shifts its clock by more in one step; the search for the instant of a change starts this far before it. */
const STEP_MS = BASE_INTERVAL_MS;

export function utcOffset(): number {
  return 0;
}

/**
 * The instants at which intervals of the zone's clock begin, from the one that holds `from` to the first at or after `to`.
 * Every zone in use is a multiple of 15 minutes off UTC, so quarters of an hour are the base of all others; half hours and
 * hours begin on the zone's clock (India's do not on UTC's), and days at its midnight, so that a day may have 23 or 25
 * hours. Throws RangeError above `INTERVAL_LIMIT`.
 */
export function localBoundaries(
  span: { readonly from: UnixMillis; readonly to: UnixMillis },
  intervalMs: number,
  offset: ZoneOffset,
): UnixMillis[] {
  if (intervalMs < BASE_INTERVAL_MS || intervalMs % BASE_INTERVAL_MS !== 0) {
    throw new RangeError(`interval of ${intervalMs} ms is no multiple of ${BASE_INTERVAL_MS}`);
  }
  if ((span.to - span.from) / intervalMs > INTERVAL_LIMIT) {
    throw new RangeError(`more than ${INTERVAL_LIMIT} intervals; take a shorter span or a longer interval`);
  }
  const boundaries: UnixMillis[] = [startOfInterval(span.from, intervalMs, offset)];
  let time = floor(span.from, STEP_MS);
  while ((boundaries.at(-1) ?? 0) < span.to) {
    time += STEP_MS;
    if (isBoundary(unixMillis(time), intervalMs, offset)) boundaries.push(unixMillis(time));
  }
  return boundaries;
}

function startOfInterval(from: UnixMillis, intervalMs: number, offset: ZoneOffset): UnixMillis {
  let time = unixMillis(floor(from, STEP_MS));
  while (!isBoundary(time, intervalMs, offset)) time = unixMillis(time - STEP_MS);
  return time;
}

/** Another interval of the zone's clock holds the instant than the quarter of an hour before it. */
function isBoundary(time: UnixMillis, intervalMs: number, offset: ZoneOffset): boolean {
  const before = unixMillis(time - STEP_MS);
  const [now, earlier] = [time + offset(time), before + offset(before)];
  // where the clock is set back, the interval is begun a second time only if it had ended
  return Math.floor(now / intervalMs) > Math.floor(earlier / intervalMs) || isSetBack(now, earlier, intervalMs);
}

function isSetBack(now: number, earlier: number, intervalMs: number): boolean {
  return now <= earlier && now % intervalMs === 0 && intervalMs < 86_400_000;
}

function floor(time: number, step: number): number {
  return Math.floor(time / step) * step;
}
