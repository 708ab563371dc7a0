import { AwsCallError } from "../aws/aws-call.ts";
import { BackOff } from "../aws/back-off.ts";
import type { ReceivedMessage, ReceiverContext } from "../receiver.ts";
import type { ReceiverMeter } from "../receiver-meter.ts";
import { MIN_READ_MS, type KinesisReceiverConfig } from "./config.ts";
import { judgeGap, type GapSuspicion } from "./gap-check.ts";
import { recordMessages } from "./record-messages.ts";
import { asTime, FROM_OLDEST, type ShardPosition } from "./shard-position.ts";
import type { Slots } from "../slots.ts";
import type { ListedShard, ShardBatch, StreamApi } from "./stream-api.ts";
import type { StreamPositions } from "./stream-positions.ts";

/** Messages decoded and stored at once; an aggregate may hold any number. */
const MAX_DELIVERY = 10_000;

/** How often the position of an idle shard is saved, so that a later restart knows that nothing expired unread. */
const SEEN_SAVE_MS = 10 * 60_000;

/** Kinesis throttles whoever reads fast as a matter of course; told only from this many times in a row on. */
const THROTTLES_TOLD = 3;

export interface Trouble {
  readonly kind: "failing" | "denied" | "missing";
  readonly detail: string;
}

/** What all readers of a stream share. */
export interface StreamReading {
  readonly api: StreamApi;
  readonly config: KinesisReceiverConfig;
  readonly context: ReceiverContext;
  readonly meter: ReceiverMeter;
  readonly positions: StreamPositions;
  readonly slots: Slots;
  readonly signal: AbortSignal;
  /** How long the stream keeps records. */
  retentionMs(): number;
  /** Whether the stream is still the one whose positions these are; when not, the readers are about to be stopped. */
  isSameStream(): Promise<boolean>;
  /** The shard was read to its end and that is saved. */
  ended(id: string, children: ShardBatch["children"]): void;
  /** Something does not fit: the shard or the stream may be gone. */
  suspect(): void;
}

/** Reads one shard from its position to its end, one batch in memory at a time. */
export class ShardReader {
  readonly #stream: StreamReading;
  readonly #id: string;
  readonly #backOff = new BackOff();
  #position: ShardPosition;
  #savedSeenTime: number;
  #iterator: string | undefined;
  #suspicion: GapSuspicion | undefined;
  #throttles = 0;
  #lastReadTime = 0;
  #behindMs: number | undefined;
  #trouble: Trouble | undefined;
  #isDelivering = false;

  constructor(stream: StreamReading, shard: Pick<ListedShard, "id">, position: ShardPosition) {
    this.#stream = stream;
    this.#id = shard.id;
    this.#position = position;
    this.#savedSeenTime = seenTimeOf(position) ?? stream.context.now();
  }

  get trouble(): Trouble | undefined {
    return this.#trouble;
  }

