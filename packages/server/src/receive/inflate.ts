import { createReadStream } from "node:fs";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { INFLATE_RATIO_FREE_BYTES, MAX_GZIP_LAYERS, MAX_INFLATE_RATIO } from "./limits.ts";

/** The input's bytes ended early for a reason that names a record-level rejection. */
export class InflateFault extends Error {
  readonly reason: "corrupt_gzip" | "inflate_limit";

  constructor(reason: "corrupt_gzip" | "inflate_limit", message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "InflateFault";
    this.reason = reason;
  }
}

const READ_BYTES = 1024 * 1024;

/** Bytes of a file, `end` excluded. */
export interface FilePart {
  readonly start: number;
  readonly end: number;
}

export interface ReadProgress {
  /** Bytes read from the file so far, before inflating. */
  bytesRead: number;
}

/**
 * The file's bytes with every layer of gzip taken off (by content, not by name), several members after one another
 * included. Throws `InflateFault` after the last good byte when a layer is damaged or inflates beyond reason.
 */
export async function* readInflated(path: string, progress: ReadProgress, part?: FilePart): AsyncGenerator<Buffer> {
  const range = part === undefined ? {} : { start: part.start, end: part.end - 1 };
  const file = createReadStream(path, { highWaterMark: READ_BYTES, ...range });
  yield* inflateLayers(countBytes(file, progress), progress, MAX_GZIP_LAYERS);
}

/** The same for a stream of bytes that is not a file. */
export function inflate(source: Readable): AsyncGenerator<Buffer> {
  const progress: ReadProgress = { bytesRead: 0 };
  return inflateLayers(countBytes(source, progress), progress, MAX_GZIP_LAYERS);
}

async function* countBytes(file: Readable, progress: ReadProgress): AsyncGenerator<Buffer> {
  for await (const chunk of file) {
    progress.bytesRead += (chunk as Buffer).length;
    yield chunk as Buffer;
  }
}

async function* inflateLayers(
  source: AsyncGenerator<Buffer>,
  progress: ReadProgress,
  layers: number,
): AsyncGenerator<Buffer> {
  const head = await readHead(source);
  const rest = prepend(head, source);
  if (!isGzip(head)) {
    yield* rest;
    return;
  }
  if (layers === 0) throw new InflateFault("inflate_limit", `more than ${MAX_GZIP_LAYERS} layers of gzip`);
  yield* inflateLayers(gunzip(rest, progress), progress, layers - 1);
}

/** At least two bytes where there are two: enough to see gzip's signature. */
async function readHead(source: AsyncGenerator<Buffer>): Promise<Buffer> {
  let head: Buffer = Buffer.alloc(0);
  while (head.length < 2) {
    const next = await source.next();
    if (next.done === true) break;
    head = head.length === 0 ? next.value : Buffer.concat([head, next.value]);
  }
  return head;
}

async function* prepend(head: Buffer, rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  if (head.length > 0) yield head;
  yield* rest;
}

export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

async function* gunzip(source: AsyncGenerator<Buffer>, progress: ReadProgress): AsyncGenerator<Buffer> {
  const inflater = createGunzip({ chunkSize: READ_BYTES });
  const feeding = feed(source, inflater);
  let inflatedBytes = 0;
  try {
    for await (const chunk of everythingOf(inflater)) {
      inflatedBytes += chunk.length;
      if (inflatedBytes > INFLATE_RATIO_FREE_BYTES && inflatedBytes > progress.bytesRead * MAX_INFLATE_RATIO) {
        throw new InflateFault(
          "inflate_limit",
          `inflates to more than ${MAX_INFLATE_RATIO} times its size, which no log does`,
        );
      }
      yield chunk;
    }
    await feeding;
  } catch (cause) {
    if (cause instanceof InflateFault || !isZlibError(cause)) throw cause;
    throw new InflateFault("corrupt_gzip", `gzip data is damaged or cut off: ${(cause as Error).message}`, { cause });
  } finally {
    inflater.destroy();
  }
}

/**
 * What was inflated, and only then why there is no more of it. Iterating a stream drops what waits in it when it fails:
 * a slow reader of a cut-off file would lose good records.
 */
async function* everythingOf(inflater: ReturnType<typeof createGunzip>): AsyncGenerator<Buffer> {
  let failure: Error | undefined;
  let wake: (() => void) | undefined;
  for (const event of ["readable", "end", "close"]) inflater.on(event, () => wake?.());
  inflater.on("error", (error) => {
    failure = error;
    wake?.();
  });
  for (;;) {
    const chunk = inflater.read() as Buffer | null;
    if (chunk !== null) yield chunk;
    else if (failure !== undefined) throw failure;
    else if (inflater.readableEnded || inflater.closed) return;
    else {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }
}

async function feed(source: AsyncGenerator<Buffer>, inflater: ReturnType<typeof createGunzip>): Promise<void> {
  try {
    for await (const chunk of source) {
      if (inflater.destroyed) return;
      if (!inflater.write(chunk)) await new Promise<void>((resolve) => onceWritable(inflater, resolve));
    }
    inflater.end();
  } catch (error) {
    inflater.destroy(error as Error);
  }
}

/** Waits until the inflater takes more, or is gone. */
function onceWritable(inflater: ReturnType<typeof createGunzip>, resolve: () => void): void {
  const done = (): void => {
    inflater.off("drain", done);
    inflater.off("close", done);
    resolve();
  };
  inflater.on("drain", done);
  inflater.on("close", done);
}

function isZlibError(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return typeof code === "string" && code.startsWith("Z_");
}
