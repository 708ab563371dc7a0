import type { RangeText, Zone } from "./range.ts";

interface Clock {
  readonly nowMs: number;
  readonly zone: Zone;
}

interface Day {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

const DURATION = /^(?:last|past)?\s*-?(\d{1,6})\s*(s|m|h|d|w|sec|second|min|minute|hour|hr|day|week)s?(?:\s+ago)?$/;
const DAY = String.raw`today|yesterday|\d{4}-\d{1,2}-\d{1,2}`;
const TIME = String.raw`\d{1,2}(?::\d{2}(?::\d{2})?)?`;
const DAY_ONLY = new RegExp(`^(${DAY})$`);
const DAY_HOURS = new RegExp(String.raw`^(?:(${DAY})[\s,]+)?(${TIME})\s*(?:-|–|to|until)\s*(${TIME})$`);
const DAY_TIME = new RegExp(String.raw`^(?:(${DAY})[\s,t]+)?(${TIME})$`);
const SEPARATOR = /\s+(?:to|until|-|–)\s+|\s*\.\.\s*|\s*\/\s*/;
const ZONED = /^\d{4}-\d\d-\d\d[t ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?\s?(?:z|[+-]\d\d:?\d\d)$/;
const AROUND_MS = 5 * 60_000;

/**
 * Reads "15 minutes", "yesterday 9-10", "2026-11-20 14:00 to 15:30", two instants, or one instant (five minutes to
 * either side). Words for days are read in the zone the page shows. Calendar words become absolute; "last 15 minutes"
 * stays relative.
 */
export function parseFreeRange(text: string, clock: Clock): RangeText | undefined {
  return (
    parseDuration(text) ??
    parseDay(text, clock) ??
    parseDayHours(text, clock) ??
    parsePair(text, clock) ??
    parseAround(text, clock)
  );
}

function parseDuration(text: string): RangeText | undefined {
  const match = DURATION.exec(text);
  if (match === null) return undefined;
  // every accepted word begins with the letter of its unit
  return { from: `-${match[1]}${(match[2] ?? "m").charAt(0)}`, to: undefined };
}

function parseDay(text: string, clock: Clock): RangeText | undefined {
  const match = DAY_ONLY.exec(text);
  const day = match === null ? undefined : dayOf(match[1], clock);
  if (day === undefined) return undefined;
  const to = text === "today" ? undefined : iso(instant({ ...day, day: day.day + 1 }, "0", clock.zone));
  return { from: iso(instant(day, "0", clock.zone)), to };
}

function parseDayHours(text: string, clock: Clock): RangeText | undefined {
  const match = DAY_HOURS.exec(text);
  const day = match === null ? undefined : dayOf(match[1], clock);
  if (match === null || day === undefined) return undefined;
  const fromMs = instant(day, match[2] ?? "0", clock.zone);
  const toMs = instant(day, match[3] ?? "0", clock.zone);
  // "23-1" crosses midnight
  const endMs = toMs > fromMs ? toMs : instant({ ...day, day: day.day + 1 }, match[3] ?? "0", clock.zone);
  return ordered(fromMs, endMs);
}

function parsePair(text: string, clock: Clock): RangeText | undefined {
  const parts = text.split(SEPARATOR);
  if (parts.length !== 2) return undefined;
  const fromMs = parsePoint(parts[0] ?? "", clock);
  const toMs = parts[1] === "now" ? clock.nowMs : parsePoint(parts[1] ?? "", clock);
  return fromMs === undefined || toMs === undefined ? undefined : ordered(fromMs, toMs);
}

function parseAround(text: string, clock: Clock): RangeText | undefined {
  const pointMs = parsePoint(text, clock);
  return pointMs === undefined ? undefined : ordered(pointMs - AROUND_MS, pointMs + AROUND_MS);
}

function parsePoint(text: string, clock: Clock): number | undefined {
  if (/^\d{10}$/.test(text)) return Number(text) * 1000;
  if (/^\d{13}$/.test(text)) return Number(text);
  if (ZONED.test(text)) return finite(Date.parse(text.toUpperCase().replace(" ", "T").replace(" ", "")));
  const match = DAY_TIME.exec(text) ?? DAY_ONLY.exec(text);
  const day = match === null ? undefined : dayOf(match[1], clock);
  return match === null || day === undefined ? undefined : finite(instant(day, match[2] ?? "0", clock.zone));
}

function dayOf(word: string | undefined, clock: Clock): Day | undefined {
  if (word !== undefined && /^\d/.test(word)) {
    const [year = 0, month = 0, day = 0] = word.split("-").map(Number);
    return month >= 1 && month <= 12 && day >= 1 && day <= 31 ? { year, month: month - 1, day } : undefined;
  }
  const now = new Date(clock.nowMs);
  const today: Day =
    clock.zone === "utc"
      ? { year: now.getUTCFullYear(), month: now.getUTCMonth(), day: now.getUTCDate() }
      : { year: now.getFullYear(), month: now.getMonth(), day: now.getDate() };
  return word === "yesterday" ? { ...today, day: today.day - 1 } : today;
}

function instant(day: Day, time: string, zone: Zone): number {
  const [hour = 0, minute = 0, second = 0] = time.split(":").map(Number);
  if (hour > 24 || minute > 59 || second > 59) return Number.NaN;
  if (zone === "utc") return Date.UTC(day.year, day.month, day.day, hour, minute, second);
  return new Date(day.year, day.month, day.day, hour, minute, second).getTime();
}

function ordered(fromMs: number, toMs: number): RangeText | undefined {
  return fromMs < toMs ? { from: iso(fromMs), to: iso(toMs) } : undefined;
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}
