import type { ServerResponse } from "node:http";
import { AppError, type TailEvent } from "@fourwire/core";
import type { FastifyInstance } from "fastify";
import type { LiveTail } from "../live-tail.ts";
import { filterParameter, type Parameters } from "./parameters.ts";
import type { ServerContext } from "./context.ts";

/** Keeps proxies from closing a quiet connection. */
const BEAT_MS = 15_000;

/**
 * A reader whose connection took nothing for this long is cut off; what it missed is in the store. Until then no more than
 * one event waits for it in memory.
 */
const SLOW_MS = 30_000;

/** Readers at once; each is offered every record. */
const MAX_READERS = 200;

/** `GET /v1/live/tail`: Server-Sent Events with what is stored from now on (promise P7). */
export function addTailRoute(app: FastifyInstance, context: ServerContext): void {
  app.get<{ Querystring: Parameters }>("/v1/live/tail", (request, reply) => {
    const terms = filterParameter(request.query);
    if (context.tail.readerCount >= MAX_READERS) {
      throw new AppError("overload", `${MAX_READERS} readers follow already; close one`, {
        retryable: true,
        details: { retryAfterS: 30 },
      });
    }
    reply.hijack();
    const reader = new TailReader(reply.raw, context.tail);
    const stop = context.tail.follow(
      terms,
      (event) => reader.send(event),
      () => reader.end(),
    );
    reply.raw.once("close", () => {
      stop();
      reader.stop();
    });
    return reply;
  });
}

/** One connection that follows. Nobody waits for it: it loses records and is told how many, and in the end it is cut off. */
class TailReader {
  readonly #response: ServerResponse;
  readonly #tail: LiveTail;
  readonly #beat: NodeJS.Timeout;
  #missed = 0;
  #fullSince: number | undefined;

  constructor(response: ServerResponse, tail: LiveTail) {
    this.#response = response;
    this.#tail = tail;
    response.writeHead(200, {
      "content-type": "text/event-stream",
      "cache-control": "no-cache",
      connection: "keep-alive",
    });
    response.write(": following\n\n");
    response.on("drain", () => (this.#fullSince = undefined));
    this.#beat = setInterval(() => this.#keepAlive(), BEAT_MS);
  }

  send(event: TailEvent): void {
    if (this.#isFull()) {
      this.#missed += event.records.length + event.dropped;
      this.#tail.countDropped(event.records.length);
      return;
    }
    const told = { ...event, dropped: event.dropped + this.#missed };
    this.#response.write(`event: records\ndata: ${JSON.stringify(told)}\n\n`);
    this.#missed = 0;
  }

  /** The server stops: the reader is told by the end of the stream and comes back by itself. */
  end(): void {
    this.stop();
    const { socket } = this.#response;
    // the connection as well: kept alive, it would keep the server from stopping
    this.#response.end(() => socket?.end());
  }

  stop(): void {
    clearInterval(this.#beat);
  }

  #keepAlive(): void {
    if (!this.#isFull()) this.#response.write(": beat\n\n");
  }

  /** True while the connection takes no more; cuts it off when that has gone on for too long. */
  #isFull(): boolean {
    if (!this.#response.writableNeedDrain) return false;
    const now = Date.now();
    this.#fullSince ??= now;
    if (now - this.#fullSince > SLOW_MS) {
      if (!this.#response.destroyed) this.#tail.countSlowReader();
      this.#response.destroy();
    }
    return true;
  }
}
