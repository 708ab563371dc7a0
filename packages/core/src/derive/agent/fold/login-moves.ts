import type { UnixMillis } from "../../../record.ts";
import type { LoginSession, LoginSessionEnd } from "../types/login-session.ts";
import type { AgentMemory, HeldSession } from "./agent-memory.ts";
import { leaveContact } from "./contact-moves.ts";
import { recordIds, type FoldStep } from "./fold-step.ts";

export function beginSession(step: FoldStep, isLoginSeen: boolean): void {
  const { memory, event } = step;
  memory.isLoggedIn = true;
  memory.isDoubtful = false;
  memory.session ??= { startTime: event.event_time, isLoginSeen, recordId: event.record_id };
}

interface SessionEnd {
  readonly time: UnixMillis;
  readonly endedBy: LoginSessionEnd;
  /** The record that tells the end; null when none does. */
  readonly recordId: string | null;
}

export function endSession(step: FoldStep, end: SessionEnd): void {
  const { memory } = step;
  if (memory.session === null) return;
  const row = makeSession(memory, memory.session, end);
  step.rows?.login_sessions.push(row);
  memory.lastSession = row;
  memory.session = null;
}

/** The session as a row; without an end it is open. */
export function makeSession(memory: AgentMemory, session: HeldSession, end?: SessionEnd): LoginSession {
  return {
    agent_id: memory.agentId,
    agent_username: memory.username,
    start_time: session.startTime,
    is_login_seen: session.isLoginSeen,
    end_time: end?.time ?? null,
    duration_ms: end === undefined ? null : end.time - session.startTime,
    ended_by: end?.endedBy ?? "open",
    is_inferred: end !== undefined && end.endedBy !== "logout",
    record_ids: recordIds(session.recordId, end?.recordId ?? null),
  };
}

/** No contact of a session outlives it. */
export function dropContacts(step: FoldStep, time: UnixMillis): void {
  const contactIds = step.memory.contacts.map((held) => held.contact.contact_id);
  for (const contactId of contactIds) leaveContact(step, contactId, time);
  step.memory.contactsText = null;
}
