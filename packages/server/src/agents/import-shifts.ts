import { createHash } from "node:crypto";
import { AppError, zoneOffset, type ShiftImportResponse } from "@fourwire/core";
import type { ShiftRow, Store } from "@fourwire/store";
import { parseShiftCalendar } from "./shift-calendar.ts";
import { parseShiftCsv } from "./shift-csv.ts";

/** One planned activity as a file tells it. Instants are Unix ms. */
export interface PlannedActivity {
  readonly agent: string;
  readonly start: number;
  readonly end: number;
  readonly activity: string;
  /** Undefined: told by the name. */
  readonly isProductive: boolean | undefined;
  readonly statuses: readonly string[];
  readonly thresholdsMs: {
    readonly startEarly: number;
    readonly startLate: number;
    readonly endEarly: number;
    readonly endLate: number;
  };
}

export interface RejectedLine {
  readonly line: number;
  readonly reason: string;
}

export interface ParsedShifts {
  readonly activities: readonly PlannedActivity[];
  readonly rejected: readonly RejectedLine[];
}

export interface ShiftFile {
  readonly text: string;
  /** What was imported under this name before is replaced. */
  readonly origin: string;
  readonly zone: string | undefined;
  readonly agent: string | undefined;
  readonly now: number;
}

/** Activities of one file. */
const MAX_ACTIVITIES = 200_000;

/** Names of activities in which an agent need not be Available. */
const NON_PRODUCTIVE =
  /break|lunch|meal|dinner|training|coaching|meeting|time.?off|absen|leave|vacation|holiday|sick|pto|offline/i;

/** Reads a plan, CSV or iCalendar by its content, and puts it in place of what the same origin said before. */
export async function importShifts(store: Store, file: ShiftFile): Promise<ShiftImportResponse> {
  const zone = file.zone ?? "UTC";
  // an unknown zone is the caller's mistake, not a line's
  zoneOffset(zone);
  const isCalendar = /^\s*BEGIN:VCALENDAR/i.test(file.text.replace(/^\uFEFF/, ""));
  const parsed = isCalendar
    ? parseShiftCalendar(file.text, { zone, agent: file.agent, now: file.now })
    : parseShiftCsv(file.text, zone);
  if (parsed.activities.length > MAX_ACTIVITIES)
    throw new AppError("parameter_invalid", `more than ${MAX_ACTIVITIES} activities; split the file`);
  if (parsed.activities.length === 0) {
    const [first] = parsed.rejected;
    throw new AppError(
      "parameter_invalid",
      `no shift in it, so nothing was replaced${first === undefined ? "" : `: line ${first.line}: ${first.reason}`}`,
    );
  }
  const rows = uniqueRows(parsed.activities.map((activity) => rowOf(activity, file.origin)));
  const replaced = await store.shifts.replace(file.origin, rows);
  const range = {
    from: Math.min(...rows.map((row) => row.start_time)),
    to: Math.max(...rows.map((row) => row.end_time)),
  };
  const stored = await store.shifts.list(range, MAX_ACTIVITIES);
  const unknown = stored.filter((shift) => shift.origin === file.origin && shift.agent_id === null);
  return {
    added: rows.length,
    replaced,
    rejected: parsed.rejected,
    unknown_agents: [...new Set(unknown.map((shift) => shift.agent))].sort(),
  };
}

function rowOf(activity: PlannedActivity, origin: string): ShiftRow {
  const { startEarly, startLate, endEarly, endLate } = activity.thresholdsMs;
  const agent = activity.agent.startsWith("arn:")
    ? activity.agent.slice(activity.agent.lastIndexOf("/") + 1)
    : activity.agent;
  const identity = [origin, agent, activity.start, activity.end, activity.activity].join("\n");
  return {
    shift_id: createHash("sha256").update(identity).digest("base64url").slice(0, 16),
    agent,
    start_time: activity.start,
    end_time: activity.end,
    activity_name: activity.activity,
    is_productive: activity.isProductive ?? !NON_PRODUCTIVE.test(activity.activity),
    statuses: activity.statuses,
    start_early_ms: startEarly,
    start_late_ms: startLate,
    end_early_ms: endEarly,
    end_late_ms: endLate,
    origin,
  };
}

function uniqueRows(rows: readonly ShiftRow[]): readonly ShiftRow[] {
  return [...new Map(rows.map((row) => [row.shift_id, row])).values()];
}