  get seenTime(): number | undefined {
    return seenTimeOf(this.#position);
  }

  /** How far the newest stored record is behind the newest there is, ms; undefined before the first answer. */
  lagMs(): number | undefined {
    if (this.#behindMs === undefined) return undefined;
    const isHeldUp = this.#isDelivering || this.#trouble !== undefined;
    return this.#behindMs + (isHeldUp ? this.#stream.context.now() - this.#lastReadTime : 0);
  }

  /** The shard is gone: nothing more is asked of it or saved for it. */
  abandon(): void {
    this.#position = { kind: "ended" };
  }

  /** Resolves at the shard's end or when the signal is aborted. */
  async run(): Promise<void> {
    const { signal, slots, context } = this.#stream;
    while (!signal.aborted && this.#position.kind !== "ended") {
      const waitMs = await slots.use(() => this.#turn());
      if (waitMs > 0) await context.sleep(waitMs, signal);
    }
    await this.#saveSeen();
  }

  /** One read and all that follows from it; returns how long to wait before the next. */
  async #turn(): Promise<number> {
    if (this.#stream.signal.aborted) return 0;
    try {
      const batch = await this.#read();
      await this.#judge(batch);
      await this.#deliver(batch);
      await this.#advance(batch);
      this.#trouble = undefined;
      this.#throttles = 0;
      this.#backOff.reset();
      return this.#waitAfter(batch);
    } catch (error) {
      return this.#stream.signal.aborted ? 0 : this.#waitAfterFailure(error);
    }
  }

  async #read(): Promise<ShardBatch> {
    const { api, config, context, signal } = this.#stream;
    this.#iterator ??= await this.#openIterator();
    this.#lastReadTime = context.now();
    const batch = await api.records(this.#iterator, config.batch_records, signal);
    this.#behindMs = batch.behindMs;
    return batch;
  }

  async #openIterator(): Promise<string> {
    const { api, signal } = this.#stream;
    this.#suspicion ??= this.#suspectExpired(seenTimeOf(this.#position));
    try {
      const iterator = await api.iterator(this.#id, this.#position, signal);
      if (this.#position.kind === "start") this.#position = asTime(this.#position);
      return iterator;
    } catch (error) {
      if (!isNamed(error, "InvalidArgumentException") || this.#position.kind !== "after") throw error;
      if (!(await this.#stream.isSameStream())) throw error;
      // The sequence number is no longer known, so what followed it may be gone: the oldest record is the next best.
      const from = this.#position.seenTime;
      this.#suspicion ??= { from, horizon: undefined, reason: `the position in ${this.#id} was no longer accepted` };
      this.#position = { ...FROM_OLDEST, seenTime: from };
      return api.iterator(this.#id, this.#position, signal);
    }
  }

  async #judge(batch: ShardBatch): Promise<void> {
    const { context, positions, meter, signal } = this.#stream;
    const suspicion = this.#suspicion ?? this.#overtaken(batch);
    if (suspicion === undefined) return;
    const gap = judgeGap(suspicion, batch, context.now());
    this.#suspicion = gap === "unknown" ? suspicion : undefined;
    if (gap === "unknown" || gap === "none") return;
    meter.gap(gap);
    await positions.saveGap(gap, signal);
  }

  /** A reader that is further behind than the stream keeps records is moved past the deleted ones without a word. */
  #overtaken(batch: ShardBatch): GapSuspicion | undefined {
    if (this.#position.kind !== "after") return undefined;
    const suspicion = this.#suspectExpired(this.#position.seenTime);
    const arrival = batch.records[0]?.arrivalTime;
    const isOldStillServed = suspicion?.horizon !== undefined && arrival !== undefined && arrival <= suspicion.horizon;
    return isOldStillServed ? undefined : suspicion;
  }

  #suspectExpired(seenTime: number | undefined): GapSuspicion | undefined {
    const horizon = this.#stream.context.now() - this.#stream.retentionMs();
    if (seenTime === undefined || seenTime >= horizon) return undefined;
    return { from: seenTime, horizon, reason: `records of ${this.#id} may have expired before they were read` };
  }

  async #deliver(batch: ShardBatch): Promise<void> {
    this.#isDelivering = true;
    try {
      let messages: ReceivedMessage[] = [];
      for (const record of batch.records) {
        for (const message of recordMessages(`${this.#stream.api.name}/${this.#id}`, record)) {
          if (message.bytes.length === 0) this.#stream.meter.dropped("empty_record");
          else messages.push(message);
          if (messages.length < MAX_DELIVERY) continue;
          await this.#deliverMessages(messages);
          messages = [];
        }
      }
      if (messages.length > 0) await this.#deliverMessages(messages);
    } finally {
      this.#isDelivering = false;
    }
  }

  async #deliverMessages(messages: readonly ReceivedMessage[]): Promise<void> {
    const { context, meter, signal } = this.#stream;
    const result = await context.deliver(messages, signal, (reason) => {
      this.#trouble = {
        kind: "failing",
        detail: `the store takes no records (${reason}); reading waits, nothing is lost`,
      };
    });
    meter.stored(result);
  }

  /** What was read is stored: the position moves behind it, and only now. */
  async #advance(batch: ShardBatch): Promise<void> {
    const { positions, signal, context } = this.#stream;
    const seenTime = Math.max(this.#lastReadTime - batch.behindMs, seenTimeOf(this.#position) ?? 0);
    const last = batch.records.at(-1);
    const isEnd = batch.nextIterator === undefined;
    if (isEnd) {
      const saved = new Map<string, ShardPosition>([[this.#id, { kind: "ended" }]]);
      for (const { id } of batch.children) if (!positions.shards.has(id)) saved.set(id, FROM_OLDEST);
      await positions.saveShards(saved, signal);
      this.#position = { kind: "ended" };
      this.#stream.ended(this.#id, batch.children);
      return;
    }
    const next: ShardPosition =
      last === undefined
        ? withSeenTime(this.#position, seenTime)
        : { kind: "after", sequenceNumber: last.sequenceNumber, seenTime };
    if (last !== undefined || context.now() - this.#savedSeenTime > SEEN_SAVE_MS) {
      await positions.saveShards(new Map([[this.#id, next]]), signal);
      this.#savedSeenTime = context.now();
    }
    this.#position = next;
    this.#iterator = batch.nextIterator;
  }

  #waitAfter(batch: ShardBatch): number {
    const { config, context } = this.#stream;
    const pause = batch.behindMs > 0 ? MIN_READ_MS : config.poll_interval;
    return Math.max(0, this.#lastReadTime + pause - context.now());
  }

  #waitAfterFailure(error: unknown): number {
    const kind = error instanceof AwsCallError ? error.failure.kind : "transient";
    // an iterator lives five minutes and may be what is wrong: only the throttled one is used again
    if (kind !== "throttled") this.#iterator = undefined;
    if (isNamed(error, "ExpiredIteratorException")) return MIN_READ_MS;
    if (kind === "missing" || kind === "refused") this.#stream.suspect();
    this.#throttles = kind === "throttled" ? this.#throttles + 1 : 0;
    if (kind !== "throttled" || this.#throttles >= THROTTLES_TOLD) {
      const told = kind === "denied" || kind === "missing" ? kind : "failing";
      this.#trouble = { kind: told, detail: error instanceof Error ? error.message : String(error) };
    }
    return this.#backOff.next(kind);
  }

  /** At the end of a run: how far an idle shard was seen. */
  async #saveSeen(): Promise<void> {
    const seenTime = seenTimeOf(this.#position);
    if (seenTime === undefined || seenTime <= this.#savedSeenTime) return;
    const once = AbortSignal.abort();
    try {
      await this.#stream.positions.saveShards(new Map([[this.#id, this.#position]]), once);
    } catch (error) {
      // the store refuses even now: an idle day more in front of the next start, and at worst a gap that is none
      if (error !== once.reason) throw error;
    }
  }
}

function seenTimeOf(position: ShardPosition): number | undefined {
  return position.kind === "ended" ? undefined : position.seenTime;
}

function withSeenTime(position: ShardPosition, seenTime: number): ShardPosition {
  return position.kind === "ended" ? position : { ...position, seenTime };
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof AwsCallError && error.failure.name === name;
}
