import type { DuckDBConnection } from "@duckdb/node-api";
import { batchColumns, columnsOf, type RecordBatch, type SourceName } from "@fourwire/core";
import { batchRelation, fillBatchTable } from "./batch-table.ts";
import { findStored, newRowsOnly } from "./duplicates.ts";
import type { LakeManifest } from "./lake-manifest.ts";
import { upsertAgents, upsertContacts, upsertNamedContacts } from "./relation-tables.ts";
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
    fillBatchTable(group.connection, source.source, source.batches);
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
      await group.connection.run("commit");
      return found;
    } catch (error) {
      await group.connection.run("rollback");
      throw error;
    }
  });
  return countPerRequest(group.requests, duplicates);
}

function groupBySource(requests: readonly AppendRequest[]): readonly SourceGroup[] {
  const groups = new Map<SourceName, RecordBatch[]>();
  for (const batch of requests.flatMap((request) => request.batches)) {
    if (batch.rowCount === 0) continue;
    const batches = groups.get(batch.source);
    if (batches === undefined) groups.set(batch.source, [batch]);
    else batches.push(batch);
  }
  return [...groups].map(([source, batches]) => ({ source, batches, ...measure(source, batches) }));
}

function measure(source: SourceName, batches: readonly RecordBatch[]): Omit<SourceGroup, "source" | "batches"> {
  const timeIndex = columnIndex(source, "event_time");
  let rowCount = 0;
  let minTime = Number.POSITIVE_INFINITY;
  let maxTime = Number.NEGATIVE_INFINITY;
  for (const batch of batches) {
    rowCount += batch.rowCount;
    for (const value of batch.columns[timeIndex] ?? []) {
      const time = value as number;
      if (time < minTime) minTime = time;
      if (time > maxTime) maxTime = time;
    }
  }
  return { rowCount, minTime, maxTime };
}

function columnIndex(source: SourceName, name: string): number {
  return batchColumns(columnsOf(source)).findIndex((column) => column.name === name);
}

/** Inserts the rows that are new; returns the ids that were there before. */
async function insertSource(group: AppendGroup, source: SourceGroup): Promise<ReadonlySet<string>> {
  const relation = batchRelation(source.source);
  const stored = await findStored(group, { ...source, relation });
  const isClean = stored.size === 0 && !(await hasRepeats(group.connection, source));
  const list = columnList(tableColumns(source.source));
  const rows = isClean ? relation : await newRowsOnly(group.connection, relation, stored);
  await group.connection.run(`insert into hot.${source.source} (${list}) select ${list} from ${rows}`);
  await upsertContacts(group.connection, relation);
  await upsertAgents(group.connection, relation);
  await upsertNamedContacts(group.connection, {
    references: source.batches.flatMap((batch) => batch.references),
    links: source.batches.flatMap((batch) => batch.links),
  });
  return stored;
}

async function hasRepeats(connection: DuckDBConnection, source: SourceGroup): Promise<boolean> {
  const reader = await connection.runAndReadAll(`select count(distinct record_id) from temp.main.batch_${source.source}`);
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
    for (const batch of request.batches) {
      const counts = sources.get(batch.source) ?? { appended: 0, duplicate: 0 };
      sources.set(batch.source, counts);
      const stored = duplicates.get(batch.source);
      for (const id of batch.columns[columnIndex(batch.source, "record_id")] ?? []) {
        const isNew = stored?.has(id as string) !== true && !seen.has(id as string);
        if (isNew) counts.appended++;
        else {
          counts.duplicate++;
          duplicateIds.add(id as string);
        }
        seen.add(id as string);
      }
    }
    return { sources, duplicateIds };
  });
}
