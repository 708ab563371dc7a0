import type { DuckDBConnection } from "@duckdb/node-api";
import type { ReadPool } from "../read-pool.ts";
import { DERIVATION_VERSION } from "./derived-schema.ts";

/** Which agent-days are meant; nothing given means all. */
export interface DaySpan {
  readonly agentIds?: readonly string[] | undefined;
  /** Days up to this one, YYYY-MM-DD, included. Earlier ones always count: a day builds on the one before. */
  readonly lastDate?: string | undefined;
}

/** A day of one agent id of which records arrived that are not worked in. */
export interface PendingDay {
  readonly agent_id: string;
  readonly event_date: string;
  readonly last_mark_id: number;
  readonly first_marked_time: number;
}

/** The pending days of the earliest date among those meant. */
export function readPendingDays(pool: ReadPool, span: DaySpan): Promise<readonly PendingDay[]> {
  const condition = spanSql(span);
  return pool.rowsAs<PendingDay>(
    `select agent_id, event_date::varchar as event_date, max(mark_id)::double as last_mark_id,
       epoch_ms(min(marked_time))::double as first_marked_time
     from derived.day_mark
     where ${condition.sql} and event_date = (select min(event_date) from derived.day_mark where ${condition.sql})
     group by 1, 2 order by 1`,
    condition.values,
  );
}

/** How many agent-days are pending among those meant. */
export async function countPendingDays(pool: ReadPool, span: DaySpan): Promise<number> {
  const condition = spanSql(span);
  const rows = await pool.rowsAs<{ readonly count: number }>(
    `select count(distinct (agent_id, event_date))::double as count from derived.day_mark where ${condition.sql}`,
    condition.values,
  );
  return rows[0]?.count ?? 0;
}

function spanSql(span: DaySpan): { readonly sql: string; readonly values: Record<string, string> } {
  const values: Record<string, string> = {};
  const parts = ["true"];
  if (span.agentIds !== undefined) {
    values["ids"] = JSON.stringify(span.agentIds);
    parts.push(`agent_id in (from (select unnest(from_json($ids, '["varchar"]'))))`);
  }
  if (span.lastDate !== undefined) {
    values["last"] = span.lastDate;
    parts.push("event_date <= $last::date");
  }
  return { sql: parts.join(" and "), values };
}

/**
 * Drops the tables of an older derivation, which may have other columns. They are made of records, and made again
 * (`markOutdatedDays`).
 */
export async function dropOutdatedTables(connection: DuckDBConnection): Promise<void> {
  const version = await derivationVersion(connection);
  if (version !== undefined && version < DERIVATION_VERSION)
    await connection.run("drop schema if exists derived cascade");
}

async function derivationVersion(connection: DuckDBConnection): Promise<number | undefined> {
  const reader = await connection.runAndReadAll("select value from store.store_meta where key = 'derivation_version'");
  const value = reader.getRows()[0]?.[0];
  return value === undefined ? undefined : Number(value);
}

/** Marks every day of every agent where the tables were made by an older derivation, or by none. */
export async function markOutdatedDays(connection: DuckDBConnection): Promise<void> {
  const reader = await connection.runAndReadAll("select value from store.store_meta where key = 'derivation_version'");
  if (Number(reader.getRows()[0]?.[0] ?? 0) >= DERIVATION_VERSION) return;
  await connection.run(
    `insert into derived.agent_stream (agent_id, agent_username, instance_id, region)
     select agent_id, arg_max(agent_username, event_time), any_value(instance_id), any_value(region)
     from main.agent_event where agent_id is not null and agent_username is not null
       and agent_id not in (select agent_id from derived.agent_stream) group by agent_id`,
  );
  await connection.run(
    `insert into derived.day_mark (agent_id, event_date, marked_time)
     select agent_id, event_time::date, now() from main.agent_event where agent_id is not null group by all`,
  );
  await connection.run(
    `insert into store.store_meta values ('derivation_version', '${DERIVATION_VERSION}')
     on conflict (key) do update set value = excluded.value`,
  );
}

/** Marks days that were derived before they were over, and are over now. */
export async function markUnfinishedDays(connection: DuckDBConnection, now: number): Promise<void> {
  await connection.run(
    `insert into derived.day_mark (agent_id, event_date, marked_time)
     select d.person_id, d.event_date, now() from derived.agent_day d
     where d.to_time < d.event_date + interval 1 day and d.event_date < make_timestamptz($now::bigint)::date
       and not exists (select 1 from derived.day_mark m where m.agent_id = d.person_id and m.event_date = d.event_date)`,
    { now: String(Math.trunc(now) * 1000) },
  );
}
