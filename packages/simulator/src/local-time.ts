import type { UnixMillis } from "@fourwire/core";
import type { Place } from "./places.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A simulation of no more than a shift is one of working hours; a longer one shows mornings, evenings and nights. */
const SHORT_MS = 8 * HOUR_MS;
/** Between these hours enough people are at work for something to happen. */
const BUSY_HOURS = { first: 9, last: 18 } as const;
const BUSIEST_HOUR = 13.5;
const SUNDAY = 0;
const MONDAY = 1;
const SATURDAY = 6;

/**
 * Milliseconds to add to UTC for the time of day that a place's people live by. That of the place; but where a short
 * simulation would fall into an evening, a night or a weekend, when nobody is there, the people keep other hours: it is
 * the middle of a working day whenever it begins. An `endTime` of undefined: endless.
 */
export function localOffsetMs(place: Place, startTime: UnixMillis, endTime: UnixMillis | undefined): number {
  const offsetMs = place.utcOffsetHours * HOUR_MS;
  const durationMs = endTime === undefined ? Number.POSITIVE_INFINITY : endTime - startTime;
  if (durationMs > SHORT_MS) return offsetMs;
  const midnight = Math.floor((startTime + offsetMs) / DAY_MS) * DAY_MS;
  const begins = startTime + offsetMs - midnight;
  const weekday = new Date(midnight).getUTCDay();
  const isWeekday = weekday !== SUNDAY && weekday !== SATURDAY;
  const isBusy = begins >= BUSY_HOURS.first * HOUR_MS && begins + durationMs <= BUSY_HOURS.last * HOUR_MS;
  if (isWeekday && isBusy) return offsetMs;
  const daysOn = isWeekday ? 0 : weekday === SUNDAY ? MONDAY : 2;
  return offsetMs + daysOn * DAY_MS + (BUSIEST_HOUR * HOUR_MS - durationMs / 2) - begins;
}
