import type { DuckDBConnection } from "@duckdb/node-api";
import { inTransaction } from "./roll-back.ts";

/**
 * What commits add to `contact_span` and `agent_identity`: an upsert into a table with a key costs a commit ten times as
 * much as rows that are appended. `foldChanges` takes them in.
 */
export const RELATION_CHANGE_TABLES: readonly string[] = [
  `create table if not exists store.contact_span_change (
    contact_id varchar not null,
    first_event_time timestamptz not null,
    last_event_time timestamptz not null
  )`,
  `create table if not exists store.agent_identity_change (
    agent_id varchar not null,
    agent_username varchar,
    instance_id varchar,
    last_event_time timestamptz not null
  )`,
];

/**
 * `contact_span` and `agent_identity` as they are with what commits added since the last folding. Contacts are joined and
 * not grouped, so that a query over all of them does not group millions for the sake of a few. Not replaced at each opening:
 * a full disk must not keep the database from being opened for reads.
 */
export const RELATION_VIEWS: readonly string[] = [
  `create view if not exists store.contact_span_now as
   with change as (
     select contact_id, min(first_event_time) as first_event_time, max(last_event_time) as last_event_time
     from store.contact_span_change group by contact_id
   )
   select s.contact_id, least(s.first_event_time, c.first_event_time) as first_event_time,
     greatest(s.last_event_time, c.last_event_time) as last_event_time
   from store.contact_span s left join change c on c.contact_id = s.contact_id
   union all
   select c.contact_id, c.first_event_time, c.last_event_time
   from change c anti join store.contact_span s on s.contact_id = c.contact_id`,
  `create view if not exists store.agent_identity_now as
   select agent_id, arg_max(agent_username, last_event_time) as agent_username,
     coalesce(any_value(instance_id) filter (is_folded), arg_max(instance_id, last_event_time)) as instance_id,
     max(last_event_time) as last_event_time
   from (
     select agent_id, agent_username, instance_id, last_event_time, true as is_folded from store.agent_identity
     union all
     select agent_id, agent_username, instance_id, last_event_time, false from store.agent_identity_change
   ) group by agent_id`,
];

/** Changes that are not folded in yet. */
export async function countChanges(connection: DuckDBConnection): Promise<number> {
  const reader = await connection.runAndReadAll(
    "select (select count(*) from store.contact_span_change) + (select count(*) from store.agent_identity_change)",
  );
  return Number(reader.getRows()[0]?.[0]);
}

/** Takes the changes into the tables they belong to, in a transaction of its own. Must run while no commit does. */
export async function foldChanges(connection: DuckDBConnection): Promise<void> {
  await inTransaction(connection, async () => {
    await connection.run(
      `insert into store.contact_span
       select contact_id, first_event_time, last_event_time from store.contact_span_now
       where contact_id in (select contact_id from store.contact_span_change)
       on conflict (contact_id) do update set
         first_event_time = excluded.first_event_time, last_event_time = excluded.last_event_time`,
    );
    await connection.run("delete from store.contact_span_change");
    await connection.run(
      `insert into store.agent_identity
       select agent_id, agent_username, instance_id, last_event_time from store.agent_identity_now
       where agent_id in (select agent_id from store.agent_identity_change)
       on conflict (agent_id) do update set agent_username = excluded.agent_username,
         instance_id = excluded.instance_id, last_event_time = excluded.last_event_time`,
    );
    await connection.run("delete from store.agent_identity_change");
  });
}
