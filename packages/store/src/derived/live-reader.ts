import type { AgentCarry, AgentEventRow } from "@fourwire/core";
import type { RecordAccess } from "./event-reader.ts";
import { agentCondition, EVENT_LIST, eventRelation, micros, spanCondition } from "./event-reader.ts";
import { readPersons, type Person } from "./agent-persons.ts";
import { carryOf } from "./day-context.ts";
import { sourceRelation, tableColumns } from "../schema.ts";

/** What a live state is made of again: where the derived days end, and what came after. */
export interface LiveStart {
  readonly person: Person;
  /** Undefined where no day of the agent is derived. */
  readonly carry: AgentCarry | undefined;
  /** In order of time. */
  readonly events: readonly AgentEventRow[];
}

/** The newest line of severity ERROR of an agent's CCP. */
export interface CcpErrorRow {
  readonly agent_id: string;
  readonly event_time: number;
  readonly message: string;
  readonly record_id: string;
}

/** The newest line in which an agent's CCP says that it has several windows. */
export interface DuplicateCcpRow {
  readonly agent_id: string;
  readonly event_time: number;
  readonly record_id: string;
}

/** An event of a person that lists a missed contact. */
export interface MissedContactsRow {
  readonly agent_id: string;
  readonly event_time: number;
  readonly record_id: string;
  /** The column as it stands. */
  readonly contacts: string;
}

const MISSED_COLUMNS: readonly string[] = [
  "agent_id",
  "event_time",
  "event_type",
  "record_id",
  "contacts",
  "has_previous_snapshot",
  "status_name",
  "previous_status_name",
];

/** What the CCP calls an agent with several windows (Streams, agent error states). */
export const DUPLICATE_CCP = "MultipleCcpWindows";

/** A snapshot of a routing profile, as an agent event has it. */
export interface RoutingProfileRow {
  readonly routing_profile_id: string;
  readonly routing_profile_name: string | null;
  readonly event_time: number;
  readonly original_body: string;
}

/** Reads what live state starts from, without reading a day's events. */
export class LiveReader {
  readonly #access: RecordAccess;

  constructor(access: RecordAccess) {
    this.#access = access;
  }

  /** Who is who among the ids of agent events. */
  async persons(): Promise<ReadonlyMap<string, Person>> {
    return (await readPersons(this.#access.pool)).byAgentId;
  }

  /** The start of every agent heard of since an instant (Unix ms), or of the persons named. */
  async starts(since: number, personIds?: readonly string[]): Promise<readonly LiveStart[]> {
    const persons = await this.persons();
    const wanted = personIds === undefined ? undefined : new Set(personIds);
    const agentIds = [...persons].filter(([, person]) => wanted?.has(person.personId) ?? true).map(([id]) => id);
    const [carries, events] = await Promise.all([
      this.#carries(since, personIds),
      this.#eventsAfterDays(since, wanted === undefined ? undefined : agentIds),
    ]);
    const grouped = new Map<string, AgentEventRow[]>();
    for (const event of events) {
      const id = persons.get(event.agent_id)?.personId ?? event.agent_id;
      const own = grouped.get(id);
      if (own === undefined) grouped.set(id, [event]);
      else own.push(event);
    }
    return [...new Set([...carries.keys(), ...grouped.keys()])].map((id) => ({
      person: persons.get(id) ?? { personId: id, agentIds: [id] },
      carry: carries.get(id),
      events: grouped.get(id) ?? [],
    }));
  }

  async #carries(since: number, personIds: readonly string[] | undefined): Promise<ReadonlyMap<string, AgentCarry>> {
    const rows = await this.#access.pool.rowsAs<{ readonly person_id: string; readonly carry: string }>(
      `select person_id, carry from derived.agent_day
       where ${personIds === undefined ? "true" : `person_id in (from (select unnest(from_json($ids, '["varchar"]'))))`}
         and last_event_time >= make_timestamptz(${micros(since)}::bigint)
       qualify row_number() over (partition by person_id order by event_date desc) = 1`,
      personIds === undefined ? {} : { ids: JSON.stringify(personIds) },
    );
    return new Map(rows.map((row) => [row.person_id, carryOf(row.carry)]));
  }

