import type { AgentIntervalRow, AgentIntervalsResponse } from "@fourwire/core";
import { stringify } from "csv-stringify/sync";

/** Columns of an interval file, in order. Times are seconds with milliseconds, as workforce tools read them. */
const TIME_COLUMNS = [
  "online_ms",
  "offline_ms",
  "non_productive_ms",
  "contact_ms",
  "connecting_ms",
  "error_ms",
  "idle_ms",
  "unknown_ms",
  "presumed_offline_ms",
  "after_contact_work_ms",
  "contact_after_contact_work_ms",
  "interaction_ms",
  "pause_ms",
  "hold_ms",
  "incoming_connecting_ms",
  "outbound_connecting_ms",
  "handle_ms",
  "logged_in_ms",
] as const satisfies readonly (keyof AgentIntervalRow)[];

const COUNT_COLUMNS = [
  "hold_count",
  "handled_count",
  "after_contact_work_count",
  "offer_count",
  "answered_count",
  "missed_count",
  "rejected_count",
  "error_count",
  "withdrawn_count",
  "unknown_offer_count",
  "customer_abandoned_count",
  "login_count",
] as const satisfies readonly (keyof AgentIntervalRow)[];

/**
 * Interval rows as CSV (RFC 4180: CRLF, quotes doubled), in UTC and in the zone's clock, and a column for each custom
 * status that occurs. A text that a spreadsheet would run as a formula gets an apostrophe in front.
 */
export function intervalCsv(response: AgentIntervalsResponse): string {
  const statuses = [
    ...new Set(response.intervals.flatMap((row) => row.non_productive.map((status) => status.status_name))),
  ].sort();
  const head = [
    "agent_id",
    "agent_username",
    "routing_profile_name",
    ...[1, 2, 3, 4, 5].map((level) => `hierarchy_level_${level}`),
    "start_time_utc",
    "end_time_utc",
    "start_time_local",
    "end_time_local",
    "zone",
    ...TIME_COLUMNS.map((name) => name.replace(/_ms$/, "_s")),
    ...COUNT_COLUMNS,
    "occupancy",
    ...statuses.map((name) => `status_s: ${name}`),
  ];
  const rows = response.intervals.map((row) => [
    row.agent_id,
    row.agent_username,
    row.routing_profile_name,
    ...[0, 1, 2, 3, 4].map((level) => row.hierarchy[level] ?? null),
    row.start_time,
    row.end_time,
    row.local_start_time,
    row.local_end_time,
    response.zone,
    ...TIME_COLUMNS.map((name) => seconds(row[name])),
    ...COUNT_COLUMNS.map((name) => row[name]),
    row.occupancy === null ? null : row.occupancy.toFixed(4),
    ...statuses.map((name) =>
      seconds(row.non_productive.find((status) => status.status_name === name)?.duration_ms ?? 0),
    ),
  ]);
  return csvText([head, ...rows]);
}

/** Rows of values as CSV text; null is an empty field. */
export function csvText(rows: readonly (readonly (string | number | boolean | null)[])[]): string {
  return stringify(
    rows.map((row) =>
      row.map((value) => (typeof value === "string" && /^[=+@\t\r-]/.test(value) ? `'${value}` : value)),
    ),
    { record_delimiter: "windows", cast: { boolean: String } },
  );
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}
