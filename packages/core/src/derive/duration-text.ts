import { formatInstant } from "../instant.ts";
import type { UnixMillis } from "../record.ts";

const SECOND_MS = 1000;
const MINUTE_S = 60;
const HOUR_S = 3600;
const DAY_S = 86_400;

/** A duration for a sentence, by its two largest units: "800 ms", "12 s", "4 min 12 s", "2 h 5 min", "3 d 4 h". */
export function formatDuration(durationMs: number): string {
  if (durationMs < SECOND_MS) return `${Math.max(0, Math.round(durationMs))} ms`;
  const seconds = Math.round(durationMs / SECOND_MS);
  if (seconds < MINUTE_S) return `${seconds} s`;
  if (seconds < HOUR_S) return pair([Math.floor(seconds / MINUTE_S), "min"], [seconds % MINUTE_S, "s"]);
  if (seconds < DAY_S)
    return pair([Math.floor(seconds / HOUR_S), "h"], [Math.floor((seconds % HOUR_S) / MINUTE_S), "min"]);
  return pair([Math.floor(seconds / DAY_S), "d"], [Math.floor((seconds % DAY_S) / HOUR_S), "h"]);
}

function pair(large: readonly [number, string], small: readonly [number, string]): string {
  return small[0] === 0 ? large.join(" ") : `${large.join(" ")} ${small.join(" ")}`;
}

/** "9 minutes", "1 minute", "40 seconds": whole units, as said aloud. */
export function sayDuration(durationMs: number): string {
  const seconds = Math.max(0, Math.round(durationMs / SECOND_MS));
  if (seconds < MINUTE_S) return count(seconds, "second");
  return count(Math.round(seconds / MINUTE_S), "minute");
}

function count(number: number, unit: string): string {
  return `${number} ${unit}${number === 1 ? "" : "s"}`;
}

/** An id for a sentence: a UUID by its first eight digits, anything readable as it is. */
export function shortenId(id: string): string {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-/i.test(id) ? id.slice(0, 8) : id;
}

/** The time of day in UTC, for sentences whose date is clear: "14:03:22Z". */
export function formatClock(time: UnixMillis): string {
  return `${formatInstant(time).slice(11, 19)}Z`;
}
