import type { Column } from "./column.ts";
import type { JsonObject } from "./json.ts";
import type { SourceName, SourceRecord, UnixMillis } from "./record.ts";
import type { Decoded } from "./rejected.ts";

/** What carried a record: facts of the wrapper that the record itself lacks. */
export interface Carrier {
  /** The time the wrapper gives (CloudWatch `timestamp`, EventBridge `time`). */
  readonly time?: UnixMillis;
  /** The wrapper's id for the record (CloudWatch `logEvents[].id`, EventBridge `id`). */
  readonly id?: string;
  readonly accountId?: string;
  readonly region?: string;
  /** CloudWatch log group, EventBridge source, Operata group id. */
  readonly origin?: string;
}

/** One record cut out of its file or message, parsed but not yet decoded. */
export interface ReceivedRecord {
  readonly value: JsonObject;
  /** The record as received: the exact text that `value` was parsed from. */
  readonly body: string;
  readonly carrier: Carrier | undefined;
}

/** What a decoder may use besides the record. Core has no clock and no hash of its own. */
export interface DecodeContext {
  /** SHA-256 of the text, base64url. */
  readonly digest: (text: string) => string;
  readonly observedTime: UnixMillis;
  /** Per-stream memory of a source (open softphone calls of a browser context); made by `SourceDefinition.createMemory`. */
  readonly memory: unknown;
}

/** One contact names another. */
export interface ContactLink {
  readonly contact_id: string;
  readonly relation: "initial" | "previous" | "next" | "related";
  readonly other_contact_id: string;
}

/** What a record says about contacts beyond its own `contact_id` column. */
export interface ContactReferences {
  /** Every contact the record names (an agent event may list several). */
  readonly contactIds: readonly string[];
  readonly links: readonly ContactLink[];
}

/**
 * One source. `recognize` looks at the shape only, never at a file name. `decode` turns the parsed JSON into the wire
 * type (Amazon's names and casing) or says why not; `normalize` makes the row and cannot fail.
 */
export interface SourceDefinition<Wire = unknown> {
  readonly name: SourceName;
  /** The source's own columns, after the common ones. */
  readonly columns: readonly Column[];
  recognize(value: JsonObject): boolean;
  decode(received: ReceivedRecord): Decoded<Wire>;
  normalize(wire: Wire, received: ReceivedRecord, context: DecodeContext): SourceRecord;
  /** Contacts the record names besides `contact_id`; absent where there are never any. */
  refer?(wire: Wire): ContactReferences;
  /** Fresh memory for one stream, where the source needs any. */
  createMemory?(): unknown;
}

/** Digits whose order is that of their character codes, so that ids sort by time. */
const TIME_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~";
const TIME_LENGTH = 8;

/**
 * The record id: 8 characters of event time (so that ids sort by time and a look-up knows which day to open) and 16 of
 * the SHA-256 over source and identity, 96 bits. `identity` is the vendor's id, or the content where there is none.
 */
export function makeRecordId(parts: {
  readonly source: SourceName;
  readonly identity: string;
  readonly eventTime: UnixMillis;
  readonly digest: (text: string) => string;
}): string {
  return timePrefix(parts.eventTime) + parts.digest(`${parts.source}\n${parts.identity}`).slice(0, 16);
}

/** Records arrive in rough time order: the upper six digits, 4 s wide, are mostly those of the record before. */
let lastUpper = -1;
let lastUpperText = "";

function timePrefix(time: UnixMillis): string {
  const upper = Math.floor(time / 4096);
  if (upper !== lastUpper) {
    lastUpper = upper;
    lastUpperText = digitsOf(upper, TIME_LENGTH - 2);
  }
  return lastUpperText + TIME_DIGITS.charAt(Math.floor(time / 64) % 64) + TIME_DIGITS.charAt(time % 64);
}

function digitsOf(value: number, length: number): string {
  let rest = value;
  let digits = "";
  for (let index = 0; index < length; index++) {
    digits = TIME_DIGITS.charAt(rest % 64) + digits;
    rest = Math.floor(rest / 64);
  }
  return digits;
}

/** The event time inside a record id; undefined when the text is not one. */
export function recordTimeOf(recordId: string): UnixMillis | undefined {
  if (!/^[\w~]{8}[\w-]{16}$/.test(recordId)) return undefined;
  let time = 0;
  for (const character of recordId.slice(0, TIME_LENGTH)) time = time * 64 + TIME_DIGITS.indexOf(character);
  return time as UnixMillis;
}
