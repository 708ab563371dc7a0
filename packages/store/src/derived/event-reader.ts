import { AGENT_EVENT_ROW_COLUMNS, columnsOf, COMMON_COLUMNS, type AgentEventRow, type Column } from "@fourwire/core";
import { EVENT_SELECT, EventRows } from "./event-rows.ts";
import type { LakeManifest } from "../lake-manifest.ts";
import type { ReadPool } from "../read-pool.ts";
import { quoteName, sourceRelation } from "../schema.ts";

/** What reads records: connections, and which lake files there are. */
export interface RecordAccess {
  readonly pool: ReadPool;
  readonly manifest: LakeManifest;
}

export interface EventRange {
  readonly agentIds: readonly string[];
  /** Unix ms; `to` excluded. */
  readonly from: number;
  readonly to: number;
}

const WANTED: ReadonlySet<string> = new Set(AGENT_EVENT_ROW_COLUMNS);

const EVENT_COLUMNS: readonly Column[] = [...COMMON_COLUMNS, ...columnsOf("agent_event")].filter((column) =>
  WANTED.has(column.name),
);

/** The columns of `AgentEventRow` for a select list. */
// instants as doubles: node-api makes a BigInt of every timestamp, which costs more than the rest of a row
export const EVENT_LIST = EVENT_COLUMNS.map((column) => {
  const name = quoteName(column.name);
  return column.type === "timestamp" ? `epoch_ms(${name})::double as ${name}` : name;
}).join(", ");

/** Agent events of the agents in the range, by agent and in order of time. */
export async function readAgentEvents(access: RecordAccess, range: EventRange): Promise<AgentEventRow[]> {
  return access.manifest.readSettled(async () => {
    const rows = new EventRows();
    await access.pool.chunks(
      `select ${EVENT_SELECT} from (${eventRelation(access, range)})
       where ${spanCondition(range)} and ${agentCondition(range.agentIds)}
       window agent as (partition by agent_id order by event_time, record_id)
       order by agent_id, event_time, record_id`,
      { ids: JSON.stringify(range.agentIds) },
      (chunk) => rows.take(chunk),
    );
    return rows.all;
  });
}

/** The first events of each agent at or after `from`: those of its earliest instant before `to`. */
export function readNextEvents(access: RecordAccess, range: EventRange): Promise<AgentEventRow[]> {
  return access.manifest.readSettled(() =>
    access.pool.rowsAs<AgentEventRow>(
      `select ${EVENT_LIST} from (${eventRelation(access, range)})
       where ${spanCondition(range)} and ${agentCondition(range.agentIds)}
       qualify rank() over (partition by agent_id order by event_time) = 1
       order by event_time, record_id`,
      { ids: JSON.stringify(range.agentIds) },
    ),
  );
}

export function eventRelation(access: RecordAccess, range: Pick<EventRange, "from" | "to">): string {
  const paths = access.manifest
    .filesBetween("agent_event", range.from, range.to)
    .map((file) => access.manifest.absolutePath(file));
  return sourceRelation("agent_event", paths, EVENT_COLUMNS);
}

/** Spans of event time, `to` excluded. */
export function spanCondition(range: { readonly from: number; readonly to: number }): string {
  return `event_time >= make_timestamptz(${micros(range.from)}::bigint) and event_time < make_timestamptz(${micros(range.to)}::bigint)`;
}

export function micros(millis: number): number {
  return Math.max(-6e16, Math.min(6e16, Math.trunc(millis) * 1000));
}

/** The bounds let DuckDB skip row groups, which are in order of the agent's id in the lake. */
export function agentCondition(agentIds: readonly string[]): string {
  // `$ids` stands in it also where nobody is asked for: DuckDB refuses a value that is bound and not used
  return `(${agentIds.length} > 0 and agent_id in (from (select unnest(from_json($ids, '["varchar"]')))))`;
}
