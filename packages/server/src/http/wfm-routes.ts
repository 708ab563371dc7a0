import type { ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { AppError, type WfmStatusResponse } from "@fourwire/core";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { FeedReader, type WfmConnection } from "../wfm/feed-reader.ts";
import {
  agentIntervalFile,
  FILE_INTERVALS,
  queueIntervalFile,
  type IntervalFileRequest,
} from "../wfm/interval-files.ts";
import { replayLines } from "../wfm/replay.ts";
import type { ServerContext } from "./context.ts";
import { integerParameter, oneOfParameter, rangeParameters, textParameter, type Parameters } from "./parameters.ts";

/** Readers of the feed at once; each may hold a snapshot. */
const MAX_READERS = 200;

/** What a reader waits before it comes back. */
const RETRY_MS = 1000;

type Request = FastifyRequest<{ Querystring: Parameters }>;

/** What workforce management tools ask for. */
export function addWfmRoutes(app: FastifyInstance, context: ServerContext): void {
  const { wfm } = context;

  app.get<{ Querystring: Parameters }>("/v1/wfm/feed", async (request, reply) => {
    if (wfm.readerCount >= MAX_READERS) {
      throw new AppError("overload", `${MAX_READERS} readers follow the feed already; close one`, {
        retryable: true,
        details: { retryAfterS: 30 },
      });
    }
    await wfm.feed.start();
    const lastId = lastEventId(request);
    reply.hijack();
    // its end was told while the board was being read, and is not told again
    if (reply.raw.destroyed) return reply;
    const connection = new SseConnection(reply.raw);
    wfm.readerCame();
    const reader = new FeedReader({
      feed: wfm.feed,
      connection,
      now: () => Date.now(),
      sequence: lastId === undefined ? undefined : wfm.feed.sequenceOf(lastId),
      onSlow: () => wfm.countSlowReader(),
    });
    reply.raw.once("close", () => {
      wfm.readerWent();
      reader.close();
    });
    return reply;
  });

  app.get("/v1/wfm/webhooks", async (): Promise<WfmStatusResponse> => wfm.status());
  addFileRoutes(app, context);
}

function addFileRoutes(app: FastifyInstance, context: ServerContext): void {
  const { store } = context;
  const settings = context.config.agents;

  app.get<{ Querystring: Parameters }>("/v1/wfm/intervals.csv", async (request, reply) => {
    const csv = await agentIntervalFile(store, settings, fileRequest(request.query));
    return sendCsv(reply, "agent-intervals.csv", csv);
  });

  app.get<{ Querystring: Parameters }>("/v1/wfm/queue-intervals.csv", async (request, reply) => {
    const serviceLevelSeconds = integerParameter(request.query, "service_level", { fallback: 20, min: 1, max: 86_400 });
    const csv = await queueIntervalFile(store, settings, { ...fileRequest(request.query), serviceLevelSeconds });
    return sendCsv(reply, "queue-intervals.csv", csv);
  });

  app.get<{ Querystring: Parameters }>("/v1/wfm/replay", async (request, reply) => {
    // one page waits to be taken, and no other is read before it was
    const lines = Readable.from(replayLines(store, rangeParameters(request.query)), { highWaterMark: 1 });
    return reply.type("application/x-ndjson").send(lines);
  });
}

function fileRequest(parameters: Parameters): IntervalFileRequest {
  return {
    ...rangeParameters(parameters),
    interval: oneOfParameter(parameters, "interval", FILE_INTERVALS, "15m"),
    zone: textParameter(parameters, "zone") ?? "UTC",
  };
}

function sendCsv(reply: FastifyReply, name: string, csv: string): FastifyReply {
  return reply
    .header("content-disposition", `attachment; filename="${name}"`)
    .type("text/csv; charset=utf-8; header=present")
    .send(csv);
}

class SseConnection implements WfmConnection {
  readonly #response: ServerResponse;

  constructor(response: ServerResponse) {
    this.#response = response;
    response.writeHead(200, {
      "content-type": "text/event-stream",
      "cache-control": "no-cache",
      "x-accel-buffering": "no",
      connection: "keep-alive",
    });
    response.write(`retry: ${RETRY_MS}\n\n`);
  }

  isBlocked(): boolean {
    return this.#response.writableNeedDrain;
  }

  write(kind: string, json: string, id: string | undefined): void {
    this.#response.write(`${id === undefined ? "" : `id: ${id}\n`}event: ${kind}\ndata: ${json}\n\n`);
  }

  onDrain(resume: () => void): void {
    this.#response.on("drain", resume);
  }

  close(): void {
    this.#response.destroy();
  }
}

/** The header a reader sends when it comes back, or the parameter for clients that cannot set it. */
function lastEventId(request: Request): string | undefined {
  const header = request.headers["last-event-id"];
  return typeof header === "string" && header !== "" ? header : textParameter(request.query, "last_event_id");
}
