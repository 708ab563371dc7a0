import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";
import { randomUUID } from "node:crypto";
import { open } from "node:fs/promises";
import { join } from "node:path";
import {
  SOURCE_NAMES,
  type ContactReference,
  type RecordBatch,
  type RecordedLink,
  type SourceName,
  type SourceRecord,
} from "@fourwire/core";
import { batchAppender, batchRelation, createBatchTable } from "./batch-table.ts";
import type { ChunkAppender } from "./chunk-appender.ts";
import { digestFile } from "./lake-digest.ts";
import { LAKE_FORMAT, lakeOrder } from "./lake-format.ts";
import { columnList, quoteText, tableColumns } from "./schema.ts";

/** Records of one source, as a synced Parquet file that waits to be taken into the store. */
export interface StagedFile {
  readonly source: SourceName;
  readonly path: string;
  readonly sizeBytes: number;
  /** Of its blocks (`digestFile`), for the list of lake files. */
  readonly digests: string;
  readonly rowCount: number;
  /** The one day (UTC) of all its records; undefined when they are of several days. */
  readonly eventDate: string | undefined;
  readonly minEventTime: number;
  readonly maxEventTime: number;
  /** Copies of a record within what was staged; only the first is in the file. */
  readonly repeated: number;
}

/** What an importing process hands to the store. */
export interface StagedGroup {
  readonly files: readonly StagedFile[];
  readonly references: readonly ContactReference[];
  readonly links: readonly RecordedLink[];
}

/** Days of one source in a group that get a file each; a group of more days is kept in one file. */
const MAX_DAYS_PER_GROUP = 4;

/**
 * Turns batches into sorted Parquet files in the process that decodes them, in an in-memory database of its own, so
 * that an import's rows never cross processes and closed days go to the lake without passing through the hot table.
 */
export class StagingWriter {
  readonly #connection: DuckDBConnection;
  readonly #stagingPath: string;
  readonly #appenders = new Map<SourceName, ChunkAppender>();
  readonly #order = new Map<SourceName, TimeOrder>();
  #references: ContactReference[] = [];
  #links: RecordedLink[] = [];
  rowCount = 0;
  sizeBytes = 0;

  private constructor(connection: DuckDBConnection, stagingPath: string) {
    this.#connection = connection;
    this.#stagingPath = stagingPath;
  }

  static async create(stagingPath: string): Promise<StagingWriter> {
    const instance = await DuckDBInstance.create(":memory:", { memory_limit: "288MB", threads: "1" });
    const connection = await instance.connect();
    await connection.run("set TimeZone = 'UTC'");
    // what does not fit in memory spills here; the folder is cleaned when the store opens
    await connection.run(`set temp_directory = ${quoteText(join(stagingPath, `spill-${randomUUID()}`))}`);
    for (const source of SOURCE_NAMES) await createBatchTable(connection, source);
    return new StagingWriter(connection, stagingPath);
  }

  add(batches: readonly RecordBatch[]): void {
    for (const batch of batches) {
      this.#appenderOf(batch.source).add(batch.rows);
      this.#orderOf(batch.source).add(batch.rows);
      this.#references.push(...batch.references);
      this.#links.push(...batch.links);
      this.rowCount += batch.rows.length;
      this.sizeBytes += batch.sizeBytes;
    }
  }

  #appenderOf(source: SourceName): ChunkAppender {
    let appender = this.#appenders.get(source);
    if (appender === undefined) {
      appender = batchAppender(this.#connection, source);
      this.#appenders.set(source, appender);
    }
    return appender;
  }

