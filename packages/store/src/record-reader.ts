import {
  COMMON_COLUMNS,
  recordTimeOf,
  SOURCE_NAMES,
  type Column,
  type FilterTerm,
  type SourceName,
} from "@fourwire/core";
import type { DuckDBValue } from "@duckdb/node-api";
import { filterCondition, type SqlCondition } from "./filter-sql.ts";
import type { LakeManifest } from "./lake-manifest.ts";
import type { PlainRow, ReadPool } from "./read-pool.ts";
import { quoteName, sourceRelation, tableColumns } from "./schema.ts";

/** A span of event time in ms, `to` excluded, and a filter. */
export interface RecordRange {
  readonly from: number;
  readonly to: number;
  readonly terms: readonly FilterTerm[];
}

export interface RecordPage extends RecordRange {
  readonly limit: number;
  /** Only records before this one (newest first). */
  readonly before?: { readonly eventTime: number; readonly recordId: string };
}

export interface HistogramRow {
  readonly bucket: number;
  readonly source: SourceName;
  readonly count: number;
  readonly errors: number;
}

const SUMMARY_NAMES = [
  "record_id",
  "source",
  "event_time",
  "event_name",
  "severity_number",
  "severity_text",
  "contact_id",
  "agent_id",
  "agent_username",
  "flow_id",
  "session_id",
  "instance_id",
  "region",
  "message",
];

/** Reads records across the sources, opening only the lake files that the time range touches. */
export class RecordReader {
  readonly #pool: ReadPool;
  readonly #manifest: LakeManifest;

  constructor(pool: ReadPool, manifest: LakeManifest) {
    this.#pool = pool;
    this.#manifest = manifest;
  }

  /**
   * Newest first. Two steps, because only the first looks at every record: find the time of the last record of the
   * page from the time column alone, then read the columns of what lies above it.
   */
  page(page: RecordPage): Promise<PlainRow[]> {
    return this.#manifest.readSettled(() => this.#readPage(page));
  }

