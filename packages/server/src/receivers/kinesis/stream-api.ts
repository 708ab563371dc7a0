import {
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListShardsCommand,
  type ListShardsCommandInput,
  type _Record,
} from "@aws-sdk/client-kinesis";
import { callAws } from "../aws/aws-call.ts";
import { awsClientOptions } from "../aws/client-options.ts";
import { parseStream, type KinesisReceiverConfig } from "./config.ts";
import type { StreamRecord } from "./record-messages.ts";
import type { ShardPosition } from "./shard-position.ts";

/** Shards a stream may have before it is too large for one process. */
const MAX_SHARDS = 10_000;

/** A LATEST start that is older than this is a time: what came since must not be skipped. */
const LATEST_MS = 5_000;

export interface StreamDescription {
  readonly arn: string;
  /** Tells a stream from one of the same name that was deleted. Unix ms; 0 where the service does not say. */
  readonly createdTime: number;
  readonly retentionMs: number;
  readonly status: string;
  /** The service's own clock, to the second; ours where it does not say. Unix ms. */
  readonly serviceTime: number;
}

export interface ListedShard {
  readonly id: string;
  readonly parents: readonly string[];
  /** It takes no more records. */
  readonly isClosed: boolean;
}

export interface ShardBatch {
  readonly records: readonly (StreamRecord & { readonly arrivalTime: number | undefined })[];
  /** Undefined at the end of a closed shard. */
  readonly nextIterator: string | undefined;
  readonly behindMs: number;
  /** Told with the last batch of a closed shard. */
  readonly children: readonly Pick<ListedShard, "id" | "parents">[];
}

/** The calls of one stream. Each fails with an `AwsCallError` that says what to do. */
export class StreamApi {
  readonly name: string;
  readonly #client: KinesisClient;
  readonly #request: ReturnType<typeof parseStream>["request"];
  readonly #configKey: string;
  readonly #now: () => number;
  #serviceTime: number | undefined;

  /** Throws `config_invalid` and `secret_missing`. */
  constructor(config: KinesisReceiverConfig, now: () => number) {
    const { name, region, request } = parseStream(config.stream);
    this.name = name;
    this.#request = request;
    this.#configKey = `receivers.${config.name}`;
    this.#now = now;
    this.#client = new KinesisClient(awsClientOptions(config, { configKey: this.#configKey, region }));
    this.#client.middlewareStack.add(
      (next) => async (request_) => {
        const result = await next(request_);
        this.#serviceTime = dateHeader(result.response);
        return result;
      },
      { step: "deserialize", name: "fourwireServiceTime" },
    );
  }

  async describe(signal: AbortSignal): Promise<StreamDescription> {
    const { StreamDescriptionSummary: found } = await this.#call("DescribeStreamSummary", signal, () =>
      this.#client.send(new DescribeStreamSummaryCommand(this.#request), { abortSignal: signal }),
    );
    return {
      arn: found?.StreamARN ?? this.name,
      createdTime: found?.StreamCreationTimestamp?.getTime() ?? 0,
      retentionMs: (found?.RetentionPeriodHours ?? 24) * 3_600_000,
      status: found?.StreamStatus ?? "ACTIVE",
      serviceTime: this.#serviceTime ?? this.#now(),
    };
  }

  /** Every shard that still holds records, open and closed. */
  async listShards(signal: AbortSignal): Promise<readonly ListedShard[]> {
    const shards: ListedShard[] = [];
    let page: ListShardsCommandInput | undefined = { ...this.#request };
    while (page !== undefined) {
      const input: ListShardsCommandInput = page;
      const answer = await this.#call("ListShards", signal, () =>
        this.#client.send(new ListShardsCommand(input), { abortSignal: signal }),
      );
      for (const shard of answer.Shards ?? []) {
        const parents = [shard.ParentShardId, shard.AdjacentParentShardId].filter((id) => id !== undefined);
        const isClosed = shard.SequenceNumberRange?.EndingSequenceNumber !== undefined;
        if (shard.ShardId !== undefined) shards.push({ id: shard.ShardId, parents, isClosed });
      }
      if (shards.length > MAX_SHARDS) throw new Error(`${this.subject} has more than ${MAX_SHARDS} shards`);
      page = answer.NextToken === undefined ? undefined : { NextToken: answer.NextToken };
    }
    return shards;
  }

  /** An iterator that begins at the position. */
  async iterator(shardId: string, position: ShardPosition, signal: AbortSignal): Promise<string> {
    const input = { ...this.#request, ShardId: shardId, ...iteratorStart(position, this.#now()) };
    const answer = await this.#call("GetShardIterator", signal, () =>
      this.#client.send(new GetShardIteratorCommand(input), { abortSignal: signal }),
    );
    if (answer.ShardIterator === undefined) throw new Error(`kinesis gave no iterator for ${shardId}`);
    return answer.ShardIterator;
  }

  async records(iterator: string, limit: number, signal: AbortSignal): Promise<ShardBatch> {
    const arn = "StreamARN" in this.#request ? this.#request : {};
    const answer = await this.#call("GetRecords", signal, () =>
      this.#client.send(new GetRecordsCommand({ ...arn, ShardIterator: iterator, Limit: limit }), {
        abortSignal: signal,
      }),
    );
    return {
      records: (answer.Records ?? []).map(readRecord),
      nextIterator: answer.NextShardIterator ?? undefined,
      behindMs: answer.MillisBehindLatest ?? 0,
      children: (answer.ChildShards ?? []).flatMap((child) =>
        child.ShardId === undefined ? [] : [{ id: child.ShardId, parents: child.ParentShards ?? [] }],
      ),
    };
  }

  /** For messages. */
  get subject(): string {
    return `kinesis stream "${this.name}"`;
  }

  close(): void {
    this.#client.destroy();
  }

  #call<T>(action: string, signal: AbortSignal, send: () => Promise<T>): Promise<T> {
    const call = {
      action: `kinesis:${action}`,
      subject: this.subject,
      configKey: this.#configKey,
      subjectKey: "stream",
    };
    return callAws(call, signal, send);
  }
}

function readRecord(record: _Record): ShardBatch["records"][number] {
  return {
    sequenceNumber: record.SequenceNumber ?? "",
    data: record.Data ?? new Uint8Array(),
    arrivalTime: record.ApproximateArrivalTimestamp?.getTime(),
  };
}

function iteratorStart(position: ShardPosition, now: number) {
  if (position.kind === "after")
    return { ShardIteratorType: "AFTER_SEQUENCE_NUMBER", StartingSequenceNumber: position.sequenceNumber } as const;
  if (position.kind === "ended" || position.from === "TRIM_HORIZON")
    return { ShardIteratorType: "TRIM_HORIZON" } as const;
  if (position.from === "LATEST" && now - position.time < LATEST_MS) return { ShardIteratorType: "LATEST" } as const;
  return { ShardIteratorType: "AT_TIMESTAMP", Timestamp: new Date(position.time) } as const;
}

/** The `Date` of an HTTP answer, Unix ms. */
function dateHeader(response: unknown): number | undefined {
  if (typeof response !== "object" || response === null || !("headers" in response)) return undefined;
  const { headers } = response;
  if (typeof headers !== "object" || headers === null || !("date" in headers)) return undefined;
  const time = Date.parse(String(headers.date));
  return Number.isNaN(time) ? undefined : time;
}
