import { hash } from "node:crypto";
import {
  isObject,
  parseInstant,
  RecordBatchBuilder,
  redactSecrets,
  SOURCES,
  type Carrier,
  type DecodeContext,
  type JsonValue,
  type ReceivedRecord,
  type RecordBatch,
  type RejectReason,
  type SourceName,
  type SourceRecord,
  type UnixMillis,
} from "@fourwire/core";
import type { RejectedInput } from "@fourwire/store";
import { readCanaryUserAgent, type CanaryNote } from "./receivers/canary/canary-note.ts";
import { MAX_DEPTH, MAX_REJECTED_BYTES } from "./receive/limits.ts";
import type { DocumentPiece, FaultPiece, Piece } from "./receive/document-splitter.ts";
import { unwrap, type UnwrapSink } from "./receive/unwrap.ts";

/** What the pipeline made of the pieces since the last `take`. */
export interface Decoded {
  readonly batches: readonly RecordBatch[];
  readonly rejected: readonly RejectedInput[];
}

export interface PipelineOptions {
  /** Where the records come from, for rejected ones: a file path, a receiver's name. */
  readonly origin: string;
  /** Decode as this source whatever the shape; undefined: recognize each record. */
  readonly source?: SourceName | undefined;
  readonly observedTime: UnixMillis;
  /** The input is known to hold records of ours: a value of unknown shape is rejected, never a reason to skip it. */
  readonly isKnownOurs?: boolean;
  /** Rejections of one input that are kept; beyond, they are only counted. Undefined: all. */
  readonly maxRejections?: number;
  /** What is known of records that no wrapper says more about. */
  readonly carrier?: Carrier;
  /** Where the sender may send only some records; the others are rejected and kept. */
  readonly allowed?: AllowedRecords;
  /** Told of each of our own canaries that came back. */
  readonly onCanary?: ((note: CanaryNote) => void) | undefined;
}

/** What a sender may send; null is everything. */
export interface AllowedRecords {
  readonly sources: readonly string[] | null;
  /** Groups of CCP logs (`group_id`). */
  readonly groups: readonly string[] | null;
}

/** Values of unknown shape that are kept until the first record proves that the input is one of ours. */
const MAX_UNKNOWN_HELD = 100;

/** JSON inside a JSON string is not counted by the scanner; the engine's stack tells. */
const TOO_DEEP = `nested too deeply to be read; the limit is ${MAX_DEPTH} levels`;

/** Records and characters of one source in a batch: DuckDB takes 2,048 rows at a time. */
const BATCH_ROWS = 2048;
const BATCH_CHARACTERS = 1024 * 1024;

/**
 * The journey of a record up to the store, in one place:
 *
 *   piece of input -> unwrap -> decode (wire type or rejected) -> normalize (row) -> redact -> batch of the source
 *
 * Nothing here throws for bad data: what cannot be decoded becomes a `RejectedInput` with its bytes.
 */
export class Pipeline {
  readonly #options: PipelineOptions;
  readonly #builders = new Map<SourceName, RecordBatchBuilder>();
  readonly #contexts = new Map<SourceName, DecodeContext>();
  readonly #rejected: RejectedInput[] = [];
  readonly #unknown: RejectedInput[] = [];
  readonly #dropped = new Map<string, number>();
  readonly #sink: UnwrapSink = this.#makeSink();
  /** Of the piece that is being taken. */
  #position = 0;
  #origin: string;
  #recordCount = 0;
  /** Rejections of the present input: kept, and counted only. */
  #rejections = { kept: 0, unkept: 0 };
  #unknownSample: JsonValue | undefined;

  constructor(options: PipelineOptions) {
    this.#options = options;
    this.#origin = options.origin;
  }

  /** The pieces that follow come from another input. What waits to be taken stays; what was remembered of the last does not. */
  startInput(origin: string): void {
    this.#origin = origin;
    this.#contexts.clear();
    this.#rejections = { kept: 0, unkept: 0 };
  }

