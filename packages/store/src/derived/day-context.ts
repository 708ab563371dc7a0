import type { AgentCarry } from "@fourwire/core";
import type { ReadPool } from "../read-pool.ts";
import type { PreviousDay } from "./derive-day.ts";

/** What the tables say about the days around one day of an agent. */
export interface DayContext {
  readonly previous: PreviousDay | undefined;
  /** The record that followed the previous day when it was derived. */
  readonly previousNextRecordId: string | null;
  /** Carry of this day as derived before; undefined where it was not. */
  readonly oldCarry: string | undefined;
  /** The next derived day. */
  readonly nextDate: string | undefined;
}

interface ContextRow {
  readonly person_id: string;
  readonly previous_date: string | null;
  readonly previous_carry: string | null;
  readonly previous_next_record_id: string | null;
  readonly old_carry: string | null;
  readonly next_date: string | null;
}

export const NO_CONTEXT: DayContext = {
  previous: undefined,
  previousNextRecordId: null,
  oldCarry: undefined,
  nextDate: undefined,
};

/** The context of a day for each of the persons that have any derived day. */
export async function readDayContexts(
  pool: ReadPool,
  eventDate: string,
  personIds: readonly string[],
): Promise<ReadonlyMap<string, DayContext>> {
  const rows = await pool.rowsAs<ContextRow>(
    `with own as (
       select person_id, event_date, next_record_id from derived.agent_day
       where person_id in (from (select unnest(from_json($ids, '["varchar"]'))))
     ), around as (
       select person_id,
         max(event_date) filter (event_date < $date::date) as previous_date,
         arg_max(next_record_id, event_date) filter (event_date < $date::date) as previous_next_record_id,
         min(event_date) filter (event_date > $date::date) as next_date
       from own group by person_id
     )
     select a.person_id, a.previous_date::varchar as previous_date, p.carry as previous_carry,
       p.next_record_id as previous_next_record_id, o.carry as old_carry, a.next_date::varchar as next_date
     from around a
     left join derived.agent_day p on p.person_id = a.person_id and p.event_date = a.previous_date
     left join derived.agent_day o on o.person_id = a.person_id and o.event_date = $date::date`,
    { ids: JSON.stringify(personIds), date: eventDate },
  );
  return new Map(rows.map((row) => [row.person_id, contextOf(row)]));
}

function contextOf(row: ContextRow): DayContext {
  const { previous_date: date, previous_carry: body } = row;
  return {
    previous: date === null || body === null ? undefined : { eventDate: date, carry: carryOf(body) },
    previousNextRecordId: row.previous_next_record_id,
    oldCarry: row.old_carry ?? undefined,
    nextDate: row.next_date ?? undefined,
  };
}

/** Carries of another version are derived again before they are read (`DERIVATION_VERSION`). */
export function carryOf(body: string): AgentCarry {
  return { version: 1, body };
}
