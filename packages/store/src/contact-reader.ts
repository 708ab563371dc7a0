import type { DuckDBValue } from "@duckdb/node-api";
import {
  columnsOf,
  COMMON_COLUMNS,
  isTimelineColumn,
  SOURCE_NAMES,
  type Column,
  type SourceName,
} from "@fourwire/core";
import type { LakeManifest } from "./lake-manifest.ts";
import type { PlainRow, ReadPool } from "./read-pool.ts";
import { sourceRelation } from "./schema.ts";

export interface TimeSpan {
  readonly from: number;
  readonly to: number;
}

/** Whose records to read in which span. */
export interface AgentSpan extends TimeSpan {
  readonly agent_id: string;
  readonly agent_username?: string | undefined;
}

/** What a configuration change may touch. */
export interface TouchedIds {
  readonly flowIds: readonly string[];
  readonly queueIds: readonly string[];
  readonly routingProfileIds: readonly string[];
  readonly agentIds: readonly string[];
}

export interface LinkRow {
  readonly contact_id: string;
  readonly relation: "initial" | "previous" | "next" | "related";
  readonly other_contact_id: string;
  readonly record_id: string;
}

export interface AgentRow {
  readonly agent_id: string;
  readonly agent_username: string | null;
  readonly instance_id: string | null;
  readonly last_event_time: number;
}

const SPAN_CONDITION = "event_time between make_timestamptz($from::bigint) and make_timestamptz($to::bigint)";

/** Most rows one look-up returns per source; a contact of more is cut and says so. */
export const MAX_LOOKUP_ROWS = 20_000;

/** Reads what belongs to one contact or one agent, opening only the files of its days. */
export class ContactReader {
  readonly #pool: ReadPool;
  readonly #manifest: LakeManifest;

  constructor(pool: ReadPool, manifest: LakeManifest) {
    this.#pool = pool;
    this.#manifest = manifest;
  }

