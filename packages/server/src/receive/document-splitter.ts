import { isUtf8 } from "node:buffer";
import { parseInstant, type JsonValue, type RejectReason, type UnixMillis } from "@fourwire/core";
import { scanValues, JsonScanner, type ScannedValue } from "./json-scanner.ts";
import { MAX_DEPTH, MAX_RECORD_BYTES, MAX_REJECTED_BYTES } from "./limits.ts";

/** One JSON value of the input, or the place where there should have been one. */
export type Piece = DocumentPiece | FaultPiece;

export interface DocumentPiece {
  readonly kind: "document";
  readonly value: JsonValue;
  /** The exact text the value was parsed from. */
  readonly text: string;
  readonly position: number;
  /** The time in front of the value, as CloudWatch's export to S3 writes it. */
  readonly lineTime: UnixMillis | undefined;
}

export interface FaultPiece {
  readonly kind: "fault";
  readonly reason: RejectReason;
  readonly detail: string;
  readonly position: number;
  readonly sizeBytes: number;
  readonly bytes: Buffer;
}

const NEWLINE = 0x0a;

/** Enough to see what an input is: AWS's largest single records are 256 KB. */
const HEAD_BYTES = 512 * 1024;

/** A line of CloudWatch's export to S3: `2023-01-05T16:32:31.391Z {"ContactId":...}`. */
const EXPORT_LINE = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z) ([{[][\s\S]*)$/;

/** A list without records, such as a CloudTrail file of a quiet minute: nothing is in it and nothing is wrong with it. */
const EMPTY_WRAPPER = /^\s*(?:\[\s*\]|\{\s*"Records"\s*:\s*\[\s*\]\s*\})\s*$/;

/**
 * Splits inflated bytes into JSON values by looking at the content: one value a line where lines are values (a bad
 * line then costs only itself), any other arrangement of JSON through the scanner. `isText` says, once the head was
 * seen, whether it is JSON at all.
 */
export class DocumentSplitter {
  #mode: "undecided" | "lines" | "values" | "foreign" = "undecided";
  #held: Buffer[] = [];
  #heldBytes = 0;
  #position = 0;
  #scanner: JsonScanner | undefined;
  /** Bytes of an over-long line that were seen already; its rest is skipped. */
  #skippedBytes = 0;
  #skippedHead: Buffer = Buffer.alloc(0);
  readonly #emit: (piece: Piece) => void;

  /** `startPosition` is where the input begins in the file that positions are told of. */
  constructor(emit: (piece: Piece) => void, startPosition = 0) {
    this.#emit = emit;
    this.#position = startPosition;
  }

  /** True when the input is not JSON in any arrangement known here; nothing was emitted then. */
  get isForeign(): boolean {
    return this.#mode === "foreign";
  }

  push(chunk: Buffer): void {
    if (this.#mode === "undecided") {
      this.#held.push(chunk);
      this.#heldBytes += chunk.length;
      if (this.#heldBytes >= HEAD_BYTES) this.#decide();
      return;
    }
    this.#pushDecided(chunk);
  }

  end(): void {
    if (this.#mode === "undecided") this.#decide();
    if (this.#mode === "lines") this.#endLines();
    this.#scanner?.end();
  }

  #decide(): void {
    const joined = Buffer.concat(this.#held);
    const hasByteOrderMark = joined[0] === 0xef && joined[1] === 0xbb && joined[2] === 0xbf;
    const head = hasByteOrderMark ? joined.subarray(3) : joined;
    if (hasByteOrderMark) this.#position += 3;
    this.#held = [];
    this.#heldBytes = 0;
    this.#mode = arrangementOf(head);
    if (this.#mode === "values") this.#scanner = new JsonScanner((value) => this.#emitScanned(value), this.#position);
    this.#pushDecided(head);
  }

  #pushDecided(chunk: Buffer): void {
    if (this.#mode === "lines") this.#pushLines(chunk);
    else if (this.#mode === "values") this.#scanner?.push(chunk);
  }

  #pushLines(chunk: Buffer): void {
    const lastNewline = chunk.lastIndexOf(NEWLINE);
    if (lastNewline === -1) {
      this.#holdLine(chunk);
      return;
    }
    let from = 0;
    if (this.#heldBytes > 0 || this.#skippedBytes > 0) {
      const firstNewline = chunk.indexOf(NEWLINE);
      this.#holdLine(chunk.subarray(0, firstNewline));
      this.#endLines();
      from = firstNewline + 1;
      this.#position++;
    }
    if (from <= lastNewline) this.#emitLines(chunk.subarray(from, lastNewline));
    this.#position += from <= lastNewline ? lastNewline + 1 - from : 0;
    if (lastNewline + 1 < chunk.length) this.#holdLine(chunk.subarray(lastNewline + 1));
  }

  /** Keeps part of a line until its end arrives; a line beyond the record limit is only measured from there on. */
  #holdLine(bytes: Buffer): void {
    if (this.#skippedBytes > 0) {
      this.#skippedBytes += bytes.length;
      return;
    }
    this.#held.push(bytes);
    this.#heldBytes += bytes.length;
    if (this.#heldBytes <= MAX_RECORD_BYTES) return;
    this.#skippedBytes = this.#heldBytes;
    this.#skippedHead = Buffer.from(Buffer.concat(this.#held).subarray(0, MAX_REJECTED_BYTES));
    this.#held = [];
    this.#heldBytes = 0;
  }

  /** Emits the line that was held in parts. `#position` is its start and moves to its end. */
  #endLines(): void {
    if (this.#skippedBytes > 0) {
      this.#emit(tooLarge(this.#position, this.#skippedBytes, this.#skippedHead));
      this.#position += this.#skippedBytes;
      this.#skippedBytes = 0;
      return;
    }
    const line = Buffer.concat(this.#held);
    this.#held = [];
    this.#heldBytes = 0;
    if (line.length > 0) this.#emitLines(line);
    this.#position += line.length;
  }

  /** Emits whole lines. One decoding of the block and slices of it are several times faster than one per line. */
  #emitLines(block: Buffer): void {
    const text = block.toString("utf8");
    if (text.includes("\ufffd") && !isUtf8(block)) {
      this.#emitDoubtfulLines(block);
      return;
    }
    const isAscii = text.length === block.length;
    let position = this.#position;
    for (let from = 0; from <= text.length;) {
      const newline = text.indexOf("\n", from);
      const to = newline === -1 ? text.length : newline;
      const line = text.slice(from, to);
      this.#emitLine(line, position);
      position += (isAscii ? line.length : Buffer.byteLength(line)) + 1;
      from = to + 1;
    }
  }

  /** The block holds bytes that are not UTF-8: each line is looked at alone, so that only the bad ones are rejected. */
  #emitDoubtfulLines(block: Buffer): void {
    for (let from = 0; from <= block.length;) {
      const newline = block.indexOf(NEWLINE, from);
      const to = newline === -1 ? block.length : newline;
      const line = block.subarray(from, to);
      if (isUtf8(line)) this.#emitLine(line.toString("utf8"), this.#position + from);
      else this.#emit(invalidUtf8(this.#position + from, line));
      from = to + 1;
    }
  }

  #emitLine(line: string, position: number): void {
    const first = line.charCodeAt(0);
    if (first === 0x7b && !line.startsWith('{"Records"') && isWithinLimits(line)) {
      const value = parseJson(line);
      if (value !== undefined) {
        this.#emit({
          kind: "document",
          value,
          text: line.endsWith("\r") ? line.slice(0, -1) : line,
          position,
          lineTime: undefined,
        });
        return;
      }
    }
    if (line.trim() !== "") this.#emitUnusualLine(line, position);
  }

  #emitUnusualLine(line: string, position: number): void {
    const exported = EXPORT_LINE.exec(line.trimEnd());
    const body = exported?.[2] ?? line;
    if (exported !== null && isWithinLimits(body)) {
      const value = parseJson(body);
      if (value !== undefined) {
        this.#emit({ kind: "document", value, text: body, position, lineTime: parseInstant(exported[1]) });
        return;
      }
    }
    const bytes = Buffer.from(body);
    const values = /^\s*[{[]/.test(body)
      ? scanValues(bytes, position + (exported === null ? 0 : exported[0].length - body.length))
      : [];
    if (values.length === 0 && !EMPTY_WRAPPER.test(body)) this.#emit(invalidJson(position, bytes, whyNotJson(line)));
    for (const value of values) this.#emitScanned(value);
  }

  #emitScanned(scanned: ScannedValue): boolean {
    const isUnproven = scanned.fault === "unproven";
    const text = isUtf8(scanned.bytes) ? scanned.bytes.toString("utf8") : undefined;
    const isReadable = scanned.fault === undefined || (isUnproven && text !== undefined && isWithinLimits(text));
    const value = text === undefined || !isReadable ? undefined : parseJson(text);
    if (value !== undefined && text !== undefined) {
      this.#emit({ kind: "document", value, text, position: scanned.position, lineTime: undefined });
      return true;
    }
    if (isUnproven) return false;
    this.#emit(faultOf(scanned, text));
    return true;
  }
}

/**
 * The piece of an input that is one JSON object from its first byte to its last, as the splitter would emit it;
 * undefined for anything else, which the splitter has to look at. Most messages of a stream are one object.
 */
export function wholeDocument(bytes: Buffer): DocumentPiece | undefined {
  if (bytes[0] !== 0x7b || bytes.at(-1) !== 0x7d) return undefined;
  const text = bytes.toString("utf8");
  if (text.startsWith('{"Records"') || !isWithinLimits(text)) return undefined;
  if (text.includes("\ufffd") && !isUtf8(bytes)) return undefined;
  const value = parseJson(text);
  return value === undefined ? undefined : { kind: "document", value, text, position: 0, lineTime: undefined };
}

/** Why a scanned value could not be used. */
function faultOf(scanned: ScannedValue, text: string | undefined): FaultPiece {
  if (scanned.fault === "too_large") return tooLarge(scanned.position, scanned.sizeBytes, scanned.bytes);
  if (scanned.fault === "too_deep") return fault("too_deep", `nested deeper than ${MAX_DEPTH} levels`, scanned);
  if (text === undefined) return invalidUtf8(scanned.position, scanned.bytes);
  return fault("invalid_json", scanned.fault === "torn" ? "the value does not end" : whyNotJson(text), scanned);
}

/** Lines of the head that are looked at. */
const HEAD_LINES = 12;

/** How the values of an input are arranged, from its first bytes. */
export function arrangementOf(head: Buffer): "lines" | "values" | "foreign" {
  const text = head.toString("utf8");
  const seen = text.split("\n", HEAD_LINES + 1);
  const lines = seen.map((line) => line.trim()).filter((line) => line !== "");
  // the last line that is looked at has one after it that is not, which may show that it stands inside a value
  const judged = seen.length > HEAD_LINES ? lines.length - 1 : lines.length;
  // the last line of the head may be cut, so it proves nothing unless it is the only one
  const first = lines[0];
  if (first === undefined) return "foreign";
  if (isLineOfRecord(first)) return text.includes("\n") || head.length < HEAD_BYTES ? "lines" : "values";
  if (first.startsWith("[")) return "values";
  if (
    lines
      .slice(0, judged)
      .some(
        (line, index) => index > 0 && line.startsWith("{") && isLineOfRecord(line) && !isInsideValue(lines[index + 1]),
      )
  )
    return "lines";
  return first.startsWith("{") ? "values" : "foreign";
}

/** Whether the line after a whole value closes or continues a printed one, whose last element that value then was. */
function isInsideValue(nextLine: string | undefined): boolean {
  return nextLine !== undefined && /^[\]},]/.test(nextLine);
}

