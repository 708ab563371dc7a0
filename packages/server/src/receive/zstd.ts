import { Decompress } from "fzstd";

// fzstd on every version of Node, also those whose zlib has zstd: one decoder, one behaviour, one set of tests.

/** Largest window a frame may ask for: what RFC 9659 allows for zstd as a content coding. A decoder allocates it whole. */
const MAX_ZSTD_WINDOW_BYTES = 8 * 1024 * 1024;

/** Compressed bytes that are inflated between two turns of the event loop. */
const SLICE_BYTES = 64 * 1024;

const FRAME_MAGIC = 0xfd2fb528;
const SKIPPABLE_MAGIC = 0x184d2a5;
const MAX_BLOCK_BYTES = 128 * 1024;

/** The bytes are no zstd, are cut off, or ask for more memory than is given. */
export class ZstdFault extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "ZstdFault";
  }
}

export function isZstd(bytes: Uint8Array): boolean {
  return bytes[0] === 0x28 && bytes[1] === 0xb5 && bytes[2] === 0x2f && bytes[3] === 0xfd;
}

/**
 * Inflates zstd frames, one after another. Throws `ZstdFault`; what `take` throws goes through, and ends the work.
 * The optional checksum at the end of a frame is not compared: the transport has its own.
 */
export async function inflateZstd(bytes: Buffer, take: (chunk: Buffer) => void): Promise<void> {
  checkFrames(bytes);
  let thrownByTake: unknown;
  const decompress = new Decompress((chunk) => {
    // the decoder goes on using its buffer
    try {
      take(Buffer.from(chunk));
    } catch (error) {
      thrownByTake = error;
      throw error;
    }
  });
  for (let from = 0; from < bytes.length || from === 0; from += SLICE_BYTES) {
    try {
      decompress.push(bytes.subarray(from, from + SLICE_BYTES), from + SLICE_BYTES >= bytes.length);
    } catch (cause) {
      if (thrownByTake !== undefined) throw thrownByTake;
      throw new ZstdFault(`zstd data is damaged: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Walks all frames by their headers, before anything is allocated for them. */
function checkFrames(bytes: Buffer): void {
  if (bytes.length === 0) throw new ZstdFault("zstd data is empty");
  for (let at = 0; at < bytes.length;) at = endOfFrame(bytes, at);
}

function endOfFrame(bytes: Buffer, start: number): number {
  const magic = readUnsigned(bytes, start, 4);
  if (magic >>> 4 === SKIPPABLE_MAGIC) {
    const end = start + 8 + readUnsigned(bytes, start + 4, 4);
    if (end > bytes.length) throw cutOff();
    return end;
  }
  if (magic !== FRAME_MAGIC) throw new ZstdFault("the bytes are not zstd");
  const header = readHeader(bytes, start);
  if (header.hasDictionary) throw new ZstdFault("zstd with a dictionary cannot be read");
  if (header.windowBytes > MAX_ZSTD_WINDOW_BYTES) {
    throw new ZstdFault(
      `zstd asks for a window of ${header.windowBytes} bytes, more than the limit of ${MAX_ZSTD_WINDOW_BYTES}`,
    );
  }
  return endOfBlocks(bytes, header.end) + (header.hasChecksum ? 4 : 0);
}

interface FrameHeader {
  readonly windowBytes: number;
  readonly hasDictionary: boolean;
  readonly hasChecksum: boolean;
  readonly end: number;
}

/** RFC 8878, section 3.1.1.1. */
function readHeader(bytes: Buffer, start: number): FrameHeader {
  const descriptor = readUnsigned(bytes, start + 4, 1);
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const sizeFlag = descriptor >>> 6;
  const sizeBytes = sizeFlag === 0 ? Number(isSingleSegment) : 2 ** sizeFlag;
  const windowAt = start + 5;
  const dictionaryAt = windowAt + Number(!isSingleSegment);
  const sizeAt = dictionaryAt + dictionaryBytes;
  return {
    windowBytes: isSingleSegment
      ? readUnsigned(bytes, sizeAt, sizeBytes) + (sizeFlag === 1 ? 256 : 0)
      : windowOf(readUnsigned(bytes, windowAt, 1)),
    hasDictionary: dictionaryBytes > 0 && readUnsigned(bytes, dictionaryAt, dictionaryBytes) !== 0,
    hasChecksum: (descriptor & 4) !== 0,
    end: sizeAt + sizeBytes,
  };
}

function windowOf(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >>> 3));
  return base + (base / 8) * (descriptor & 7);
}

function endOfBlocks(bytes: Buffer, start: number): number {
  for (let at = start; ;) {
    const header = readUnsigned(bytes, at, 3);
    const type = (header >>> 1) & 3;
    const size = header >>> 3;
    if (type === 3 || size > MAX_BLOCK_BYTES) throw new ZstdFault("zstd data is damaged: no such block");
    // a block of type 1 repeats one byte
    at += 3 + (type === 1 ? 1 : size);
    if (at > bytes.length) throw cutOff();
    if ((header & 1) === 1) return at;
  }
}

/** Little endian; up to 8 bytes. A size beyond 2^53 loses digits and stays beyond every limit. */
function readUnsigned(bytes: Buffer, at: number, length: number): number {
  if (at + length > bytes.length) throw cutOff();
  if (length <= 6) return length === 0 ? 0 : bytes.readUIntLE(at, length);
  return bytes.readUIntLE(at, 4) + bytes.readUIntLE(at + 4, 4) * 2 ** 32;
}

function cutOff(): ZstdFault {
  return new ZstdFault("zstd data is cut off");
}
