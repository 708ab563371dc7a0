import { createReadStream } from "node:fs";
import { rm } from "node:fs/promises";
import { AppError, REJECT_REASONS, SOURCE_NAMES, type QueryResponse, type RejectedResponse } from "@fourwire/core";
import type { FastifyInstance, FastifyReply } from "fastify";
import { z } from "zod";
import { listFiles } from "../import/file-list.ts";
import { importFiles } from "../import/import-files.ts";
import { firstOpenDate } from "../open-days.ts";
import { replayRejected } from "../replay-rejected.ts";
import { readStatus } from "../server-status.ts";
import { authorize } from "./access.ts";
import type { ServerContext } from "./context.ts";
import { cursorParameter, integerParameter, parseBody, type Parameters } from "./parameters.ts";

const QUERY_TIMEOUT_MS = 30_000;
const MAX_QUERY_ROWS = 100_000;

const queryBody = z.object({ sql: z.string().min(1), limit: z.int().min(1).max(MAX_QUERY_ROWS).default(1000) });
const importBody = z.object({
  paths: z.array(z.string()).min(1),
  source: z.enum(SOURCE_NAMES).optional(),
  origins: z.record(z.string(), z.string()).optional(),
});
const replayBody = z.object({
  reason: z.enum(REJECT_REASONS).optional(),
  source: z.enum([...SOURCE_NAMES, "unknown"]).optional(),
  since: z.number().optional(),
});

export function addOperationRoutes(app: FastifyInstance, context: ServerContext): void {
  app.get("/v1/status", () => readStatus(context));

  app.get("/v1/rejected", async (request): Promise<RejectedResponse> => {
    const parameters = request.query as Parameters;
    const limit = integerParameter(parameters, "limit", { fallback: 100, min: 1, max: 1000 });
    const cursor = cursorParameter(parameters);
    const [rejected, reasons] = await Promise.all([
      context.store.rejected({
        limit,
        ...(cursor === undefined ? {} : { before: { rejectedTime: cursor.time, rejectedId: cursor.id } }),
      }),
      context.store.rejectedCounts(),
    ]);
    const last = rejected.length === limit ? rejected.at(-1) : undefined;
    return {
      rejected,
      reasons,
      total: reasons.reduce((sum, reason) => sum + reason.count, 0),
      next_cursor: last === undefined ? null : `${Date.parse(last.rejected_time)}.${last.rejected_id}`,
    };
  });

  app.post("/v1/query", async (request, reply): Promise<QueryResponse> => {
    const body = parseBody(queryBody, request.body);
    const abort = new AbortController();
    reply.raw.on("close", () => {
      if (!reply.raw.writableFinished) abort.abort();
    });
    const result = await context.store.query({
      sql: body.sql,
      limit: body.limit,
      timeoutMs: QUERY_TIMEOUT_MS,
      signal: abort.signal,
    });
    return {
      columns: result.columns,
      rows: result.rows,
      is_truncated: result.isTruncated,
      pending_agent_days: result.pendingAgentDays,
      took_ms: result.tookMs,
    };
  });

  app.post("/v1/query/parquet", async (request, reply) => {
    const body = parseBody(queryBody, request.body);
    const abort = new AbortController();
    reply.raw.on("close", () => abort.abort());
    const path = await context.store.exportParquet({
      sql: body.sql,
      limit: 0,
      timeoutMs: QUERY_TIMEOUT_MS,
      signal: abort.signal,
    });
    const file = createReadStream(path);
    file.on("close", () => void rm(path, { force: true }));
    return reply.type("application/vnd.apache.parquet").send(file);
  });

  addImportRoute(app, context);
  addReplayRoute(app, context);
}

/** Commands on the same machine hand their files to the server that holds the data directory. */
function addImportRoute(app: FastifyInstance, context: ServerContext): void {
  app.post("/v1/imports", async (request, reply) => {
    authorize(request, context);
    const body = parseBody(importBody, request.body);
    const files = await listFiles(body.paths, body.origins);
    await sendLines(reply, async (write) => {
      const report = await importFiles({
        store: context.store,
        files,
        source: body.source,
        firstOpenDate: firstOpenDate(Date.now()),
        onProgress: (progress) => write({ progress }),
      });
      // its records did not pass by the board
      await context.board.reload();
      return report;
    });
  });
}

/** Rejected records are decoded again by the process that holds the data directory. */
function addReplayRoute(app: FastifyInstance, context: ServerContext): void {
  app.post("/v1/rejected/replay", async (request, reply) => {
    authorize(request, context);
    const body = parseBody(replayBody, request.body);
    const selection = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
    await sendLines(reply, async (write) => {
      const report = await replayRejected({
        store: context.store,
        selection,
        now: Date.now(),
        onProgress: (progress) => write({ progress }),
      });
      await context.board.reload();
      return report;
    });
  });
}

/** Answers with lines of progress, and at last the report or the error. */
async function sendLines(
  reply: FastifyReply,
  work: (write: (line: unknown) => void) => Promise<unknown>,
): Promise<void> {
  reply.hijack();
  reply.raw.writeHead(200, { "content-type": "application/x-ndjson" });
  const write = (line: unknown): void => {
    reply.raw.write(`${JSON.stringify(line)}\n`);
  };
  try {
    write({ report: await work(write) });
  } catch (error) {
    write({
      error: {
        code: error instanceof AppError ? error.code : "internal",
        message: error instanceof Error ? error.message : String(error),
      },
    });
  }
  reply.raw.end();
}
