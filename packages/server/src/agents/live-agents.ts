import { toEventRow, type AgentBoardRow, type AgentEventRow, type SourceRecord } from "@fourwire/core";
import { DUPLICATE_CCP, type LiveStart, type Person, type Store } from "@fourwire/store";
import type { AgentSettings } from "./agent-settings.ts";
import type { BoardFeed } from "./board-feed.ts";
import { LiveAgent } from "./live-agent.ts";
import type { MissedOffer } from "./missed-offers.ts";
import { readMissedOffers } from "./past-evidence.ts";
import { queuesOf } from "./routing-profile.ts";
import type { LiveShifts } from "./live-shifts.ts";

const TICK_MS = 1000;

/** Agents started again in one go after a late record. */
const MAX_RESTARTS = 100;

/** A routing profile's queues are read again from an event this much later: somebody may have edited it. */
const PROFILE_AGE_MS = 60_000;

export interface LiveAgentsParts {
  readonly store: Store;
  readonly feed: BoardFeed;
  readonly shifts: LiveShifts;
  readonly settings: AgentSettings;
  readonly now: () => number;
}

/** Every agent's state now: what is stored is folded in as it is committed, and what only time changes by a timer. */
export class LiveAgents {
  readonly #parts: LiveAgentsParts;
  readonly #agents = new Map<string, LiveAgent>();
  #persons: ReadonlyMap<string, Person> = new Map();
  readonly #profileTimes = new Map<string, number>();
  /** Records that came while the agents were being started. */
  #waiting: SourceRecord[] | undefined = [];
  readonly #restart = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #working: Promise<void> = Promise.resolve();
  readonly #changed = new Set<(row: AgentBoardRow, event: AgentEventRow | undefined) => void>();
  readonly #removed = new Set<(agentId: string) => void>();

  constructor(parts: LiveAgentsParts) {
    this.#parts = parts;
  }

  get agentCount(): number {
    return this.#agents.size;
  }

  /** When the CCP of an agent on the board logged last, Unix ms; undefined where it never did. */
  lastCcpLineTime(agentId: string): number | undefined {
    return this.#agents.get(agentId)?.lastCcpLineTime;
  }

  /** Calls back for every row that a stored event or the time has changed. */
  onChange(listener: (row: AgentBoardRow, event: AgentEventRow | undefined) => void): () => void {
    this.#changed.add(listener);
    return () => this.#changed.delete(listener);
  }

  /** Calls back for every agent that is no longer followed. */
  onRemove(listener: (agentId: string) => void): () => void {
    this.#removed.add(listener);
    return () => this.#removed.delete(listener);
  }

  /** Reads where every agent stands, then goes on from what was stored meanwhile. */
  async start(): Promise<void> {
    await this.#load();
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    this.take(waiting);
    this.#timer = setInterval(() => this.tick(), TICK_MS);
    this.#timer.unref();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#working;
  }

  /** Resolves when no agent is being started again. */
  async idle(): Promise<void> {
    await this.#working;
  }

  /** Takes in records that are on disk. */
  take(records: readonly SourceRecord[]): void {
    if (this.#waiting !== undefined) {
      this.#waiting.push(...records);
      return;
    }
    for (const record of records) {
      if (record.source === "agent_event") this.#takeEvent(record);
      else if (record.source === "ccp_log") this.#takeLine(record);
    }
  }

