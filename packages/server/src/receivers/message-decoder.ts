import { Readable } from "node:stream";
import { gunzipSync } from "node:zlib";
import { observedNow, Pipeline, type Decoded, type PipelineOptions } from "../pipeline.ts";
import { DocumentSplitter, wholeDocument } from "../receive/document-splitter.ts";
import { inflate, InflateFault, isGzip } from "../receive/inflate.ts";
import { MAX_GZIP_LAYERS, MAX_MESSAGE_INFLATED_BYTES, MAX_MESSAGE_REJECTIONS } from "../receive/limits.ts";
import type { RejectReason } from "@fourwire/core";
import type { ReceivedMessage } from "./receiver.ts";

/** What waits in memory for the store before it is handed over, in records and characters. */
const SLICE = { rows: 8192, characters: 8 * 1024 * 1024 } as const;

/** Messages of up to this size are inflated at once: the stream's way costs more than they do. */
const QUICK_INFLATE = { compressedBytes: 64 * 1024, inflatedBytes: 2 * 1024 * 1024 } as const;

/** Decodes messages one after another into slices for the store. Whatever is wrong becomes a rejection with its bytes. */
export class MessageDecoder {
  readonly #pipeline: Pipeline;

  /** Without options each record is recognized and any is taken, and now is when it was observed. */
  constructor(
    options: Partial<Pick<PipelineOptions, "source" | "carrier" | "allowed" | "observedTime" | "onCanary">> = {},
  ) {
    this.#pipeline = new Pipeline({
      observedTime: observedNow(),
      ...options,
      origin: "",
      isKnownOurs: true,
      maxRejections: MAX_MESSAGE_REJECTIONS,
    });
  }

  /** True when enough waits to be taken to the store. */
  get isFull(): boolean {
    const { rows, characters } = this.#pipeline.waiting;
    return rows >= SLICE.rows || characters >= SLICE.characters;
  }

  take(): Decoded {
    return this.#pipeline.takeAll();
  }

  takeDropped(): Readonly<Record<string, number>> {
    return this.#pipeline.takeDropped();
  }

  /** Decodes a message; calls `flush` whenever a slice is full on the way, so that one message may hold any number. */
  async decode(message: ReceivedMessage, flush: () => Promise<void>): Promise<void> {
    this.#pipeline.startInput(message.origin);
    if (message.fault !== undefined) {
      this.#rejectWhole(message, message.fault.reason, message.fault.detail);
      return;
    }
    const bytes = Buffer.from(message.bytes.buffer, message.bytes.byteOffset, message.bytes.byteLength);
    const plain = quickInflate(bytes);
    if (plain === undefined) await this.#decodeStream(message, bytes, flush);
    else this.#decodePlain(message, plain);
    const { unkeptRejections } = this.#pipeline;
    if (unkeptRejections > 0) this.#rejectRest(message, unkeptRejections);
  }

  #decodePlain(message: ReceivedMessage, plain: Buffer): void {
    const whole = wholeDocument(plain);
    if (whole !== undefined) {
      this.#pipeline.accept(whole);
      return;
    }
    const splitter = this.#createSplitter();
    splitter.push(plain);
    this.#end(splitter, message);
  }

  async #decodeStream(message: ReceivedMessage, bytes: Buffer, flush: () => Promise<void>): Promise<void> {
    const splitter = this.#createSplitter();
    let inflatedBytes = 0;
    try {
      for await (const chunk of inflate(Readable.from([bytes]))) {
        inflatedBytes += chunk.length;
        if (inflatedBytes > MAX_MESSAGE_INFLATED_BYTES) {
          throw new InflateFault(
            "inflate_limit",
            `a message inflates to more than the limit of ${MAX_MESSAGE_INFLATED_BYTES} bytes`,
          );
        }
        splitter.push(chunk);
        if (this.isFull) await flush();
      }
      this.#end(splitter, message);
    } catch (error) {
      if (!(error instanceof InflateFault)) throw error;
      splitter.end();
      this.#rejectWhole(message, error.reason, error.message);
    }
  }

  #createSplitter(): DocumentSplitter {
    return new DocumentSplitter((piece) => this.#pipeline.accept(piece));
  }

  #end(splitter: DocumentSplitter, message: ReceivedMessage): void {
    splitter.end();
    if (splitter.isForeign && message.bytes.length > 0) this.#rejectWhole(message, "invalid_json", "not JSON");
  }

  #rejectWhole(message: ReceivedMessage, reason: RejectReason, detail: string): void {
    const bytes = Buffer.from(message.bytes);
    this.#pipeline.accept({ kind: "fault", reason, detail, position: 0, sizeBytes: bytes.length, bytes });
  }

  /** The message as it came stands for the rejections that were too many to keep. */
  #rejectRest(message: ReceivedMessage, count: number): void {
    this.#pipeline.startInput(message.origin);
    const detail = `${count} more values of this message could not be decoded; this is the message as it came`;
    this.#rejectWhole(message, "too_many_rejected", detail);
  }
}

/** The bytes without gzip when that takes no time; undefined when the stream has to do it, or to say what is wrong. */
function quickInflate(bytes: Buffer): Buffer | undefined {
  let plain = bytes;
  for (let layer = 0; isGzip(plain); layer++) {
    if (layer === MAX_GZIP_LAYERS || plain.length > QUICK_INFLATE.compressedBytes) return undefined;
    try {
      plain = gunzipSync(plain, { maxOutputLength: QUICK_INFLATE.inflatedBytes });
    } catch (error) {
      if (!isInflateError(error)) throw error;
      return undefined;
    }
  }
  return plain;
}

/** zlib's own errors, and its refusal to go beyond the limit. */
function isInflateError(error: unknown): boolean {
  const code: unknown = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" && (code.startsWith("Z_") || code === "ERR_BUFFER_TOO_LARGE");
}
