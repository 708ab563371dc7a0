import type { DuckDBConnection } from "@duckdb/node-api";
import type { Column, RecordBatch, SourceName, SourceRecord } from "@fourwire/core";
import { ChunkAppender, chunkColumns } from "./chunk-appender.ts";
import { evidenceMatch, insertStreams, markOfferDays, offersBetween } from "./derived/day-marks.ts";
import type { PreparedStatements } from "./prepared-statements.ts";
import { countChanges, foldChanges } from "./relation-changes.ts";
import { insertLinks } from "./relation-tables.ts";
import type { ColumnRow } from "./text-vector.ts";

// The small tables, for rows that are at hand. What is one row there is worked out here, a contact or an agent at a
// time, and appended as a change: a statement costs DuckDB a millisecond or more however few the rows are, and an upsert
// ten (measured 2026-11-25, 2 busy cores).

const DAY_MS = 86_400_000;

/** Agents whose stream is known to be stored. */
const MAX_KNOWN_STREAMS = 100_000;

/** What new rows, and those beside them, say about contacts and agents. */
const TABLES = {
  new_agent: columnsOf({
    agent_id: "text",
    agent_username: "text",
    instance_id: "text",
    region: "text",
    event_time: "timestamp",
  }),
  new_day: columnsOf({ agent_id: "text", day_time: "timestamp" }),
  new_key: columnsOf({ contact_id: "text", agent_id: "text", event_time: "timestamp" }),
} as const;

type TableName = keyof typeof TABLES;

/** What commits add about contacts and agents (relation-changes.ts). */
const CHANGES = {
  contact_span_change: columnsOf({
    contact_id: "text",
    first_event_time: "timestamp",
    last_event_time: "timestamp",
  }),
  agent_identity_change: columnsOf({
    agent_id: "text",
    agent_username: "text",
    instance_id: "text",
    last_event_time: "timestamp",
  }),
} as const;

/** Offers are looked for in whole spans of this length, so that the next commit need not. */
const OFFER_SPAN_MS = 10 * 60_000;

/** Changes that wait before they are folded in: those of some seconds at most, or of a quiet day. */
const MAX_CHANGES = 50_000;

type Span = {
  readonly contact_id: string;
  first_event_time: number;
  last_event_time: number;
};

type Agent = {
  readonly agent_id: string;
  agent_username: string | undefined;
  instance_id: string | undefined;
  readonly region: string | undefined;
  /** As `last_event_time` too: the two tables call it differently. */
  event_time: number;
  last_event_time: number;
  /** Of the records that the name and the instance are taken from. */
  nameTime: number;
  instanceTime: number;
};

/** Rows of one source: all of them, and those that were not stored before. */
export interface RelatedRows {
  readonly source: SourceName;
  readonly batches: readonly RecordBatch[];
  readonly newRows: readonly SourceRecord[];
}

/** Writes the small tables of a writer, in the transaction of the rows. */
export class RowRelations {
  readonly #connection: DuckDBConnection;
  readonly #statements: PreparedStatements;
  readonly #knownStreams = new Set<string>();
  /** A span of time, Unix ms, that is known to have no unanswered offer. */
  #withoutOffers: { readonly from: number; readonly to: number } | undefined;
  /** Changes that were not folded in yet. */
  #changeCount: number;

  private constructor(connection: DuckDBConnection, statements: PreparedStatements, changeCount: number) {
    this.#connection = connection;
    this.#statements = statements;
    this.#changeCount = changeCount;
  }

  static async create(connection: DuckDBConnection, statements: PreparedStatements): Promise<RowRelations> {
    for (const [name, columns] of Object.entries(TABLES))
      await connection.run(`create temporary table if not exists ${name} (${chunkColumns(columns)})`);
    return new RowRelations(connection, statements, await countChanges(connection));
  }

  /** After a transaction that failed: what was noted as stored may not be. */
  forget(): void {
    this.#knownStreams.clear();
  }

  /** After a write of somebody else, who may have derived offers. */
  forgetOffers(): void {
    this.#withoutOffers = undefined;
  }

  /** True when so many changes wait that reading them would slow down reads. */
  get isFoldDue(): boolean {
    return this.#changeCount >= MAX_CHANGES;
  }

