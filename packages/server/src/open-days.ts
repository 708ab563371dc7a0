/** A day is closed this long after it began: its late records come within hours, most of them. */
const CLOSED_AFTER_MS = 36 * 3_600_000;

/** The first day (UTC) that is still open, as YYYY-MM-DD. */
export function firstOpenDate(now: number): string {
  return new Date(now - CLOSED_AFTER_MS).toISOString().slice(0, 10);
}
