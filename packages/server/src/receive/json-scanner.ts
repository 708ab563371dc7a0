import { MAX_DEPTH, MAX_RECORD_BYTES, MAX_REJECTED_BYTES } from "./limits.ts";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const COMMA = 0x2c;
const COLON = 0x3a;
const NEWLINE = 0x0a;

/** One value cut out of the input. */
export interface ScannedValue {
  readonly bytes: Buffer;
  /** Offset of its first byte in the input. */
  readonly position: number;
  readonly sizeBytes: number;
  /** Why it cannot be used although its end was found; `unproven`: its end was guessed, so it may not be a value. */
  readonly fault: "too_large" | "too_deep" | "torn" | "unproven" | undefined;
}

/**
 * Cuts JSON values out of bytes that arrive in pieces, without parsing them: values after one another with or without
 * white space between them (Firehose writes `}{`), the elements of a top-level array, and the elements of
 * `{"Records":[...]}`, whose CloudTrail form may be larger than a JavaScript string can be.
 *
 * A raw newline inside a string is illegal in JSON and means the value was torn; the scanner gives up on it there and
 * goes on at the next line that starts with a bracket.
 */
export class JsonScanner {
  #held: Buffer[] = [];
  #heldBytes = 0;
  #position = 0;
  #start = 0;
  #depth = 0;
  /** Depth at which values are cut: 0, or that of the array whose elements are wanted. */
  #base = 0;
  #isInValue = false;
  #isInString = false;
  #isEscaped = false;
  #isScalar = false;
  #isSeeking = false;
  #isAfterRecords = false;
  #maxDepth = 0;
  /** Position of the first key's opening quote in a top-level object, to see whether it is "Records". */
  #key: { text: string; state: "reading" | "read" | "other" } | undefined;
  /** What stands between two elements of the array, once its first element was seen: `},{"eventVersion":`. */
  #separator: Buffer | undefined;
  readonly #emit: (value: ScannedValue) => boolean;

  /** `emit` answers whether the bytes are a JSON value; only for values cut at a likely place does the answer matter. */
  constructor(emit: (value: ScannedValue) => boolean, startPosition = 0) {
    this.#emit = emit;
    this.#position = startPosition;
  }