  /** Whether it succeeds or not: one that fails is tried again after as many changes more. */
  async fold(): Promise<void> {
    this.#changeCount = 0;
    await foldChanges(this.#connection);
  }

  #change(table: keyof typeof CHANGES, rows: readonly ColumnRow[]): void {
    if (rows.length === 0) return;
    this.#changeCount += rows.length;
    const appender = new ChunkAppender(this.#connection, { schema: "store", table, columns: CHANGES[table] });
    appender.add(rows);
    appender.close();
  }

  async relate(sources: readonly RelatedRows[]): Promise<void> {
    const batches = sources.flatMap((source) => source.batches);
    const spans = contactSpans(batches);
    this.#change("contact_span_change", spans);
    const links = batches.flatMap((batch) => batch.links);
    if (links.length > 0) await insertLinks(this.#connection, links);
    const agents = newestAgents(batches.flatMap((batch) => batch.rows));
    this.#change("agent_identity_change", agents);
    for (const { source, newRows } of sources) await this.#markDays(source, newRows);
  }

  /** As `markDays` does for rows of a table. */
  async #markDays(source: SourceName, rows: readonly SourceRecord[]): Promise<void> {
    if (source === "agent_event") return this.#markEventDays(rows);
    const match = evidenceMatch(source);
    if (match === undefined || rows.length === 0) return;
    const [from, to] = rows.reduce(
      ([first, last], row) => [Math.min(first, row.event_time), Math.max(last, row.event_time)],
      [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
    );
    if (!(await this.#hasOffers(from - match.slackMs, to + match.slackMs))) return;
    await this.#fill("new_key", rows);
    await markOfferDays(this.#connection, { source, rows: "temp.main.new_key", minTime: from, maxTime: to }, match);
  }

  /** Whether an offer went unanswered between two instants, Unix ms. Mostly none did around the present minute. */
  async #hasOffers(from: number, to: number): Promise<boolean> {
    const known = this.#withoutOffers;
    if (known !== undefined && from >= known.from && to <= known.to) return false;
    const span = {
      from: Math.floor(from / OFFER_SPAN_MS) * OFFER_SPAN_MS,
      to: Math.ceil(to / OFFER_SPAN_MS) * OFFER_SPAN_MS,
    };
    const sql = `select 1 from ${offersBetween("$from", "$to")} limit 1`;
    const inSpan = await this.#statements.run(sql, { from: span.from * 1000, to: span.to * 1000 });
    if (inSpan === 0) {
      this.#withoutOffers = span;
      return false;
    }
    return (await this.#statements.run(sql, { from: from * 1000, to: to * 1000 })) > 0;
  }

  async #markEventDays(rows: readonly SourceRecord[]): Promise<void> {
    const days = agentDays(rows);
    if (days.length === 0) return;
    await this.#fill("new_day", days);
    await this.#statements.run(
      "insert into derived.day_mark (agent_id, event_date, marked_time) select agent_id, day_time::date, now() from temp.main.new_day",
    );
    const streams = newestAgents(rows).filter(
      (agent) => agent.agent_username !== undefined && !this.#knownStreams.has(agent.agent_id),
    );
    if (streams.length === 0) return;
    await this.#fill("new_agent", streams);
    await insertStreams(this.#connection, "temp.main.new_agent");
    if (this.#knownStreams.size > MAX_KNOWN_STREAMS) this.#knownStreams.clear();
    for (const agent of streams) this.#knownStreams.add(agent.agent_id);
  }

  async #fill(table: TableName, rows: readonly ColumnRow[]): Promise<void> {
    await this.#statements.run(`truncate temp.main.${table}`);
    const appender = new ChunkAppender(this.#connection, {
      catalog: "temp",
      schema: "main",
      table,
      columns: TABLES[table],
    });
    appender.add(rows);
    appender.close();
  }
}

function contactSpans(batches: readonly RecordBatch[]): readonly Span[] {
  const spans = new Map<string, Span>();
  const widen = (contactId: string, time: number): void => {
    const span = spans.get(contactId);
    if (span === undefined)
      spans.set(contactId, { contact_id: contactId, first_event_time: time, last_event_time: time });
    else if (time < span.first_event_time) span.first_event_time = time;
    else if (time > span.last_event_time) span.last_event_time = time;
  };
  for (const batch of batches) {
    for (const row of batch.rows) if (row.contact_id !== undefined) widen(storable(row.contact_id), row.event_time);
    for (const reference of batch.references) widen(storable(reference.contact_id), reference.event_time);
  }
  return [...spans.values()];
}

/** Half a character is stored as U+FFFD: two ids that differ only there are one in the table, and one statement may not widen it twice. */
function storable(id: string): string {
  return /\p{Surrogate}/u.test(id) ? id.replaceAll(/\p{Surrogate}/gu, "\ufffd") : id;
}

function newestAgents(rows: readonly SourceRecord[]): readonly Agent[] {
  const agents = new Map<string, Agent>();
  for (const row of rows) {
    if (row.agent_id === undefined) continue;
    const id = storable(row.agent_id);
    const agent = agents.get(id) ?? newAgent(id, row);
    agents.set(id, agent);
    const time = row.event_time;
    if (time > agent.event_time) {
      agent.event_time = time;
      agent.last_event_time = time;
    }
    if (row.agent_username !== undefined && time > agent.nameTime) {
      agent.agent_username = row.agent_username;
      agent.nameTime = time;
    }
    if (row.instance_id !== undefined && time > agent.instanceTime) {
      agent.instance_id = row.instance_id;
      agent.instanceTime = time;
    }
  }
  return [...agents.values()];
}

function newAgent(id: string, row: SourceRecord): Agent {
  const never = Number.NEGATIVE_INFINITY;
  return {
    agent_id: id,
    agent_username: undefined,
    instance_id: undefined,
    region: row.region,
    event_time: row.event_time,
    last_event_time: row.event_time,
    nameTime: never,
    instanceTime: never,
  };
}

function agentDays(rows: readonly SourceRecord[]): readonly ColumnRow[] {
  const days = new Map<string, ColumnRow>();
  for (const row of rows) {
    if (row.agent_id === undefined) continue;
    const dayTime = Math.floor(row.event_time / DAY_MS) * DAY_MS;
    days.set(`${dayTime} ${row.agent_id}`, { agent_id: row.agent_id, day_time: dayTime });
  }
  return [...days.values()];
}

function columnsOf(types: Readonly<Record<string, Column["type"]>>): readonly Column[] {
  return Object.entries(types).map(([name, type]) => ({ name, type, description: "" }));
}
