import type { DuckDBConnection } from "@duckdb/node-api";
import type { Carrier, RecordBatch, SourceName } from "@fourwire/core";
import { batchAppender, batchRelation } from "./batch-table.ts";
import { markDays } from "./derived/day-marks.ts";
import { findStored, newRowsOnly } from "./duplicates.ts";
import type { LakeManifest } from "./lake-manifest.ts";
import { upsertAgents, upsertContacts, upsertNamedContacts } from "./relation-tables.ts";
import { rollBack } from "./roll-back.ts";
import { settleReplayed } from "./rejected-replay.ts";
import { insertRejected } from "./rejected-table.ts";
import { columnList, tableColumns } from "./schema.ts";
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
  readonly requests: readonly AppendRequest[];
  readonly runExclusively: <T>(work: () => Promise<T>) => Promise<T>;
}

interface SourceGroup {
  readonly source: SourceName;
  readonly batches: readonly RecordBatch[];
  readonly rowCount: number;
  readonly minTime: number;
  readonly maxTime: number;
}

/** Stores the requests of one group in one transaction and says, per request, what was new. */
export async function appendGroup(group: AppendGroup): Promise<readonly AppendResult[]> {
  const sources = groupBySource(group.requests);
  for (const source of sources) {
    await group.connection.run(`truncate temp.main.batch_${source.source}`);
    const appender = batchAppender(group.connection, source.source);
    for (const batch of source.batches) appender.add(batch.rows);
    appender.close();
  }
  const duplicates = await group.runExclusively(async () => {
    await group.connection.run("begin transaction");
    try {
      const found = new Map<SourceName, ReadonlySet<string>>();
      for (const source of sources) found.set(source.source, await insertSource(group, source));
      await insertRejected(
        group.connection,
        group.requests.flatMap((request) => request.rejected),
      );
      await settleReplayed(
        group.connection,
        group.requests.flatMap((request) => request.replayed ?? []),
      );
      await group.connection.run("commit");
      return found;
    } catch (error) {
      await rollBack(group.connection);
      throw error;
    }
  });
  return countPerRequest(group.requests, duplicates);
}

function groupBySource(requests: readonly AppendRequest[]): readonly SourceGroup[] {
  const groups = new Map<SourceName, RecordBatch[]>();
  for (const batch of requests.flatMap((request) => request.batches)) {
    if (batch.rows.length === 0) continue;
    const batches = groups.get(batch.source);
    if (batches === undefined) groups.set(batch.source, [batch]);
    else batches.push(batch);
  }
  return [...groups].map(([source, batches]) => ({ source, batches, ...measure(batches) }));
}

function measure(batches: readonly RecordBatch[]): Omit<SourceGroup, "source" | "batches"> {
  let rowCount = 0;
  let minTime = Number.POSITIVE_INFINITY;
  let maxTime = Number.NEGATIVE_INFINITY;
  for (const batch of batches) {
    rowCount += batch.rows.length;
    for (const row of batch.rows) {
      if (row.event_time < minTime) minTime = row.event_time;
      if (row.event_time > maxTime) maxTime = row.event_time;
    }
  }
  return { rowCount, minTime, maxTime };
}

/** Inserts the rows that are new; returns the ids that were there before. */
async function insertSource(group: AppendGroup, source: SourceGroup): Promise<ReadonlySet<string>> {
  const relation = batchRelation(source.source);
  const stored = await findStored(group, { ...source, relation });
  const isClean = stored.size === 0 && !(await hasRepeats(group.connection, source));
  const list = columnList(tableColumns(source.source));
  const rows = isClean ? relation : await newRowsOnly(group.connection, relation, stored);
  await group.connection.run(`insert into hot.${source.source} (${list}) select ${list} from ${rows}`);
  await markDays(group.connection, { ...source, rows });
  await upsertContacts(group.connection, relation);
  await upsertAgents(group.connection, relation);
  await upsertNamedContacts(group.connection, {
    references: source.batches.flatMap((batch) => batch.references),
    links: source.batches.flatMap((batch) => batch.links),
  });
  return stored;
}

async function hasRepeats(connection: DuckDBConnection, source: SourceGroup): Promise<boolean> {
  const reader = await connection.runAndReadAll(
    `select count(distinct record_id) from temp.main.batch_${source.source}`,
  );
  return Number(reader.getRows()[0]?.[0]) !== source.rowCount;
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
