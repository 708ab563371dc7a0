import type { Column } from "../column.ts";
import type { SourceName } from "../record.ts";

// A row of a timeline has a dozen values that are read; the others (bodies above all) would be most of the reading.

/** Common columns that no timeline reads. */
const OMITTED_COMMON: ReadonlySet<string> = new Set([
  "original_body",
  "original_id",
  "observed_time",
  "ingested_time",
  "schema_version",
  "account_id",
]);

/** JSON columns that timelines read; all others are left out. */
const READ_JSON: ReadonlySet<string> = new Set(["contacts", "previous_contacts", "parameters", "external_results"]);

/** API activity has 48 columns of its own; these tell who changed what. */
const READ_CLOUDTRAIL: ReadonlySet<string> = new Set([
  "event_source",
  "is_write",
  "error_code",
  "actor",
  "actor_class",
  "actor_user_id",
  "session_name",
  "resource_type",
  "resource_id",
  "queue_id",
  "routing_profile_id",
]);

/** Whether `deriveContactTimeline` reads a column. `isOwn`: declared by the source, not one of the common columns. */
export function isTimelineColumn(source: SourceName, column: Column, isOwn: boolean): boolean {
  if (!isOwn) return column.name === "attributes" ? source === "ccp_log" : !OMITTED_COMMON.has(column.name);
  if (column.type === "json") return READ_JSON.has(column.name);
  return source !== "cloudtrail" || READ_CLOUDTRAIL.has(column.name);
}