function isLineOfRecord(line: string): boolean {
  if (EXPORT_LINE.test(line)) return true;
  if (!line.startsWith("{")) return false;
  if (parseJson(line) !== undefined) return true;
  // several values on one line
  const values = scanValues(Buffer.from(line));
  return values.length > 1 && values.every((value) => value.fault === undefined);
}

/** False for a line that may be too large or too deep: the scanner then measures it. A line with few brackets is not deep. */
function isWithinLimits(line: string): boolean {
  if (line.length <= 2 * MAX_DEPTH) return true;
  // a character is at most three bytes
  if (line.length * 3 > MAX_RECORD_BYTES && Buffer.byteLength(line) > MAX_RECORD_BYTES) return false;
  let brackets = 0;
  for (const bracket of ["{", "["]) {
    for (let at = line.indexOf(bracket); at !== -1; at = line.indexOf(bracket, at + 1)) {
      if (++brackets > MAX_DEPTH) return false;
    }
  }
  return true;
}

function parseJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The engine's own words on what is wrong, without the text it quotes; comments get a word of their own. */
function whyNotJson(text: string): string {
  if (/^\s*\/\//m.test(text)) return "JSON has no comments; remove the lines that start with //";
  try {
    JSON.parse(text);
    return "not a JSON value";
  } catch (error) {
    return error instanceof Error ? error.message.slice(0, 200) : "not a JSON value";
  }
}

function fault(
  reason: RejectReason,
  detail: string,
  at: { readonly position: number; readonly sizeBytes: number; readonly bytes: Buffer },
): FaultPiece {
  return { kind: "fault", reason, detail, position: at.position, sizeBytes: at.sizeBytes, bytes: at.bytes };
}

function tooLarge(position: number, sizeBytes: number, bytes: Buffer): FaultPiece {
  return fault("too_large", `record of ${sizeBytes} bytes is larger than the limit of ${MAX_RECORD_BYTES}`, {
    position,
    sizeBytes,
    bytes,
  });
}

function invalidUtf8(position: number, bytes: Buffer): FaultPiece {
  return fault("invalid_utf8", "the bytes are not UTF-8", { position, sizeBytes: bytes.length, bytes });
}

function invalidJson(position: number, bytes: Buffer, detail: string): FaultPiece {
  return fault("invalid_json", detail, { position, sizeBytes: bytes.length, bytes });
}
