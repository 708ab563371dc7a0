import { MAX_DEPTH, MAX_RECORD_BYTES, MAX_REJECTED_BYTES } from "./limits.ts";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const COMMA = 0x2c;
const COLON = 0x3a;
const SPACE = 0x20;
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

/** The first key of a top-level object, to see whether it is "Records" and has an array. */
class FirstKey {
  #text = "";
  #state: "reading" | "read" | "other";

  constructor(isWanted: boolean) {
    this.#state = isWanted ? "reading" : "other";
  }

  get isReading(): boolean {
    return this.#state === "reading";
  }

  get isRecords(): boolean {
    return this.#state === "read";
  }

  /** A byte of the first string. */
  read(byte: number): void {
    if (byte === QUOTE) this.#state = this.#text === "Records" ? "read" : "other";
    else if (this.#text.length < 8) this.#text += String.fromCharCode(byte);
    else this.#state = "other";
  }

  /** A byte between the key and its value, or of a value that is no array. */
  pass(byte: number): void {
    if (this.#state === "read" && byte > SPACE && byte !== COLON) this.#state = "other";
  }
}

const NO_KEY = new FirstKey(false);

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
  #isLineStart = true;
  /** The array of a wrapper has ended, the wrapper itself has not. */
  #isAfterRecords = false;
  #maxDepth = 0;
  /** Where in the current chunk the open value starts. */
  #from = 0;
  #key = NO_KEY;
  /** What stands between two elements of the array, once its first element was seen: `},{"eventVersion":`. */
  #separator: Buffer | undefined;
  readonly #emit: (value: ScannedValue) => boolean;

  /** `emit` answers whether the bytes are a JSON value; only for values cut at a likely place does the answer matter. */
  constructor(emit: (value: ScannedValue) => boolean, startPosition = 0) {
    this.#emit = emit;
    this.#position = startPosition;
  }

  push(chunk: Buffer): void {
    this.#from = 0;
    for (let index = 0; index < chunk.length; index++) {
      index = this.#isInString ? this.#stepInString(chunk, index) : this.#stepOutside(chunk, index);
    }
    this.#hold(chunk, this.#from);
    this.#position += chunk.length;
  }

  /** The input has ended: what is open is torn. */
  end(): void {
    if (!this.#isInValue) return;
    this.#release(this.#isScalar ? undefined : "torn");
  }

  // Each step looks at one byte, or runs over several that change nothing, and returns the index of the last one.

  #stepInString(chunk: Buffer, start: number): number {
    let index = start;
    if (!this.#key.isReading && !this.#isEscaped) {
      // most bytes of a log record stand in strings: run through them without touching any state
      while (index < chunk.length && isPlain(chunk[index] as number)) index++;
      if (index === chunk.length) return index;
    }
    const byte = chunk[index] as number;
    if (this.#isEscaped) this.#isEscaped = false;
    else if (byte === BACKSLASH) this.#isEscaped = true;
    else if (byte === QUOTE) this.#isInString = false;
    else if (byte === NEWLINE) this.#giveUp(chunk, index);
    if (this.#key.isReading) this.#key.read(byte);
    return index;
  }

  #stepOutside(chunk: Buffer, index: number): number {
    if (this.#isSeeking) return this.#stepSeeking(chunk, index);
    if (!this.#isInValue) return this.#stepBetween(chunk, index);
    return this.#isScalar ? this.#stepInScalar(chunk, index) : this.#stepInContainer(chunk, index);
  }

  /** After a torn value: passes over everything up to a line that starts with a bracket. */
  #stepSeeking(chunk: Buffer, index: number): number {
    const byte = chunk[index] as number;
    if (this.#isLineStart && (byte === OPEN_BRACE || byte === OPEN_BRACKET)) {
      this.#isSeeking = false;
      return this.#stepBetween(chunk, index);
    }
    this.#isLineStart = byte === NEWLINE;
    return index;
  }

  #stepBetween(chunk: Buffer, index: number): number {
    const byte = chunk[index] as number;
    if (byte <= SPACE || byte === COMMA) return index;
    if (byte === CLOSE_BRACKET || byte === CLOSE_BRACE) this.#leave();
    else if (this.#isAfterRecords) this.#passOver(byte);
    else if (byte === OPEN_BRACKET && this.#depth === 0) this.#enter(1);
    else {
      const end = byte === OPEN_BRACE ? this.#likelyEnd(chunk, index) : -1;
      if (end !== -1) return end;
      this.#begin(byte, index);
    }
    return index;
  }

  /** A number, a word or a string that stands where a record should; it ends before what cannot belong to it. */
  #stepInScalar(chunk: Buffer, index: number): number {
    const byte = chunk[index] as number;
    if (byte === QUOTE) this.#isInString = true;
    if (byte !== NEWLINE && byte !== COMMA && byte !== CLOSE_BRACKET && byte !== OPEN_BRACE) return index;
    this.#finish(chunk, index);
    this.#isScalar = false;
    return index - 1;
  }

  #stepInContainer(chunk: Buffer, index: number): number {
    const byte = chunk[index] as number;
    if (byte === QUOTE) {
      this.#isInString = true;
      this.#key.pass(byte);
    } else if (byte === OPEN_BRACKET && this.#depth === 1 && this.#key.isRecords) {
      // the value turns out to be a wrapper whose elements are wanted: what was read of it is dropped
      this.#enter(2);
      this.#isInValue = false;
      this.#drop();
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) this.#deepen(byte);
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      this.#depth--;
      if (this.#depth === this.#base) this.#finish(chunk, index + 1);
    } else this.#key.pass(byte);
    return index;
  }

  /** Goes into an array at a depth, whose elements are the values to cut out. */
  #enter(depth: number): void {
    this.#depth = depth;
    this.#base = depth;
  }

  /** A bracket closes between values: the array of elements, or the wrapper around it. */
  #leave(): void {
    if (this.#depth > 0) this.#depth--;
    if (this.#depth < this.#base) {
      this.#isAfterRecords = this.#base === 2;
      this.#base = 0;
    }
    if (this.#depth === 0) this.#isAfterRecords = false;
  }

  /** Members after "Records" in the wrapper object carry nothing of ours. */
  #passOver(byte: number): void {
    if (byte === QUOTE) this.#isInString = true;
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) this.#depth++;
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
    this.#from = index;
    this.#start = this.#position + index;
    this.#maxDepth = 0;
    this.#key = byte === OPEN_BRACE && this.#depth === 0 ? new FirstKey(true) : NO_KEY;
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) this.#depth++;
    else {
      this.#isScalar = true;
      this.#isInString = byte === QUOTE;
    }
  }

  #deepen(byte: number): void {
    this.#depth++;
    this.#key.pass(byte);
    const relative = this.#depth - this.#base;
    if (relative > this.#maxDepth) this.#maxDepth = relative;
  }

  #finish(chunk: Buffer, end: number): void {
    this.#hold(chunk.subarray(0, end), this.#from);
    this.#release(this.#maxDepth > MAX_DEPTH ? "too_deep" : undefined);
  }

  #giveUp(chunk: Buffer, index: number): void {
    this.#hold(chunk.subarray(0, index), this.#from);
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
    this.#key = NO_KEY;
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
