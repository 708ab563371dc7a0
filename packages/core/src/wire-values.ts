import { numberAt, textAt, type JsonObject, type JsonValue } from "./json.ts";
import { rejected, type Rejection } from "./rejected.ts";

/** A timestamp as written: ISO text mostly, epoch milliseconds where an exporter converted it. */
export type InstantWire = string | number;

const MESSAGE_LIMIT = 500;
const DETAIL_LIMIT = 120;

/** The timestamp at `key`, as written. */
export function instantAt(object: JsonObject | undefined, key: string): InstantWire | undefined {
  const value = object?.[key];
  return typeof value === "number" ? value : textAt(object, key);
}

/** The whole number at `key`, fractions cut off; undefined beyond 2^53, which no 64-bit column is promised to hold. */
export function integerAt(object: JsonObject | undefined, key: string): number | undefined {
  const number = numberAt(object, key);
  if (number === undefined) return undefined;
  const whole = Math.trunc(number);
  return Number.isSafeInteger(whole) ? whole : undefined;
}

/** The channel in upper case. Agent events write TASKS, contact events "Voice"; everything else TASK and VOICE. */
export function normalizeChannel(channel: string | undefined): string | undefined {
  if (channel === undefined || channel === "VOICE") return channel;
  const upper = channel.toUpperCase();
  return upper === "TASKS" ? "TASK" : upper;
}

/** Fits names from the wire on one line of at most 500 characters. */
export function oneLine(text: string): string {
  const line = /[\r\n\t]/.test(text) ? text.replaceAll(/\s+/g, " ") : text;
  return line.length > MESSAGE_LIMIT ? `${line.slice(0, MESSAGE_LIMIT)}…` : line;
}

/** Rejects a record whose required text at `key` is absent (`missing_field`) or not text (`bad_type`). */
export function rejectText(value: JsonValue | undefined, key: string): { ok: false; rejected: Rejection } {
  const isAbsent = value === undefined || value === null || typeof value === "string";
  return isAbsent
    ? rejected("missing_field", `${key} is missing`)
    : rejected("bad_type", `${key} is not text: ${shorten(value)}`);
}

/** The value as JSON, cut to fit a rejection's detail. */
export function shorten(value: JsonValue): string {
  const text = JSON.stringify(value);
  return text.length > DETAIL_LIMIT ? `${text.slice(0, DETAIL_LIMIT)}…` : text;
}
