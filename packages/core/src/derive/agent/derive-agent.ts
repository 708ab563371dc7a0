import type { UnixMillis } from "../../record.ts";
import { compareText } from "../timeline-row.ts";
import { endActivity, moveActivity, PRESUMED_OFFLINE, UNKNOWN } from "./fold/activity-stretch.ts";
import { copyMemory, emptyMemory, type AgentMemory } from "./fold/agent-memory.ts";
import { emptyRows, type AgentRows } from "./fold/agent-rows.ts";
import { describeState } from "./fold/describe-state.ts";
import { orderEvents, takeNext } from "./fold/event-order.ts";
import { foldEvent } from "./fold/fold-event.ts";
import { openContactStates, openGap, openOffers, openSession, openWork } from "./fold/open-rows.ts";
import type { AgentActivity } from "./types/agent-activity.ts";
import type { AgentCarry, AgentDerivation, DeriveAgentOptions } from "./types/agent-derivation.ts";
import type { AgentEventRow } from "./types/agent-event-row.ts";

/**
 * Derives one agent's span from the agent's events, in any order, with any repetition. Events of one person from two
 * Regions belong into one call (`groupByPerson`). Events before `from` must be in the carry, not in `events`, unless
 * there is no carry. Give also the first event at or after `to`, if there is one: it tells whether the end of the span
 * lies in a gap, and whether a status or contact state had begun before the end without an event. Without it the end is judged as one judges the present, by how long nothing was heard.
 */
export function deriveAgent(events: readonly AgentEventRow[], options: DeriveAgentOptions): AgentDerivation {
  const ordered = orderEvents(events);
  const inside = ordered.filter((event) => event.event_time < options.to);
  const after = ordered[inside.length];
  const memory = readCarry(options.carry) ?? emptyMemory("");
  if (options.agentId !== undefined) memory.agentId = options.agentId;
  else memory.agentId = smallestId(memory.agentId, ordered);
  const rows = emptyRows();
  foldEvents(memory, inside, rows);
  return finish(memory, {
    rows,
    options,
    after: ordered.slice(inside.length).filter((event) => event.event_time === after?.event_time),
  });
}

/** Folds ordered events, those of one instant in the order they must have happened. */
export function foldEvents(memory: AgentMemory, ordered: readonly AgentEventRow[], rows: AgentRows | null): void {
  let index = 0;
  while (index < ordered.length) {
    const time = ordered[index]?.event_time;
    let end = index + 1;
    while (ordered[end]?.event_time === time) end++;
    const sameTime = ordered.slice(index, end);
    for (let next = takeNext(memory, sameTime); next !== undefined; next = takeNext(memory, sameTime)) {
      foldEvent(memory, next, rows);
    }
    index = end;
  }
}

/** Of a person with two ids the smaller, whatever the order. */
function smallestId(held: string, events: readonly AgentEventRow[]): string {
  let smallest = held;
  for (const event of events) {
    if (smallest === "" || compareText(event.agent_id, smallest) < 0) smallest = event.agent_id;
  }
  return smallest;
}

interface Ending {
  readonly rows: AgentRows;
  readonly options: Pick<DeriveAgentOptions, "from" | "to">;
  /** The events of the first instant after the span; empty where none is known. */
  readonly after: readonly AgentEventRow[];
}

/** The derivation of what was folded: rows that ended, those still open, and the stretch up to the end of the span. */
export function finish(memory: AgentMemory, { rows, options, after }: Ending): AgentDerivation {
  const { from, to } = options;
  const gap = after.length === 0 ? openGap(memory, to) : null;
  const session = openSession(memory);
  return {
    agent_id: memory.agentId,
    agent_username: memory.username,
    from_time: from,
    to_time: to,
    state: describeState(memory, to),
    activity: [...rows.activity, ...lastStretch(memory, to, after)].flatMap((row) => cut(row, from)),
    after_contact_work: inOrder([...rows.after_contact_work, ...openWork(memory)]),
    offers: rows.offers
      .concat(openOffers(memory))
      .sort((left, right) => left.offered_time - right.offered_time || compareText(left.contact_id, right.contact_id)),
    contact_states: inOrder([...rows.contact_states, ...openContactStates(memory)]),
    login_sessions: session === null ? rows.login_sessions : [...rows.login_sessions, session],
    gaps: gap === null ? rows.gaps : [...rows.gaps, gap],
    carry: writeCarry(memory),
  };
}

/** From the last change to the end of the span, as the first event after it shows it, or as silence leaves it. */
function lastStretch(memory: AgentMemory, to: UnixMillis, after: readonly AgentEventRow[]): AgentActivity[] {
  const rows = emptyRows();
  const scratch = copyMemory(memory);
  if (after.length > 0) foldEvents(scratch, after, rows);
  else foldSilence(scratch, to, rows);
  const held = scratch.activity;
  const last = held === null ? [] : endActivity(scratch, held, { time: to, recordId: null });
  return [...rows.activity, ...last].flatMap((row) => cutEnd(row, to));
}

function foldSilence(scratch: AgentMemory, to: UnixMillis, rows: AgentRows): void {
  const reason = openGap(scratch, to)?.reason;
  if (reason === undefined || scratch.lastTime === null) return;
  const move = { memory: scratch, rows, time: scratch.lastTime, recordId: scratch.lastRecordId };
  moveActivity(move, reason === "presumed_offline" ? PRESUMED_OFFLINE : UNKNOWN);
}

function cutEnd(row: AgentActivity, to: UnixMillis): AgentActivity[] {
  if (row.start_time >= to) return [];
  return row.end_time <= to ? [row] : [{ ...row, end_time: to, duration_ms: to - row.start_time }];
}

function cut(row: AgentActivity, from: UnixMillis): AgentActivity[] {
  if (row.end_time <= from) return [];
  return row.start_time >= from ? [row] : [{ ...row, start_time: from, duration_ms: row.end_time - from }];
}

function inOrder<Row extends { readonly start_time: UnixMillis; readonly contact_id: string }>(rows: Row[]): Row[] {
  return rows.sort(
    (left, right) => left.start_time - right.start_time || compareText(left.contact_id, right.contact_id),
  );
}

function writeCarry(memory: AgentMemory): AgentCarry {
  return { version: 1, body: JSON.stringify(memory) };
}

/** A carry is written by `writeCarry` alone; one of another version is as good as none. */
export function readCarry(carry: AgentCarry | undefined): AgentMemory | undefined {
  if (carry === undefined || carry.version !== 1) return undefined;
  const memory: AgentMemory = JSON.parse(carry.body);
  return memory;
}
