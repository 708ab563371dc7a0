import { SILENCE_MS, type AgentBoardResponse } from "@fourwire/core";
import type { Store } from "@fourwire/store";
import type { LiveTail } from "../live-tail.ts";
import type { AgentSettings } from "./agent-settings.ts";
import { BoardFeed } from "./board-feed.ts";
import { LiveAgents } from "./live-agents.ts";
import { LiveShifts } from "./live-shifts.ts";

export interface AgentBoardParts {
  readonly store: Store;
  readonly tail: LiveTail;
  readonly settings: AgentSettings;
  readonly now: () => number;
  /** Names this server's life in the ids of events. */
  readonly life: string;
}

/** The live board: who is there, in which state, and who follows it. */
export class AgentBoard {
  readonly feed: BoardFeed;
  readonly agents: LiveAgents;
  readonly shifts: LiveShifts;
  readonly settings: AgentSettings;
  readonly #parts: AgentBoardParts;
  readonly #stopFollowing: () => void;
  #started: Promise<void> | undefined;

  constructor(parts: AgentBoardParts) {
    const { store, settings, now } = parts;
    this.#parts = parts;
    this.settings = settings;
    this.feed = new BoardFeed(parts.life, now);
    this.shifts = new LiveShifts(store, settings, now);
    this.agents = new LiveAgents({ store, feed: this.feed, shifts: this.shifts, settings, now });
    // from here on nothing stored is missed: what comes before the start has ended waits for it
    this.#stopFollowing = parts.tail.onStored((rows) => this.agents.take(rows));
  }

  /** Reads where everybody stands; called once, and again by whoever needs it to have happened. */
  start(): Promise<void> {
    this.#started ??= this.shifts.start().then(() => this.agents.start());
    return this.#started;
  }

  /** After records came in that did not pass by (an import). */
  async reload(): Promise<void> {
    await this.start();
    await this.agents.reload();
  }

  /** After the plan changed. */
  async reloadShifts(): Promise<void> {
    await this.start();
    await this.shifts.load();
    this.agents.refreshAll();
  }

  /** The board now. */
  async snapshot(): Promise<AgentBoardResponse> {
    await this.start();
    const { settings, now, store } = this.#parts;
    const content = this.feed.content();
    const newest = content.rows.reduce<string | null>((latest, row) => laterOf(latest, row.last_event_time), null);
    const stored = newest === null ? await store.live.lastEventTime() : null;
    return {
      at_time: new Date(now()).toISOString(),
      is_live: true,
      sequence: content.sequence,
      agents: content.rows,
      routing_profiles: content.routingProfiles,
      thresholds: thresholdsOf(settings),
      last_event_time: newest ?? (stored === null ? null : new Date(stored).toISOString()),
      is_partial: false,
    };
  }

  async close(): Promise<void> {
    this.#stopFollowing();
    this.shifts.stop();
    this.feed.close();
    await this.agents.close();
  }
}

/** What the marks of the board go by. */
export function thresholdsOf(settings: AgentSettings): AgentBoardResponse["thresholds"] {
  return { after_contact_work_ms: settings.after_contact_work, silence_ms: SILENCE_MS, keep_ms: settings.keep };
}

function laterOf(left: string | null, right: string | null): string | null {
  if (left === null || right === null) return left ?? right;
  return left > right ? left : right;
}
