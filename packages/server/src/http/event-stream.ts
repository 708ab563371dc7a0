import type { FastifyReply } from "fastify";

/** A comment this often keeps proxies from closing a quiet stream. */
const BEAT_MS = 15_000;

/** What a browser waits before it comes back. */
const RETRY_MS = 1000;

/** A stream of Server-Sent Events to one reader. */
export class EventStream {
  readonly #reply: FastifyReply;
  readonly #beat: NodeJS.Timeout;

  constructor(reply: FastifyReply, onClose: () => void) {
    this.#reply = reply;
    reply.hijack();
    reply.raw.writeHead(200, {
      "content-type": "text/event-stream",
      "cache-control": "no-cache",
      "x-accel-buffering": "no",
      connection: "keep-alive",
    });
    reply.raw.write(`retry: ${RETRY_MS}\n\n`);
    this.#beat = setInterval(() => {
      if (!this.isBlocked()) reply.raw.write(": beat\n\n");
    }, BEAT_MS);
    this.#beat.unref();
    reply.raw.on("close", () => {
      clearInterval(this.#beat);
      onClose();
    });
  }

  /** True while the reader has not taken what it was sent. */
  isBlocked(): boolean {
    return this.#reply.raw.writableNeedDrain;
  }

  /** `data` is JSON, which has no line breaks. */
  send(event: string, data: string, id: string): void {
    this.#reply.raw.write(`id: ${id}\nevent: ${event}\ndata: ${data}\n\n`);
  }

  close(): void {
    this.#reply.raw.destroy();
  }
}
