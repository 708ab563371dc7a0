import { parseInstant, unixMillis, zoneOffset } from "@fourwire/core";
import { parse, CsvError } from "csv-parse/sync";
import { instantOfLocal } from "./agent-spans.ts";
import type { ParsedShifts, PlannedActivity, RejectedLine } from "./import-shifts.ts";

/** Other names of columns, in lower case without spaces, dots and underscores. */
const COLUMN_NAMES: Readonly<Record<string, readonly string[]>> = {
  agent: ["agent", "agentusername", "username", "login", "agentid", "agentlogin", "employee"],
  start: ["start", "starttime", "from", "begin"],
  end: ["end", "endtime", "to"],
  activity: ["activity", "activityname", "shiftactivity", "type"],
  productive: ["productive", "isproductive"],
  statuses: ["statuses", "agentstatuses"],
  start_early: ["startearlymin"],
  start_late: ["startlatemin"],
  end_early: ["endearlymin"],
  end_late: ["endlatemin"],
};

const NEEDED = ["agent", "start", "end", "activity"];

const LOCAL_TIME = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(:\d\d)?$/;

/** Thresholds are minutes; Amazon allows 1 to 10, other tools more. */
const MAX_THRESHOLD_MIN = 240;

/** A plan as CSV: agent, start, end, activity, and what docs/agent-tables.md names besides. */
export function parseShiftCsv(text: string, zone: string): ParsedShifts {
  let rows: readonly Row[];
  try {
    rows = readRows(text);
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return { activities: [], rejected: [{ line: Number(error["lines"] ?? 1), reason: error.message }] };
  }
  const [head, ...lines] = rows;
  const columns = readHead(head?.record ?? []);
  const missing = NEEDED.filter((name) => !columns.has(name));
  if (missing.length > 0)
    return { activities: [], rejected: [{ line: 1, reason: `the first line names no column ${missing.join(", ")}` }] };
  const activities: PlannedActivity[] = [];
  const rejected: RejectedLine[] = [];
  for (const { record, line } of lines) {
    const parsed = readLine((name) => record[columns.get(name) ?? -1] ?? "", zone);
    if (typeof parsed === "string") rejected.push({ line, reason: parsed });
    else activities.push(parsed);
  }
  return { activities, rejected };
}

interface Row {
  readonly record: readonly string[];
  /** Of the text, where the row ends. */
  readonly line: number;
}

/** A spreadsheet leaves lines of separators behind the last row; they are no rows. */
function readRows(text: string): readonly Row[] {
  const rows: Row[] = [];
  parse(text, {
    bom: true,
    delimiter: delimiterOf(text),
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_empty_values: true,
    trim: true,
    on_record: (record: string[], { lines }) => {
      rows.push({ record, line: lines });
      return null;
    },
  });
  return rows;
}

/** Spreadsheets of countries with a decimal comma write semicolons, and some tools tabs: the one the first line has most. */
function delimiterOf(text: string): string {
  const head = /^[^\r\n]*/.exec(text.replace(/^\uFEFF?[\r\n]*/, ""))?.[0] ?? "";
  const count = (delimiter: string): number => head.split(delimiter).length;
  return DELIMITERS.reduce((best, other) => (count(other) > count(best) ? other : best), ",");
}

const DELIMITERS = [",", ";", "\t"];

function readHead(head: readonly string[]): ReadonlyMap<string, number> {
  const columns = new Map<string, number>();
  head.forEach((name, index) => {
    const plain = name.toLowerCase().replaceAll(/[\s._-]/g, "");
    const known = Object.entries(COLUMN_NAMES).find(([, names]) => names.includes(plain));
    if (known !== undefined && !columns.has(known[0])) columns.set(known[0], index);
  });
  return columns;
}

/** The activity, or why it is none. */
function readLine(field: (name: string) => string, zone: string): PlannedActivity | string {
  const problem = NAMED.find((name) => field(name) === "");
  if (problem !== undefined) return `no ${problem}`;
  const [start, end] = [instantIn(field("start"), zone), instantIn(field("end"), zone)];
  if (start === undefined) return `start is no time: "${field("start")}"`;
  if (end === undefined) return `end is no time: "${field("end")}"`;
  if (end <= start) return "end is not after start";
  const productive = productiveOf(field("productive"));
  if (productive === undefined) return `productive is neither true nor false: "${field("productive")}"`;
  const thresholdsMs = thresholdsOf(field);
  if (thresholdsMs === undefined) return `a threshold is no number of minutes from 0 to ${MAX_THRESHOLD_MIN}`;
  return {
    agent: field("agent"),
    start,
    end,
    activity: field("activity"),
    isProductive: productive === "by_name" ? undefined : productive,
    statuses: field("statuses")
      .split(/[;|]/)
      .map((status) => status.trim())
      .filter((status) => status !== ""),
    thresholdsMs,
  };
}

const NAMED = ["agent", "activity"];

function thresholdsOf(field: (name: string) => string): PlannedActivity["thresholdsMs"] | undefined {
  const [startEarly, startLate, endEarly, endLate] = ["start_early", "start_late", "end_early", "end_late"].map(
    (name) => minutesOf(field(name)),
  );
  if (startEarly === undefined || startLate === undefined || endEarly === undefined || endLate === undefined)
    return undefined;
  return { startEarly, startLate, endEarly, endLate };
}

/** With a zone of its own, or on the clock of the given one. */
function instantIn(text: string, zone: string): number | undefined {
  const local = LOCAL_TIME.exec(text);
  if (local === null) return parseInstant(text);
  const clock = Date.parse(`${local[1] ?? ""}T${local[2] ?? ""}${local[3] ?? ":00"}Z`);
  return Number.isNaN(clock) ? undefined : unixMillis(instantOfLocal(clock, zoneOffset(zone)));
}

function productiveOf(text: string): boolean | "by_name" | undefined {
  const word = text.toLowerCase();
  if (word === "") return "by_name";
  if (["true", "yes", "1", "productive"].includes(word)) return true;
  return ["false", "no", "0", "non-productive", "nonproductive"].includes(word) ? false : undefined;
}

function minutesOf(text: string): number | undefined {
  const minutes = text === "" ? 0 : Number(text);
  return minutes >= 0 && minutes <= MAX_THRESHOLD_MIN ? Math.round(minutes * 60_000) : undefined;
}
