import type { AgentEventRow } from "../types/agent-event-row.ts";
import { compareText } from "../../timeline-row.ts";
import type { AgentMemory } from "./agent-memory.ts";
import { findGap } from "./find-gap.ts";
import { describeDifference, toldBefore, toldNow } from "./told-snapshot.ts";

/** By time, then by id; each record once. What is derived starts from this order, whatever the order of arrival. */
export function orderEvents(events: readonly AgentEventRow[]): AgentEventRow[] {
  const unique = isStrictlyOrdered(events)
    ? [...events]
    : [...new Map(events.map((event) => [event.record_id, event])).values()].sort(compareEvents);
  return unique;
}

function isStrictlyOrdered(events: readonly AgentEventRow[]): boolean {
  return events.every((event, index) => {
    const before = events[index - 1];
    return before === undefined || compareEvents(before, event) < 0;
  });
}

export function compareEvents(left: AgentEventRow, right: AgentEventRow): number {
  return left.event_time - right.event_time || compareText(left.record_id, right.record_id);
}

/** A heartbeat that confirms what is held goes first: after any change it would contradict it. */
const MATCHED_RANKS: Readonly<Record<string, number>> = { HEART_BEAT: 0, LOGOUT: 2, LOGIN: 3 };
const CHANGE_RANK = 1;
const FOLLOWER_RANK = 4;
const LOST_RANK = 5;

/**
 * Takes the event that comes next out of those of one instant: one whose previous snapshot is the state held, so that a
 * burst within one millisecond, or within one second of 2018, is read in the order it happened.
 */
export function takeNext(memory: AgentMemory, sameTime: AgentEventRow[]): AgentEventRow | undefined {
  if (sameTime.length < 2) return sameTime.shift();
  let best = 0;
  let bestRank = Number.POSITIVE_INFINITY;
  sameTime.forEach((event, index) => {
    const rank = isFollower(memory, event, sameTime) ? FOLLOWER_RANK : rankOf(memory, event);
    if (rank < bestRank) [best, bestRank] = [index, rank];
  });
  return sameTime.splice(best, 1)[0];
}

function rankOf(memory: AgentMemory, event: AgentEventRow): number {
  if (findGap(memory, event, toldNow(event))?.reason === "lost_event") return LOST_RANK;
  if (event.event_type === "LOGOUT" && memory.isLoggedIn === false) return FOLLOWER_RANK;
  return MATCHED_RANKS[event.event_type] ?? CHANGE_RANK;
}

/** Of an agent never heard of: another event of the same instant leads to this one. */
function isFollower(memory: AgentMemory, event: AgentEventRow, sameTime: readonly AgentEventRow[]): boolean {
  if (memory.lastTime !== null || event.event_type === "LOGIN") return false;
  const before = toldBefore(event);
  if (before === null) return sameTime.some((other) => other.event_type === "LOGIN");
  return sameTime.some((other) => {
    const now = other === event || other.event_type === "HEART_BEAT" ? null : toldNow(other);
    return now !== null && describeDifference(now, before) === undefined;
  });
}
