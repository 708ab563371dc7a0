import type { Lane, LaneSpan } from "../api.ts";
import { unixMillis } from "../instant.ts";
import type { UnixMillis } from "../record.ts";
import { AGENT_SILENCE_MS } from "./agent-leg.ts";
import type { AgentWindow } from "./contact-window.ts";
import { makeGap, makeLane, makeSpan } from "./lane.ts";
import type { TimelineRow } from "./timeline-row.ts";
import { textOf, timeOf } from "./timeline-row.ts";

interface AgentStateInput {
  readonly window: AgentWindow;
  /** The agent's events within the window, in time order. */
  readonly events: readonly TimelineRow[];
  /** True while the agent still has the contact: the last status then goes on, else it is cut at the window. */
  readonly isOpen: boolean;
}

interface Status {
  readonly name: string;
  readonly type: string | undefined;
  readonly from: UnixMillis;
  to: UnixMillis | undefined;
  readonly recordIds: string[];
}

/** What the agent chose to be, around the contact. A status may begin long before the window; its start is told as it is. */
export function deriveAgentStateLane(input: AgentStateInput): Lane {
  const statuses = readStatuses(input.events);
  const last = statuses.at(-1);
  if (last !== undefined && last.to === undefined && !input.isOpen) {
    last.to = unixMillis(Math.max(input.window.to, last.from));
  }
  const spans = statuses.map((status) =>
    makeSpan({
      from: status.from,
      to: status.to,
      label: status.name,
      kind: status.type ?? status.name,
      recordIds: status.recordIds,
    }),
  );
  return makeLane("agent_state", input.window.agent_id, { spans: [...spans, ...silenceGaps(input.events)] });
}

function readStatuses(events: readonly TimelineRow[]): Status[] {
  const statuses: Status[] = [];
  let isLoggedOut = false;
  for (const event of events) {
    const last = statuses.at(-1);
    if (event.event_name === "LOGOUT") {
      if (last !== undefined) {
        last.to ??= event.event_time;
        last.recordIds.push(event.record_id);
      }
      isLoggedOut = true;
      continue;
    }
    // Connect keeps publishing HEART_BEAT for up to an hour after logout (AWS docs, read 2026-11-20),
    // so a heartbeat alone must not bring a logged-out agent back.
    if (isLoggedOut && event.event_name === "HEART_BEAT") continue;
    isLoggedOut = false;
    addStatus(statuses, event);
  }
  return statuses;
}

function addStatus(statuses: Status[], event: TimelineRow): void {
  const last = statuses.at(-1);
  const name = textOf(event, "status_name");
  if (name === undefined) return;
  const told = timeOf(event, "status_start_time");
  if (last !== undefined && isSameStatus(last, name, told)) return;
  const start = told !== undefined && told <= event.event_time ? told : event.event_time;
  const from = last === undefined ? start : unixMillis(Math.max(start, last.to ?? last.from));
  if (last !== undefined) last.to ??= from;
  statuses.push({ name, type: textOf(event, "status_type"), from, to: undefined, recordIds: [event.record_id] });
}

function isSameStatus(last: Status, name: string, told: UnixMillis | undefined): boolean {
  return last.to === undefined && last.name === name && (told === undefined || told <= last.from);
}

/** Stretches without any event of an agent whose stream should beat every 120 s. */
export function findAgentSilences(
  events: readonly TimelineRow[],
): { readonly from: UnixMillis; readonly to: UnixMillis }[] {
  return events.flatMap((event, index) => {
    const next = events[index + 1];
    const isExpected = event.event_name !== "LOGOUT" && next?.event_name !== "LOGIN";
    if (next === undefined || !isExpected || next.event_time - event.event_time <= AGENT_SILENCE_MS) return [];
    return [{ from: event.event_time, to: next.event_time }];
  });
}

function silenceGaps(events: readonly TimelineRow[]): LaneSpan[] {
  return findAgentSilences(events).map((silence) =>
    makeGap(
      { ...silence, label: "not received: no agent event for more than 5 minutes", recordIds: [] },
      "not_received",
    ),
  );
}
