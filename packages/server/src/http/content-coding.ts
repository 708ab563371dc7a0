import type { Transform } from "node:stream";
import { createGunzip, createInflate, createInflateRaw, gunzipSync } from "node:zlib";
import { AppError } from "@fourwire/core";
import { isGzip } from "../receive/inflate.ts";
import { MAX_GZIP_LAYERS } from "../receive/limits.ts";
import { inflateZstd, isZstd, ZstdFault } from "../receive/zstd.ts";

/** What `Content-Encoding` may name. */
export const CODINGS = ["gzip", "deflate", "zstd", "identity"] as const;

type Coding = Exclude<(typeof CODINGS)[number], "identity">;

/** Up to here any ratio is accepted: small bodies of few distinct lines compress a lot. */
const RATIO_FREE_BYTES = 32 * 1024 * 1024;

/** A body up to this size is inflated at once; a stream costs more than it. */
const SYNC_BYTES = 16 * 1024;

export interface InflateLimits {
  readonly maxBytes: number;
  readonly maxRatio: number;
  /** Told of every inflated chunk before the next one is made; may throw. */
  readonly hold: (bytes: number) => void;
}

/**
 * The body with its content codings taken off, the last one applied first, and then any gzip or zstd that the content
 * itself shows: neither can be mistaken for JSON, and files are posted as they are. Throws `encoding_unsupported`,
 * `body_too_large` as soon as a limit is passed, `parameter_invalid` for damaged bytes.
 */
export async function decodeBody(
  body: Buffer,
  header: string | undefined,
  limits: InflateLimits,
): Promise<readonly Buffer[]> {
  let chunks: readonly Buffer[] = [body];
  for (const coding of codingsOf(header).toReversed()) chunks = await inflateLayer(coding, chunks, limits, body.length);
  for (let layer = 0; ; layer++) {
    const coding = codingInside(chunks[0]);
    if (coding === undefined) return chunks;
    if (layer === MAX_GZIP_LAYERS) throw tooManyLayers();
    chunks = await inflateLayer(coding, chunks, limits, body.length);
  }
}

/** The codings of the header in the order they were applied. */
function codingsOf(header: string | undefined): readonly Coding[] {
  const names = (header ?? "").split(",").map((name) => name.trim().toLowerCase().replace(/^x-/, ""));
  const codings = names.filter((name) => name !== "" && name !== "identity");
  const known = codings.filter((name): name is Coding => name === "gzip" || name === "deflate" || name === "zstd");
  if (known.length < codings.length) {
    const unknown = codings.find((name) => !CODINGS.some((coding) => coding === name)) ?? "";
    throw new AppError(
      "encoding_unsupported",
      `content-encoding "${unknown.slice(0, 40)}" is not supported; use ${CODINGS.join(", ")}`,
    );
  }
  if (known.length > MAX_GZIP_LAYERS) throw tooManyLayers();
  return known;
}

function tooManyLayers(): AppError {
  return new AppError("body_too_large", `the body is compressed more than ${MAX_GZIP_LAYERS} times`);
}

function codingInside(head: Buffer | undefined): Coding | undefined {
  if (head === undefined) return undefined;
  if (isGzip(head)) return "gzip";
  return isZstd(head) ? "zstd" : undefined;
}

async function inflateLayer(
  coding: Coding,
  chunks: readonly Buffer[],
  limits: InflateLimits,
  sentBytes: number,
): Promise<readonly Buffer[]> {
  const input = chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
  const counter = new InflateCounter(limits, sentBytes);
  try {
    if (coding === "zstd") await inflateZstd(input, (chunk) => counter.take(chunk));
    else if (coding === "gzip" && input.length <= SYNC_BYTES) counter.take(inflateAtOnce(input, counter));
    else await inflateStream(coding === "gzip" ? createGunzip() : deflateStream(input), input, counter);
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    if (!(cause instanceof ZstdFault) && !isZlibError(cause)) throw cause;
    throw new AppError("parameter_invalid", `the body is not ${coding}: ${cause.message}`, { cause });
  }
  return counter.chunks;
}

/** Collects inflated chunks and stops at the limits. */
class InflateCounter {
  readonly chunks: Buffer[] = [];
  readonly maxBytes: number;
  readonly #limits: InflateLimits;
  #bytes = 0;

  constructor(limits: InflateLimits, sentBytes: number) {
    this.#limits = limits;
    this.maxBytes = Math.min(limits.maxBytes, Math.max(RATIO_FREE_BYTES, limits.maxRatio * sentBytes));
  }

  take(chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes > this.maxBytes) throw this.tooLarge();
    this.#limits.hold(chunk.length);
    this.chunks.push(chunk);
  }

  tooLarge(): AppError {
    return new AppError(
      "body_too_large",
      `the body inflates to more than ${this.maxBytes} bytes (limits.max_inflated and limits.max_inflate_ratio); send fewer records at once`,
    );
  }
}

function inflateAtOnce(input: Buffer, counter: InflateCounter): Buffer {
  try {
    return gunzipSync(input, { maxOutputLength: counter.maxBytes });
  } catch (cause) {
    if (isErrorWithCode(cause) && cause.code === "ERR_BUFFER_TOO_LARGE") throw counter.tooLarge();
    throw cause;
  }
}

/** `deflate` is the zlib format; some clients send the bare one, whose first byte looks different. */
function deflateStream(input: Buffer): Transform {
  const head = input.length < 2 ? 0 : input.readUInt16BE(0);
  const isZlib = ((head >>> 8) & 0x0f) === 8 && head % 31 === 0 && head !== 0;
  return isZlib ? createInflate() : createInflateRaw();
}

async function inflateStream(inflater: Transform, input: Buffer, counter: InflateCounter): Promise<void> {
  inflater.end(input);
  // leaving the loop by a throw destroys the stream, so that nothing more is inflated
  for await (const chunk of inflater) if (Buffer.isBuffer(chunk)) counter.take(chunk);
}

function isZlibError(error: unknown): error is Error {
  return isErrorWithCode(error) && error.code.startsWith("Z_");
}

function isErrorWithCode(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && "code" in error && typeof error.code === "string";
}
