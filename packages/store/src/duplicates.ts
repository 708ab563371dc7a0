import type { DuckDBConnection } from "@duckdb/node-api";
import type { SourceName } from "@fourwire/core";
import type { LakeManifest } from "./lake-manifest.ts";
import { quoteText } from "./schema.ts";

/**
 * Redelivered copies of one record have one event time, except that the two Regions of a contact event may stamp
 * their envelopes a little apart; duplicates are looked for this far around the rows.
 */
const DUPLICATE_SLACK_MS = 60_000;

export interface IncomingRows {
  readonly source: SourceName;
  /** SQL relation with a `record_id`. */
  readonly relation: string;
  readonly minTime: number;
  readonly maxTime: number;
}

/** Ids of the rows that the hot table or the lake already holds. */
export async function findStored(
  context: { readonly connection: DuckDBConnection; readonly manifest: LakeManifest },
  rows: IncomingRows,
): Promise<ReadonlySet<string>> {
  const from = rows.minTime - DUPLICATE_SLACK_MS;
  const to = rows.maxTime + DUPLICATE_SLACK_MS;
  const range = `event_time between make_timestamptz(${from * 1000}::bigint) and make_timestamptz(${to * 1000}::bigint)`;
  const held = [`select record_id from hot.${rows.source} where ${range}`];
  const files = context.manifest.filesBetween(rows.source, from, to);
  if (files.length > 0) {
    const paths = files.map((file) => quoteText(context.manifest.absolutePath(file))).join(", ");
    held.push(`select record_id from read_parquet([${paths}], hive_partitioning = false) where ${range}`);
  }
  const found = new Set<string>();
  for (const relation of held) {
    const reader = await context.connection.runAndReadAll(
      `select b.record_id from ${rows.relation} b where b.record_id in (${relation})`,
    );
    for (const [id] of reader.getRows()) found.add(id as string);
  }
  return found;
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
