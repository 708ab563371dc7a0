import { AwsCallError } from "../aws/aws-call.ts";
import { BackOff } from "../aws/back-off.ts";
import type { Receiver, ReceiverContext, ReceiverStatus } from "../receiver.ts";
import { ReceiverMeter } from "../receiver-meter.ts";
import type { KinesisReceiverConfig } from "./config.ts";
import { ShardGraph } from "./shard-graph.ts";
import { FROM_OLDEST, type ShardPosition } from "./shard-position.ts";
import { ShardReader, type StreamReading, type Trouble } from "./shard-reader.ts";
import { Slots } from "../slots.ts";
import { StreamApi, type ListedShard, type ShardBatch, type StreamDescription } from "./stream-api.ts";
import { StreamPositions } from "./stream-positions.ts";

/** How often the shards are listed without a reason, and how soon again with one. */
const DISCOVER_MS = { usual: 30_000, least: 1_000 } as const;

/**
 * Reads every shard of one Kinesis stream. One process owns a stream: positions are its own, and two processes would
 * each read all of it.
 */
export class KinesisReceiver implements Receiver {
  readonly #config: KinesisReceiverConfig;
  readonly #context: ReceiverContext;
  readonly #api: StreamApi;
  readonly #meter: ReceiverMeter;
  readonly #graph = new ShardGraph();
  readonly #slots: Slots;
  readonly #readers = new Map<string, { readonly reader: ShardReader; readonly done: Promise<void> }>();
  readonly #stopping = new AbortController();
  /** Aborted when the stream turns out to be another one, or at the stop. */
  #reading = new AbortController();
  #nudge = new AbortController();
  #positions: StreamPositions | undefined;
  #description: StreamDescription | undefined;
  #trouble: Trouble | undefined;
  #running: Promise<void> | undefined;