  /** First and last event time of a contact; undefined when no record names it. */
  async span(contactId: string): Promise<TimeSpan | undefined> {
    const rows = await this.#pool.rows(
      "select first_event_time as first, last_event_time as last from store.contact_span_now where contact_id = $id",
      { id: contactId },
    );
    const row = rows[0];
    return row === undefined ? undefined : { from: row["first"] as number, to: row["last"] as number };
  }

  /** Links in both directions, of the contact itself. */
  async links(contactId: string): Promise<readonly LinkRow[]> {
    const rows = await this.#pool.rows(
      "select * from store.contact_link where contact_id = $id or other_contact_id = $id order by all limit 1000",
      { id: contactId },
    );
    return rows as unknown as LinkRow[];
  }

  /** Every record whose `contact_id` is this contact, in the columns of a timeline. */
  contactRows(contactId: string, span: TimeSpan): Promise<readonly PlainRow[]> {
    return this.#readSources(SOURCE_NAMES, span, {
      condition: "contact_id = $id",
      values: { id: contactId },
      columns: timelineColumns,
    });
  }

  /** Agent events of the agents in their spans, and the log lines of their browsers. */
  async agentRows(spans: readonly AgentSpan[]): Promise<readonly PlainRow[]> {
    const reads = spans.map(async (span) => {
      const values = { id: span.agent_id, username: span.agent_username ?? "" };
      const [events, lines] = await Promise.all([
        this.#readSources(["agent_event"], span, {
          condition: "agent_id = $id",
          values: { id: span.agent_id },
          columns: timelineColumns,
        }),
        this.#readSources(["ccp_log"], span, {
          condition:
            "(agent_id = $id or (agent_id is null and (agent_username is null or agent_username = $username)))",
          values,
          columns: timelineColumns,
        }),
      ]);
      return [...events, ...linesOfAgent(lines, span)];
    });
    return (await Promise.all(reads)).flat();
  }

  /** API calls that changed what the contact used, and those its agents made under their own session. */
  async apiRows(span: TimeSpan, touched: TouchedIds, agents: readonly AgentSpan[]): Promise<readonly PlainRow[]> {
    const configuration = `is_write and (list_contains(from_json($flows, '["varchar"]'), flow_id)
        or list_contains(from_json($queues, '["varchar"]'), queue_id)
        or list_contains(from_json($profiles, '["varchar"]'), routing_profile_id)
        or list_contains(from_json($agents, '["varchar"]'), agent_id)
        or list_contains(from_json($every, '["varchar"]'), resource_id))`;
    const values: Record<string, DuckDBValue> = {
      flows: JSON.stringify(touched.flowIds),
      queues: JSON.stringify(touched.queueIds),
      profiles: JSON.stringify(touched.routingProfileIds),
      agents: JSON.stringify(touched.agentIds),
      every: JSON.stringify([
        ...touched.flowIds,
        ...touched.queueIds,
        ...touched.routingProfileIds,
        ...touched.agentIds,
      ]),
    };
    const own = agents.map((agent, index) => {
      values[`id${index}`] = agent.agent_id;
      values[`name${index}`] = agent.agent_username?.toLowerCase() ?? "";
      const bounds = `event_time between make_timestamptz(${microsOf(agent.from)}::bigint) and make_timestamptz(${microsOf(agent.to)}::bigint)`;
      return `(${bounds} and (agent_id = $id${index} or actor_user_id = $id${index} or lower(session_name) = $name${index}))`;
    });
    const whole = {
      from: Math.min(span.from, ...agents.map((agent) => agent.from)),
      to: Math.max(span.to, ...agents.map((agent) => agent.to)),
    };
    const condition = `(${[`(${configuration})`, ...own].join(" or ")})`;
    return this.#readSources(["cloudtrail"], whole, { condition, values, columns: timelineColumns });
  }

  /** The agents that an id, a login name or the end of an ARN names. */
  async findAgents(text: string): Promise<readonly AgentRow[]> {
    const rows = await this.#pool.rows(
      `select agent_id, agent_username, instance_id, last_event_time from store.agent_identity_now
       where agent_id = $text or lower(agent_username) = lower($text) order by last_event_time desc limit 20`,
      { text: text.startsWith("arn:") ? text.slice(text.lastIndexOf("/") + 1) : text },
    );
    return rows as unknown as AgentRow[];
  }

  /** Agents seen in a span, latest first. */
  async agents(span: TimeSpan, limit: number): Promise<readonly AgentRow[]> {
    const rows = await this.#pool.rows(
      `select agent_id, agent_username, instance_id, last_event_time from store.agent_identity_now
       where last_event_time >= make_timestamptz($from::bigint) order by last_event_time desc, agent_id limit ${limit}`,
      { from: String(Math.trunc(span.from) * 1000) },
    );
    return rows as unknown as AgentRow[];
  }

  /** Everything of one agent in a span, all sources. */
  everyAgentRow(span: AgentSpan): Promise<readonly PlainRow[]> {
    return this.#readSources(SOURCE_NAMES, span, {
      condition: "agent_id = $id",
      values: { id: span.agent_id },
      columns: timelineColumns,
    });
  }

  /** The last agent event with a status, of each agent. */
  async lastStates(agentIds: readonly string[], span: TimeSpan): Promise<readonly PlainRow[]> {
    if (agentIds.length === 0) return [];
    return this.#pool.rows(
      `select agent_id, arg_max(status_name, event_time) as status_name, arg_max(first_name, event_time) as first_name,
         arg_max(last_name, event_time) as last_name
       from (${this.#relation("agent_event", span)})
       where event_time >= make_timestamptz($from::bigint) and status_name is not null
         and agent_id in (from (select unnest(from_json($ids, '["varchar"]')))) group by agent_id`,
      { ids: JSON.stringify(agentIds), from: String(Math.trunc(span.from) * 1000) },
    );
  }

  /** Flows and modules with this id. */
  async flowNames(flowId: string): Promise<readonly { flow_id: string; flow_name: string | null }[]> {
    const rows = await this.#pool.rows(
      "select flow_id, any_value(flow_name) as flow_name from main.flow_log where flow_id = $id group by flow_id limit 5",
      { id: flowId },
    );
    return rows as unknown as { flow_id: string; flow_name: string | null }[];
  }

  /** Contacts with an event in the span, the latest first. */
  async contacts(span: TimeSpan, limit: number): Promise<readonly PlainRow[]> {
    return this.#pool.rows(
      `select contact_id, first_event_time, last_event_time from store.contact_span_now
       where last_event_time >= make_timestamptz($from::bigint) and first_event_time < make_timestamptz($to::bigint)
       order by first_event_time desc, contact_id limit ${limit}`,
      { from: String(Math.trunc(span.from) * 1000), to: String(Math.trunc(span.to) * 1000) },
    );
  }

  /** Counts per contact over the span that holds them all. */
  async contactCounts(contactIds: readonly string[], span: TimeSpan): Promise<readonly PlainRow[]> {
    if (contactIds.length === 0) return [];
    const selects = SOURCE_NAMES.map(
      (
        source,
      ) => `select contact_id, '${source}' as source, count(*) as record_count, count(*) filter (severity_number >= 17) as error_count,
        list(distinct coalesce(i.agent_username, r.agent_username, r.agent_id))
          filter (r.agent_id is not null or r.agent_username is not null) as agents
        from (${this.#relation(source, span)}) r left join store.agent_identity_now i on i.agent_id = r.agent_id
        where contact_id in (from (select unnest(from_json($ids, '["varchar"]')))) and ${SPAN_CONDITION} group by 1`,
    );
    return this.#pool.rows(selects.join(" union all "), {
      ids: JSON.stringify(contactIds),
      from: String(Math.trunc(span.from) * 1000),
      to: String(Math.trunc(span.to) * 1000),
    });
  }

  #relation(source: SourceName, span: TimeSpan, columns?: readonly Column[]): string {
    const paths = this.#manifest
      .filesBetween(source, span.from, span.to)
      .map((file) => this.#manifest.absolutePath(file));
    return sourceRelation(source, paths, columns);
  }

  #readSources(sources: readonly SourceName[], span: TimeSpan, read: SourceRead): Promise<readonly PlainRow[]> {
    return this.#manifest.readSettled(async () => (await Promise.all(this.#startReads(sources, span, read))).flat());
  }

  #startReads(sources: readonly SourceName[], span: TimeSpan, read: SourceRead): readonly Promise<PlainRow[]>[] {
    return sources.map((source) => {
      const columns = read.columns(source);
      return this.#pool.rows(
        `select * from (${this.#relation(source, span, columns)})
         where ${SPAN_CONDITION} and ${read.condition}
         order by event_time, record_id limit ${MAX_LOOKUP_ROWS}`,
        { ...read.values, from: String(microsOf(span.from)), to: String(microsOf(span.to)) },
      );
    });
  }
}

interface SourceRead {
  readonly condition: string;
  readonly values: Record<string, DuckDBValue>;
  readonly columns: (source: SourceName) => readonly Column[];
}

function timelineColumns(source: SourceName): readonly Column[] {
  return [
    ...COMMON_COLUMNS.filter((column) => isTimelineColumn(source, column, false)),
    ...columnsOf(source).filter((column) => isTimelineColumn(source, column, true)),
  ];
}

/** Lines that name the agent, and nameless ones of the browsers that those show to be the agent's. */
function linesOfAgent(lines: readonly PlainRow[], agent: AgentSpan): readonly PlainRow[] {
  const isNamed = (line: PlainRow): boolean =>
    line["agent_id"] === agent.agent_id ||
    (agent.agent_username !== undefined && line["agent_username"] === agent.agent_username);
  const sessions = new Set(lines.filter(isNamed).map((line) => line["session_id"]));
  return lines.filter((line) => isNamed(line) || sessions.has(line["session_id"]));
}

function microsOf(millis: number): number {
  return Math.trunc(millis) * 1000;
}
