import type { DuckDBConnection } from "@duckdb/node-api";
import type { AgentEventRow } from "@fourwire/core";
import { readPersons, type AgentPersons, type Person } from "./agent-persons.ts";
import { NO_CONTEXT, readDayContexts, type DayContext } from "./day-context.ts";
import { DAY_MS, dayStart, deriveDay, explainDay, type DerivedDay } from "./derive-day.ts";
import { readAgentEvents, readNextEvents, type RecordAccess } from "./event-reader.ts";
import type { OfferEvidenceReader } from "./offer-evidence.ts";
import { movePersons } from "./move-persons.ts";
import {
  countPendingDays,
  markUnfinishedDays,
  readPendingDays,
  type DaySpan,
  type PendingDay,
} from "./pending-days.ts";
import { writeDays } from "./write-days.ts";

export interface AgentDaysParts extends RecordAccess {
  /** Gives the work a connection while no commit runs. */
  readonly runWrite: <T>(work: (connection: DuckDBConnection) => Promise<T>) => Promise<T>;
  readonly evidence: OfferEvidenceReader;
  readonly now: () => number;
}

export interface SettleOptions extends DaySpan {
  /** Begin no second batch after this long; undefined: work until nothing is pending; 0: do nothing. */
  readonly budgetMs?: number | undefined;
  readonly onProgress?: ((progress: SettleProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface SettleProgress {
  readonly doneDays: number;
  readonly pendingDays: number;
}

export interface SettleReport {
  readonly doneDays: number;
  /** Agent-days among those meant that are still pending. */
  readonly pendingDays: number;
  readonly eventCount: number;
}

/** Persons derived together: about 50,000 events of a busy day in memory at once. */
const MAX_PERSONS_PER_BATCH = 48;

/** Where the first event after a day is looked for, step by step: most agents need the first or second only. */
const AFTER_STEPS_MS: readonly number[] = [15 * 60_000, DAY_MS, 14 * DAY_MS];

/**
 * Keeps the derived tables true to the records. Commits mark the days they touch; here marked days are derived, oldest
 * first, and their rows replaced. A day whose carry comes out different marks the day after it, and one whose first
 * event is new marks the day before it, whose end that event judges: so the tables are the same whatever the order in
 * which records came.
 */
export class AgentDays {
  readonly #parts: AgentDaysParts;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(parts: AgentDaysParts) {
    this.#parts = parts;
  }

  pendingDays(span: DaySpan): Promise<number> {
    return countPendingDays(this.#parts.pool, span);
  }

  /** Derives what is pending among the days meant, one caller at a time. */
  settle(options: SettleOptions = {}): Promise<SettleReport> {
    const run = this.#turn.then(() => this.#settle(options));
    this.#turn = run.catch(() => undefined);
    return run;
  }

  /** Waits for what runs. */
  async close(): Promise<void> {
    await this.#turn;
  }

  async #settle(options: SettleOptions): Promise<SettleReport> {
    const started = performance.now();
    const { pool, runWrite, now } = this.#parts;
    await runWrite((connection) => markUnfinishedDays(connection, now()));
    let pendingDays = await countPendingDays(pool, options);
    let doneDays = 0;
    let eventCount = 0;
    // a budget is good for one batch at least, or a store of slow days would never be worked in
    for (let batch = 0; pendingDays > 0; batch++) {
      if (options.signal?.aborted === true) break;
      if (options.budgetMs === 0 || (batch > 0 && performance.now() - started >= (options.budgetMs ?? Infinity))) break;
      const done = await this.#deriveBatch(options);
      doneDays += done.dayCount;
      eventCount += done.eventCount;
      pendingDays = await countPendingDays(pool, options);
      options.onProgress?.({ doneDays, pendingDays });
    }
    return { doneDays, pendingDays, eventCount };
  }

  async #deriveBatch(span: DaySpan): Promise<{ readonly dayCount: number; readonly eventCount: number }> {
    const persons = await this.#currentPersons();
    const pending = await readPendingDays(this.#parts.pool, span);
    const eventDate = pending[0]?.event_date;
    if (eventDate === undefined) return { dayCount: 0, eventCount: 0 };
    const batch = choosePersons(persons, pending, dayStart(eventDate) + DAY_MS > this.#parts.now());
    const readTime = this.#parts.now();
    const days = await this.#deriveDays(eventDate, batch);
    const agentIds = new Set(batch.flatMap((person) => person.agentIds));
    const own = pending.filter((day) => agentIds.has(day.agent_id));
    await this.#parts.runWrite((connection) =>
      writeDays(connection, {
        days: days.map((day) => day.derived),
        lastMarkId: Math.max(...own.map((day) => day.last_mark_id)),
        marks: own.map((day) => ({ agentId: day.agent_id, eventDate })),
        follow: days.flatMap((day) => daysToFollow(day)),
        readTime,
      }),
    );
    return { dayCount: own.length, eventCount: days.reduce((sum, day) => sum + day.derived.eventCount, 0) };
  }

  /** Who is who, after rows that stood under another person have been given up. */
  async #currentPersons(): Promise<AgentPersons> {
    const persons = await readPersons(this.#parts.pool);
    if (persons.moved.length === 0) return persons;
    await this.#parts.runWrite((connection) => movePersons(connection, persons.moved));
    return readPersons(this.#parts.pool);
  }

  async #deriveDays(eventDate: string, persons: readonly Person[]): Promise<readonly DayInContext[]> {
    const start = dayStart(eventDate);
    const agentIds = persons.flatMap((person) => person.agentIds);
    const [events, after, contexts] = await Promise.all([
      readAgentEvents(this.#parts, { agentIds, from: start, to: start + DAY_MS }),
      this.#readAfter(start + DAY_MS, persons),
      readDayContexts(
        this.#parts.pool,
        eventDate,
        persons.map((person) => person.personId),
      ),
    ]);
    const byAgent = groupByAgent(events);
    const days: DayInContext[] = [];
    for (const person of persons) {
      const own = person.agentIds.flatMap((id) => byAgent.get(id) ?? []);
      if (own.length === 0) continue;
      const context = contexts.get(person.personId) ?? NO_CONTEXT;
      const derived = deriveDay({
        person,
        eventDate,
        events: own,
        after: after.get(person.personId) ?? [],
        previous: context.previous,
        now: this.#parts.now(),
        hasLater: context.nextDate !== undefined,
      });
      days.push({ derived, context });
    }
    return this.#explain(days, persons);
  }

  /** Offers that were not answered get their cause. */
  async #explain(days: readonly DayInContext[], persons: readonly Person[]): Promise<readonly DayInContext[]> {
    const evidence = await this.#parts.evidence.read(
      days.map((day) => day.derived),
      persons,
    );
    return days.map((day) => {
      const own = evidence.get(day.derived.personId);
      return own === undefined ? day : { ...day, derived: explainDay(day.derived, own) };
    });
  }

  /** The first events of each person at or after `from`, by person; looked for up to 14 days ahead. */
  async #readAfter(from: number, persons: readonly Person[]): Promise<ReadonlyMap<string, readonly AgentEventRow[]>> {
    const found = new Map<string, readonly AgentEventRow[]>();
    let start = from;
    for (const step of AFTER_STEPS_MS) {
      const missing = persons.filter((person) => !found.has(person.personId));
      if (missing.length === 0 || start > this.#parts.now()) break;
      const agentIds = missing.flatMap((person) => person.agentIds);
      const events = await readNextEvents(this.#parts, { agentIds, from: start, to: from + step });
      const byAgent = groupByAgent(events);
      for (const person of missing) {
        const own = person.agentIds.flatMap((id) => byAgent.get(id) ?? []);
        const first = Math.min(...own.map((event) => event.event_time));
        if (own.length > 0)
          found.set(
            person.personId,
            own.filter((event) => event.event_time === first),
          );
      }
      start = from + step;
    }
    return found;
  }
}

function groupByAgent(events: readonly AgentEventRow[]): ReadonlyMap<string, readonly AgentEventRow[]> {
  const groups = new Map<string, AgentEventRow[]>();
  for (const event of events) {
    const group = groups.get(event.agent_id);
    if (group === undefined) groups.set(event.agent_id, [event]);
    else group.push(event);
  }
  return groups;
}

interface DayInContext {
  readonly derived: DerivedDay;
  readonly context: DayContext;
}

/** Neighbours in the order of the lake for a closed day; on the day that goes on, whoever waits longest. */
function choosePersons(persons: AgentPersons, pending: readonly PendingDay[], isOpenDay: boolean): readonly Person[] {
  const ordered = isOpenDay
    ? pending.toSorted((left, right) => left.first_marked_time - right.first_marked_time)
    : pending;
  const chosen = new Map<string, Person>();
  for (const day of ordered) {
    if (chosen.size >= MAX_PERSONS_PER_BATCH) break;
    const person = persons.byAgentId.get(day.agent_id) ?? { personId: day.agent_id, agentIds: [day.agent_id] };
    chosen.set(person.personId, person);
  }
  return [...chosen.values()];
}

/** The day after, where it built on another carry; the day before, where another event was its first after. */
function daysToFollow({ derived, context }: DayInContext): readonly { agentId: string; eventDate: string }[] {
  const follow: { agentId: string; eventDate: string }[] = [];
  if (context.nextDate !== undefined && context.oldCarry !== derived.carry.body)
    follow.push({ agentId: derived.personId, eventDate: context.nextDate });
  const { previous } = context;
  if (previous === undefined || context.previousNextRecordId === derived.firstRecordId) return follow;
  const furthest = dayStart(previous.eventDate) + DAY_MS + (AFTER_STEPS_MS.at(-1) ?? 0);
  if (derived.firstEventTime < furthest) follow.push({ agentId: derived.personId, eventDate: previous.eventDate });
  return follow;
}
