import {
  BASE_INTERVAL_MS,
  deriveAgent,
  deriveIntervals,
  explainOffers,
  unixMillis,
  type AgentCarry,
  type AgentDerivation,
  type AgentEventRow,
  type AgentState,
  type DerivedTableName,
  type OfferEvidence,
  type UnixMillis,
} from "@fourwire/core";
import type { ColumnRow } from "../text-vector.ts";
import type { Person } from "./agent-persons.ts";

export const DAY_MS = 86_400_000;

/** What is known of an agent's last day before the one to derive. */
export interface PreviousDay {
  readonly eventDate: string;
  readonly carry: AgentCarry;
}

/** One agent's day, ready to be derived. */
export interface DayInput {
  readonly person: Person;
  /** UTC, YYYY-MM-DD. */
  readonly eventDate: string;
  /** The day's events, in any order. */
  readonly events: readonly AgentEventRow[];
  /** The first events after the day: they tell whether its end lies in a gap. Empty where there are none yet. */
  readonly after: readonly AgentEventRow[];
  readonly previous: PreviousDay | undefined;
  /** The present instant: a day that is not over ends there. */
  readonly now: number;
  /** True where a later day of the agent is or will be derived: what is still open is told by that one. */
  readonly hasLater: boolean;
}

/** The rows of one agent's day, as they stand in the tables. */
export interface DerivedDay {
  readonly personId: string;
  readonly eventDate: string;
  readonly fromTime: number;
  readonly toTime: number;
  readonly eventCount: number;
  readonly firstEventTime: number;
  readonly firstRecordId: string;
  readonly lastEventTime: number;
  readonly nextRecordId: string | null;
  /** At the end of the day. */
  readonly state: AgentState;
  readonly carry: AgentCarry;
  readonly hasLater: boolean;
  readonly derivation: AgentDerivation;
}

export function dayStart(eventDate: string): number {
  return Date.parse(`${eventDate}T00:00:00Z`);
}

/** The day (UTC) of an instant. */
export function dateOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

/**
 * Derives one day. A day's rows begin where the agent's last day with events ended, so that nothing lies between; what is
 * open at the end of a day is carried into the next one and told there, with its real start.
 */
export function deriveDay(input: DayInput): DerivedDay {
  const start = dayStart(input.eventDate);
  const ordered = input.events.toSorted(byTime);
  const [first, last] = [ordered[0], ordered.at(-1)];
  if (first === undefined || last === undefined) throw new Error(`no events to derive on ${input.eventDate}`);
  const from = input.previous === undefined ? start : dayStart(input.previous.eventDate) + DAY_MS;
  // a clock ahead of ours may have written events of the present day that lie before us
  const to = Math.min(start + DAY_MS, Math.max(input.now, last.event_time + 1));
  const after = input.after.toSorted(byTime);
  const derivation = deriveAgent([...ordered, ...after], {
    from: unixMillis(from),
    to: unixMillis(to),
    carry: input.previous?.carry,
    agentId: input.person.personId,
  });
  return {
    personId: input.person.personId,
    eventDate: input.eventDate,
    fromTime: from,
    toTime: to,
    eventCount: ordered.length,
    firstEventTime: first.event_time,
    firstRecordId: first.record_id,
    lastEventTime: last.event_time,
    nextRecordId: after[0]?.record_id ?? null,
    state: derivation.state,
    carry: derivation.carry,
    hasLater: input.hasLater,
    derivation,
  };
}

function byTime(left: AgentEventRow, right: AgentEventRow): number {
  return left.event_time - right.event_time || (left.record_id < right.record_id ? -1 : 1);
}

/** The same day, its offers with the cause that the evidence shows. */
export function explainDay(day: DerivedDay, evidence: OfferEvidence): DerivedDay {
  return { ...day, derivation: { ...day.derivation, offers: explainOffers(day.derivation.offers, evidence) } };
}

/** The rows of a day by table, with the keys they are replaced by. */
export function tableRows(day: DerivedDay): ReadonlyMap<DerivedTableName, readonly ColumnRow[]> {
  const { derivation, hasLater } = day;
  const keys = { person_id: day.personId, event_date: day.eventDate };
  const told = <Row extends { readonly end_time: number | null }>(rows: readonly Row[]): readonly Row[] =>
    hasLater ? rows.filter((row) => row.end_time !== null) : rows;
  return new Map<DerivedTableName, readonly ColumnRow[]>([
    [
      "agent_activity",
      derivation.activity.map((row) => ({
        ...row,
        ...keys,
        contact_ids: json(row.contact_ids),
        record_ids: json(row.record_ids),
      })),
    ],
    [
      "agent_activity_interval",
      deriveIntervals(derivation, quartersOf(dayStart(day.eventDate))).map((row) => ({
        ...row,
        ...keys,
        non_productive: json(row.non_productive),
      })),
    ],
    [
      "agent_after_contact_work",
      told(derivation.after_contact_work).map((row) => ({ ...row, ...keys, record_ids: json(row.record_ids) })),
    ],
    [
      "agent_contact_state",
      told(derivation.contact_states).map((row) => ({ ...row, ...keys, record_ids: json(row.record_ids) })),
    ],
    ["agent_gap", told(derivation.gaps).map((row) => ({ ...row, ...keys, record_ids: json(row.record_ids) }))],
    [
      "agent_login_session",
      told(derivation.login_sessions).map((row) => ({ ...row, ...keys, record_ids: json(row.record_ids) })),
    ],
    [
      "agent_offer",
      told(derivation.offers).map((row) => ({
        ...row,
        ...keys,
        record_ids: json(row.record_ids),
        evidence_record_ids: json(row.evidence_record_ids),
      })),
    ],
  ]);
}

/** Lists become JSON, as their columns are declared. */
function json(list: readonly unknown[]): string {
  return list.length === 0 ? "[]" : JSON.stringify(list);
}

function quartersOf(start: number): readonly UnixMillis[] {
  return Array.from({ length: DAY_MS / BASE_INTERVAL_MS + 1 }, (_, index) =>
    unixMillis(start + index * BASE_INTERVAL_MS),
  );
}
