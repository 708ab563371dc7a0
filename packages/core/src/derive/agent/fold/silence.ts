import type { UnixMillis } from "../../../record.ts";
import { unixMillis } from "../../../instant.ts";
import type { AgentMemory } from "./agent-memory.ts";

/** What silence is judged by. */
export interface HeardAgent extends Pick<
  AgentMemory,
  "firstTime" | "lastTime" | "lastChangeTime" | "isLoggedIn" | "isAwaitingStatus"
> {
  readonly session: { readonly startTime: UnixMillis } | null;
}

/**
 * Connect beats every 120 s unless an event fell into the 120 s before, so up to 240 s may pass in silence (real sequence
 * of 2018; AWS docs, read 2026-11-20). Anything longer than this is a gap.
 */
export const SILENCE_MS = 300_000;

/** Beats end an hour after the session does. */
const HOUR_OF_BEATS_MS = 3_600_000;
/** The last change is followed by a beat after 240 s at most, and the last beat may be that much short of the hour. */
const BEAT_SLACK_MS = 240_000;
/** No session lasts longer (Amazon Connect, login/logout report, read 2026-11-20). */
const SESSION_LIMIT_MS = 12 * 3_600_000;

/** True when the agent's stream should have said something between the last event and `at`, and did not. */
export function isSilentAt(memory: HeardAgent, at: UnixMillis): boolean {
  if (memory.lastTime === null || memory.isLoggedIn === false || memory.isAwaitingStatus) return false;
  return at - memory.lastTime > SILENCE_MS;
}

/**
 * True when a session without a LOGOUT must be over at `at`: silent, and the last hour of hearing was beats only, or the
 * silence itself is longer than beats go on after a logout, or the session would be older than a session can be.
 */
export function isPresumedOffline(memory: HeardAgent, at: UnixMillis): boolean {
  const { lastTime, lastChangeTime, session } = memory;
  if (lastTime === null || memory.isLoggedIn === false || at - lastTime <= SILENCE_MS) return false;
  if (at - lastTime > HOUR_OF_BEATS_MS) return true;
  if (memory.isAwaitingStatus) return false;
  const changed = lastChangeTime ?? memory.firstTime ?? lastTime;
  if (lastTime - changed >= HOUR_OF_BEATS_MS - BEAT_SLACK_MS) return true;
  return session !== null && at - session.startTime > SESSION_LIMIT_MS;
}

/** The instant from which silence counts, for whoever waits for it; null while none can. */
export function silenceDueTime(memory: HeardAgent): UnixMillis | null {
  if (memory.lastTime === null || memory.isLoggedIn === false || memory.isAwaitingStatus) return null;
  return unixMillis(memory.lastTime + SILENCE_MS);
}