  push(chunk: Buffer): void {
    let from = 0;
    for (let index = 0; index < chunk.length; index++) {
      if (this.#isInString) {
        if (this.#key?.state !== "reading" && !this.#isEscaped) {
          // most bytes of a log record stand in strings: run through them without touching any state
          while (index < chunk.length && isPlain(chunk[index] as number)) index++;
          if (index === chunk.length) break;
        }
        const byte = chunk[index] as number;
        if (this.#isEscaped) this.#isEscaped = false;
        else if (byte === BACKSLASH) this.#isEscaped = true;
        else if (byte === QUOTE) this.#endString();
        else if (byte === NEWLINE) {
          this.#giveUp(chunk, from, index);
          from = index + 1;
        }
        if (this.#key?.state === "reading") this.#readKey(byte);
        continue;
      }
      const byte = chunk[index] as number;
      if (this.#isSeeking) {
        if (this.#isLineStart && (byte === OPEN_BRACE || byte === OPEN_BRACKET)) this.#isSeeking = false;
        else {
          this.#isLineStart = byte === NEWLINE;
          continue;
        }
      }
      if (!this.#isInValue) {
        if (this.#isStart(byte)) {
          const end = byte === OPEN_BRACE ? this.#likelyEnd(chunk, index) : -1;
          if (end !== -1) {
            index = end;
            continue;
          }
          this.#begin(byte, index);
          from = index;
        }
        continue;
      }
      if (this.#isScalar ? this.#endsScalar(byte) : this.#endsContainer(byte)) {
        const end = this.#isScalar ? index : index + 1;
        this.#finish(chunk, from, end);
        if (this.#isScalar) {
          this.#isScalar = false;
          index--;
        }
      } else if (this.#isDescending) {
        // the value turned out to be a wrapper whose elements are wanted: what was read of it is dropped
        this.#isDescending = false;
        this.#isInValue = false;
        this.#drop();
      }
    }
    this.#hold(chunk, from);
    this.#position += chunk.length;
  }

  #isLineStart = true;
  #isDescending = false;

  /** The input has ended: what is open is torn. */
  end(): void {
    if (!this.#isInValue) return;
    if (this.#isScalar) this.#finish(Buffer.alloc(0), 0, 0);
    else this.#release("torn");
  }

  #isStart(byte: number): boolean {
    if (byte <= 0x20 || byte === COMMA) return false;
    if (byte === CLOSE_BRACKET || byte === CLOSE_BRACE) {
      if (this.#depth > 0) this.#depth--;
      if (this.#depth < this.#base) {
        this.#isAfterRecords = this.#base === 2;
        this.#base = 0;
      }
      if (this.#depth === 0) this.#isAfterRecords = false;
      return false;
    }
    if (this.#isAfterRecords) {
      // members after "Records" in the wrapper object carry nothing of ours
      if (byte === QUOTE) this.#isInString = true;
      else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) this.#depth++;
      return false;
    }
    if (byte === OPEN_BRACKET && this.#depth === 0) {
      this.#depth = 1;
      this.#base = 1;
      return false;
    }
    return true;
  }

  /**
   * Elements of one array mostly start with the same key, so the next `},{"key":` mostly is the end of this one. Taken
   * only when the bytes up to there are a JSON value; otherwise they are followed byte by byte. Returns the index of
   * the element's last byte, or -1.
   */
  #likelyEnd(chunk: Buffer, index: number): number {
    if (this.#separator === undefined || this.#base === 0) return -1;
    const end = chunk.indexOf(this.#separator, index);
    if (end === -1 || end - index > MAX_RECORD_BYTES) return -1;
    const bytes = chunk.subarray(index, end + 1);
    const isTaken = this.#emit({ bytes, position: this.#position + index, sizeBytes: bytes.length, fault: "unproven" });
    return isTaken ? end : -1;
  }

  #begin(byte: number, index: number): void {
    this.#isInValue = true;
    this.#start = this.#position + index;
    this.#maxDepth = 0;
    this.#key = byte === OPEN_BRACE && this.#depth === 0 ? { text: "", state: "reading" } : undefined;
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) this.#depth++;
    else {
      this.#isScalar = true;
      this.#isInString = byte === QUOTE;
    }
  }

  #endString(): void {
    this.#isInString = false;
  }

  #readKey(byte: number): void {
    const key = this.#key;
    if (key === undefined) return;
    if (byte === QUOTE) key.state = key.text === "Records" ? "read" : "other";
    else if (key.text.length < 8) key.text += String.fromCharCode(byte);
    else key.state = "other";
  }

  #endsScalar(byte: number): boolean {
    if (byte === QUOTE) {
      this.#isInString = true;
      return false;
    }
    return byte === NEWLINE || byte === COMMA || byte === CLOSE_BRACKET || byte === OPEN_BRACE;
  }

  /** Follows one byte inside an object or array; true when it closes the value. */
  #endsContainer(byte: number): boolean {
    switch (byte) {
      case QUOTE:
        this.#isInString = true;
        if (this.#key?.state === "read") this.#key.state = "other";
        return false;
      case OPEN_BRACKET:
        if (this.#key?.state === "read" && this.#depth === 1) {
          this.#depth = 2;
          this.#base = 2;
          this.#key = undefined;
          this.#isDescending = true;
          return false;
        }
        this.#deepen();
        return false;
      case OPEN_BRACE:
        this.#deepen();
        return false;
      case CLOSE_BRACE:
      case CLOSE_BRACKET:
        this.#depth--;
        return this.#depth === this.#base;
      default:
        if (this.#key?.state === "read" && byte > 0x20 && byte !== COLON) this.#key.state = "other";
        return false;
    }
  }

  #deepen(): void {
    this.#depth++;
    if (this.#key?.state === "read") this.#key.state = "other";
    const relative = this.#depth - this.#base;
    if (relative > this.#maxDepth) this.#maxDepth = relative;
  }

  #finish(chunk: Buffer, from: number, end: number): void {
    this.#hold(chunk.subarray(0, end), from);
    this.#release(this.#maxDepth > MAX_DEPTH ? "too_deep" : undefined);
  }

  #giveUp(chunk: Buffer, from: number, index: number): void {
    this.#hold(chunk.subarray(0, index), from);
    if (this.#isInValue) this.#release("torn");
    this.#isInString = false;
    this.#isEscaped = false;
    this.#isScalar = false;
    this.#isSeeking = true;
    this.#isLineStart = true;
    this.#isAfterRecords = false;
    this.#depth = 0;
    this.#base = 0;
  }

  /** Keeps the bytes of the open value up to the record limit; beyond it only counts them. */
  #hold(chunk: Buffer, from: number): void {
    if (!this.#isInValue || from >= chunk.length) return;
    const bytes = chunk.subarray(from);
    if (this.#heldBytes <= MAX_RECORD_BYTES) this.#held.push(bytes);
    this.#heldBytes += bytes.length;
  }

  #release(fault: ScannedValue["fault"]): void {
    const isTooLarge = this.#heldBytes > MAX_RECORD_BYTES;
    const bytes = this.#held.length === 1 ? (this.#held[0] as Buffer) : Buffer.concat(this.#held);
    if (this.#separator === undefined && this.#base > 0) this.#separator = separatorAfter(bytes);
    this.#emit({
      bytes: isTooLarge ? bytes.subarray(0, MAX_REJECTED_BYTES) : bytes,
      position: this.#start,
      sizeBytes: this.#heldBytes,
      fault: isTooLarge ? "too_large" : fault,
    });
    this.#drop();
    this.#isInValue = false;
  }

  #drop(): void {
    this.#held = [];
    this.#heldBytes = 0;
    this.#key = undefined;
  }
}

/** `},{"key":` from the first key of an element; undefined where it has none. */
function separatorAfter(element: Buffer): Buffer | undefined {
  const start = /^\{"[^"\\]{1,64}":/.exec(element.toString("latin1", 0, 80))?.[0];
  return start === undefined ? undefined : Buffer.from(`},${start}`, "latin1");
}

function isPlain(byte: number): boolean {
  return byte !== QUOTE && byte !== BACKSLASH && byte !== NEWLINE;
}

/** Cuts the values out of bytes that are all there. */
export function scanValues(bytes: Buffer, startPosition = 0): readonly ScannedValue[] {
  const values: ScannedValue[] = [];
  const scanner = new JsonScanner((value) => value.fault !== "unproven" && values.push(value) > 0, startPosition);
  scanner.push(bytes);
  scanner.end();
  return values;
}
