import {
  COMMON_COLUMNS,
  CONTACT_RECORD_ROW_COLUMNS,
  DERIVED_TABLES,
  lastOfInstant,
  recordTimeOf,
  type AfterContactWork,
  type AgentActivity,
  type AgentContactState,
  type AgentEventRow,
  type AgentGap,
  type AgentInterval,
  type AgentOffer,
  type Column,
  type ContactRecordRow,
  type DerivedTableName,
  type LoginSession,
} from "@fourwire/core";
import type { PlainRow } from "../read-pool.ts";
import { quoteName, sourceRelation, tableColumns } from "../schema.ts";
import { dateOf } from "./derive-day.ts";
import { agentCondition, EVENT_LIST, eventRelation, micros, spanCondition, type RecordAccess } from "./event-reader.ts";

/** Rows of the derived tables, as the derivations made them. */
export interface DerivedRows {
  readonly agent_activity: AgentActivity;
  readonly agent_activity_interval: AgentInterval;
  readonly agent_after_contact_work: AfterContactWork;
  readonly agent_contact_state: AgentContactState;
  readonly agent_gap: AgentGap;
  readonly agent_login_session: LoginSession;
  readonly agent_offer: AgentOffer;
}

export interface DerivedRange {
  /** Persons, by the id their rows stand under; undefined: everybody. */
  readonly personIds?: readonly string[] | undefined;
  /** Unix ms. */
  readonly from: number;
  /** Excluded. */
  readonly to: number;
}

/** An item may belong to a day this much later than it began: the look-ahead of the derivation and a day. */
const LATEST_DAY_MS = 15 * 86_400_000;

/** Reads the derived tables. What is pending is not in them: settle first. */
export class DerivedReader {
  readonly #access: RecordAccess;

  constructor(access: RecordAccess) {
    this.#access = access;
  }

