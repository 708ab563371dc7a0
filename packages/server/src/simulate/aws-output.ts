import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { KinesisClient } from "@aws-sdk/client-kinesis";
import { S3Client } from "@aws-sdk/client-s3";
import type { Emission, Truth } from "@fourwire/simulator";
import { awsClientOptions, s3ClientOptions } from "../receivers/aws/client-options.ts";
import type { Sleep } from "./aws-calls.ts";
import { connectionTo, s3ConnectionTo, type AwsDestinations } from "./aws-settings.ts";
import { BucketOutput } from "./bucket-output.ts";
import { digestKeyOf } from "./digest-key.ts";
import { EventOutput } from "./event-output.ts";
import { KinesisOutput } from "./kinesis-output.ts";
import { LogOutput } from "./log-output.ts";
import type { Output } from "./output.ts";
import type { SimulateSettings } from "./simulate-settings.ts";
import { TrailDigests } from "./trail-digests.ts";

const PLACE = { configKey: "--to-aws" };

export interface AwsOutputOptions {
  readonly destinations: AwsDestinations;
  readonly settings: SimulateSettings;
  readonly tell: (truth: Truth) => void;
  readonly sleep?: Sleep;
  /** What is buffered is sent at least this often, in milliseconds of simulated time. */
  readonly flushEveryMs: number;
}

/** Sends each wire where a real Connect would: Kinesis, CloudWatch Logs, S3 and EventBridge, through AWS's own clients. */
export class AwsOutput implements Output {
  readonly #options: AwsOutputOptions;
  readonly #agentEvents: KinesisOutput | undefined;
  readonly #contactRecords: KinesisOutput | undefined;
  readonly #flowLogs: LogOutput | undefined;
  readonly #contactEvents: EventOutput | undefined;
  readonly #bucket: BucketOutput | undefined;
  #flushedTime = 0;

  constructor(options: AwsOutputOptions) {
    this.#options = options;
    const { destinations, sleep = wait } = options;
    const { stream, recordStream, logGroup, bus, eventSource } = destinations;
    const kinesis =
      stream === undefined && recordStream === undefined
        ? undefined
        : new KinesisClient(awsClientOptions(connectionTo(destinations, "kinesis"), PLACE));
    const open = (name: string | undefined) =>
      kinesis === undefined || name === undefined ? undefined : new KinesisOutput(kinesis, name, sleep);
    this.#agentEvents = open(stream);
    this.#contactRecords = open(recordStream);
    if (logGroup !== undefined) {
      const client = new CloudWatchLogsClient(awsClientOptions(connectionTo(destinations, "logs"), PLACE));
      this.#flowLogs = new LogOutput(client, logGroup, sleep);
    }
    if (bus !== undefined) {
      const client = new EventBridgeClient(awsClientOptions(connectionTo(destinations, "events"), PLACE));
      this.#contactEvents = new EventOutput(client, { bus, source: eventSource }, sleep);
    }
    this.#bucket = openBucket(options, sleep);
  }

  get files(): number {
    return this.#bucket?.files ?? 0;
  }

  get bytes(): number {
    return this.#bucket?.bytes ?? 0;
  }

  accept(emission: Emission): Promise<void> | undefined {
    if (this.#flushedTime === 0) this.#flushedTime = emission.time;
    if (emission.time - this.#flushedTime < this.#options.flushEveryMs) return this.#route(emission);
    this.#flushedTime = emission.time;
    return this.#flush().then(() => this.#route(emission));
  }

  #route(emission: Emission): Promise<void> | undefined {
    switch (emission.source) {
      case "agent_event":
        return this.#agentEvents?.accept(emission);
      case "contact_record":
        return this.#contactRecords?.accept(emission);
      case "flow_log":
        return this.#flowLogs?.accept(emission);
      case "contact_event":
        return this.#contactEvents?.accept(emission);
      case "cloudtrail":
      case "ccp_log":
        return this.#bucket?.accept(emission);
    }
  }

  tell(truth: Truth): void {
    this.#options.tell(truth);
  }

  async finish(): Promise<void> {
    await this.#flush();
    await this.#bucket?.finish();
  }

  async #flush(): Promise<void> {
    await this.#agentEvents?.flush();
    await this.#contactRecords?.flush();
    await this.#flowLogs?.flush();
    await this.#contactEvents?.flush();
  }
}

function openBucket({ destinations, settings }: AwsOutputOptions, sleep: Sleep): BucketOutput | undefined {
  const { bucket } = destinations;
  if (bucket === undefined) return undefined;
  const { seed, startTime, durationMs } = settings;
  const digests = new TrailDigests({ bucket, key: digestKeyOf(seed), startTime, endTime: startTime + durationMs });
  const client = new S3Client(s3ClientOptions(s3ConnectionTo(destinations), PLACE));
  return new BucketOutput(client, { bucket, seed, digests }, sleep);
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