  async #readPage(page: RecordPage): Promise<PlainRow[]> {
    const to = page.before === undefined ? page.to : Math.min(page.to, page.before.eventTime + 1);
    const range = { ...page, to };
    const condition = this.#condition(range, page.before);
    const times = await this.#pool.rows(
      `select event_time from (${this.#union(range, condition.sql, filterColumns(page.terms))})
       order by event_time desc limit 1 offset ${page.limit - 1}`,
      condition.values,
    );
    const threshold = times[0]?.["event_time"];
    const floor = typeof threshold === "number" ? threshold : page.from;
    const narrowed = { ...range, from: Math.max(page.from, floor) };
    const narrowedCondition = this.#condition(narrowed, page.before);
    return this.#pool.rows(
      `select * from (${this.#union(narrowed, narrowedCondition.sql, SUMMARY_NAMES)})
       order by event_time desc, record_id desc limit ${page.limit}`,
      narrowedCondition.values,
    );
  }

  histogram(range: RecordRange, bucketMs: number): Promise<readonly HistogramRow[]> {
    return this.#manifest.readSettled(() => this.#readHistogram(range, bucketMs));
  }

  async #readHistogram(range: RecordRange, bucketMs: number): Promise<readonly HistogramRow[]> {
    const condition = this.#condition(range);
    const selects = this.#sources(range).map((source) => {
      const wanted = new Set(["event_time", "severity_number", ...filterColumns(range.terms)]);
      const columns = tableColumns(source).filter((column) => wanted.has(column.name));
      return `select (epoch_ms(event_time) // ${bucketMs}::bigint) * ${bucketMs} as bucket, '${source}' as source, count(*) as count,
        count(*) filter (severity_number >= 17) as errors
        from (${this.#named(source, range, columns)}) where ${condition.sql} group by 1`;
    });
    if (selects.length === 0) return [];
    const rows = await this.#pool.rows(`${selects.join(" union all ")} order by 1, 2`, condition.values);
    return rows as unknown as HistogramRow[];
  }

  /** The most frequent values of one field. */
  async topValues(
    range: RecordRange,
    field: string,
    limit: number,
  ): Promise<readonly { value: string; count: number }[]> {
    const condition = this.#condition(range);
    const name = quoteName(field);
    const rows = await this.#manifest.readSettled(() =>
      this.#pool.rows(
        `select ${name}::varchar as value, count(*) as count from (${this.#union(range, condition.sql, [field, ...filterColumns(range.terms)])})
       where ${name} is not null group by 1 order by 2 desc, 1 limit ${limit}`,
        condition.values,
      ),
    );
    return rows as unknown as { value: string; count: number }[];
  }

  /** One record with its source's own columns. Its id says when it happened, so only that instant is read. */
  async findById(recordId: string): Promise<PlainRow | undefined> {
    const eventTime = recordTimeOf(recordId);
    if (eventTime === undefined) return undefined;
    const range = { from: eventTime, to: eventTime + 1 };
    const read = (): Promise<PlainRow[][]> =>
      Promise.all(
        SOURCE_NAMES.map((source) =>
          this.#pool.rows(
            `select * from (${this.#relation(source, range, tableColumns(source))})
         where event_time >= make_timestamptz($from::bigint) and event_time < make_timestamptz($to::bigint) and record_id = $id limit 1`,
            { id: recordId, ...instants(range) },
          ),
        ),
      );
    return (await this.#manifest.readSettled(read)).flat()[0];
  }

  #sources(range: RecordRange): readonly SourceName[] {
    const term = range.terms.find(
      (candidate) => candidate.kind === "equals" && candidate.field === "source" && !candidate.isNegated,
    );
    if (term?.kind !== "equals") return SOURCE_NAMES;
    return SOURCE_NAMES.filter((source) => term.values.includes(source));
  }

  #relation(source: SourceName, range: { from: number; to: number }, columns: readonly Column[]): string {
    const paths = this.#manifest
      .filesBetween(source, range.from, range.to)
      .map((file) => this.#manifest.absolutePath(file));
    return sourceRelation(source, paths, columns);
  }

  /** The relation with the agent's login name filled in where the wire gives only the id, as the CCP's log does. */
  #named(source: SourceName, range: RecordRange, columns: readonly Column[]): string {
    if (!columns.some((column) => column.name === "agent_username")) return this.#relation(source, range, columns);
    const withId = tableColumns(source).filter((column) => column.name === "agent_id" || columns.includes(column));
    const list = columns.map((column) =>
      column.name === "agent_username"
        ? "coalesce(r.agent_username, i.agent_username) as agent_username"
        : `r.${quoteName(column.name)}`,
    );
    return `select ${list.join(", ")} from (${this.#relation(source, range, withId)}) r left join store.agent_identity_now i on i.agent_id = r.agent_id`;
  }

  #condition(range: RecordRange, before?: RecordPage["before"]): SqlCondition {
    const filter = filterCondition(range.terms);
    const values = { ...filter.values, ...instants(range) };
    const span = `event_time >= make_timestamptz($from::bigint) and event_time < make_timestamptz($to::bigint)`;
    if (before === undefined) return { sql: `${span} and ${filter.sql}`, values };
    const cursor =
      "(event_time < make_timestamptz($before::bigint) or (event_time = make_timestamptz($before::bigint) and record_id < $before_id))";
    return {
      sql: `${span} and ${cursor} and ${filter.sql}`,
      values: { ...values, before: String(before.eventTime * 1000), before_id: before.recordId },
    };
  }

  #union(range: RecordRange, condition: string, names: readonly string[]): string {
    const wanted = new Set([...names, ...filterColumns(range.terms), "event_time", "record_id"]);
    const columns = COMMON_COLUMNS.filter((column) => wanted.has(column.name));
    const sources = this.#sources(range);
    const selects = (sources.length === 0 ? SOURCE_NAMES.slice(0, 1) : sources).map(
      (source) =>
        `select * from (${this.#named(source, range, columns)}) where ${condition}${sources.length === 0 ? " and false" : ""}`,
    );
    return selects.join(" union all ");
  }
}

function filterColumns(terms: readonly FilterTerm[]): readonly string[] {
  return terms.map((term) => term.field);
}

/** Bounds in microseconds as text: the binding would pass a JS number as a double. */
function instants(range: { readonly from: number; readonly to: number }): Record<string, DuckDBValue> {
  return { from: String(clampMicros(range.from)), to: String(clampMicros(range.to)) };
}

function clampMicros(millis: number): number {
  return Math.max(-6e16, Math.min(6e16, Math.trunc(millis) * 1000));
}
