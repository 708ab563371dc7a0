import type { AgentDayResponse, LaneMark, LaneSpan, RecordSummary } from "@fourwire/core";
import type { DayLaneName, DrawnLane } from "../timeline/lane-rows.ts";

const ACTIVITY_WORDS: Readonly<Record<string, string>> = {
  offline: "offline",
  non_productive: "non-productive",
  contact: "on contact",
  connecting: "connecting",
  error: "error",
  idle: "idle",
  unknown: "not known",
};

/** What goes wrong for a customer: marked as a problem in the lane. */
const PROBLEM_STATES = new Set(["MISSED", "REJECTED", "ERROR"]);

/** The lanes of an agent's day, those without anything left out. */
export function dayLanes(day: AgentDayResponse): readonly DrawnLane[] {
  const lanes = [
    lane("status", day.statuses.map(statusSpan)),
    lane(
      "activity",
      day.activity.map((row) => ({
        ...timed(row),
        label: ACTIVITY_WORDS[row.activity] ?? row.activity,
        kind: row.activity,
        gap: row.is_unknown ? ("not_received" as const) : null,
      })),
    ),
    lane(
      "agent_contacts",
      day.contact_states.map((row) => ({
        ...timed(row),
        label: `${row.channel?.toLowerCase() ?? "contact"} ${row.state.replaceAll("_", " ").toLowerCase()}`,
        kind: row.state,
        is_problem: PROBLEM_STATES.has(row.state),
      })),
    ),
    lane(
      "after_contact_work",
      day.after_contact_work.map((row) => ({ ...timed(row), label: "after contact", kind: "after_contact_work" })),
    ),
    lane(
      "gaps",
      day.gaps.map((row) => ({
        ...timed(row),
        label: row.reason.replaceAll("_", " "),
        kind: row.reason,
        gap: "not_received" as const,
      })),
    ),
    lane("ccp_errors", [], day.ccp_errors.map(mark)),
    lane("api_changes", [], day.api_changes.map(mark)),
  ];
  return lanes.filter((one) => one.spans.length + one.marks.length > 0);
}

function lane(name: DayLaneName, spans: readonly LaneSpan[], marks: readonly LaneMark[] = []): DrawnLane {
  return { name, agent_id: null, spans, marks, samples: [] };
}

function statusSpan(row: AgentDayResponse["statuses"][number]): LaneSpan {
  return {
    ...timed(row),
    label: row.status_name ?? "no status yet",
    kind: row.status_type ?? "none",
    gap: row.is_unknown ? "not_received" : null,
  };
}

interface Timed {
  readonly start_time: string;
  readonly end_time: string | null;
  readonly record_ids: readonly string[];
}

function timed(row: Timed): Omit<LaneSpan, "label" | "kind"> {
  return { from: row.start_time, to: row.end_time, is_problem: false, record_ids: row.record_ids, gap: null };
}

function mark(record: RecordSummary): LaneMark {
  return {
    time: record.event_time,
    label: record.message,
    severity_number: record.severity_number,
    record_id: record.record_id,
  };
}
