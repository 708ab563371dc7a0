import type { UnixMillis } from "@fourwire/core";

const MINUTE_MS = 60_000;
const TWO_DIGITS = Array.from({ length: 60 }, (_, value) => String(value).padStart(2, "0"));

let minute = Number.NaN;
let prefix = "";

/**
 * The instant as ISO 8601 with milliseconds, as `formatInstant` writes it. The records of a simulation come in the order
 * of time, so the part up to the minute is nearly always that of the call before.
 */
export function instantText(time: UnixMillis): string {
  const own = Math.floor(time / MINUTE_MS);
  if (own !== minute) {
    minute = own;
    prefix = new Date(own * MINUTE_MS).toISOString().slice(0, 17);
  }
  const rest = time - own * MINUTE_MS;
  const seconds = TWO_DIGITS[Math.floor(rest / 1000)] ?? "00";
  return `${prefix}${seconds}.${String(rest % 1000).padStart(3, "0")}Z`;
}
