import type { ReceiverConfig } from "../config/receiver-config.ts";
import { CloudwatchLogsReceiver } from "./cloudwatch-logs/cloudwatch-logs-receiver.ts";
import { EventHistoryReceiver } from "./event-history/event-history-receiver.ts";
import { KinesisReceiver } from "./kinesis/kinesis-receiver.ts";
import type { Receiver, ReceiverContext, ReceiverStatus } from "./receiver.ts";
import { S3CloudtrailReceiver } from "./s3-cloudtrail/s3-cloudtrail-receiver.ts";
import { SqsReceiver } from "./sqs/sqs-receiver.ts";

/** The receivers of one process. */
export class Receivers {
  readonly #receivers: readonly Receiver[];

  constructor(receivers: readonly Receiver[]) {
    this.#receivers = receivers;
  }

  /** Makes each receiver; throws `config_invalid` or `secret_missing` before anything was fetched. */
  static create(configs: readonly ReceiverConfig[], context: ReceiverContext): Receivers {
    return new Receivers(configs.map((config) => createReceiver(config, context)));
  }

  start(): void {
    for (const receiver of this.#receivers) receiver.start();
  }

  statuses(): readonly ReceiverStatus[] {
    return this.#receivers.map((receiver) => receiver.status());
  }

  /** Stops all at once; one that fails to stop does not keep the others from it. Their errors are thrown together. */
  async stop(): Promise<void> {
    const outcomes = await Promise.allSettled(this.#receivers.map((receiver) => receiver.stop()));
    const errors = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason] : []));
    if (errors.length > 0) throw new AggregateError(errors, "receivers did not stop in order");
  }
}

/** A receiver of each type; its schema stands in `../config/receiver-config.ts`. */
function createReceiver(config: ReceiverConfig, context: ReceiverContext): Receiver {
  switch (config.type) {
    case "cloudwatch_logs":
      return new CloudwatchLogsReceiver(config, context);
    case "event_history":
      return new EventHistoryReceiver(config, context);
    case "s3_cloudtrail":
      return new S3CloudtrailReceiver(config, context);
    case "sqs":
      return new SqsReceiver(config, context);
    case "kinesis":
      return new KinesisReceiver(config, context);
  }
}
