import type { Lane } from "../api.ts";
import type { ContactWindow } from "./contact-window.ts";
import { changedResource, isConfigurationChange } from "./contact-window.ts";
import { makeLane, makeMark } from "./lane.ts";
import type { TimelineRow } from "./timeline-row.ts";
import { isTrue, textOf } from "./timeline-row.ts";

/** CloudTrail's calls as marks: configuration changes, other writes, reads; a failed call says its error. */
export function deriveApiCallLane(rows: readonly TimelineRow[], window: ContactWindow): Lane {
  const calls = rows.filter((row) => row.source === "cloudtrail");
  return makeLane("api_calls", null, { marks: calls.map((row) => makeMark(row, callLabel(row, window))) });
}

function callLabel(row: TimelineRow, window: ContactWindow): string {
  const actor = textOf(row, "actor") ?? textOf(row, "session_name");
  const error = textOf(row, "error_code");
  const call = `${row.event_name}${actor === undefined ? "" : ` by ${actor}`}`;
  return `${callKind(row, window)}: ${call}${error === undefined ? "" : ` (failed: ${error})`}`;
}

function callKind(row: TimelineRow, window: ContactWindow): string {
  if (isConfigurationChange(row, window)) return `${changedResource(row, window) ?? "configuration"} changed`;
  return isTrue(row, "is_write") ? "write" : "read";
}
