import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  columnsOf,
  makeRecordId,
  RecordBatchBuilder,
  unixMillis,
  type ContactReferences,
  type RecordBatch,
  type SourceName,
  type SourceRecord,
} from "@fourwire/core";
import type { RejectedInput } from "../src/append.ts";
import { Store, type StoreOptions } from "../src/store.ts";

/** 2026-11-20T09:00:00Z */
export const NINE = Date.UTC(2026, 10, 20, 9);
export const DAY_MS = 86_400_000;

/** A row with every column of its source; `identity` makes its id together with the time. */
export function rowOf(source: SourceName, identity: string, fields: Partial<SourceRecord> = {}): SourceRecord {
  const eventTime = unixMillis(fields.event_time ?? NINE);
  return {
    record_id: makeRecordId({
      source,
      identity,
      eventTime,
      digest: (text) => createHash("sha256").update(text).digest("base64url"),
    }),
    source,
    instance_id: undefined,
    account_id: undefined,
    region: undefined,
    event_name: "LOG",
    observed_time: unixMillis(NINE),
    severity_number: 9,
    severity_text: "INFO",
    contact_id: undefined,
    agent_id: undefined,
    agent_username: undefined,
    flow_id: undefined,
    session_id: undefined,
    message: identity,
    attributes: undefined,
    original_id: undefined,
    original_body: `{"id":${JSON.stringify(identity)}}`,
    ...Object.fromEntries(columnsOf(source).map((column) => [column.name, undefined])),
    ...fields,
    event_time: eventTime,
  };
}

export function rowsOf(
  source: SourceName,
  count: number,
  fields: (index: number) => Partial<SourceRecord> = () => ({}),
): readonly SourceRecord[] {
  return Array.from({ length: count }, (_, index) =>
    rowOf(source, `record ${index}`, { event_time: unixMillis(NINE + index), ...fields(index) }),
  );
}

export function batchOf(
  rows: readonly SourceRecord[],
  referencesOf?: (row: SourceRecord) => ContactReferences,
): RecordBatch {
  const builder = new RecordBatchBuilder(rows[0]?.source ?? "ccp_log");
  for (const row of rows) builder.add(row, referencesOf?.(row));
  return builder.take();
}

export function rejectedOf(body: string, fields: Partial<RejectedInput> = {}): RejectedInput {
  return {
    source: "ccp_log",
    reason: "invalid_json",
    detail: "torn",
    origin: "test",
    position: 0,
    size_bytes: body.length,
    body: Buffer.from(body),
    ...fields,
  };
}

/** How many of each source were stored and how many were there before, added up. */
export function countsOf(result: {
  readonly sources: ReadonlyMap<SourceName, { readonly appended: number; readonly duplicate: number }>;
}): readonly [number, number] {
  const counts = [...result.sources.values()];
  return [
    counts.reduce((sum, count) => sum + count.appended, 0),
    counts.reduce((sum, count) => sum + count.duplicate, 0),
  ];
}

export async function appendRows(store: Store, rows: readonly SourceRecord[]): Promise<readonly [number, number]> {
  return countsOf(await store.append({ batches: [batchOf(rows)], rejected: [] }));
}

/** A data directory of its own for one test. */
export class TemporaryData {
  readonly path: string;
  readonly #open = new Set<Store>();

  private constructor(path: string) {
    this.path = path;
  }

  static async create(): Promise<TemporaryData> {
    return new TemporaryData(await mkdtemp(join(tmpdir(), "fourwire-store-")));
  }

  async open(options: Partial<StoreOptions> = {}): Promise<Store> {
    const store = await Store.open({ path: this.path, command: "test", ...options });
    this.#open.add(store);
    return store;
  }

  async close(store: Store): Promise<void> {
    this.#open.delete(store);
    await store.close();
  }

  /** Closes what is still open and removes the directory. */
  async remove(): Promise<void> {
    for (const store of this.#open) await store.close();
    await rm(this.path, { recursive: true, force: true });
  }
}

/** The values of a query, row by row; of any schema, which users may not name. */
export async function query(store: Store, sql: string): Promise<readonly (readonly unknown[])[]> {
  return (await store.query({ sql, limit: 100_000, timeoutMs: 30_000, scope: "internal" })).rows;
}
