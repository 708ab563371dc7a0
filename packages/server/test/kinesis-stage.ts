import {
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListShardsCommand,
  type GetRecordsOutput,
  type GetShardIteratorInput,
  type Shard,
} from "@aws-sdk/client-kinesis";
import { mockClient } from "aws-sdk-client-mock";
import { kinesisReceiverSchema } from "../src/receivers/kinesis/config.ts";
import { KinesisReceiver } from "../src/receivers/kinesis/kinesis-receiver.ts";
import type { DeliveryResult, ReceivedMessage, ReceiverContext } from "../src/receivers/receiver.ts";

export const HOUR = 3_600_000;
/** 2026-11-20T09:00:00Z */
export const START = Date.UTC(2026, 10, 20, 9);
const ARN = "arn:aws:kinesis:eu-west-2:111122223333:stream/agents";
export const aws = mockClient(KinesisClient);

export type Turn = Partial<GetRecordsOutput> | Error;

/** A stream of one shard (or more) and a receiver of it; time passes only by sleeping. */
export class Stage {
  now = START;
  readonly sleeps: number[] = [];
  /** What the receiver said of itself whenever it began to wait. */
  readonly told = new Set<string>();
  readonly iterators: Partial<GetShardIteratorInput>[] = [];
  readonly delivered: string[] = [];
  readonly saved = new Map<string, string>();
  /** What is done instead of the usual, once each. */
  readonly deliveries: (() => Promise<DeliveryResult>)[] = [];
  readonly iteratorFaults: Error[] = [];
  readonly saveFaults: Error[] = [];
  readonly turns: Turn[] = [];
  shards: Shard[] = [{ ShardId: "shard-0", HashKeyRange: undefined, SequenceNumberRange: undefined }];
  createdTime = START - 10 * HOUR;
  retentionHours = 24;
  readonly context: ReceiverContext;
  receiver: KinesisReceiver;
  /** Resolves when every scripted turn was taken and the shard has been idle. */
  readonly #idle: (() => void)[] = [];

  constructor(fields: object = {}) {
    this.#mock();
    this.context = this.#createContext();
    this.receiver = this.#create(fields);
  }

  #create(fields: object): KinesisReceiver {
    const base = { type: "kinesis", name: "agents", stream: "agents", region: "eu-west-2" };
    return new KinesisReceiver(kinesisReceiverSchema.parse({ ...base, ...fields }), this.context);
  }

  #createContext(): ReceiverContext {
    return {
      now: () => this.now,
      sleep: async (ms, signal) => {
        this.sleeps.push(ms);
        const { state, detail } = this.receiver.status();
        this.told.add(`${state}: ${detail ?? ""}`);
        if (signal.aborted) return;
        this.now += Math.min(ms, 1000);
        await new Promise((resolve) => setImmediate(resolve));
      },
      deliver: (messages) => this.#deliver(messages),
      checkpoints: {
        load: () => Promise.resolve(new Map(this.saved)),
        save: (_receiver: string, positions: ReadonlyMap<string, string>) => {
          const fault = this.saveFaults.shift();
          if (fault !== undefined) return Promise.reject(fault);
          for (const [key, value] of positions) this.saved.set(key, value);
          return Promise.resolve();
        },
        remove: (_receiver: string, keys: readonly string[]) => {
          for (const key of keys) this.saved.delete(key);
          return Promise.resolve();
        },
      } as unknown as ReceiverContext["checkpoints"],
    };
  }

  async #deliver(messages: readonly ReceivedMessage[]): Promise<DeliveryResult> {
    const instead = this.deliveries.shift();
    if (instead !== undefined) return instead();
    this.delivered.push(...messages.map(({ bytes }) => Buffer.from(bytes).toString()));
    return { appended: messages.length, duplicate: 0, rejected: 0, dropped: {} };
  }

  #mock(): void {
    aws.reset();
    aws.on(DescribeStreamSummaryCommand).callsFake(() => ({
      StreamDescriptionSummary: {
        StreamARN: ARN,
        StreamStatus: "ACTIVE",
        StreamCreationTimestamp: new Date(this.createdTime),
        RetentionPeriodHours: this.retentionHours,
      },
    }));
    aws.on(ListShardsCommand).callsFake(() => ({ Shards: this.shards }));
    aws.on(GetShardIteratorCommand).callsFake((input: GetShardIteratorInput) => {
      this.iterators.push(input);
      const fault = this.iteratorFaults.shift();
      if (fault !== undefined) throw fault;
      return { ShardIterator: `${input.ShardId} ${this.iterators.length}` };
    });
    aws.on(GetRecordsCommand).callsFake(() => {
      const turn = this.turns.shift();
      if (turn instanceof Error) throw turn;
      if (turn === undefined) for (const resolve of this.#idle.splice(0)) resolve();
      return { Records: [], NextShardIterator: "next", MillisBehindLatest: 0, ...turn };
    });
  }

  /** Runs until the script is at its end. */
  async play(...turns: Turn[]): Promise<void> {
    this.turns.push(...turns);
    const idle = new Promise<void>((resolve) => this.#idle.push(resolve));
    this.receiver.start();
    await idle;
  }

  /** Stops and makes a new receiver of the same positions. */
  async restart(fields: object = {}): Promise<void> {
    await this.receiver.stop();
    this.iterators.length = 0;
    this.receiver = this.#create(fields);
  }

  /** The saved position of a shard. */
  position(id = "shard-0"): unknown {
    return JSON.parse(this.saved.get(`shard:${id}`) ?? "null");
  }
}

/** An answer of GetRecords that holds these texts. */
export function records(...texts: string[]): Partial<GetRecordsOutput> {
  return {
    Records: texts.map((text) => ({
      SequenceNumber: `4957${text}`,
      Data: Buffer.from(text),
      PartitionKey: "p",
      ApproximateArrivalTimestamp: new Date(START),
    })),
  };
}
