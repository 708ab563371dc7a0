import type { AgentEventRow } from "../types/agent-event-row.ts";
import type { AgentGapReason } from "../types/agent-gap.ts";
import type { AgentMemory, ToldSnapshot } from "./agent-memory.ts";
import { isPresumedOffline, isSilentAt } from "./silence.ts";
import { describeDifference, toldBefore } from "./told-snapshot.ts";

export interface FoundGap {
  readonly reason: AgentGapReason;
  readonly detail: string;
}

/**
 * Whether anything between the last event and this one is missing: by what the event says of the time before it, or, for
 * a heartbeat, which tells no transition, by what it says now; and by how long nothing was heard.
 */
export function findGap(memory: AgentMemory, event: AgentEventRow, told: ToldSnapshot | null): FoundGap | undefined {
  if (memory.lastTime === null) return undefined;
  if (isNewSession(memory, event) && isPresumedOffline(memory, event.event_time)) {
    return { reason: "presumed_offline", detail: "a new session begins and no logout was received" };
  }
  const lost = findLostEvent(memory, event, told);
  if (lost !== undefined) return { reason: "lost_event", detail: lost };
  if (!isSilentAt(memory, event.event_time)) return undefined;
  const seconds = Math.round((event.event_time - memory.lastTime) / 1000);
  return { reason: "silence", detail: `no event for ${seconds} s` };
}

/** A LOGIN, or the first status after one, which is known by its missing previous snapshot. */
function isNewSession(memory: AgentMemory, event: AgentEventRow): boolean {
  if (event.event_type === "LOGIN") return true;
  return (
    event.event_type === "STATE_CHANGE" &&
    event.has_current_snapshot &&
    !event.has_previous_snapshot &&
    !memory.isAwaitingStatus
  );
}

function findLostEvent(memory: AgentMemory, event: AgentEventRow, told: ToldSnapshot | null): string | undefined {
  switch (event.event_type) {
    case "LOGIN":
      // its snapshots are null: it says nothing of the time before
      return undefined;
    case "HEART_BEAT":
      return told === null ? undefined : findLostBeforeBeat(memory, event, told);
    default:
      return findLostBeforeChange(memory, event);
  }
}

function findLostBeforeBeat(memory: AgentMemory, event: AgentEventRow, told: ToldSnapshot): string | undefined {
  if (memory.told === null)
    return memory.isAwaitingStatus ? "the first status after the login was not received" : undefined;
  const difference = describeDifference(memory.told, told);
  if (difference === undefined || memory.isLoggedIn !== false) return difference;
  // an administrator, or Connect itself, may take a status or a contact away from who has left
  const isNewer = memory.boundaryTime !== null && (event.status_start_time ?? 0) > memory.boundaryTime;
  const isOffline = event.status_type === "OFFLINE" && told.contactsText === "";
  return isNewer && !isOffline ? difference : undefined;
}

function findLostBeforeChange(memory: AgentMemory, event: AgentEventRow): string | undefined {
  const before = toldBefore(event);
  if (before === null) {
    if (!event.has_current_snapshot || memory.isAwaitingStatus) return undefined;
    return memory.told === null ? undefined : "a login was not received";
  }
  if (memory.told !== null) {
    const difference = describeDifference(memory.told, before);
    return difference === undefined || isOfAbsentAgent(memory, event) ? undefined : difference;
  }
  return memory.isAwaitingStatus ? findLostFirstStatus(memory, before) : undefined;
}

/** Some events give the Offline from before the login as the previous status of the first one. */
function findLostFirstStatus(memory: AgentMemory, before: ToldSnapshot): string | undefined {
  const isFromBefore = memory.boundaryTime !== null && (before.statusStart ?? 0) < memory.boundaryTime;
  if (isFromBefore && before.contactsText === "") return undefined;
  return `the first status after the login, ${before.statusName ?? "none"}, was not received`;
}

/** Who is logged out and stays offline: what an administrator changed meanwhile is no lost event of theirs. */
function isOfAbsentAgent(memory: AgentMemory, event: AgentEventRow): boolean {
  return memory.isLoggedIn === false && event.status_type === "OFFLINE" && (event.contacts ?? "") === "";
}
