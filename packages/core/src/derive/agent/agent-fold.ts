import { unixMillis } from "../../instant.ts";
import type { UnixMillis } from "../../record.ts";
import { finish, foldEvents, readCarry } from "./derive-agent.ts";
import { copyMemory, emptyMemory, type AgentMemory } from "./fold/agent-memory.ts";
import { emptyRows, type AgentRows } from "./fold/agent-rows.ts";
import { describeState } from "./fold/describe-state.ts";
import { compareEvents } from "./fold/event-order.ts";
import { foldEvent } from "./fold/fold-event.ts";
import { silenceDueTime } from "./fold/silence.ts";
import type { AgentCarry, AgentDerivation, AgentFoldChange } from "./types/agent-derivation.ts";
import type { AgentEventRow } from "./types/agent-event-row.ts";
import type { AgentState } from "./types/agent-state.ts";

/** Events this much older than the newest are settled: none is accepted before them. */
export const REORDER_WINDOW_MS = 60_000;
/** Events held for re-ordering at once; beyond it the oldest are settled early. */
export const REORDER_LIMIT = 256;

interface AgentFoldOptions {
  /** Id under which the rows go; where a person has two, the caller says which (`groupByPerson`). */
  readonly agentId: string;
  readonly carry?: AgentCarry | undefined;
  readonly windowMs?: number;
  /** True to collect ended rows for `takeSettled`; without it only the state is kept, which is what a live board needs. */
  readonly isCollecting?: boolean;
}

/**
 * The derivation of one agent, an event at a time, for live use: equal to `deriveAgent` over the same events, whatever
 * their order within the window. Two states are kept, one as of the oldest event that could still be overtaken, one as of
 * the newest; an event that comes late is put in its place and the second is folded again from the first.
 */
export class AgentFold {
  readonly #windowMs: number;
  readonly #settledRows: AgentRows | null;
  readonly #settled: AgentMemory;
  #latest: AgentMemory;
  /** Ordered, all later than what is settled. */
  readonly #recent: AgentEventRow[] = [];
  #settledTime: UnixMillis | null;

  constructor(options: AgentFoldOptions) {
    this.#windowMs = options.windowMs ?? REORDER_WINDOW_MS;
    this.#settledRows = options.isCollecting === true ? emptyRows() : null;
    this.#settled = readCarry(options.carry) ?? emptyMemory(options.agentId);
    this.#settled.agentId = options.agentId;
    this.#settledTime = this.#settled.lastTime;
    this.#latest = copyMemory(this.#settled);
  }

  /**
   * Takes in one event. `too_late` means that nothing was applied because later ones are settled already: fold again from
   * the store, from a day's carry on. A record that the store had must not come a second time once it is settled.
   */
  apply(event: AgentEventRow): AgentFoldChange {
    if (this.#settledTime !== null && event.event_time <= this.#settledTime) return "too_late";
    const place = this.#placeOf(event);
    if (this.#recent[place]?.record_id === event.record_id) return "duplicate";
    const isLast = place === this.#recent.length && this.#recent.at(-1)?.event_time !== event.event_time;
    this.#recent.splice(place, 0, event);
    const hasChanged = isLast ? foldEvent(this.#latest, event, null) : this.#foldAgain();
    this.#settle();
    return hasChanged ? "changed" : "unchanged";
  }

  /** What is known at the instant, which should not be before the last event. */
  stateAt(at: UnixMillis): AgentState {
    return describeState(this.#latest, at);
  }

  /** When the state turns unknown if nothing more is heard; null for an agent of whom nothing is expected. */
  silenceDueTime(): UnixMillis | null {
    return silenceDueTime(this.#latest);
  }

  /** Everything since the last `takeSettled`, up to the instant, with what is still open. */
  derivationAt(to: UnixMillis): AgentDerivation {
    const memory = copyMemory(this.#settled);
    const rows = copyRows(this.#settledRows ?? emptyRows());
    foldEvents(memory, this.#recent, rows);
    return finish(memory, { rows, options: { from: unixMillis(0), to }, after: [] });
  }

  /** Rows that ended and can no longer change, each once; needs `isCollecting`. */
  takeSettled(): AgentRows {
    const rows = this.#settledRows ?? emptyRows();
    const taken = copyRows(rows);
    for (const list of Object.values(rows)) list.length = 0;
    return taken;
  }

  #placeOf(event: AgentEventRow): number {
    let place = this.#recent.length;
    while (place > 0) {
      const before = this.#recent[place - 1];
      if (before === undefined || compareEvents(before, event) < 0) break;
      place--;
    }
    return place;
  }

  #foldAgain(): boolean {
    const before = JSON.stringify(describeState(this.#latest, this.#latest.lastTime ?? unixMillis(0)));
    this.#latest = copyMemory(this.#settled);
    foldEvents(this.#latest, this.#recent, null);
    return before !== JSON.stringify(describeState(this.#latest, this.#latest.lastTime ?? unixMillis(0)));
  }

  #settle(): void {
    const newest = this.#recent.at(-1);
    if (newest === undefined) return;
    const limit = newest.event_time - this.#windowMs;
    let count = this.#recent.findIndex((event) => event.event_time >= limit);
    if (this.#recent.length - count > REORDER_LIMIT) count = this.#recent.length - REORDER_LIMIT;
    // events of one instant are settled together, because their order is found together
    while (count > 0 && this.#recent[count - 1]?.event_time === this.#recent[count]?.event_time) count--;
    if (count === 0) return;
    const settled = this.#recent.splice(0, count);
    foldEvents(this.#settled, settled, this.#settledRows);
    this.#settledTime = settled.at(-1)?.event_time ?? this.#settledTime;
  }
}

function copyRows(rows: AgentRows): AgentRows {
  return {
    activity: [...rows.activity],
    after_contact_work: [...rows.after_contact_work],
    offers: [...rows.offers],
    contact_states: [...rows.contact_states],
    login_sessions: [...rows.login_sessions],
    gaps: [...rows.gaps],
  };
}
