import type { Zone } from "./range.ts";

/** The parts of an instant as the page prints them; the zone is always one of them. */
export interface InstantParts {
  /** `11-21` */
  readonly date: string;
  /** `14:03:22.123` */
  readonly clock: string;
  /** `Z` or `+01:00` */
  readonly zone: string;
}

export function instantParts(time: number | string, zone: Zone): InstantParts {
  const ms = toMillis(time);
  const shifted = new Date(ms + (zone === "utc" ? 0 : offsetMs(ms))).toISOString();
  return { date: shifted.slice(5, 10), clock: shifted.slice(11, 23), zone: zoneSuffix(ms, zone) };
}

/** The whole instant: `2026-11-21 14:03:22.123 +01:00`. */
export function formatInstantIn(time: number | string, zone: Zone): string {
  const ms = toMillis(time);
  if (!Number.isFinite(ms)) return "unknown";
  const shifted = new Date(ms + (zone === "utc" ? 0 : offsetMs(ms))).toISOString();
  return `${shifted.slice(0, 10)} ${shifted.slice(11, 23)} ${zoneSuffix(ms, zone)}`;
}

/** `14:03:22` without date and milliseconds, for axes and short sentences; zone is named nearby. */
export function formatClock(ms: number, zone: Zone, hasMillis = false): string {
  return instantParts(ms, zone).clock.slice(0, hasMillis ? 12 : 8);
}

/** The day and minute for ranges: `11-21 14:03`, with the year when it is not that of `nowMs`. */
export function formatMinute(ms: number, zone: Zone, nowMs: number): string {
  const whole = formatInstantIn(ms, zone).slice(0, 16);
  return whole.slice(0, 4) === formatInstantIn(nowMs, zone).slice(0, 4) ? whole.slice(5) : whole;
}

/** The zone's IANA name, for the server: this computer's own for local. */
export function ianaZone(zone: Zone): string {
  return zone === "utc" ? "UTC" : Intl.DateTimeFormat().resolvedOptions().timeZone;
}

export function zoneSuffix(ms: number, zone: Zone): string {
  if (zone === "utc") return "Z";
  const minutes = Math.round(offsetMs(ms) / 60_000);
  const absolute = Math.abs(minutes);
  return `${minutes < 0 ? "-" : "+"}${pad(Math.floor(absolute / 60))}:${pad(absolute % 60)}`;
}

/** A length of time with its units, at most two of them: `812 ms`, `4.2 s`, `4 min 12 s`, `1 h 3 min`, `2 d 4 h`. */
export function formatDuration(ms: number): string {
  const size = Math.abs(ms);
  const sign = ms < 0 ? "-" : "";
  if (size < 1000) return `${sign}${Math.round(size)} ms`;
  if (size < 9_950) return `${sign}${(size / 1000).toFixed(1)} s`;
  const seconds = Math.round(size / 1000);
  if (seconds < 60) return `${sign}${seconds} s`;
  if (seconds < 3600) return `${sign}${two(Math.floor(seconds / 60), "min", seconds % 60, "s")}`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 1440) return `${sign}${two(Math.floor(minutes / 60), "h", minutes % 60, "min")}`;
  const hours = Math.round(minutes / 60);
  return `${sign}${two(Math.floor(hours / 24), "d", hours % 24, "h")}`;
}

/** How long ago, in one unit: `4 s`, `3 min`, `2 h`, `5 d`. */
export function formatAge(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

export function formatCount(count: number): string {
  return count.toLocaleString("en-US");
}

/** `1 record`, `1,204 records`. */
export function plural(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? "" : "s"}`;
}

export function toMillis(time: number | string): number {
  return typeof time === "number" ? time : Date.parse(time);
}

function offsetMs(ms: number): number {
  return -new Date(ms).getTimezoneOffset() * 60_000;
}

function two(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

function pad(value: number): string {
  return String(value).padStart(2, "0");
}