  #eventsAfterDays(since: number, agentIds: readonly string[] | undefined): Promise<AgentEventRow[]> {
    const range = { agentIds: agentIds ?? [], from: since, to: Number.MAX_SAFE_INTEGER };
    return this.#access.manifest.readSettled(() =>
      this.#access.pool.rowsAs<AgentEventRow>(
        `with latest as (
           select s.agent_id as known_id, max(d.last_event_time) as last_time
           from derived.agent_stream s join derived.agent_day d on d.person_id = s.person_id
           where d.last_event_time >= make_timestamptz(${micros(since)}::bigint) group by 1
         )
         select ${EVENT_LIST} from (${eventRelation(this.#access, range)}) e
         left join latest on known_id = e.agent_id
         where e.event_time >= make_timestamptz(${micros(since)}::bigint) and e.agent_id is not null
           and (last_time is null or e.event_time > last_time)
           and ${agentIds === undefined ? "true" : agentCondition(agentIds)}
         order by e.event_time, e.record_id`,
        agentIds === undefined ? {} : { ids: JSON.stringify(agentIds) },
      ),
    );
  }

  /** The newest error of each agent's CCP since an instant, up to another. */
  ccpErrors(since: number, until = Number.MAX_SAFE_INTEGER): Promise<readonly CcpErrorRow[]> {
    return this.#access.manifest.readSettled(() =>
      this.#access.pool.rowsAs<CcpErrorRow>(
        `select agent_id, epoch_ms(max(event_time))::double as event_time, arg_max(message, (event_time, record_id)) as message,
           arg_max(record_id, (event_time, record_id)) as record_id
         from (${this.#relation("ccp_log", { from: since, to: until }, ["agent_id", "event_time", "message", "record_id", "severity_number"])})
         where ${spanCondition({ from: since, to: until })} and severity_number >= 17 and agent_id is not null
         group by agent_id`,
      ),
    );
  }

  /** When each agent's CCP logged last, since an instant, up to another. */
  lastCcpLines(
    since: number,
    until = Number.MAX_SAFE_INTEGER,
  ): Promise<readonly { readonly agent_id: string; readonly event_time: number }[]> {
    return this.#access.manifest.readSettled(() =>
      this.#access.pool.rowsAs<{ readonly agent_id: string; readonly event_time: number }>(
        `select agent_id, epoch_ms(max(event_time))::double as event_time
         from (${this.#relation("ccp_log", { from: since, to: until }, ["agent_id", "event_time"])})
         where ${spanCondition({ from: since, to: until })} and agent_id is not null group by agent_id`,
      ),
    );
  }

  /** The newest line of each agent's CCP that says another of its windows is open, since an instant, up to another. */
  duplicateCcps(since: number, until = Number.MAX_SAFE_INTEGER): Promise<readonly DuplicateCcpRow[]> {
    return this.#access.manifest.readSettled(() =>
      this.#access.pool.rowsAs<DuplicateCcpRow>(
        `select agent_id, epoch_ms(max(event_time))::double as event_time,
           arg_max(record_id, (event_time, record_id)) as record_id
         from (${this.#relation("ccp_log", { from: since, to: until }, ["agent_id", "event_time", "message", "record_id"])})
         where ${spanCondition({ from: since, to: until })} and message like '%${DUPLICATE_CCP}%' and agent_id is not null
         group by agent_id`,
      ),
    );
  }

  /**
   * Events that list a missed contact, of agents who missed `least` offers or more in a span (Unix ms), since they last
   * answered one, changed the status or logged in. In order of time.
   */
  missedContacts(span: {
    readonly from: number;
    readonly to: number;
    readonly least: number;
  }): Promise<readonly MissedContactsRow[]> {
    const { from, to, least } = span;
    return this.#access.manifest.readSettled(() =>
      this.#access.pool.rowsAs<MissedContactsRow>(
        `with missing as (
           select agent_id as person_id from derived.agent_offer
           where outcome = 'missed' and end_time >= make_timestamptz(${micros(from)}::bigint)
             and end_time < make_timestamptz(${micros(to)}::bigint)
           group by 1 having count(*) >= ${Math.trunc(least)}
         ), stream as (
           select s.agent_id as stream_id, s.person_id from derived.agent_stream s join missing using (person_id)
         ), event as (
           select person_id, event_time, record_id, contacts,
             event_type = 'LOGIN' or contacts like '%"CONNECTED"%' or (
               has_previous_snapshot and status_name is not null and status_name is distinct from previous_status_name
             ) as is_reset
           from (${this.#relation("agent_event", span, MISSED_COLUMNS)}) join stream on stream_id = agent_id
           where ${spanCondition(span)}
         ), since as (
           select person_id, max(event_time) filter (is_reset) as reset_time from event group by 1
         )
         select e.person_id as agent_id, epoch_ms(e.event_time)::double as event_time, e.record_id, e.contacts
         from event e join since using (person_id)
         where e.contacts like '%"MISSED"%' and (reset_time is null or e.event_time >= reset_time)
         order by e.event_time, e.record_id`,
      ),
    );
  }

  /** One event of each routing profile that agents had since an instant: it names the queues. */
  routingProfiles(since: number, until = Number.MAX_SAFE_INTEGER): Promise<readonly RoutingProfileRow[]> {
    const columns = ["routing_profile_id", "routing_profile_name", "event_time", "original_body"];
    return this.#access.manifest.readSettled(() =>
      this.#access.pool.rowsAs<RoutingProfileRow>(
        `with newest as (
           select routing_profile_id as id, max(event_time) as time
           from (${this.#relation("agent_event", { from: since, to: until }, ["routing_profile_id", "event_time"])})
           where ${spanCondition({ from: since, to: until })} and routing_profile_id is not null group by 1
         )
         select routing_profile_id, any_value(routing_profile_name) as routing_profile_name,
           epoch_ms(event_time)::double as event_time, any_value(original_body) as original_body
         from (${this.#relation("agent_event", { from: since, to: until }, columns)}) e join newest on id = e.routing_profile_id and time = e.event_time
         group by routing_profile_id, event_time`,
      ),
    );
  }

  /** The newest agent event stored, Unix ms. */
  async lastEventTime(): Promise<number | null> {
    const rows = await this.#access.pool.rowsAs<{ readonly time: number | null }>(
      "select epoch_ms(max(last_event_time))::double as time from derived.agent_day",
    );
    return rows[0]?.time ?? null;
  }

  #relation(
    source: "ccp_log" | "agent_event",
    span: { readonly from: number; readonly to: number },
    names: readonly string[],
  ): string {
    const { manifest } = this.#access;
    const paths = manifest.filesBetween(source, span.from, span.to).map((file) => manifest.absolutePath(file));
    return sourceRelation(
      source,
      paths,
      tableColumns(source).filter((column) => names.includes(column.name)),
    );
  }
}