  /** Looks at every agent whose row may change with time alone, and starts those again that a late record reached. */
  tick(): void {
    const now = this.#parts.now();
    for (const agent of this.#agents.values()) if (agent.dueTime <= now) this.#refresh(agent, undefined);
    if (this.#restart.size > 0) void this.#inTurn(() => this.#restartLate());
  }

  /** Looks at every agent again; after the plan changed. */
  refreshAll(): void {
    for (const agent of this.#agents.values()) this.#refresh(agent, undefined);
  }

  /** Starts every agent again that has events since; after an import, whose records do not pass by here. */
  reload(): Promise<void> {
    return this.#inTurn(() => this.#load());
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const run = this.#working.then(work);
    this.#working = run.catch((error: unknown) => {
      process.stderr.write(
        `fourwire: live state of agents could not be read again, it may be behind: ${error instanceof Error ? error.message : String(error)}\n`,
      );
    });
    return this.#working;
  }

  async #load(): Promise<void> {
    const { store, settings, now } = this.#parts;
    const since = now() - settings.keep;
    const [persons, starts, missed, errors, lines, duplicates, profiles] = await Promise.all([
      store.live.persons(),
      store.live.starts(since),
      this.#missedSince(since),
      store.live.ccpErrors(since),
      store.live.lastCcpLines(since),
      store.live.duplicateCcps(now() - settings.duplicate_ccp_for),
      store.live.routingProfiles(since),
    ]);
    this.#persons = persons;
    for (const start of starts) this.#begin(start, missed);
    for (const line of lines)
      this.#lineOf(line.agent_id, { time: line.event_time, recordId: "", message: "", isError: false });
    for (const error of errors) {
      this.#lineOf(error.agent_id, {
        time: error.event_time,
        recordId: error.record_id,
        message: error.message,
        isError: true,
      });
    }
    for (const line of duplicates) {
      this.#lineOf(line.agent_id, {
        time: line.event_time,
        recordId: line.record_id,
        message: DUPLICATE_CCP,
        isError: false,
      });
    }
    for (const profile of profiles)
      this.#takeProfile(profile.routing_profile_id, profile.event_time, profile.original_body);
    this.refreshAll();
  }

  #missedSince(since: number): Promise<ReadonlyMap<string, readonly MissedOffer[]>> {
    return readMissedOffers(this.#parts.store, { from: since, to: Number.MAX_SAFE_INTEGER, least: 1 });
  }

  #begin(start: LiveStart, missed: ReadonlyMap<string, readonly MissedOffer[]>): void {
    const { personId, agentIds } = start.person;
    for (const id of agentIds) if (id !== personId) this.#forget(id);
    const agent = this.#agentOf(personId);
    agent.restart(start.carry, start.events, missed.get(personId) ?? []);
  }

  #agentOf(personId: string): LiveAgent {
    const known = this.#agents.get(personId);
    if (known !== undefined) return known;
    const agent = new LiveAgent(personId);
    this.#agents.set(personId, agent);
    return agent;
  }

  #personIdOf(agentId: string): string {
    return this.#persons.get(agentId)?.personId ?? agentId;
  }

  #takeEvent(record: SourceRecord): void {
    if (record.agent_id === undefined) return;
    const event = toEventRow(record);
    // an id never heard of may be the second one of a person
    if (!this.#persons.has(record.agent_id)) this.#restart.add(record.agent_id);
    const agent = this.#agentOf(this.#personIdOf(record.agent_id));
    if (!agent.apply(event)) this.#restart.add(agent.agentId);
    else this.#refresh(agent, event);
    if (event.routing_profile_id != null)
      this.#takeProfile(event.routing_profile_id, event.event_time, record.original_body);
  }

  #takeLine(record: SourceRecord): void {
    if (record.agent_id === undefined) return;
    this.#lineOf(record.agent_id, {
      time: record.event_time,
      recordId: record.record_id,
      message: record.message,
      isError: record.severity_number >= 17,
    });
  }

  #lineOf(
    agentId: string,
    line: { readonly time: number; readonly recordId: string; readonly message: string; readonly isError: boolean },
  ): void {
    const agent = this.#agents.get(this.#personIdOf(agentId));
    if (agent === undefined) return;
    const isDuplicateCcp = line.message.includes(DUPLICATE_CCP);
    if (agent.applyCcpLine({ ...line, isDuplicateCcp })) this.#refresh(agent, undefined);
  }

  #takeProfile(id: string, time: number, body: string): void {
    const readTime = this.#profileTimes.get(id);
    if (readTime !== undefined && time < readTime + PROFILE_AGE_MS) return;
    this.#profileTimes.set(id, time);
    const profile = queuesOf(id, body);
    if (profile !== undefined) this.#parts.feed.setProfile(profile);
  }

  #refresh(agent: LiveAgent, event: AgentEventRow | undefined): void {
    const now = this.#parts.now();
    if (agent.lastEventTime < now - this.#parts.settings.keep) {
      this.#forget(agent.agentId);
      return;
    }
    const row = agent.rowAt(now, this.#parts.settings, (state, at) => this.#parts.shifts.judge(state, at));
    if (!this.#parts.feed.set(row) && event === undefined) return;
    for (const listener of this.#changed) listener(row, event);
  }

  #forget(agentId: string): void {
    this.#agents.delete(agentId);
    this.#parts.feed.remove(agentId);
    for (const listener of this.#removed) listener(agentId);
  }

  /** A late record is worked into its day first; then the agent goes on from there. */
  async #restartLate(): Promise<void> {
    const { store, settings, now } = this.#parts;
    const ids = [...this.#restart].slice(0, MAX_RESTARTS);
    for (const id of ids) this.#restart.delete(id);
    await store.agentDays.settle({ agentIds: ids });
    this.#persons = await store.live.persons();
    const personIds = [...new Set(ids.map((id) => this.#personIdOf(id)))];
    const since = now() - settings.keep;
    const [starts, missed] = await Promise.all([store.live.starts(since, personIds), this.#missedSince(since)]);
    for (const start of starts) this.#begin(start, missed);
    for (const id of personIds) {
      const agent = this.#agents.get(id);
      if (agent !== undefined) this.#refresh(agent, undefined);
    }
  }
}
