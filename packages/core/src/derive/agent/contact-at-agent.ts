import type { UnixMillis } from "../../record.ts";
import { compareText } from "../timeline-row.ts";
import type { AgentContactState } from "./types/agent-contact-state.ts";
import type { AgentDerivation } from "./types/agent-derivation.ts";

/** What an agent's events say of one contact, over all its states at the agent. */
export interface ContactAtAgent {
  readonly contactId: string;
  /** True when it was connected, and not by a listening supervisor. */
  readonly isHandled: boolean;
  /** True when the agent has it no longer. */
  readonly isOver: boolean;
  readonly interactionMs: number;
  readonly holdMs: number;
  readonly pauseMs: number;
  readonly holds: number;
  /** Null without after-contact work, or while it goes on. */
  readonly workMs: number | null;
  /** When the agent's part of the conversation ended; null while it goes on. */
  readonly endTime: UnixMillis | null;
  /** When the contact left the agent; null while it has not. */
  readonly clearedTime: UnixMillis | null;
  readonly isWholeSeconds: boolean;
  /** True when events of the contact's time at the agent are missing. */
  readonly hasGap: boolean;
  /** True when a logout, a login or nothing at all ended after-contact work. */
  readonly isUncleared: boolean;
  readonly recordIds: readonly string[];
}

type Source = Pick<AgentDerivation, "contact_states" | "after_contact_work" | "gaps" | "activity" | "to_time">;

/** By contact id. */
export function summarizeContacts(source: Source): ContactAtAgent[] {
  const byContact = new Map<string, AgentContactState[]>();
  for (const state of source.contact_states) {
    if (state.initiation_method === "MONITOR") continue;
    const states = byContact.get(state.contact_id);
    if (states === undefined) byContact.set(state.contact_id, [state]);
    else states.push(state);
  }
  return [...byContact]
    .sort(([left], [right]) => compareText(left, right))
    .map(([contactId, states]) => summarize(contactId, states, source));
}

function summarize(contactId: string, states: readonly AgentContactState[], source: Source): ContactAtAgent {
  const sumOf = (state: string) =>
    states.filter((row) => row.state === state).reduce((total, row) => total + (row.duration_ms ?? 0), 0);
  const work = source.after_contact_work.filter((row) => row.contact_id === contactId);
  const talk = states.filter((row) => TALK_STATES.has(row.state));
  const last = states.at(-1);
  const isOver = last?.end_time != null;
  return {
    contactId,
    isHandled: talk.length > 0,
    isOver,
    interactionMs: sumOf("CONNECTED"),
    holdMs: sumOf("CONNECTED_ONHOLD"),
    pauseMs: sumOf("PAUSED"),
    holds: states.filter((row) => row.state === "CONNECTED_ONHOLD").length,
    workMs: work.length === 0 || !isOver ? null : work.reduce((total, row) => total + (row.duration_ms ?? 0), 0),
    endTime: talk.at(-1)?.end_time ?? null,
    clearedTime: last?.end_time ?? null,
    isWholeSeconds: work.some((row) => row.time_precision === "s"),
    hasGap: hasGap(states, source),
    isUncleared: work.some((row) => row.is_inferred || row.end_time === null) || isLeftOffline(work, source),
    recordIds: [...new Set(states.flatMap((row) => row.record_ids))],
  };
}

const TALK_STATES = new Set(["CONNECTED", "CONNECTED_ONHOLD", "PAUSED"]);

function hasGap(states: readonly AgentContactState[], { gaps, to_time: now }: Source): boolean {
  if (states.some((row) => row.is_inferred)) return true;
  return gaps.some((gap) =>
    states.some((row) => gap.start_time < (row.end_time ?? now) && (gap.end_time ?? now) > row.start_time),
  );
}

/** Offline while after-contact work went on: the chat was left, not cleared. */
function isLeftOffline(work: AgentDerivation["after_contact_work"], { activity, to_time: now }: Source): boolean {
  return work.some((row) =>
    activity.some(
      (stretch) =>
        stretch.activity === "offline" &&
        stretch.start_time < (row.end_time ?? now) &&
        stretch.end_time > row.start_time,
    ),
  );
}
