import type { AgentBoardChanges, AgentBoardResponse, AgentBoardRow, BoardRoutingProfile } from "@fourwire/core";

/** The board as it stands; another object after every change. `rows` is the same map throughout. */
export interface BoardState {
  readonly rows: ReadonlyMap<string, AgentBoardRow>;
  readonly profiles: ReadonlyMap<string, BoardRoutingProfile>;
  /** Undefined until the first answer. */
  readonly facts: Omit<AgentBoardResponse, "agents" | "routing_profiles"> | undefined;
  /** How far the server's clock is ahead of this computer's, in ms. */
  readonly clockOffsetMs: number;
  /** Goes up with every change. */
  readonly version: number;
}

const EMPTY: BoardState = { rows: new Map(), profiles: new Map(), facts: undefined, clockOffsetMs: 0, version: 0 };

/**
 * Holds the board outside React: thousands of rows and hundreds of changes a second. Readers are told once a frame, and
 * what they draw is the newest row of each agent in view.
 */
export class BoardStore {
  readonly #rows = new Map<string, AgentBoardRow>();
  readonly #profiles = new Map<string, BoardRoutingProfile>();
  readonly #listeners = new Set<() => void>();
  readonly #schedule: (work: () => void) => void;
  #state: BoardState = EMPTY;
  #isScheduled = false;

  /** `schedule` runs its argument soon and once: at the next frame. */
  constructor(schedule: (work: () => void) => void) {
    this.#schedule = schedule;
  }

  readonly getState = (): BoardState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** The whole board; what was there before is gone. `receivedMs` is this computer's clock. */
  begin(response: AgentBoardResponse, receivedMs: number): void {
    this.#rows.clear();
    this.#profiles.clear();
    const { agents, routing_profiles, ...facts } = response;
    this.#put(agents, routing_profiles);
    this.#publish({ facts, clockOffsetMs: facts.is_live ? Date.parse(facts.at_time) - receivedMs : 0 });
  }

  change(changes: AgentBoardChanges): void {
    const { facts } = this.#state;
    if (facts === undefined) return;
    this.#put(changes.agents, changes.routing_profiles);
    for (const id of changes.removed_agent_ids) this.#rows.delete(id);
    this.#publish({ facts: { ...facts, at_time: changes.at_time, sequence: changes.sequence } });
  }

  #put(agents: readonly AgentBoardRow[], profiles: readonly BoardRoutingProfile[]): void {
    for (const agent of agents) this.#rows.set(agent.agent_id, agent);
    for (const profile of profiles) this.#profiles.set(profile.routing_profile_id, profile);
  }

  #publish(change: Partial<BoardState>): void {
    this.#state = {
      ...this.#state,
      ...change,
      rows: this.#rows,
      profiles: this.#profiles,
      version: this.#state.version + 1,
    };
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#schedule(() => {
      this.#isScheduled = false;
      for (const listener of this.#listeners) listener();
    });
  }
}
