import type { UnixMillis } from "./record.ts";

/** Earliest and latest instants accepted as an event time: outside, a clock or a unit is wrong, not the event old. */
const EARLIEST = Date.UTC(2001, 0, 1);
const LATEST = Date.UTC(2100, 0, 1);

const ISO = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)$/;

export function unixMillis(value: number): UnixMillis {
  return Math.trunc(value) as UnixMillis;
}

/**
 * Parses an instant written as ISO 8601 with a zone, or as epoch milliseconds or seconds (number). Returns undefined
 * for anything else: a missing zone or missing seconds (`2017-11-09T12:17.898Z`, printed in Amazon's own guide) is
 * not guessed at. `1970-01-01T00:00:00.001Z` is Connect's sentinel for "not set" and is outside the accepted range.
 */
export function parseInstant(value: unknown): UnixMillis | undefined {
  if (typeof value === "string") return parseIsoInstant(value);
  if (typeof value !== "number" || !Number.isFinite(value)) return undefined;
  return inRange(value < 1e11 ? value * 1000 : value);
}

function parseIsoInstant(text: string): UnixMillis | undefined {
  if (text.length === 24 && text.charCodeAt(23) === 0x5a && text.charCodeAt(10) === 0x54) {
    // the usual form, yyyy-mm-ddThh:mm:ss.sssZ, which the engine parses fastest
    return inRange(Date.parse(text));
  }
  return ISO.test(text) ? inRange(Date.parse(text.replace(" ", "T").replace(",", "."))) : undefined;
}

function inRange(value: number): UnixMillis | undefined {
  return value >= EARLIEST && value < LATEST ? unixMillis(value) : undefined;
}

/** The instant as ISO 8601 in UTC with milliseconds. */
export function formatInstant(time: UnixMillis): string {
  return new Date(time).toISOString();
}