  /** Rows that touch the range, in order of agent and time; at most `limit`. */
  rows<Name extends DerivedTableName>(
    name: Name,
    range: DerivedRange,
    limit: number,
  ): Promise<readonly DerivedRows[Name][]> {
    const { columns, startColumn } = DERIVED_TABLES[name];
    const start = quoteName(startColumn);
    const order = [
      "person_id",
      start,
      ...columns.map((column) => column.name).filter((column) => column === "contact_id"),
    ];
    return this.#access.pool.rowsAs<DerivedRows[Name]>(
      `select ${columns.map(plainExpression).join(", ")} from derived.${name}
       where ${start} < make_timestamptz(${micros(range.to)}::bigint)
         and (end_time > make_timestamptz(${micros(range.from)}::bigint) or end_time is null)
         and (event_date >= '${dateOf(range.from)}'::date or end_time is null)
         and event_date <= '${dateOf(range.to + LATEST_DAY_MS)}'::date
         and ${personCondition(range.personIds)}
       order by ${order.join(", ")} limit ${limit}`,
      personValues(range.personIds),
    );
  }

  /** Quarters of an hour added up by agent between the edges (Unix ms, ascending): figures of any number of agents. */
  sums(edges: readonly number[], personIds?: readonly string[]): Promise<readonly AgentInterval[]> {
    const [from, to] = [edges[0] ?? 0, edges.at(-1) ?? 0];
    return this.#access.pool.rowsAs<AgentInterval>(
      `with edge as (
         select make_timestamptz(micros) as edge_start, lead(make_timestamptz(micros)) over (order by micros) as edge_end
         from (select unnest(from_json($edges, '["bigint"]')) as micros)
       ), quarter as (
         select * from derived.agent_activity_interval i asof join edge on i.start_time >= edge_start
         where i.start_time >= make_timestamptz(${micros(from)}::bigint) and i.start_time < make_timestamptz(${micros(to)}::bigint)
           and i.event_date between '${dateOf(from)}'::date and '${dateOf(to)}'::date
           and edge_end is not null and ${personCondition(personIds)}
       ), status_time as (
         select person_id, edge_start, status_name, sum(duration_ms)::double as duration_ms
         from (select person_id, edge_start, unnest(from_json(non_productive, '${STATUS_TYPE}'), recursive := true) from quarter
           where non_productive <> '[]')
         group by all
       ), status_list as (
         select person_id, edge_start,
           list({'status_name': status_name, 'duration_ms': duration_ms} order by status_name) as statuses
         from status_time group by all
       )
       select q.person_id as agent_id, arg_max(q.agent_username, q.start_time) as agent_username,
         epoch_ms(q.edge_start)::double as start_time, epoch_ms(q.edge_end)::double as end_time,
         ${INTERVAL_NUMBERS.map((name) => `sum(q.${name})::double as ${name}`).join(", ")},
         coalesce(any_value(l.statuses), []) as non_productive
       from quarter q left join status_list l on l.person_id = q.person_id and l.edge_start = q.edge_start
       group by q.person_id, q.edge_start, q.edge_end order by q.person_id, q.edge_start`,
      { edges: JSON.stringify(edges.map((time) => Math.trunc(time) * 1000)), ...personValues(personIds) },
    );
  }

  /** The newest event with a snapshot of every agent id heard of in a span, and what was heard of it last. */
  async lastSnapshots(from: number, at: number): Promise<readonly (AgentEventRow & LastHeard)[]> {
    const range = { from, to: at + 1 };
    const relation = eventRelation(this.#access, range);
    const rows = await this.#access.manifest.readSettled(() =>
      this.#access.pool.rowsAs<NewestEvent>(
        `with newest as (
           select agent_id as id, max(event_time) as heard_time, max(event_time) filter (has_current_snapshot) as time,
             max(event_time) filter (event_type <> 'HEART_BEAT') as change_time
           from (${relation}) where ${spanCondition(range)} and agent_id is not null group by 1
         )
         select ${EVENT_LIST}, epoch_ms(heard_time)::double as heard_time, epoch_ms(change_time)::double as change_time
         from (${relation}) e join newest on id = e.agent_id and (e.event_time = time or e.event_time = heard_time)
         where ${spanCondition(range)} order by agent_id, record_id`,
      ),
    );
    const byAgent = new Map<string, NewestEvent[]>();
    for (const row of rows) {
      const own = byAgent.get(row.agent_id);
      if (own === undefined) byAgent.set(row.agent_id, [row]);
      else own.push(row);
    }
    return [...byAgent.values()].flatMap((own) => lastSnapshot(own) ?? []);
  }

  /** Agent events of some agents, for a derivation on the fly. */
  async events(agentIds: readonly string[], from: number, to: number): Promise<readonly AgentEventRow[]> {
    const range = { from, to };
    return this.#access.manifest.readSettled(() =>
      this.#access.pool.rowsAs<AgentEventRow>(
        `select ${EVENT_LIST} from (${eventRelation(this.#access, range)})
         where ${spanCondition(range)} and ${agentCondition(agentIds)} order by event_time, record_id`,
        { ids: JSON.stringify(agentIds) },
      ),
    );
  }

  /** The last derived day of a person that ended at or before the instant, with its carry. */
  async dayBefore(
    personId: string,
    time: number,
  ): Promise<{ readonly endTime: number; readonly carry: string } | undefined> {
    const rows = await this.#access.pool.rowsAs<{ readonly end_time: number; readonly carry: string }>(
      `select epoch_ms((event_date + 1)::timestamptz)::double as end_time, carry from derived.agent_day
       where person_id = $id and event_date < '${dateOf(time)}'::date order by event_date desc limit 1`,
      { id: personId },
    );
    const row = rows[0];
    return row === undefined ? undefined : { endTime: row.end_time, carry: row.carry };
  }

  /** Routing profile and hierarchy of each person at the end of the last day of the range. */
  async configurations(range: DerivedRange): Promise<ReadonlyMap<string, DayConfiguration>> {
    const rows = await this.#access.pool.rowsAs<DayConfiguration & { readonly person_id: string }>(
      `select person_id, routing_profile_name, from_json(hierarchy, '["varchar"]') as hierarchy from derived.agent_day
       where event_date between '${dateOf(range.from)}'::date and '${dateOf(range.to)}'::date and ${personCondition(range.personIds)}
       qualify row_number() over (partition by person_id order by event_date desc) = 1`,
      personValues(range.personIds),
    );
    return new Map(rows.map((row) => [row.person_id, row]));
  }

  /** Records by id: agent events, and what causes were read from. In order of time. */
  async records(ids: readonly string[]): Promise<readonly PlainRow[]> {
    const times = ids.map(recordTimeOf).filter((time) => time !== undefined);
    if (times.length === 0) return [];
    const range = { from: Math.min(...times), to: Math.max(...times) + 1 };
    const selects = (["agent_event", "ccp_log", "contact_event", "contact_record"] as const).map((source) => {
      const paths = this.#access.manifest
        .filesBetween(source, range.from, range.to)
        .map((file) => this.#access.manifest.absolutePath(file));
      return `select * from (${sourceRelation(source, paths, SUMMARY_COLUMNS)})
        where ${spanCondition(range)} and record_id in (from (select unnest(from_json($ids, '["varchar"]'))))`;
    });
    return this.#access.manifest.readSettled(() =>
      this.#access.pool.rows(`${selects.join(" union all ")} order by event_time, record_id`, {
        ids: JSON.stringify(ids),
      }),
    );
  }

  /** Contact records of contacts that ended in a span or soon after; of some agents, or of all. Every delivery. */
  contactRecords(
    range: { readonly agentIds?: readonly string[] | undefined; readonly from: number; readonly to: number },
    limit: number,
  ): Promise<readonly ContactRecordRow[]> {
    const span = { from: range.from, to: range.to + RECORD_DELAY_MS };
    const paths = this.#access.manifest
      .filesBetween("contact_record", span.from, span.to)
      .map((file) => this.#access.manifest.absolutePath(file));
    const list = RECORD_COLUMNS.map(plainExpression).join(", ");
    return this.#access.manifest.readSettled(() =>
      this.#access.pool.rowsAs<ContactRecordRow>(
        `select ${list} from (${sourceRelation("contact_record", paths, [...RECORD_COLUMNS, ...EVENT_TIME])})
         where ${spanCondition(span)} and connected_to_agent_time < make_timestamptz(${micros(range.to)}::bigint)
           and ${range.agentIds === undefined ? "true" : agentCondition(range.agentIds)}
         order by record_id limit ${limit}`,
        range.agentIds === undefined ? {} : { ids: JSON.stringify(range.agentIds) },
      ),
    );
  }
}

