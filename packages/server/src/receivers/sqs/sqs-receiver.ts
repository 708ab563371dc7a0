import { SQSClient } from "@aws-sdk/client-sqs";
import { awsClientOptions } from "../aws/client-options.ts";
import { PartStates } from "../part-states.ts";
import { ReceiverMeter } from "../receiver-meter.ts";
import type { Receiver, ReceiverContext, ReceiverStatus } from "../receiver.ts";
import { ToldDelivery } from "../told-delivery.ts";
import { regionOfQueue, type SqsConfig } from "./config.ts";
import { QueueLoop, type QueueWork } from "./queue-loop.ts";
import type { QueueMessage } from "./queue.ts";

/** A message that waited this long says that the receiver does not keep up. */
const BEHIND_MS = 5 * 60_000;

/** Takes the records out of the bodies of a queue's messages. */
export class SqsReceiver implements Receiver {
  readonly #config: SqsConfig;
  readonly #delivery: ToldDelivery;
  readonly #client: SQSClient;
  readonly #meter: ReceiverMeter;
  readonly #loop: QueueLoop;

  constructor(config: SqsConfig, context: ReceiverContext) {
    const configKey = `receivers.${config.name}`;
    this.#config = config;
    this.#client = new SQSClient({
      ...awsClientOptions(config, { configKey, region: regionOfQueue(config.queue_url) }),
      // the queue's URL says where it is; the SDK would put it in the place of the endpoint
      useQueueUrlAsEndpoint: config.endpoint === undefined,
    });
    this.#meter = new ReceiverMeter({ name: config.name, type: "sqs", behindMs: BEHIND_MS, now: context.now });
    const states = new PartStates(this.#meter);
    this.#delivery = new ToldDelivery({ context, meter: this.#meter, states });
    this.#loop = new QueueLoop({
      client: this.#client,
      config,
      configKey,
      states,
      now: context.now,
      sleep: context.sleep,
      work: (messages, signal) => this.#store(messages, signal),
    });
  }

  start(): void {
    this.#loop.start();
  }

  status(): ReceiverStatus {
    return this.#meter.status();
  }

  async stop(): Promise<void> {
    await this.#loop.stop();
    this.#client.destroy();
    this.#meter.stopped();
  }

  /** All or none: a body that cannot be decoded is kept as a rejected record, so it is done as well. */
  async #store(messages: readonly QueueMessage[], signal: AbortSignal): Promise<QueueWork> {
    const queueName = this.#config.queue_url.split("/").at(-1) ?? "";
    const received = messages.map((message) => ({
      bytes: Buffer.from(message.body),
      origin: `sqs:${queueName}/${message.id}`,
    }));
    await this.#delivery.store(received, signal);
    return { done: messages, failure: undefined };
  }
}
