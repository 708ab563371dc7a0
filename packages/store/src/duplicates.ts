import type { DuckDBConnection } from "@duckdb/node-api";
import type { SourceName, SourceRecord } from "@fourwire/core";
import type { LakeManifest } from "./lake-manifest.ts";
import type { ReadIds } from "./recent-ids.ts";
import { quoteText } from "./schema.ts";

export interface IncomingRows {
  readonly source: SourceName;
  /** SQL relation with a `record_id`. */
  readonly relation: string;
  /** What the relation has bound. */
  readonly values?: Record<string, string>;
  readonly minTime: number;
  readonly maxTime: number;
}

/** What the hot table and the lake are searched with. */
export interface StoredSearch {
  readonly connection: DuckDBConnection;
  readonly manifest: LakeManifest;
}

/**
 * Ids of the rows that the hot table or the lake already holds. An id holds its event time (`makeRecordId`), so copies are
 * looked for between the times of the rows and nowhere else.
 */
export async function findStored(search: StoredSearch, rows: IncomingRows): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const relation of storedBetween(search, rows.source, [rows.minTime, rows.maxTime])) {
    const reader = await search.connection.runAndReadAll(
      `select b.record_id from ${rows.relation} b where b.record_id in (select record_id from ${relation})`,
      rows.values,
    );
    for (const [id] of reader.getRows()) found.add(id as string);
  }
  return found;
}

/** The same for rows that are not in a table. */
export async function findStoredRows(
  search: StoredSearch,
  source: SourceName,
  rows: readonly SourceRecord[],
): Promise<ReadonlySet<string>> {
  if (rows.length === 0) return new Set();
  let minTime = Number.POSITIVE_INFINITY;
  let maxTime = Number.NEGATIVE_INFINITY;
  for (const row of rows) {
    minTime = Math.min(minTime, row.event_time);
    maxTime = Math.max(maxTime, row.event_time);
  }
  const relation = `(select unnest(from_json($ids, '["varchar"]')) as record_id)`;
  const ids = JSON.stringify(rows.map((row) => row.record_id));
  return findStored(search, { source, relation, values: { ids }, minTime, maxTime });
}

/** Reads for `RecentIds`. */
export function idReader(search: StoredSearch, source: SourceName): ReadIds {
  return async ({ from, to, limit }) => {
    const ids: string[] = [];
    const times: number[] = [];
    for (const relation of storedBetween(search, source, [from, to - 1])) {
      const reader = await search.connection.runAndReadAll(
        `select record_id, epoch_ms(event_time)::double from ${relation} limit ${limit}`,
      );
      for (const [id, time] of reader.getRows()) {
        ids.push(String(id));
        times.push(Number(time));
      }
    }
    return { ids, times };
  };
}

/** Relations over the stored rows of a span of time, Unix ms, both ends in it to the last microsecond. */
function storedBetween(search: StoredSearch, source: SourceName, [from, to]: readonly [number, number]): string[] {
  const micros = [Math.floor(from) * 1000, Math.floor(to) * 1000 + 999];
  const range = `event_time between make_timestamptz(${micros[0]}::bigint) and make_timestamptz(${micros[1]}::bigint)`;
  const relations = [`(select record_id, event_time from hot.${source} where ${range})`];
  const files = search.manifest.filesBetween(source, from, to);
  if (files.length > 0) {
    const paths = files.map((file) => quoteText(search.manifest.absolutePath(file))).join(", ");
    relations.push(
      `(select record_id, event_time from read_parquet([${paths}], hive_partitioning = false) where ${range})`,
    );
  }
  return relations;
}

/** A relation over the rows without the stored ids, each id once. */
export async function newRowsOnly(
  connection: DuckDBConnection,
  relation: string,
  stored: ReadonlySet<string>,
): Promise<string> {
  await connection.run("create or replace temporary table stored_id (record_id varchar)");
  if (stored.size > 0) {
    await connection.run(`insert into stored_id select unnest(from_json($ids, '["varchar"]'))`, {
      ids: JSON.stringify([...stored]),
    });
  }
  return `(select distinct on (record_id) * from ${relation} where record_id not in (select record_id from stored_id))`;
}
