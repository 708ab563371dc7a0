import type { DuckDBConnection } from "@duckdb/node-api";
import { SCHEMA_VERSION, type Carrier, type RecordBatch, type SourceName, type SourceRecord } from "@fourwire/core";
import { ChunkAppender } from "./chunk-appender.ts";
import { findStoredRows, idReader } from "./duplicates.ts";
import type { HotColumns } from "./hot-columns.ts";
import type { LakeManifest } from "./lake-manifest.ts";
import type { RecentIds } from "./recent-ids.ts";
import type { RowRelations } from "./relate-rows.ts";
import { rollBack } from "./roll-back.ts";
import { settleReplayed } from "./rejected-replay.ts";
import { insertRejected } from "./rejected-table.ts";
import type { AppendRequest, AppendResult } from "./writer.ts";

export interface AppendCounts {
  appended: number;
  duplicate: number;
}

/** A record that could not be decoded, with its bytes. */
export interface RejectedInput {
  readonly source: string;
  readonly reason: string;
  readonly detail: string;
  readonly origin: string;
  /** Byte offset in the (inflated) input. */
  readonly position: number;
  /** Bytes it had; `body` may hold fewer. */
  readonly size_bytes: number;
  readonly body: Uint8Array;
  /** What its wrapper said, without which it would not become the same record when it is decoded again. */
  readonly carrier?: Carrier | undefined;
}

export interface AppendGroup {
  readonly connection: DuckDBConnection;
  readonly manifest: LakeManifest;
  readonly recentIds: RecentIds;
  readonly relations: RowRelations;
  readonly hotColumns: HotColumns;
  readonly requests: readonly AppendRequest[];
}

/** Rows of one source, of all requests of a group. */
interface SourceGroup {
  readonly source: SourceName;
  readonly batches: readonly RecordBatch[];
  /** Those that were not stored before, each once. */
  readonly newRows: SourceRecord[];
}

/**
 * Stores the requests of one group in one transaction and says, per request, what was new. Must run while no other
 * commit does.
 */
export async function appendGroup(group: AppendGroup): Promise<readonly AppendResult[]> {
  const { connection, requests } = group;
  try {
    await connection.run("begin transaction");
    const { sources, results } = await sort(group);
    insertRows(group, sources);
    await group.relations.relate(sources);
    await insertRejected(
      connection,
      requests.flatMap((request) => request.rejected),
    );
    await settleReplayed(
      connection,
      requests.flatMap((request) => request.replayed ?? []),
    );
    await connection.run("commit");
    for (const source of sources) group.recentIds.add(source.source, source.newRows);
    return results;
  } catch (error) {
    group.recentIds.clear();
    group.relations.forget();
    await rollBack(connection);
    throw error;
  }
}

interface Sorted {
  readonly sources: readonly SourceGroup[];
  /** One a request. */
  readonly results: readonly AppendResult[];
}

/** Tells the rows that are new from those that were stored before or came twice. */
async function sort(group: AppendGroup): Promise<Sorted> {
  const groups = groupBySource(group.requests);
  const stored = new Set<string>();
  for (const { source, batches } of groups.values()) {
    const rows = batches.flatMap((batch) => batch.rows);
    const perhaps = await group.recentIds.perhapsStored(source, rows, idReader(group, source));
    for (const id of await findStoredRows(group, source, perhaps)) stored.add(id);
  }
  /** Which request brought it. */
  const seen = new Map<string, number>();
  const results = group.requests.map(({ batches }, request) => {
    const result = { sources: new Map<SourceName, AppendCounts>(), duplicateIds: new Set<string>() };
    for (const { source, rows } of batches) {
      const counts = result.sources.get(source) ?? { appended: 0, duplicate: 0 };
      result.sources.set(source, counts);
      for (const row of rows) {
        const id = row.record_id;
        const first = seen.get(id);
        if (first === undefined && !stored.has(id)) {
          seen.set(id, request);
          groups.get(source)?.newRows.push(row);
          counts.appended++;
          continue;
        }
        counts.duplicate++;
        // what is twice in one request was not there before it
        if (first !== request) result.duplicateIds.add(id);
      }
    }
    return result;
  });
  return { sources: [...groups.values()], results };
}

function groupBySource(requests: readonly AppendRequest[]): ReadonlyMap<SourceName, SourceGroup> {
  const groups = new Map<SourceName, SourceGroup & { readonly batches: RecordBatch[] }>();
  for (const { batches } of requests) {
    for (const batch of batches) {
      if (batch.rows.length === 0) continue;
      const group = groups.get(batch.source);
      if (group === undefined) groups.set(batch.source, { source: batch.source, batches: [batch], newRows: [] });
      else group.batches.push(batch);
    }
  }
  return groups;
}

/** Straight into the hot tables: a copy by way of a temporary table cost a quarter of a commit. */
function insertRows({ connection, hotColumns }: AppendGroup, sources: readonly SourceGroup[]): void {
  for (const { source, newRows } of sources) {
    if (newRows.length === 0) continue;
    const appender = new ChunkAppender(connection, {
      schema: "hot",
      table: source,
      columns: hotColumns.get(source) ?? [],
      constants: { ingested_time: Date.now(), schema_version: SCHEMA_VERSION },
    });
    appender.add(newRows);
    appender.close();
  }
}
