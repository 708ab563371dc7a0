import type { AgentBoardRow, WfmAgentState, WfmEvent } from "@fourwire/core";
import type { AgentBoard } from "../agents/agent-board.ts";
import { NO_AGENT, stateKey, wfmStateOf, type WfmEventHead } from "./agent-state.ts";
import { EventRing } from "./event-ring.ts";

export interface WfmFeedParts {
  readonly board: AgentBoard;
  readonly now: () => number;
  /** Names this server's life in the ids of events. */
  readonly life: string;
  readonly keepEvents: number;
  readonly beatMs: number;
}

/** Told that there is something new; reads it from the feed when it can. */
export interface WfmListener {
  onEvents(): void;
  /** `json` is the beat; one that cannot be sent at once is left out, the next one comes soon enough. */
  onBeat(json: string): void;
  close(): void;
}

/** Every agent at one instant, as events to be sent in order. */
export interface WfmSnapshot {
  readonly sequence: number;
  readonly events: readonly string[];
}

/**
 * The changes of agents' states as numbered events, the last of them kept. Nobody is waited for: a reader has a number
 * up to which it has everything, and where the events after it are no longer kept it begins again with a snapshot.
 */
export class WfmFeed {
  readonly ring: EventRing;
  readonly beatMs: number;
  readonly #parts: WfmFeedParts;
  readonly #states = new Map<string, { readonly state: WfmAgentState; readonly key: string }>();
  readonly #listeners = new Set<WfmListener>();
  #started: Promise<void> | undefined;
  #stopFollowing: () => void = doNothing;
  #beat: NodeJS.Timeout | undefined;
  #beatCount = 0;
  #isClosed = false;

  constructor(parts: WfmFeedParts) {
    this.#parts = parts;
    this.beatMs = parts.beatMs;
    this.ring = new EventRing(parts.keepEvents);
  }

  /** Follows the board from when it knows where everybody stands; called by whoever needs it to have happened. */
  start(): Promise<void> {
    this.#started ??= this.#parts.board.start().then(() => this.#follow());
    return this.#started;
  }

  #follow(): void {
    if (this.#isClosed) return;
    const { board } = this.#parts;
    for (const row of board.feed.content().rows) {
      const state = wfmStateOf(row);
      this.#states.set(row.agent_id, { state, key: stateKey(state) });
    }
    const stops = [
      board.agents.onChange((row) => this.#take(row)),
      board.agents.onRemove((agentId) => this.#remove(agentId)),
    ];
    this.#stopFollowing = () => stops.forEach((stop) => stop());
    this.#beat = setInterval(() => this.beat(), this.beatMs);
    this.#beat.unref();
  }

  listen(listener: WfmListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Number in an id of this life, as a reader that comes back names it; undefined where it has to begin again. */
  sequenceOf(id: string): number | undefined {
    const [, life, digits] = /^(.*)-(\d+)$/.exec(id) ?? [];
    const sequence = Number(digits);
    return life === this.#parts.life && this.ring.reaches(sequence) ? sequence : undefined;
  }

  idOf(sequence: number): string {
    return `${this.#parts.life}-${sequence}`;
  }

  snapshot(): WfmSnapshot {
    const { sequence } = this.ring;
    const sentTime = this.#nowIso();
    const states = [...this.#states.values()].sort((left, right) =>
      left.state.agent_id < right.state.agent_id ? -1 : 1,
    );
    const start: WfmEvent = {
      event_id: `${this.idOf(sequence)}-start`,
      kind: "snapshot_start",
      sequence,
      sent_time: sentTime,
      agent_count: states.length,
      ...NO_AGENT,
    };
    const events = states.map(({ state }) =>
      eventText(
        {
          event_id: `${this.idOf(sequence)}-${state.agent_id}`,
          kind: "snapshot",
          sequence,
          sent_time: sentTime,
          agent_count: null,
        },
        state,
      ),
    );
    return { sequence, events: [JSON.stringify(start), ...events] };
  }

  /** Tells everybody that the feed is alive. */
  beat(): void {
    const { sequence } = this.ring;
    const beat: WfmEvent = {
      event_id: `${this.idOf(sequence)}-beat-${++this.#beatCount}`,
      kind: "beat",
      sequence,
      sent_time: this.#nowIso(),
      agent_count: this.#states.size,
      ...NO_AGENT,
    };
    const json = JSON.stringify(beat);
    for (const listener of this.#listeners) listener.onBeat(json);
  }

  close(): void {
    this.#isClosed = true;
    this.#stopFollowing();
    clearInterval(this.#beat);
    for (const listener of this.#listeners) listener.close();
    this.#listeners.clear();
  }

  #take(row: AgentBoardRow): void {
    const state = wfmStateOf(row);
    const key = stateKey(state);
    const isSame = this.#states.get(row.agent_id)?.key === key;
    this.#states.set(row.agent_id, { state, key });
    if (!isSame) this.#add("change", state);
  }

  #remove(agentId: string): void {
    const known = this.#states.get(agentId);
    if (known === undefined) return;
    this.#states.delete(agentId);
    this.#add("removal", known.state);
  }

  #add(kind: "change" | "removal", state: WfmAgentState): void {
    this.ring.add((sequence) => ({
      kind,
      agentId: state.agent_id,
      json: eventText(
        { event_id: this.idOf(sequence), kind, sequence, sent_time: this.#nowIso(), agent_count: null },
        state,
      ),
    }));
    for (const listener of this.#listeners) listener.onEvents();
  }

  #nowIso(): string {
    return new Date(this.#parts.now()).toISOString();
  }
}

function eventText(head: WfmEventHead, state: WfmAgentState): string {
  return JSON.stringify({ ...head, ...state } satisfies WfmEvent);
}

function doNothing(): void {
  // not followed yet
}
