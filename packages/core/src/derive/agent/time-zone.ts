import { AppError } from "../../errors.ts";
import { unixMillis } from "../../instant.ts";
import type { UnixMillis } from "../../record.ts";
import { BASE_INTERVAL_MS, type ZoneOffset } from "./local-intervals.ts";

/** Offsets held per zone: a year of quarters of an hour. */
const CACHE_LIMIT = 40_000;

/**
 * The offset of an IANA zone ("Europe/Berlin", "UTC"), from the engine's time zone data: the same for every instant
 * whose rules that data knows. Offsets change at quarters of an hour only, so one is looked up per quarter. Throws
 * `parameter_invalid` for a name the engine does not know.
 */
export function zoneOffset(zone: string): ZoneOffset {
  const format = openFormat(zone);
  const offsets = new Map<number, number>();
  return (time) => {
    const quarter = Math.floor(time / BASE_INTERVAL_MS);
    const known = offsets.get(quarter);
    if (known !== undefined) return known;
    if (offsets.size >= CACHE_LIMIT) offsets.clear();
    const offset = readOffset(format, unixMillis(quarter * BASE_INTERVAL_MS));
    offsets.set(quarter, offset);
    return offset;
  };
}

function openFormat(zone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
  } catch (cause) {
    throw new AppError("parameter_invalid", `time zone not known: "${zone}"; use an IANA name such as Europe/Berlin`, {
      cause,
    });
  }
}

function readOffset(format: Intl.DateTimeFormat, time: UnixMillis): number {
  const parts = new Map(format.formatToParts(time).map((part) => [part.type, Number(part.value)]));
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
  const local = Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second"));
  return local - time;
}