  accept(piece: Piece): void {
    if (piece.kind === "fault") {
      this.#keepRejected(this.#rejected, () => this.#rejectPiece(piece));
      return;
    }
    try {
      this.#acceptDocument(piece);
    } catch (error) {
      // The engine's stack ends at some depth of nesting: the only thing a wrapper is allowed to fail on.
      if (!(error instanceof RangeError)) throw error;
      this.#keepRejected(this.#rejected, () =>
        this.#reject("unknown", { reason: "too_deep", detail: TOO_DEEP, text: piece.text, position: piece.position }),
      );
    }
  }

  #acceptDocument(piece: DocumentPiece): void {
    const { source, carrier: known } = this.#options;
    const carrier: Carrier | undefined = piece.lineTime === undefined ? known : { ...known, time: piece.lineTime };
    this.#position = piece.position;
    const sink = this.#sink;
    if (source !== undefined && isObject(piece.value) && SOURCES[source].recognize(piece.value)) {
      sink.record(source, { value: piece.value, body: piece.text, carrier });
    } else {
      unwrap({ value: piece.value, text: piece.text, carrier }, sink);
    }
  }

  /** False while nothing was seen that a source recognizes: the input may be a file of something else. */
  get isOurs(): boolean {
    return this.#recordCount > 0 || this.#options.source !== undefined || this.#options.isKnownOurs === true;
  }

  /** True when so many values were seen, none of them ours, that the input is taken for foreign. */
  get isForeign(): boolean {
    return !this.isOurs && this.#unknown.length >= MAX_UNKNOWN_HELD;
  }

  /** A value of unknown shape, when there was one. */
  get unknownSample(): JsonValue | undefined {
    return this.#unknownSample;
  }

  /** True when enough records wait to be worth handing over; more would only grow old in memory. */
  get hasBatch(): boolean {
    for (const builder of this.#builders.values()) {
      if (builder.rowCount >= BATCH_ROWS || builder.sizeBytes >= BATCH_CHARACTERS) return true;
    }
    return this.#rejected.length >= BATCH_ROWS;
  }

  /** What waits to be taken. */
  get waiting(): { readonly rows: number; readonly characters: number } {
    const builders = [...this.#builders.values()];
    return {
      rows: this.#rejected.length + builders.reduce((sum, builder) => sum + builder.rowCount, 0),
      characters: builders.reduce((sum, builder) => sum + builder.sizeBytes, 0),
    };
  }

  /** Rejections of the present input that `maxRejections` kept out. */
  get unkeptRejections(): number {
    return this.#rejections.unkept;
  }

  /** What was left out on purpose since the last call, by reason. */
  takeDropped(): Readonly<Record<string, number>> {
    const dropped = Object.fromEntries(this.#dropped);
    this.#dropped.clear();
    return dropped;
  }

  /** Hands over what is ready. Values of unknown shape are held back until the input is known to be ours. */
  take(): Decoded {
    const batches = [...this.#builders.values()]
      .filter((builder) => builder.rowCount > 0)
      .map((builder) => builder.take());
    return { batches, rejected: [...this.#rejected.splice(0), ...(this.isOurs ? this.#unknown.splice(0) : [])] };
  }

  /** Hands over everything, also from an input that held no record of ours. */
  takeAll(): Decoded {
    const { batches, rejected } = this.take();
    return { batches, rejected: [...rejected, ...this.#unknown.splice(0)] };
  }

  /** Takes what the piece at `#position` holds. */
  #makeSink(): UnwrapSink {
    return {
      record: (source, received) => this.#acceptRecord(source, received, this.#position),
      unknown: (value, text, carrier) => {
        this.#unknownSample ??= value;
        if (this.isOurs || this.#unknown.length < MAX_UNKNOWN_HELD) {
          this.#keepRejected(this.#unknown, () =>
            this.#reject("unknown", {
              reason: "unknown_shape",
              detail: describeShape(value),
              text,
              position: this.#position,
              carrier,
            }),
          );
        }
      },
      fault: (reason, detail, text, carrier) => {
        this.#keepRejected(this.#rejected, () =>
          this.#reject(this.#options.source ?? "unknown", { reason, detail, text, position: this.#position, carrier }),
        );
      },
      dropped: (reason) => this.#drop(reason),
      canary: (note) => {
        this.#drop("canary");
        this.#options.onCanary?.(note);
      },
    };
  }

  /** A trail's canary is the record of an API call like any other, and stays one. */
  #noticeCanary(userAgent: unknown): void {
    const { onCanary } = this.#options;
    if (onCanary === undefined || typeof userAgent !== "string") return;
    const note = readCanaryUserAgent(userAgent);
    if (note !== undefined) onCanary(note);
  }

  #drop(reason: string): void {
    this.#dropped.set(reason, (this.#dropped.get(reason) ?? 0) + 1);
  }

  #acceptRecord(source: SourceName, received: ReceivedRecord, position: number): void {
    this.#recordCount++;
    const definition = SOURCES[source];
    const { body: text, carrier } = received;
    const denial = this.#denialOf(source, received);
    if (denial !== undefined) {
      this.#rejected.push(this.#reject(source, { reason: "not_allowed", detail: denial, text, position, carrier }));
      return;
    }
    try {
      const decoded = definition.decode(received);
      if (!decoded.ok) {
        const { rejected } = decoded;
        this.#keepRejected(this.#rejected, () => this.#reject(source, { ...rejected, text, position, carrier }));
        return;
      }
      const record = definition.normalize(decoded.value, received, this.#contextOf(source));
      this.#builderOf(source).add(redact(record), definition.refer?.(decoded.value));
      if (record.source === "cloudtrail") this.#noticeCanary(record["user_agent"]);
    } catch (error) {
      // The engine's stack ends at some depth of nesting: the only thing a decoder is allowed to fail on.
      if (!(error instanceof RangeError)) throw error;
      this.#keepRejected(this.#rejected, () =>
        this.#reject(source, { reason: "too_deep", detail: TOO_DEEP, text, position, carrier }),
      );
    }
  }

  #keepRejected(list: RejectedInput[], make: () => RejectedInput): void {
    if (this.#rejections.kept >= (this.#options.maxRejections ?? Number.POSITIVE_INFINITY)) {
      this.#rejections.unkept++;
      return;
    }
    this.#rejections.kept++;
    list.push(make());
  }

  /** Why the sender may not send this record; undefined when it may. */
  #denialOf(source: SourceName, received: ReceivedRecord): string | undefined {
    const { allowed } = this.#options;
    if (allowed === undefined) return undefined;
    if (allowed.sources !== null && !allowed.sources.includes(source))
      return `the token is for ${allowed.sources.join(", ")}, not for ${source}`;
    if (allowed.groups === null || source !== "ccp_log") return undefined;
    const group = received.carrier?.origin ?? "";
    return allowed.groups.includes(group) ? undefined : `the token is not for the group "${group.slice(0, 80)}"`;
  }

  #builderOf(source: SourceName): RecordBatchBuilder {
    let builder = this.#builders.get(source);
    if (builder === undefined) {
      builder = new RecordBatchBuilder(source);
      this.#builders.set(source, builder);
    }
    return builder;
  }

  #contextOf(source: SourceName): DecodeContext {
    let context = this.#contexts.get(source);
    if (context === undefined) {
      context = { digest, observedTime: this.#options.observedTime, memory: SOURCES[source].createMemory?.() };
      this.#contexts.set(source, context);
    }
    return context;
  }

  #rejectPiece(piece: FaultPiece): RejectedInput {
    // latin1 keeps every byte as it is, whatever the encoding; the credentials themselves are ASCII
    const body = Buffer.from(redactSecrets(piece.bytes.toString("latin1", 0, MAX_REJECTED_BYTES)), "latin1");
    const isWhole = piece.sizeBytes <= Math.min(piece.bytes.length, MAX_REJECTED_BYTES);
    return {
      source: this.#options.source ?? "unknown",
      reason: piece.reason,
      detail: piece.detail,
      origin: this.#origin,
      position: piece.position,
      // redaction changes the length of what is whole all the same
      size_bytes: isWhole ? body.length : piece.sizeBytes,
      body,
      carrier: this.#options.carrier,
    };
  }

  #reject(source: SourceName | "unknown", what: RejectedText): RejectedInput {
    const body = Buffer.from(redactSecrets(what.text));
    return {
      source,
      reason: what.reason,
      detail: what.detail,
      origin: this.#origin,
      position: what.position,
      size_bytes: body.length,
      body: body.subarray(0, MAX_REJECTED_BYTES),
      carrier: what.carrier,
    };
  }
}