/** What was heard last of an agent id. Instants are Unix ms. */
export interface LastHeard {
  readonly heard_time: number;
  readonly heard_record_id: string;
  readonly heard_type: string;
  /** The last event that was no heartbeat; null where the span has none. */
  readonly change_time: number | null;
  /** True where several events have the last instant: which of them was the last is told by those before. */
  readonly is_tied: boolean;
}

type NewestEvent = AgentEventRow & Pick<LastHeard, "heard_time" | "change_time">;

/** One instant may have several events; each says what was before it, and so which of them was the last. */
function lastSnapshot(events: readonly NewestEvent[]): (AgentEventRow & LastHeard) | undefined {
  const told = events.filter((event) => event.has_current_snapshot);
  const snapshot = lastOfInstant(told.length > 0 ? told : events);
  const sameTime = events.filter((event) => event.event_time === event.heard_time);
  const heard = lastOfInstant(sameTime);
  const [first] = events;
  if (snapshot === undefined || heard === undefined || first === undefined) return undefined;
  const { heard_time, change_time } = first;
  const last = { heard_record_id: heard.record_id, heard_type: heard.event_type, is_tied: sameTime.length > 1 };
  return { ...snapshot, heard_time, change_time, ...last };
}

/** Who an agent was at the end of a day. */
export interface DayConfiguration {
  readonly routing_profile_name: string | null;
  readonly hierarchy: readonly (string | null)[];
}

/** A contact goes on at other agents after this one's part ended; its record is written when it is over. */
const RECORD_DELAY_MS = 86_400_000;

const RECORD_NAMES: ReadonlySet<string> = new Set(CONTACT_RECORD_ROW_COLUMNS);

const RECORD_COLUMNS: readonly Column[] = tableColumns("contact_record").filter((column) =>
  RECORD_NAMES.has(column.name),
);

const EVENT_TIME: readonly Column[] = COMMON_COLUMNS.filter((column) => column.name === "event_time");

const SUMMARY_COLUMNS: readonly Column[] = COMMON_COLUMNS.filter(
  (column) => !["attributes", "original_body", "original_id", "schema_version"].includes(column.name),
);

const STATUS_TYPE = '[{"status_name":"varchar","duration_ms":"double"}]';

/** Numbers as doubles: node-api makes a BigInt of every integer and instant. Lists as lists. */
function plainExpression(column: Column): string {
  const name = quoteName(column.name);
  switch (column.type) {
    case "timestamp":
      return `epoch_ms(${name})::double as ${name}`;
    case "integer":
      return `${name}::double as ${name}`;
    case "json":
      return `from_json(${name}, '${column.name === "non_productive" ? STATUS_TYPE : '["varchar"]'}') as ${name}`;
    case "text":
    case "double":
    case "boolean":
      return name;
  }
}

const INTERVAL_NUMBERS: readonly string[] = DERIVED_TABLES.agent_activity_interval.columns
  .filter((column) => column.type === "integer")
  .map((column) => quoteName(column.name));

function personCondition(personIds: readonly string[] | undefined): string {
  return personIds === undefined ? "true" : `person_id in (from (select unnest(from_json($persons, '["varchar"]'))))`;
}

function personValues(personIds: readonly string[] | undefined): Record<string, string> {
  return personIds === undefined ? {} : { persons: JSON.stringify(personIds) };
}
