import type { DuckDBConnection } from "@duckdb/node-api";
import { batchColumns, columnsOf, SCHEMA_VERSION, type RecordBatch, type SourceName } from "@fourwire/core";
import { batchExpression, fillBatchTable } from "./batch-table.ts";
import type { LakeManifest } from "./lake-manifest.ts";
import { upsertAgents, upsertContacts } from "./relation-tables.ts";
import { insertRejected } from "./rejected-table.ts";
import { columnList, quoteText } from "./schema.ts";
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

/**
 * Redelivered copies of one record have one event time, except that the two Regions of a contact event may stamp
 * their envelopes a little apart; duplicates are looked for this far around the batch.
 */
const DUPLICATE_SLACK_MS = 60_000;

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
  const stored = await findStored(group, source);
  const columns = batchColumns(columnsOf(source.source));
  const target = [...columns, { name: "ingested_time" }, { name: "schema_version" }];
  const values = columns.map((column) => batchExpression(column, "b"));
  const isClean = stored.size === 0 && !(await hasRepeats(group.connection, source));
  const from = isClean ? `temp.main.batch_${source.source} b` : await newRowsOnly(group.connection, source.source, stored);
  await group.connection.run(
    `insert into hot.${source.source} (${columnList(target)})
     select ${values.join(", ")}, now(), ${SCHEMA_VERSION} from ${from}`,
  );
  await upsertContacts(group.connection, source.source, source.batches);
  await upsertAgents(group.connection, source.source);
  return stored;
}

/** Ids of the batch that the hot table or the lake already holds. */
async function findStored(group: AppendGroup, source: SourceGroup): Promise<ReadonlySet<string>> {
  const from = source.minTime - DUPLICATE_SLACK_MS;
  const to = source.maxTime + DUPLICATE_SLACK_MS;
  const range = `event_time between make_timestamptz(${from * 1000}::bigint) and make_timestamptz(${to * 1000}::bigint)`;
  const found = new Set<string>();
  const relations = [`(select record_id from hot.${source.source} where ${range})`];
  const files = group.manifest.filesBetween(source.source, from, to);
  if (files.length > 0) {
    const paths = files.map((file) => quoteText(group.manifest.absolutePath(file))).join(", ");
    relations.push(`(select record_id from read_parquet([${paths}], hive_partitioning = false) where ${range})`);
  }
  for (const relation of relations) {
    const reader = await group.connection.runAndReadAll(
      `select b.record_id from temp.main.batch_${source.source} b where b.record_id in (from ${relation})`,
    );
    for (const [id] of reader.getRows()) found.add(id as string);
  }
  return found;
}

async function hasRepeats(connection: DuckDBConnection, source: SourceGroup): Promise<boolean> {
  const reader = await connection.runAndReadAll(`select count(distinct record_id) from temp.main.batch_${source.source}`);
  return Number(reader.getRows()[0]?.[0]) !== source.rowCount;
}

/** A relation over the batch without stored ids, each id once. */
async function newRowsOnly(connection: DuckDBConnection, source: SourceName, stored: ReadonlySet<string>): Promise<string> {
  await connection.run("create or replace temporary table stored_id (record_id varchar)");
  if (stored.size > 0) {
    const ids = JSON.stringify([...stored]);
    await connection.run("insert into stored_id select unnest(from_json($ids, '[\"varchar\"]'))", { ids });
  }
  return `(select distinct on (record_id) * from temp.main.batch_${source}
    where record_id not in (select record_id from stored_id)) b`;
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
