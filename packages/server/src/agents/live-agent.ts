import {
  AgentFold,
  unixMillis,
  type AgentBoardRow,
  type AgentCarry,
  type AgentEventRow,
  type AgentState,
  type BoardAdherence,
  type BoardCcpError,
} from "@fourwire/core";
import type { AgentSettings } from "./agent-settings.ts";
import { boardRowOf } from "./board-row.ts";
import { addMissedOffers, endsMissedOffers, listsState, type MissedOffer } from "./missed-offers.ts";

/** A state that waits for nothing is looked at this often all the same. */
const LOOK_AGAIN_MS = 60_000;

/** Whether the agent keeps to the plan, and when the plan changes next (Unix ms; Infinity: never). */
export type AdherenceJudge = (
  state: AgentState,
  now: number,
) => { readonly adherence: BoardAdherence | null; readonly nextTime: number };

/** One agent of the board: the fold of the events, and what the CCP says besides. */
export class LiveAgent {
  readonly agentId: string;
  #fold: AgentFold;
  #lastEventTime = 0;
  #ccpError: BoardCcpError | null = null;
  #ccpErrorTime = 0;
  #lastCcpLineTime: number | undefined;
  #duplicateCcp: { readonly time: number; readonly recordId: string } | undefined;
  #missed: readonly MissedOffer[] = [];
  /** When the row may change although nothing arrives, Unix ms. */
  dueTime = 0;

  constructor(agentId: string, carry?: AgentCarry) {
    this.agentId = agentId;
    this.#fold = new AgentFold({ agentId, carry });
  }

  /** Starts from a carry and the events after it, keeping what the CCP said; `missed`: as of now. */
  restart(carry: AgentCarry | undefined, events: readonly AgentEventRow[], missed: readonly MissedOffer[]): void {
    this.#fold = new AgentFold({ agentId: this.agentId, carry });
    this.#missed = missed;
    for (const event of events) this.apply(event);
    this.#lastEventTime = this.#fold.stateAt(unixMillis(0)).last_event_time ?? this.#lastEventTime;
  }

  /** False when the event is older than what can still be put in its place: the agent has to be started again. */
  apply(event: AgentEventRow): boolean {
    if (this.#fold.apply(event) === "too_late") return false;
    this.#lastEventTime = Math.max(this.#lastEventTime, event.event_time);
    this.#followOffers(event);
    return true;
  }

  /** A line of the agent's CCP; true when the row may look different for it. */
  applyCcpLine(line: {
    readonly time: number;
    readonly recordId: string;
    readonly message: string;
    readonly isError: boolean;
    readonly isDuplicateCcp: boolean;
  }): boolean {
    const wasSilent = this.#lastCcpLineTime !== undefined && line.time - this.#lastCcpLineTime > LOOK_AGAIN_MS;
    this.#lastCcpLineTime = Math.max(this.#lastCcpLineTime ?? 0, line.time);
    if (line.isDuplicateCcp && line.time >= (this.#duplicateCcp?.time ?? 0))
      this.#duplicateCcp = { time: line.time, recordId: line.recordId };
    const isNewest = line.isError && line.time >= this.#ccpErrorTime;
    if (isNewest) {
      this.#ccpErrorTime = line.time;
      this.#ccpError = {
        event_time: new Date(line.time).toISOString(),
        message: line.message,
        record_id: line.recordId,
      };
    }
    return isNewest || line.isDuplicateCcp || wasSilent;
  }

  /** When the agent's CCP logged last, Unix ms; undefined where it never did. */
  get lastCcpLineTime(): number | undefined {
    return this.#lastCcpLineTime;
  }

  get lastEventTime(): number {
    return this.#lastEventTime;
  }

  /** At the instant (Unix ms), or at the last event where a clock ahead of ours wrote it. */
  stateAt(now: number): AgentState {
    return this.#fold.stateAt(unixMillis(Math.max(now, this.#lastEventTime)));
  }

  rowAt(now: number, settings: AgentSettings, judge: AdherenceJudge): AgentBoardRow {
    const state = this.stateAt(now);
    const { adherence, nextTime } = judge(state, now);
    this.dueTime = Math.min(this.#nextDueTime(state, now, settings), nextTime);
    return boardRowOf(
      state,
      {
        ccpError: this.#ccpErrorTime < now - settings.keep ? null : this.#ccpError,
        lastCcpLineTime: this.#lastCcpLineTime,
        duplicateCcp: this.#duplicateCcp,
        missedOffers: this.#missed,
        adherence,
      },
      settings,
    );
  }

  #nextDueTime(state: AgentState, now: number, settings: AgentSettings): number {
    const silence = this.#fold.silenceDueTime();
    const work = state.after_contact_work.filter((row) => row.end_time === null).map((row) => row.start_time);
    const candidates = [
      ...(silence === null ? [] : [silence + 1]),
      ...work.map((start) => start + settings.after_contact_work + 1),
      now + LOOK_AGAIN_MS,
    ];
    return Math.min(...candidates.filter((time) => time > now));
  }

  #followOffers(event: AgentEventRow): void {
    if (endsMissedOffers(event)) this.#missed = [];
    if (!listsState(event, "MISSED")) return;
    const { contacts } = this.#fold.stateAt(unixMillis(this.#lastEventTime));
    this.#missed = addMissedOffers(this.#missed, contacts, event.record_id);
  }
}
