import { copyFile, rm } from "node:fs/promises";
import {
  AppError,
  type AccessTokenResponse,
  type AgentDayResponse,
  type AgentIntervalsResponse,
  type AgentResponse,
  type ShiftImportResponse,
  type ContactTimeline,
  type CreatedTokenResponse,
  type QueryResponse,
  type RejectedResponse,
} from "@fourwire/core";
import type { ReplaySelection, Store } from "@fourwire/store";
import { readAgent, type OpenSpan } from "../agent-records.ts";
import { TokenRegistry } from "../access/token-registry.ts";
import { createdTokenJson, tokenJson, type TokenRequestBody } from "../http/token-routes.ts";
import { readContactTimeline } from "../contact-timeline.ts";
import { listFiles } from "../import/file-list.ts";
import { importFiles, type ImportReport } from "../import/import-files.ts";
import { firstOpenDate } from "../open-days.ts";
import type { AgentSettings } from "../agents/agent-settings.ts";
import { findConfigFile, loadConfig } from "../config/load-config.ts";
import { queueIntervalFile, type QueueFileRequest } from "../wfm/interval-files.ts";
import { readAgentDay } from "../agents/agent-day.ts";
import { readIntervals } from "../agents/agent-intervals.ts";
import { agentSpan, findAgent, MAX_DAY_SPAN_MS } from "../agents/agent-spans.ts";
import { importShifts } from "../agents/import-shifts.ts";
import type { DataAccess, ImportRequest, IntervalsQuestion, ShiftQuestion } from "./data-access.ts";
import { replayRejected, type ReplayProgress, type ReplayReport } from "../replay-rejected.ts";
import { describeOpening } from "./open-report.ts";
import { openStore } from "./open-store.ts";

const QUERY_TIMEOUT_MS = 300_000;

/** The data directory, held by this process. */
export class LocalData implements DataAccess {
  readonly #store: Store;
  readonly #path: string;

  private constructor(store: Store, path: string) {
    this.#store = store;
    this.#path = path;
  }

  static async open(path: string, command: string): Promise<LocalData> {
    const store = await openStore({ path, command });
    for (const line of describeOpening(store.openReport)) process.stderr.write(`fourwire: ${line}\n`);
    return new LocalData(store, path);
  }

  async importFiles(request: ImportRequest): Promise<ImportReport> {
    const files = await listFiles(request.paths, request.origins);
    return importFiles({
      store: this.#store,
      files,
      source: request.source,
      firstOpenDate: firstOpenDate(Date.now()),
      onProgress: request.onProgress,
    });
  }

  async query(sql: string, limit: number): Promise<QueryResponse> {
    const result = await this.#store.query({ sql, limit, timeoutMs: QUERY_TIMEOUT_MS });
    return {
      columns: result.columns,
      rows: result.rows,
      is_truncated: result.isTruncated,
      pending_agent_days: result.pendingAgentDays,
      took_ms: result.tookMs,
    };
  }

  async exportParquet(sql: string, path: string): Promise<void> {
    const staged = await this.#store.exportParquet({ sql, limit: 0, timeoutMs: QUERY_TIMEOUT_MS });
    // not renamed: the wanted path may be on another disk
    await copyFile(staged, path);
    await rm(staged);
  }

  async contact(contactId: string): Promise<ContactTimeline> {
    const timeline = await readContactTimeline(this.#store, contactId);
    if (timeline === undefined) throw new AppError("not_found", `no record names the contact "${contactId}"`);
    return timeline;
  }

  async agent(text: string, span: OpenSpan): Promise<AgentResponse> {
    const agent = await readAgent(this.#store, text, span);
    if (agent === undefined)
      throw new AppError("not_found", `no record names the agent "${text}"; use the id, login name or ARN`);
    return agent;
  }

  async agentDay(text: string, span: { readonly from: number; readonly to: number }): Promise<AgentDayResponse> {
    const agent = await findAgent(this.#store, text);
    const [from, to] = [Math.max(span.from, span.to - MAX_DAY_SPAN_MS), span.to];
    const parameters = { from: String(from), to: String(to) };
    return readAgentDay(this.#store, this.#settings(), agent, agentSpan(parameters, agent, Date.now()));
  }

  intervals(request: IntervalsQuestion): Promise<AgentIntervalsResponse> {
    return readIntervals(this.#store, this.#settings(), { ...request, personIds: undefined });
  }

  queueIntervals(request: QueueFileRequest): Promise<string> {
    return queueIntervalFile(this.#store, this.#settings(), request);
  }

  /** Which definitions of metrics count, as a server of this folder has it. */
  #settings(): AgentSettings {
    return loadConfig(findConfigFile(undefined, this.#path), process.env).config.agents;
  }

  importShifts(file: ShiftQuestion): Promise<ShiftImportResponse> {
    return importShifts(this.#store, { ...file, now: Date.now() });
  }

  async rejected(limit: number): Promise<RejectedResponse> {
    const [rejected, reasons] = await Promise.all([this.#store.rejected({ limit }), this.#store.rejectedCounts()]);
    return { rejected, reasons, total: reasons.reduce((sum, reason) => sum + reason.count, 0), next_cursor: null };
  }

  async tokens(): Promise<readonly AccessTokenResponse[]> {
    return (await this.#registry()).list().map(tokenJson);
  }

  async createToken(request: TokenRequestBody): Promise<CreatedTokenResponse> {
    const expiresTime = request.expires_in_ms === null ? null : Date.now() + request.expires_in_ms;
    return createdTokenJson(await (await this.#registry()).create({ ...request, expiresTime }));
  }

  async rotateToken(reference: string, overlapMs: number): Promise<CreatedTokenResponse> {
    return createdTokenJson(await (await this.#registry()).rotate(reference, overlapMs));
  }

  async revokeToken(reference: string): Promise<AccessTokenResponse> {
    return tokenJson(await (await this.#registry()).revoke(reference));
  }

  #registry(): Promise<TokenRegistry> {
    return TokenRegistry.open(this.#store.accessTokens, () => Date.now());
  }

  replay(selection: ReplaySelection, onProgress: (progress: ReplayProgress) => void): Promise<ReplayReport> {
    return replayRejected({ store: this.#store, selection, now: Date.now(), onProgress });
  }

  close(): Promise<void> {
    return this.#store.close();
  }
}
