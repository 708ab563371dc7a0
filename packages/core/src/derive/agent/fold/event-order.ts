import type { AgentEventRow } from "../types/agent-event-row.ts";
import { compareText } from "../../timeline-row.ts";
import type { AgentMemory, ToldSnapshot } from "./agent-memory.ts";
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

/** What comes first among events of one instant, the smallest rank first. */
const RANK = {
  /** Leaves everything as it is, as a heartbeat or a changed setting does: after any change it would contradict it. */
  same: 0,
  /** Another of them goes on from where it leads. */
  leadsOn: 1,
  change: 2,
  logout: 3,
  login: 4,
  /** Another of them leads here. */
  follower: 5,
  lost: 6,
} as const;

/**
 * Takes the event that comes next out of those of one instant: one whose previous snapshot is the state held, so that a
 * burst within one millisecond, or within one second of 2018, is read in the order it happened.
 */
export function takeNext(memory: AgentMemory, sameTime: AgentEventRow[]): AgentEventRow | undefined {
  if (sameTime.length < 2) return sameTime.shift();
  let best = 0;
  let bestRank = Number.POSITIVE_INFINITY;
  sameTime.forEach((event, index) => {
    const rank = rankOf(memory, event, sameTime);
    if (rank < bestRank) [best, bestRank] = [index, rank];
  });
  return sameTime.splice(best, 1)[0];
}

function rankOf(memory: AgentMemory, event: AgentEventRow, sameTime: readonly AgentEventRow[]): number {
  const now = toldNow(event);
  if (isFollower(memory, event, sameTime)) return RANK.follower;
  if (findGap(memory, event, now)?.reason === "lost_event") return RANK.lost;
  if (event.event_type === "LOGIN") return RANK.login;
  if (event.event_type === "LOGOUT") return memory.isLoggedIn === false ? RANK.follower : RANK.logout;
  if (now === null || isSame(memory.told, now)) return RANK.same;
  return sameTime.some((other) => other !== event && isSame(now, toldBefore(other))) ? RANK.leadsOn : RANK.change;
}

function isSame(held: ToldSnapshot | null, told: ToldSnapshot | null): boolean {
  return held !== null && told !== null && describeDifference(held, told) === undefined;
}

/** Of an agent never heard of: another event of the same instant leads to this one. */
function isFollower(memory: AgentMemory, event: AgentEventRow, sameTime: readonly AgentEventRow[]): boolean {
  if (memory.lastTime !== null || event.event_type === "LOGIN") return false;
  const before = toldBefore(event);
  if (before === null) return sameTime.some((other) => other.event_type === "LOGIN");
  return sameTime.some((other) => {
    const isCandidate = other !== event && other.event_type !== "HEART_BEAT";
    return isCandidate && isSame(toldNow(other), before);
  });
}

/**
 * The event that the others of one instant lead to, where nothing before them is known: none goes on from it. Of several
 * such the last one by id.
 */
export function lastOfInstant(sameTime: readonly AgentEventRow[]): AgentEventRow | undefined {
  const ordered = sameTime.length < 2 ? sameTime : sameTime.toSorted(compareEvents);
  return (
    ordered.findLast((event) => !ordered.some((other) => other !== event && leadsFromTo(event, other))) ??
    ordered.at(-1)
  );
}

function leadsFromTo(event: AgentEventRow, other: AgentEventRow): boolean {
  if (event.event_type === "LOGIN") return toldBefore(other) === null && other.has_current_snapshot;
  // what changes nothing may stand before and after
  const isChange = other.event_type !== "HEART_BEAT" && !isSame(toldBefore(other), toldNow(other));
  return (isChange || other.event_type === "LOGOUT") && isSame(toldNow(event), toldBefore(other));
}
