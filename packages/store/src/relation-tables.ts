import type { DuckDBConnection } from "@duckdb/node-api";
import type { ContactReference, RecordedLink } from "@fourwire/core";
import { jsonForDatabase } from "./database-json.ts";

// Small tables that say where to look: which days a contact touches, which contacts name each other, which agent id
// has which login name. They are written in the transaction of the records they come from.

/** Contacts named beside the rows' own `contact_id`. */
export interface NamedContacts {
  readonly references: readonly ContactReference[];
  readonly links: readonly RecordedLink[];
}

/** Widens the time span of every contact that the rows of a relation name. */
export async function upsertContacts(connection: DuckDBConnection, relation: string): Promise<void> {
  await connection.run(widenSpans(`select contact_id, event_time from ${relation} where contact_id is not null`));
}

/** The same for contacts that records name beside their own, and the links between contacts. */
export async function upsertNamedContacts(connection: DuckDBConnection, named: NamedContacts): Promise<void> {
  if (named.references.length > 0) {
    await connection.run(
      widenSpans(
        `select r.contact_id, make_timestamptz((r.event_time * 1000)::bigint) as event_time
         from (select unnest(from_json($references, '[{"contact_id":"varchar","event_time":"bigint"}]')) as r)`,
      ),
      { references: jsonForDatabase(named.references) },
    );
  }
  if (named.links.length > 0) await insertLinks(connection, named.links);
}

/** One row a contact, at most, per statement. */
const WIDEN_SPAN = `on conflict (contact_id) do update set
  first_event_time = least(first_event_time, excluded.first_event_time),
  last_event_time = greatest(last_event_time, excluded.last_event_time)
where excluded.first_event_time < first_event_time or excluded.last_event_time > last_event_time`;

/** One row an agent, at most, per statement. */
const KEEP_NEWEST_NAME = `on conflict (agent_id) do update set
  agent_username = coalesce(
    case when excluded.last_event_time >= last_event_time then excluded.agent_username end, agent_username, excluded.agent_username),
  instance_id = coalesce(instance_id, excluded.instance_id),
  last_event_time = greatest(last_event_time, excluded.last_event_time)`;

function widenSpans(rows: string): string {
  return `insert into store.contact_span
    select contact_id, min(event_time), max(event_time) from (${rows}) group by contact_id ${WIDEN_SPAN}`;
}

/** Keeps each link once, with the record that told it first. */
export async function insertLinks(connection: DuckDBConnection, links: readonly RecordedLink[]): Promise<void> {
  await connection.run(
    `insert into store.contact_link
     select distinct on (l.contact_id, l.relation, l.other_contact_id) l.contact_id, l.relation, l.other_contact_id, l.record_id
     from (select unnest(from_json($links,
       '[{"contact_id":"varchar","relation":"varchar","other_contact_id":"varchar","record_id":"varchar"}]')) as l)
     where not exists (
       select 1 from store.contact_link k
       where k.contact_id = l.contact_id and k.relation = l.relation and k.other_contact_id = l.other_contact_id
     )`,
    { links: jsonForDatabase(links) },
  );
}

/** Keeps the newest login name and instance of every agent that the rows of a relation name. */
export async function upsertAgents(connection: DuckDBConnection, relation: string): Promise<void> {
  await connection.run(
    `insert into store.agent_identity
     select agent_id, arg_max(agent_username, event_time), arg_max(instance_id, event_time), max(event_time)
     from ${relation} where agent_id is not null group by agent_id
     ${KEEP_NEWEST_NAME}`,
  );
}