interface RejectedText {
  readonly reason: RejectReason;
  readonly detail: string;
  readonly text: string;
  readonly position: number;
  /** What is known of it from its wrapper. */
  readonly carrier?: Carrier | undefined;
}

function digest(text: string): string {
  return hash("sha256", text, "base64url");
}

/** Every text of the record is cleaned once its body turns out to hold a credential. */
function redact(record: SourceRecord): SourceRecord {
  if (!canCarryCredentials(record) || redactSecrets(record.original_body) === record.original_body) return record;
  const cleaned = Object.entries(record).map(([name, value]) => [
    name,
    typeof value === "string" ? redactSecrets(value) : value,
  ]);
  return Object.fromEntries(cleaned) as SourceRecord;
}

/** The CCP's own log, and answers of services that hand out tokens. CloudTrail masks the others itself. */
function canCarryCredentials(record: SourceRecord): boolean {
  if (record.source === "ccp_log") return true;
  return record.source === "cloudtrail" && /Token|AssumeRole|Credential|AuthCode|SignIn/.test(record.event_name);
}

/** What a value looks like, for a person who wonders why it was not taken. */
export function describeShape(value: JsonValue): string {
  if (!isObject(value))
    return `a JSON ${Array.isArray(value) ? "array" : value === null ? "null" : typeof value}, not a record`;
  if (value["Actions"] !== undefined && value["StartAction"] !== undefined)
    return "a flow definition (Flow language), not a record";
  if (value["modules"] !== undefined && value["start"] !== undefined)
    return "a flow definition (version 1 export), not a record";
  const keys = Object.keys(value).slice(0, 6);
  return `no source has this shape; its keys are ${keys.map((key) => JSON.stringify(key.slice(0, 40))).join(", ")}`;
}

/** The present instant, for `observed_time`. */
export function observedNow(): UnixMillis {
  return parseInstant(Date.now()) ?? (0 as UnixMillis);
}
