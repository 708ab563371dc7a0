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

interface SourceGroup {
  readonly source: SourceName;
  readonly batches: readonly RecordBatch[];
  /** Ids that were there before. */
  readonly stored: ReadonlySet<string>;
  readonly newRows: readonly SourceRecord[];
}

/**
 * Stores the requests of one group in one transaction and says, per request, what was new. Must run while no other
 * commit does.
 */
export async function appendGroup(group: AppendGroup): Promise<readonly AppendResult[]> {
  const { connection, requests } = group;
  try {
    await connection.run("begin transaction");
    const sources = await findNew(group);
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
    return countPerRequest(requests, new Map(sources.map(({ source, stored }) => [source, stored])));
  } catch (error) {
    group.recentIds.clear();
    group.relations.forget();
    await rollBack(connection);
    throw error;
  }
}

async function findNew(group: AppendGroup): Promise<readonly SourceGroup[]> {
  const found: SourceGroup[] = [];
  for (const [source, batches] of groupBySource(group.requests)) {
    const rows = batches.flatMap((batch) => batch.rows);
    const perhaps = await group.recentIds.perhapsStored(source, rows, idReader(group, source));
    const stored = await findStoredRows(group, source, perhaps);
    const seen = new Set(stored);
    const newRows = rows.filter((row) => seen.size < seen.add(row.record_id).size);
    found.push({ source, batches, stored, newRows });
  }
  return found;
}

function groupBySource(requests: readonly AppendRequest[]): ReadonlyMap<SourceName, RecordBatch[]> {
  const groups = new Map<SourceName, RecordBatch[]>();
  for (const batch of requests.flatMap((request) => request.batches)) {
    if (batch.rows.length === 0) continue;
    const batches = groups.get(batch.source);
    if (batches === undefined) groups.set(batch.source, [batch]);
    else batches.push(batch);
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

function countPerRequest(
  requests: readonly AppendRequest[],
  duplicates: ReadonlyMap<SourceName, ReadonlySet<string>>,
): readonly AppendResult[] {
  const seen = new Set<string>();
  return requests.map((request) => {
    const sources = new Map<SourceName, AppendCounts>();
    const duplicateIds = new Set<string>();
    const appendedIds = new Set<string>();
    for (const batch of request.batches) {
      const counts = sources.get(batch.source) ?? { appended: 0, duplicate: 0 };
      sources.set(batch.source, counts);
      const stored = duplicates.get(batch.source);
      for (const { record_id } of batch.rows) {
        if (stored?.has(record_id) !== true && !seen.has(record_id)) {
          counts.appended++;
          appendedIds.add(record_id);
        } else {
          counts.duplicate++;
          if (!appendedIds.has(record_id)) duplicateIds.add(record_id);
        }
        seen.add(record_id);
      }
    }
    return { sources, duplicateIds };
  });
}
