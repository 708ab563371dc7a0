import { AppError, type AgentResponse, type ContactTimeline, type QueryResponse, type RejectedResponse } from "@fourwire/core";
import { Store, type StoreOptions } from "@fourwire/store";
import { readAgent } from "../agent-records.ts";
import { readContactTimeline } from "../contact-timeline.ts";
import { listFiles } from "../import/file-list.ts";
import { importFiles, type ImportReport } from "../import/import-files.ts";
import type { DataAccess, ImportRequest } from "./data-access.ts";

/** A day is closed this long after its end: late records of it still come, most within the hour. */
export const CLOSED_AFTER_MS = 36 * 3_600_000;

/** After an import only days worth a file of their own move to the lake; `serve` moves the rest in its own time. */
const MIN_ROWS_TO_MOVE = 20_000;

const QUERY_TIMEOUT_MS = 300_000;

/** Opens a store with every view of the product. */
export function openStore(options: Pick<StoreOptions, "path" | "command" | "memoryLimit">): Promise<Store> {
  return Store.open({ ...options, extraViews: [] });
}

/** The data directory, held by this process. */
export class LocalData implements DataAccess {
  readonly #store: Store;

  private constructor(store: Store) {
    this.#store = store;
  }

  static async open(path: string, command: string): Promise<LocalData> {
    return new LocalData(await openStore({ path, command }));
  }

  async importFiles(request: ImportRequest): Promise<ImportReport> {
    const files = await listFiles(request.paths);
    const report = await importFiles({ store: this.#store, files, source: request.source, onProgress: request.onProgress });
    await this.#store.moveClosedDays(Date.now() - CLOSED_AFTER_MS, MIN_ROWS_TO_MOVE);
    return report;
  }

  async query(sql: string, limit: number): Promise<QueryResponse> {
    const result = await this.#store.query({ sql, limit, timeoutMs: QUERY_TIMEOUT_MS });
    return { columns: result.columns, rows: result.rows, is_truncated: result.isTruncated, took_ms: result.tookMs };
  }

  async contact(contactId: string): Promise<ContactTimeline> {
    const timeline = await readContactTimeline(this.#store, contactId);
    if (timeline === undefined) throw new AppError("not_found", `no record names the contact "${contactId}"`);
    return timeline;
  }

  async agent(text: string, range: { readonly from: number; readonly to: number }): Promise<AgentResponse> {
    const agent = await readAgent(this.#store, text, range);
    if (agent === undefined) throw new AppError("not_found", `no record names the agent "${text}"; use the id, login name or ARN`);
    return agent;
  }

  async rejected(limit: number): Promise<RejectedResponse> {
    const [rejected, reasons] = await Promise.all([this.#store.rejected({ limit }), this.#store.rejectedCounts()]);
    return { rejected, reasons, total: reasons.reduce((sum, reason) => sum + reason.count, 0), next_cursor: null };
  }

  close(): Promise<void> {
    return this.#store.close();
  }
}
