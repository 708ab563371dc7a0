import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { ChecksumStream } from "./wal-checksum.ts";

// The frames of DuckDB's write-ahead log, version 2, as storage version 64 writes it (seen with 1.5.6): a header of eight
// bytes, then frames of size (u64, little endian), checksum (u64) and an entry. An entry is DuckDB's binary
// serialization: field 100 holds the kind in one byte. A commit ends with an entry of kind `flush`.

/** Kinds of entries that we tell apart. */
export const ENTRY_KINDS = { useTable: 25, insert: 26, rowGroup: 27, checkpoint: 99, flush: 100 } as const;

/** The header: entry `wal_version`, value 2. */
export const WAL_HEADER = Uint8Array.from([0x64, 0x00, 0x62, 0x65, 0x00, 0x02, 0xff, 0xff]);

/** Bytes of size and checksum before each entry. */
export const FRAME_BYTES = 16;

const FLUSH_ENTRY = Uint8Array.from([0x64, 0x00, ENTRY_KINDS.flush, 0xff, 0xff]);

const WINDOW_BYTES = 4 * 1024 * 1024;

/** A frame that is whole: its entry lies at `start + FRAME_BYTES`, its checksum is right. */
export interface Frame {
  readonly start: number;
  readonly end: number;
  /** One of `ENTRY_KINDS`, or another. */
  readonly kind: number;
  /** The checksum as text, for telling commits apart. */
  readonly checksum: string;
}

/**
 * Reads a log at any position through one window. Reading blocks: it happens while a store opens, before anything else
 * runs, at about 1 GB/s.
 */
export class WalReader {
  readonly #file: number;
  readonly sizeBytes: number;
  #window: Uint8Array = new Uint8Array(0);
  #windowStart = 0;

  constructor(path: string) {
    this.#file = openSync(path, "r");
    this.sizeBytes = fstatSync(this.#file).size;
  }

  close(): void {
    closeSync(this.#file);
  }

  /** At most a window of bytes; fewer at the end of the file. The next call may overwrite them. */
  bytes(from: number, count: number): Uint8Array {
    const isInside = from >= this.#windowStart && from + count <= this.#windowStart + this.#window.length;
    if (!isInside) {
      const wanted = Math.min(WINDOW_BYTES, Math.max(0, this.sizeBytes - from));
      const buffer = new Uint8Array(wanted);
      const read = wanted === 0 ? 0 : readSync(this.#file, buffer, 0, wanted, from);
      this.#window = buffer.subarray(0, read);
      this.#windowStart = from;
    }
    const offset = from - this.#windowStart;
    return this.#window.subarray(offset, offset + Math.min(count, WINDOW_BYTES));
  }

  /** A copy of the bytes, however many. */
  copy(from: number, to: number): Uint8Array {
    const copy = new Uint8Array(to - from);
    for (let at = from; at < to; at += WINDOW_BYTES)
      copy.set(this.bytes(at, Math.min(WINDOW_BYTES, to - at)), at - from);
    return copy;
  }

  hasHeader(): boolean {
    const header = this.bytes(0, WAL_HEADER.length);
    return header.length === WAL_HEADER.length && header.every((byte, index) => byte === WAL_HEADER[index]);
  }

  /** Where the frame at this position would end; undefined when its size is not plausible. */
  frameEnd(start: number): number | undefined {
    const size = this.#sizeAt(start);
    if (size === undefined || size < FLUSH_ENTRY.length) return undefined;
    const end = start + FRAME_BYTES + size;
    return end <= this.sizeBytes ? end : undefined;
  }

  /** True when the file ends in the middle of the frame at this position. */
  isCutOff(start: number): boolean {
    const size = this.#sizeAt(start);
    return size === undefined || start + FRAME_BYTES + size > this.sizeBytes;
  }

  /** Undefined at the end of the file. A number beyond 2^53 is rounded, and beyond any file all the same. */
  #sizeAt(start: number): number | undefined {
    const head = this.bytes(start, FRAME_BYTES);
    if (head.length < FRAME_BYTES) return undefined;
    const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
    return view.getUint32(4, true) * 2 ** 32 + view.getUint32(0, true);
  }

  /** The frame at this position; undefined when it is cut off, or its checksum does not fit. */
  frame(start: number): Frame | undefined {
    const end = this.frameEnd(start);
    if (end === undefined) return undefined;
    const head = this.bytes(start, FRAME_BYTES);
    const stored = new DataView(head.buffer, head.byteOffset, head.byteLength);
    const [low, high] = [stored.getUint32(8, true), stored.getUint32(12, true)];
    const kind = this.#kindAt(start + FRAME_BYTES);
    const checksum = new ChecksumStream();
    for (let at = start + FRAME_BYTES; at < end; at += WINDOW_BYTES)
      checksum.add(this.bytes(at, Math.min(WINDOW_BYTES, end - at)));
    const isWhole = kind !== undefined && checksum.matches(low, high);
    return isWhole ? { start, end, kind, checksum: `${high}.${low}` } : undefined;
  }

  /** The next whole frame at or after a position, where the sizes no longer lead from one to the next. */
  findFrame(from: number): Frame | undefined {
    for (let at = from; at + FRAME_BYTES + FLUSH_ENTRY.length <= this.sizeBytes; at++) {
      if (this.#kindAt(at + FRAME_BYTES) === undefined) continue;
      const frame = this.frame(at);
      if (frame !== undefined) return frame;
    }
    return undefined;
  }

  /** True when the last bytes of the file were a flush entry once: most of them still are. */
  endsLikeFlush(from: number): boolean {
    const marker = flushFrame();
    if (this.sizeBytes - from !== marker.length) return false;
    const tail = this.bytes(from, marker.length);
    return tail.filter((byte, index) => byte === marker[index]).length > (2 * marker.length) / 3;
  }

  /** Every entry begins with the field of its kind and goes on with another field or the end. */
  #kindAt(position: number): number | undefined {
    const head = this.bytes(position, 5);
    if (head.length < 5 || head[0] !== 0x64 || head[1] !== 0) return undefined;
    const goesOn = (head[3] === 0x65 && head[4] === 0) || (head[3] === 0xff && head[4] === 0xff);
    return goesOn ? head[2] : undefined;
  }
}

/** The frame that ends a commit: the same bytes each time. */
export function flushFrame(): Uint8Array {
  return frameOf(FLUSH_ENTRY);
}

function frameOf(entry: Uint8Array): Uint8Array {
  const frame = new Uint8Array(FRAME_BYTES + entry.length);
  const view = new DataView(frame.buffer);
  view.setUint32(0, entry.length, true);
  const checksum = new ChecksumStream();
  checksum.add(entry);
  const { low, high } = checksum.value();
  view.setUint32(8, low, true);
  view.setUint32(12, high, true);
  frame.set(entry, FRAME_BYTES);
  return frame;
}
