import { contactAt, writeCcpLog } from "./bench-records.ts";
import type { LoadJob } from "./load-job.ts";

/** Lines number on from here, so that every number has as many digits. */
const FIRST_NUMBER = 100_000_000_000;

/** Numbers of one collector; a multiple of the number of kinds of lines. */
const NUMBERS_EACH = 10_000_000;

/** A contact's agent logs this far back in one batch. */
const BATCH_SPAN_MS = 5000;

const CONTACT_MS = 120_000;
const TIME_KEY = '"time":"';

export type CollectorTarget = Pick<LoadJob, "path" | "token" | "linesPerRequest" | "isContactALine">;

/**
 * Requests as the browser of one agent sends them: lines of the last seconds, about the contact the agent is on. The
 * request is made once and its numbers and times are written over for each sending, so that making them costs the
 * machine little and no line is ever sent twice.
 */
export class CcpCollector {
  readonly #target: CollectorTarget;
  readonly #agent: number;
  #request: Buffer = Buffer.alloc(0);
  /** Where in the request each line has its number and its time. */
  #places: readonly { readonly numberAt: number; readonly timeAt: number }[] = [];
  #next: number;
  #contactSlot = -1;

  constructor(agent: number, target: CollectorTarget) {
    this.#agent = agent;
    this.#target = target;
    this.#next = FIRST_NUMBER + agent * NUMBERS_EACH;
  }

  /** The next request, head and body; valid until the next call. */
  next(now: number): Buffer {
    const slot = Math.floor(now / CONTACT_MS);
    if (slot !== this.#contactSlot || this.#target.isContactALine === true) this.#build(now);
    this.#contactSlot = slot;
    const count = this.#target.linesPerRequest;
    for (const [line, { numberAt, timeAt }] of this.#places.entries()) {
      const time = new Date(now - (BATCH_SPAN_MS * (count - line)) / count).toISOString();
      this.#request.write(time, timeAt, "latin1");
      this.#request.write(String(this.#next + line), numberAt, "latin1");
    }
    this.#next += count;
    return this.#request;
  }

  #build(now: number): void {
    const lines = Array.from({ length: this.#target.linesPerRequest }, (_, line) =>
      writeCcpLog({
        index: this.#next + line,
        time: new Date(now).toISOString(),
        contact: contactAt(now, this.#target.isContactALine === true ? this.#next + line : this.#agent),
        agent: this.#agent,
      }),
    );
    const body = lines.join("\n");
    const head = headOf(this.#target, Buffer.byteLength(body));
    this.#request = Buffer.from(head + body);
    let offset = head.length;
    this.#places = lines.map((text, line) => {
      const place = {
        numberAt: offset + text.indexOf(String(this.#next + line)),
        timeAt: offset + text.indexOf(TIME_KEY) + TIME_KEY.length,
      };
      offset += text.length + 1;
      return place;
    });
  }
}

/** Head of a POST with a body of this many bytes. */
export function headOf(target: Pick<CollectorTarget, "path" | "token">, length: number): string {
  return (
    `POST ${target.path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${target.token}\r\n` +
    `content-type: application/x-ndjson\r\ncontent-length: ${length}\r\n\r\n`
  );
}
