import type { PartStates } from "../part-states.ts";
import type { ToldDelivery } from "../told-delivery.ts";
import type { ReceiverContext } from "../receiver.ts";
import { CutOffError, readWhole, sliceObject, type ObjectBody } from "./object-slices.ts";
import { Slots } from "../slots.ts";
import type { TrailBucket, Unreadable } from "./trail-bucket.ts";

/** Objects up to this size are handed over as they are; most of CloudTrail's are some kilobytes. */
const WHOLE_BYTES = 1024 * 1024;

/** How often an object whose download broke off is fetched again before the turn fails. */
const MAX_DOWNLOADS = 4;

const PAUSE_MS = 1_000;

/** Denied objects that are remembered for the message; the count stays right beyond. */
const MAX_DENIED = 10_000;

export interface TrailObjectsParts {
  readonly bucket: TrailBucket;
  readonly concurrency: number;
  readonly context: Pick<ReceiverContext, "sleep">;
  readonly delivery: ToldDelivery;
  readonly states: PartStates;
}

/** Reads objects of the trail into the store, a bounded number at once, and says which of them are denied. */
export class TrailObjects {
  readonly #parts: TrailObjectsParts;
  readonly #slots: Slots;
  readonly #denied = new Map<string, string>();
  readonly #inFlight = new Map<string, Promise<"stored" | Unreadable["kind"]>>();

  constructor(parts: TrailObjectsParts) {
    this.#parts = parts;
    this.#slots = new Slots(parts.concurrency);
  }

  /** Resolves when the object's records are durable, or says why it cannot be read now. */
  store(key: string, signal: AbortSignal): Promise<"stored" | Unreadable["kind"]> {
    // listing and a notification may come upon the same file at once
    const running = this.#inFlight.get(key);
    if (running !== undefined) return running;
    const storing = this.#store(key, signal).finally(() => this.#inFlight.delete(key));
    this.#inFlight.set(key, storing);
    return storing;
  }

  #store(key: string, signal: AbortSignal): Promise<"stored" | Unreadable["kind"]> {
    return this.#slots.use(async () => {
      const outcome = await this.#storeOnce(key, signal);
      const detail = typeof outcome === "string" ? undefined : outcome.detail;
      const kind = typeof outcome === "string" ? outcome : outcome.kind;
      this.#tellDenied(key, kind === "denied" ? detail : undefined);
      return kind;
    });
  }

  async #storeOnce(key: string, signal: AbortSignal): Promise<"stored" | Unreadable> {
    for (let downloads = 1; ; downloads++) {
      signal.throwIfAborted();
      const opened = await this.#parts.bucket.open(key, signal);
      if ("kind" in opened) return opened;
      try {
        await this.#deliver(opened, signal);
        return "stored";
      } catch (error) {
        signal.throwIfAborted();
        if (!isBrokenDownload(error) || downloads === MAX_DOWNLOADS) throw error;
        await this.#parts.context.sleep(PAUSE_MS * downloads, signal);
      } finally {
        opened.stream.destroy();
      }
    }
  }

  async #deliver(body: ObjectBody, signal: AbortSignal): Promise<void> {
    const { delivery } = this.#parts;
    if (body.sizeBytes !== undefined && body.sizeBytes <= WHOLE_BYTES) {
      const bytes = await readWhole(body);
      if (bytes.length > 0) await delivery.store([{ bytes, origin: body.origin }], signal);
      return;
    }
    for await (const messages of sliceObject(body)) await delivery.store(messages, signal);
  }

  #tellDenied(key: string, detail: string | undefined): void {
    const { states } = this.#parts;
    const hadAny = this.#denied.size > 0;
    if (detail === undefined) this.#denied.delete(key);
    else if (this.#denied.size < MAX_DENIED) this.#denied.set(key, detail);
    const [first] = this.#denied.values();
    const count = this.#denied.size === 1 ? "1 file is" : `${this.#denied.size} files are`;
    if (first !== undefined) states.failed("objects", "denied", `${count} denied, tried again; ${first}`);
    else if (hadAny) states.succeeded("objects", null);
  }
}

/** Less came than was announced, or the connection broke; what was stored already is duplicate the next time. */
function isBrokenDownload(error: unknown): boolean {
  if (error instanceof CutOffError) return true;
  const code: unknown = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" && /^(?:ECONN|EPIPE|ETIMEDOUT|UND_ERR|ERR_STREAM_PREMATURE_CLOSE)/.test(code);
}
