import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import {
  AppError,
  ERROR_CODES,
  type AccessTokenResponse,
  type AgentDayResponse,
  type AgentIntervalsResponse,
  type AgentResponse,
  type ShiftImportResponse,
  type ContactTimeline,
  type CreatedTokenResponse,
  type ErrorCode,
  type QueryResponse,
  type RejectedResponse,
} from "@fourwire/core";
import type { OpenSpan } from "../agent-records.ts";
import type { TokenRequestBody } from "../http/token-routes.ts";
import type { ImportProgress, ImportReport } from "../import/import-files.ts";
import type { ReplayProgress, ReplayReport } from "../replay-rejected.ts";
import type { ReplaySelection } from "@fourwire/store";
import { MAX_DAY_SPAN_MS } from "../agents/agent-spans.ts";
import type { QueueFileRequest } from "../wfm/interval-files.ts";
import type { DataAccess, ImportRequest, IntervalsQuestion, ShiftQuestion } from "./data-access.ts";

type ReportLine<Progress = unknown, Report = unknown> = {
  readonly progress?: Progress;
  readonly report?: Report;
  readonly error?: { readonly code: string; readonly message: string };
};

/** The data directory, through the server that holds it. */
export class RemoteData implements DataAccess {
  readonly #url: string;
  readonly #token: string;

  constructor(url: string, token: string) {
    this.#url = url;
    this.#token = token;
  }

  async importFiles(request: ImportRequest): Promise<ImportReport> {
    const paths = request.paths.map((path) => resolve(path));
    const response = await this.#fetch("/v1/imports", {
      paths,
      ...(request.source === undefined ? {} : { source: request.source }),
      ...(request.origins === undefined ? {} : { origins: request.origins }),
    });
    return this.#report<ReportLine<ImportProgress, ImportReport>>(response, request.onProgress);
  }

  async replay(selection: ReplaySelection, onProgress: (progress: ReplayProgress) => void): Promise<ReplayReport> {
    const response = await this.#fetch("/v1/rejected/replay", selection);
    return this.#report<ReportLine<ReplayProgress, ReplayReport>>(response, onProgress);
  }

  /** Reads lines up to the report; the progress in those before it goes to the caller. */
  async #report<Line extends ReportLine>(
    response: Response,
    onProgress: (progress: NonNullable<Line["progress"]>) => void,
  ): Promise<NonNullable<Line["report"]>> {
    for await (const line of linesOf(response)) {
      const message = JSON.parse(line) as Line;
      if (message.progress != null) onProgress(message.progress);
      if (message.error !== undefined) throw remoteError(message.error);
      if (message.report != null) return message.report;
    }
    throw new AppError(
      "server_unreachable",
      `the server at ${this.#url} ended before the work did; run the command again, nothing is stored twice`,
      { retryable: true },
    );
  }

  async query(sql: string, limit: number): Promise<QueryResponse> {
    return this.#json("/v1/query", { sql, limit });
  }

  async exportParquet(sql: string, path: string): Promise<void> {
    const response = await this.#fetch("/v1/query/parquet", { sql });
    await writeFile(path, Buffer.from(await response.arrayBuffer()));
  }

  async contact(contactId: string): Promise<ContactTimeline> {
    return this.#json(`/v1/contacts/${encodeURIComponent(contactId)}`);
  }

  async agent(text: string, span: OpenSpan): Promise<AgentResponse> {
    const bounds = [
      ...(span.from === undefined ? [] : [`from=${span.from}`]),
      ...(span.to === undefined ? [] : [`to=${span.to}`]),
    ];
    return this.#json(`/v1/agents/${encodeURIComponent(text)}?${bounds.join("&")}`);
  }

  async agentDay(text: string, span: { readonly from: number; readonly to: number }): Promise<AgentDayResponse> {
    const from = Math.max(span.from, span.to - MAX_DAY_SPAN_MS);
    return this.#json(`/v1/agents/${encodeURIComponent(text)}/day?from=${from}&to=${span.to}`);
  }

  async intervals(request: IntervalsQuestion): Promise<AgentIntervalsResponse> {
    const query = new URLSearchParams({
      from: String(request.from),
      to: String(request.to),
      interval: request.interval,
      zone: request.zone,
    });
    return this.#json(`/v1/agents/intervals?${query.toString()}`);
  }

  async queueIntervals(request: QueueFileRequest): Promise<string> {
    const query = new URLSearchParams({
      from: String(request.from),
      to: String(request.to),
      interval: request.interval,
      zone: request.zone,
      service_level: String(request.serviceLevelSeconds),
    });
    return (await this.#fetch(`/v1/wfm/queue-intervals.csv?${query.toString()}`)).text();
  }

  async importShifts(file: ShiftQuestion): Promise<ShiftImportResponse> {
    const query = new URLSearchParams({
      origin: file.origin,
      ...(file.zone === undefined ? {} : { zone: file.zone }),
      ...(file.agent === undefined ? {} : { agent: file.agent }),
    });
    const response = await this.#send(`/v1/shifts?${query.toString()}`, {
      method: "POST",
      headers: { authorization: `Bearer ${this.#token}`, "content-type": "text/plain" },
      body: file.text,
    });
    return (await response.json()) as ShiftImportResponse;
  }

  async rejected(limit: number): Promise<RejectedResponse> {
    return this.#json(`/v1/rejected?limit=${limit}`);
  }

  async tokens(): Promise<readonly AccessTokenResponse[]> {
    return (await this.#json<{ readonly tokens: readonly AccessTokenResponse[] }>("/v1/tokens")).tokens;
  }

  createToken(request: TokenRequestBody): Promise<CreatedTokenResponse> {
    return this.#json("/v1/tokens", request);
  }

  rotateToken(reference: string, overlapMs: number): Promise<CreatedTokenResponse> {
    return this.#json(`/v1/tokens/${encodeURIComponent(reference)}/rotate`, { overlap_ms: overlapMs });
  }

  revokeToken(reference: string): Promise<AccessTokenResponse> {
    return this.#json(`/v1/tokens/${encodeURIComponent(reference)}/revoke`, {});
  }

  async close(): Promise<void> {
    // nothing is held
  }

  async #json<T>(path: string, body?: unknown): Promise<T> {
    const response = await this.#fetch(path, body);
    return (await response.json()) as T;
  }

  #fetch(path: string, body?: unknown): Promise<Response> {
    const headers = {
      authorization: `Bearer ${this.#token}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    };
    return this.#send(path, body === undefined ? { headers } : { method: "POST", headers, body: JSON.stringify(body) });
  }

  async #send(path: string, request: RequestInit): Promise<Response> {
    let response: Response;
    try {
      response = await fetch(`${this.#url}${path}`, request);
    } catch (cause) {
      throw new AppError(
        "server_unreachable",
        `the server at ${this.#url} holds the data directory but does not answer`,
        { cause, retryable: true },
      );
    }
    if (!response.ok) throw remoteError((await response.json()) as { code: string; message: string });
    return response;
  }
}

function remoteError(error: { readonly code: string; readonly message: string }): AppError {
  const code = ERROR_CODES.find((known): known is ErrorCode => known === error.code) ?? "internal";
  return new AppError(code, error.message);
}

async function* linesOf(response: Response): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of response.body ?? []) {
    const lines = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    yield* lines.filter((line) => line !== "");
  }
}