  #orderOf(source: SourceName): TimeOrder {
    let order = this.#order.get(source);
    if (order === undefined) {
      order = new TimeOrder();
      this.#order.set(source, order);
    }
    return order;
  }

  /** Writes what was added and starts anew. */
  async stage(): Promise<StagedGroup> {
    const sources = [...this.#appenders.keys()];
    for (const appender of this.#appenders.values()) appender.close();
    const named = { references: this.#references, links: this.#links };
    this.#appenders.clear();
    this.#references = [];
    this.#links = [];
    this.rowCount = 0;
    this.sizeBytes = 0;
    const files: StagedFile[] = [];
    for (const source of sources) files.push(...(await this.#stageSource(source)));
    this.#order.clear();
    return { files, ...named };
  }

  async #stageSource(source: SourceName): Promise<readonly StagedFile[]> {
    const repeated = await this.#removeRepeats(source);
    const days = await this.#daysOf(source);
    const files: StagedFile[] = [];
    if (days.length <= MAX_DAYS_PER_GROUP) {
      for (const day of days) files.push(await this.#writeFile(source, day, files.length === 0 ? repeated : 0));
    } else {
      files.push(await this.#writeFile(source, undefined, repeated));
    }
    // a truncated table keeps its memory until a checkpoint, which a temporary one never has
    await this.#connection.run(`drop table temp.main.batch_${source}`);
    await createBatchTable(this.#connection, source);
    return files;
  }

  /** Keeps the first of each record id; returns how many were dropped. */
  async #removeRepeats(source: SourceName): Promise<number> {
    const table = `temp.main.batch_${source}`;
    const reader = await this.#connection.runAndReadAll(`select count(*) - count(distinct record_id) from ${table}`);
    const repeated = Number(reader.getRows()[0]?.[0]);
    if (repeated === 0) return 0;
    await this.#connection.run(
      `delete from ${table} where rowid not in (select min(rowid) from ${table} group by record_id)`,
    );
    return repeated;
  }

  async #daysOf(source: SourceName): Promise<readonly string[]> {
    const reader = await this.#connection.runAndReadAll(
      `select distinct event_time::date::varchar from ${batchRelation(source)} order by 1 limit ${MAX_DAYS_PER_GROUP + 1}`,
    );
    return reader.getRows().map((row) => row[0] as string);
  }

  async #writeFile(source: SourceName, eventDate: string | undefined, repeated: number): Promise<StagedFile> {
    const path = join(this.#stagingPath, `${randomUUID()}.parquet`);
    const day = eventDate === undefined ? "" : `where event_time::date = ${quoteText(eventDate)}::date`;
    const relation = `(select * from ${batchRelation(source)} ${day})`;
    const isInOrder = source !== "agent_event" && this.#orderOf(source).isKept;
    const order = isInOrder ? "" : `order by ${lakeOrder(source)}`;
    await this.#connection.run(
      `copy (select ${columnList(tableColumns(source))} from ${relation} ${order}) to ${quoteText(path)} (${LAKE_FORMAT})`,
    );
    const reader = await this.#connection.runAndReadAll(
      `select count(*)::double, epoch_ms(min(event_time))::double, epoch_ms(max(event_time))::double from ${relation}`,
    );
    const [rowCount, minEventTime, maxEventTime] = reader.getRows()[0] as [number, number, number];
    const sizeBytes = await syncFile(path);
    const digests = await digestFile(path);
    return { source, path, sizeBytes, digests, rowCount, eventDate, minEventTime, maxEventTime, repeated };
  }
}

/** Whether rows came in order of time, as most files have them: sorting them again would cost a third of the write. */
class TimeOrder {
  isKept = true;
  #last = Number.NEGATIVE_INFINITY;

  add(rows: readonly SourceRecord[]): void {
    for (const row of rows) {
      if (row.event_time < this.#last) this.isKept = false;
      this.#last = row.event_time;
    }
  }
}

/** Makes a file durable; returns its size. */
export async function syncFile(path: string): Promise<number> {
  const file = await open(path, "r+");
  try {
    await file.sync();
    return (await file.stat()).size;
  } finally {
    await file.close();
  }
}

/** Makes the names in a folder durable. */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