  /** Throws `config_invalid` or `secret_missing`; nothing is asked of AWS before `start`. */
  constructor(config: KinesisReceiverConfig, context: ReceiverContext) {
    this.#config = config;
    this.#context = context;
    this.#api = new StreamApi(config, context.now);
    this.#slots = new Slots(config.concurrent_shards);
    this.#meter = new ReceiverMeter({
      name: config.name,
      type: "kinesis",
      behindMs: config.behind_after,
      now: context.now,
    });
  }

  start(): void {
    this.#running ??= this.#run();
  }

  status(): ReceiverStatus {
    if (!this.#stopping.signal.aborted) this.#measure();
    return this.#meter.status();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#reading.abort();
    this.#nudge.abort();
    await this.#running;
    await this.#endReaders();
    this.#api.close();
    this.#meter.stopped();
  }

  async #run(): Promise<void> {
    const backOff = new BackOff();
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      let waitMs: number = DISCOVER_MS.usual;
      try {
        await this.#discover();
        this.#trouble = undefined;
        backOff.reset();
      } catch (error) {
        if (signal.aborted) return;
        this.#trouble = troubleOf(error);
        waitMs = backOff.next(error instanceof AwsCallError ? error.failure.kind : "transient");
      }
      await this.#context.sleep(DISCOVER_MS.least, signal);
      await this.#context.sleep(waitMs, this.#nudge.signal);
      if (!signal.aborted) this.#nudge = new AbortController();
    }
  }

  /** Looks at the stream and its shards, and reads those that can be read. */
  async #discover(): Promise<void> {
    const { signal } = this.#stopping;
    const positions = (this.#positions ??= await this.#loadPositions());
    const description = await this.#api.describe(signal);
    const shards = await this.#api.listShards(signal);
    this.#description = description;
    await this.#identify(positions, description, shards);
    this.#graph.add(shards);
    this.#addKnown(positions);
    await this.#dropGone(positions, shards);
    this.#startReady(positions);
  }

  async #loadPositions(): Promise<StreamPositions> {
    const { checkpoints, sleep } = this.#context;
    const positions = await StreamPositions.load({ checkpoints, receiver: this.#config.name, sleep });
    for (const gap of positions.gaps) this.#meter.gap(gap);
    return positions;
  }

  /** Decides whether this is the stream that was read before, and where to begin when it is not. */
  async #identify(
    positions: StreamPositions,
    description: StreamDescription,
    shards: readonly ListedShard[],
  ): Promise<void> {
    const { arn, createdTime } = description;
    const known = positions.identity;
    if (known?.arn === arn && known.createdTime === createdTime) return;
    const { signal } = this.#stopping;
    await this.#endReaders();
    this.#graph.clear();
    const isRecreated = known?.arn === arn;
    if (isRecreated) await this.#tellRecreated(positions, createdTime);
    const starts = shards.map(
      (shard) => [shard.id, isRecreated ? FROM_OLDEST : this.#firstPosition(shard, description)] as const,
    );
    await positions.begin({ arn, createdTime }, new Map(starts), signal);
  }

  /** What an earlier run knew of: shards read to their end, and shards that are not listed any more. */
  #addKnown(positions: StreamPositions): void {
    for (const [id, position] of positions.shards) {
      this.#graph.add([{ id, parents: [] }]);
      if (position.kind === "ended") this.#graph.end(id);
    }
  }

  async #tellRecreated(positions: StreamPositions, createdTime: number): Promise<void> {
    const seenTimes = [...positions.shards.values()].flatMap((position) =>
      position.kind === "ended" || position.seenTime === undefined ? [] : [position.seenTime],
    );
    const from = Math.min(createdTime, ...seenTimes);
    const gap = { from, to: createdTime, reason: "the stream was deleted and created again; its old records are gone" };
    this.#meter.gap(gap);
    await positions.saveGap(gap, this.#stopping.signal);
  }

  /** Where a shard begins that the very first start finds. */
  #firstPosition(shard: ListedShard, { serviceTime }: StreamDescription): ShardPosition {
    switch (this.#config.start) {
      case "TRIM_HORIZON":
        return FROM_OLDEST;
      case "AT_TIMESTAMP":
        return { kind: "start", from: "AT_TIMESTAMP", time: this.#config.start_time ?? 0, seenTime: undefined };
      case "LATEST":
        if (shard.isClosed) return { kind: "ended" };
        return { kind: "start", from: "LATEST", time: serviceTime, seenTime: serviceTime };
    }
  }

  /** Forgets what Kinesis no longer has: shards read to their end, and those that expired with their records. */
  async #dropGone(positions: StreamPositions, shards: readonly ListedShard[]): Promise<void> {
    const { signal } = this.#stopping;
    const listed = new Set(shards.map(({ id }) => id));
    const isGone = (id: string): boolean =>
      !listed.has(id) && (this.#graph.isEnded(id) || this.#readers.get(id)?.reader.trouble?.kind === "missing");
    const gone = [...new Set([...this.#graph.ids, ...positions.shards.keys()])].filter(isGone);
    for (const id of gone) {
      const reader = this.#readers.get(id)?.reader;
      const seenTime = reader?.seenTime;
      reader?.abandon();
      this.#graph.remove(id);
      this.#readers.delete(id);
      const to = this.#context.now() - this.#retentionMs();
      if (seenTime === undefined || seenTime >= to) continue;
      const gap = { from: seenTime, to, reason: `${id} expired before it was read to its end` };
      this.#meter.gap(gap);
      await positions.saveGap(gap, signal);
    }
    if (gone.length > 0) await positions.forget(gone, signal);
  }

  #startReady(positions: StreamPositions): void {
    if (this.#reading.signal.aborted) return;
    const stream = this.#streamReading(positions);
    for (const id of this.#graph.takeReady()) {
      const position = positions.shards.get(id) ?? FROM_OLDEST;
      const reader = new ShardReader(stream, { id }, position);
      this.#readers.set(id, { reader, done: reader.run() });
    }
  }

  #streamReading(positions: StreamPositions): StreamReading {
    return {
      api: this.#api,
      config: this.#config,
      context: this.#context,
      meter: this.#meter,
      positions,
      slots: this.#slots,
      signal: this.#reading.signal,
      retentionMs: () => this.#retentionMs(),
      isSameStream: () => this.#isSameStream(positions),
      ended: (id, children) => this.#ended(positions, id, children),
      suspect: () => this.#nudge.abort(),
    };
  }

  #ended(positions: StreamPositions, id: string, children: ShardBatch["children"]): void {
    this.#graph.add(children);
    this.#graph.end(id);
    this.#readers.delete(id);
    this.#startReady(positions);
    // Kinesis tells the children with the last batch; the list is asked as well, for those it did not tell
    this.#nudge.abort();
  }

  async #isSameStream(positions: StreamPositions): Promise<boolean> {
    const { createdTime } = await this.#api.describe(this.#stopping.signal);
    const isSame = positions.identity?.createdTime === createdTime;
    if (!isSame) this.#nudge.abort();
    return isSame;
  }

  #retentionMs(): number {
    return this.#description?.retentionMs ?? Number.POSITIVE_INFINITY;
  }

  /** Ends every reader; what is being stored is stored and its position saved. */
  async #endReaders(): Promise<void> {
    this.#reading.abort();
    await Promise.all([...this.#readers.values()].map(({ done }) => done));
    this.#readers.clear();
    if (!this.#stopping.signal.aborted) this.#reading = new AbortController();
  }

  /** Brings the meter up to date with the shards: the worst of them is what is told. */
  #measure(): void {
    const readers = [...this.#readers.values()].map(({ reader }) => reader);
    const troubles = [this.#trouble, ...readers.map(({ trouble }) => trouble)].filter(
      (trouble) => trouble !== undefined,
    );
    const lags = readers.map((reader) => reader.lagMs()).filter((lag) => lag !== undefined);
    const lagMs = lags.length === 0 ? null : Math.max(...lags);
    const worst = troubles.find(({ kind }) => kind === "denied") ?? troubles[0];
    this.#meter.lag(lagMs);
    if (worst === undefined) {
      if (lagMs !== null || this.#description !== undefined) this.#meter.succeeded(lagMs);
      return;
    }
    const others = troubles.length > 1 ? ` (and ${troubles.length - 1} more)` : "";
    // a stream that does not exist is waited for, like a missing queue; a shard that is gone fails until it is settled
    if (worst.kind === "denied") this.#meter.denied(worst.detail + others);
    else if (this.#trouble?.kind === "missing") this.#meter.waitingFor(this.#trouble.detail);
    else this.#meter.failed(worst.detail + others);
  }
}

function troubleOf(error: unknown): Trouble {
  const failure = error instanceof AwsCallError ? error.failure.kind : "transient";
  const kind = failure === "denied" || failure === "missing" ? failure : "failing";
  return { kind, detail: error instanceof Error ? error.message : String(error) };
}
