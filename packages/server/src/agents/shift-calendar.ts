import { unixMillis, zoneOffset } from "@fourwire/core";
import ICAL from "ical.js";
import { instantOfLocal } from "./agent-spans.ts";
import type { ParsedShifts, PlannedActivity, RejectedLine } from "./import-shifts.ts";

/** Occurrences of a repeating event are taken from this far back to this far ahead of now. */
const BACK_MS = 90 * 86_400_000;
const AHEAD_MS = 365 * 86_400_000;

/** Occurrences looked at of one event: twenty years of days. */
const MAX_STEPS = 7500;

/** Occurrences taken of one event. */
const MAX_OCCURRENCES = 1000;

export interface CalendarOptions {
  /** For times without a zone. */
  readonly zone: string;
  /** For events that name nobody. */
  readonly agent: string | undefined;
  readonly now: number;
}

/** A plan as iCalendar: each event is an activity, repeated ones as often as they occur. */
export function parseShiftCalendar(text: string, options: CalendarOptions): ParsedShifts {
  let calendars: readonly ICAL.Component[];
  try {
    calendars = readCalendars(text);
  } catch (error) {
    return {
      activities: [],
      rejected: [{ line: 1, reason: `no iCalendar: ${String(error instanceof Error ? error.message : error)}` }],
    };
  }
  const activities: PlannedActivity[] = [];
  const rejected: RejectedLine[] = [];
  let number = 0;
  for (const calendar of calendars) {
    for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
    for (const event of readEvents(calendar)) {
      number++;
      try {
        activities.push(...occurrencesOf(event, options));
      } catch (error) {
        rejected.push({
          line: number,
          reason: `event ${number}: ${error instanceof Error ? error.message : String(error)}`,
        });
      }
    }
  }
  return { activities, rejected };
}

function readCalendars(text: string): readonly ICAL.Component[] {
  const parsed: unknown = ICAL.parse(text);
  if (!Array.isArray(parsed)) throw new Error("nothing in it");
  // one calendar, or several after one another
  const all: readonly unknown[] = typeof parsed[0] === "string" ? [parsed] : parsed;
  return all.map((calendar) => new ICAL.Component(Array.isArray(calendar) ? calendar : []));
}

/** Events by themselves, changed occurrences handed to the event they belong to. */
function readEvents(calendar: ICAL.Component): readonly ICAL.Event[] {
  const events = calendar.getAllSubcomponents("vevent").map((component) => new ICAL.Event(component));
  const whole = events.filter((event) => !event.isRecurrenceException());
  for (const exception of events.filter((event) => event.isRecurrenceException())) {
    whole.find((event) => event.uid === exception.uid)?.relateException(exception);
  }
  return whole;
}

function occurrencesOf(event: ICAL.Event, options: CalendarOptions): readonly PlannedActivity[] {
  if (isCancelled(event)) return [];
  if (!event.isRecurring()) {
    return [{ ...activityOf(event, options), ...spanOf(event.startDate, event.endDate, event, options) }];
  }
  const found: PlannedActivity[] = [];
  const iterator = event.iterator();
  for (let step = 0; step < MAX_STEPS && found.length < MAX_OCCURRENCES; step++) {
    const next = iterator.next();
    if (next === undefined || next === null) break;
    const details = event.getOccurrenceDetails(next);
    const span = spanOf(details.startDate, details.endDate, details.item, options);
    if (span.start > options.now + AHEAD_MS) break;
    if (span.end < options.now - BACK_MS || isCancelled(details.item)) continue;
    found.push({ ...activityOf(details.item, options), ...span });
  }
  return found;
}

function activityOf(event: ICAL.Event, options: CalendarOptions): Omit<PlannedActivity, "start" | "end"> {
  return {
    agent: agentOf(event, options),
    activity: textOf(event.summary) || "Work",
    isProductive: productiveOf(event),
    statuses: [],
    thresholdsMs: { startEarly: 0, startLate: 0, endEarly: 0, endLate: 0 },
  };
}

function isCancelled(event: ICAL.Event): boolean {
  return textOf(event.component.getFirstPropertyValue("status")).toUpperCase() === "CANCELLED";
}

function spanOf(
  start: ICAL.Time,
  end: ICAL.Time,
  event: ICAL.Event,
  options: CalendarOptions,
): { readonly start: number; readonly end: number } {
  const span = { start: instantOf(start, event, options), end: instantOf(end, event, options) };
  if (!(span.end > span.start)) throw new Error("it does not end after it starts");
  return span;
}

/** A time in UTC or in a zone that the file defines is known; any other is on the clock of the zone it names, or of ours. */
function instantOf(time: ICAL.Time, event: ICAL.Event, options: CalendarOptions): number {
  const isKnown = time.zone !== undefined && time.zone !== null && time.zone.tzid !== "floating";
  if (isKnown && !time.isDate) return unixMillis(time.toUnixTime() * 1000);
  const named = event.component.getFirstProperty("dtstart")?.getFirstParameter("tzid");
  const clock = Date.UTC(time.year, time.month - 1, time.day, time.hour, time.minute, time.second);
  return unixMillis(instantOfLocal(clock, zoneOffset(textOf(named) || options.zone)));
}

/** The attendee's address up to the @, else the agent the whole file is for. */
function agentOf(event: ICAL.Event, options: CalendarOptions): string {
  const own = textOf(event.component.getFirstPropertyValue("x-fourwire-agent"));
  if (own !== "") return own;
  const address = /^mailto:([^@]+)/i.exec(textOf(event.component.getFirstPropertyValue("attendee")))?.[1];
  const agent = options.agent ?? address;
  if (agent === undefined) throw new Error("it names no attendee, and no agent was given for the file");
  return agent;
}

function productiveOf(event: ICAL.Event): boolean | undefined {
  const categories = event.component
    .getAllProperties("categories")
    .flatMap((property) => property.getValues().map((value) => String(value).toLowerCase()));
  if (categories.some((category) => /^non-?productive$/.test(category))) return false;
  return categories.includes("productive") ? true : undefined;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value.trim() : "";
}
