import type { ReceiverConfig } from "../config/receiver-config.ts";
import { CanaryLoop } from "./canary/canary-loop.ts";
import type { CanaryWatch } from "./canary/canary-watch.ts";
import { createCanarySender } from "./canary/send-canary.ts";
import { CloudwatchLogsReceiver } from "./cloudwatch-logs/cloudwatch-logs-receiver.ts";
import { EventHistoryReceiver } from "./event-history/event-history-receiver.ts";
import { KinesisReceiver } from "./kinesis/kinesis-receiver.ts";
import type { Receiver, ReceiverContext, ReceiverStatus } from "./receiver.ts";
import { S3CloudtrailReceiver } from "./s3-cloudtrail/s3-cloudtrail-receiver.ts";
import { SqsReceiver } from "./sqs/sqs-receiver.ts";

/** The receivers of one process. */
export class Receivers {
  readonly #receivers: readonly Receiver[];
  readonly #canaries: readonly CanaryLoop[];

  constructor(receivers: readonly Receiver[], canaries: readonly CanaryLoop[]) {
    this.#receivers = receivers;
    this.#canaries = canaries;
  }

  /** Makes each receiver; throws `config_invalid` or `secret_missing` before anything was fetched. */
  static create(configs: readonly ReceiverConfig[], watch: CanaryWatch, context: ReceiverContext): Receivers {
    return new Receivers(
      configs.map((config) => createReceiver(config, context)),
      configs.flatMap((config) => createCanary(config, watch, context) ?? []),
    );
  }

  start(): void {
    for (const receiver of this.#receivers) receiver.start();
    for (const canary of this.#canaries) canary.start();
  }

  statuses(): readonly ReceiverStatus[] {
    return this.#receivers.map((receiver) => receiver.status());
  }

  /** Stops all at once; one that fails to stop does not keep the others from it. Their errors are thrown together. */
  async stop(): Promise<void> {
    const outcomes = await Promise.allSettled([...this.#canaries, ...this.#receivers].map((part) => part.stop()));
    const errors = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason] : []));
    if (errors.length > 0) throw new AggregateError(errors, "receivers did not stop in order");
  }
}

function createCanary(
  config: ReceiverConfig,
  watch: CanaryWatch,
  { now, sleep }: ReceiverContext,
): CanaryLoop | undefined {
  if (config.canary === undefined) return undefined;
  const { every: everyMs, lost_after: lostAfterMs } = config.canary;
  return new CanaryLoop({
    receiver: config.name,
    everyMs,
    lostAfterMs,
    send: createCanarySender(config),
    watch,
    now,
    sleep,
  });
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
