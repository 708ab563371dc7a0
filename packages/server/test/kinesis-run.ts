import { deliver, sleep } from "../src/receivers/deliver.ts";
import { kinesisReceiverSchema, type KinesisReceiverConfig } from "../src/receivers/kinesis/config.ts";
import { KinesisReceiver } from "../src/receivers/kinesis/kinesis-receiver.ts";
import type { ReceiverContext } from "../src/receivers/receiver.ts";
import { TemporaryServer } from "./temporary-server.ts";

/** On a machine with other work, an emulator takes its time. */
const WAIT_MS = 50_000;

/** A receiver's entry for an emulator. Its credentials come from the environment. */
export function kinesisConfig(endpoint: string, stream: string, fields: object = {}): KinesisReceiverConfig {
  return kinesisReceiverSchema.parse({
    type: "kinesis",
    name: stream,
    stream,
    region: "us-east-1",
    endpoint,
    poll_interval: "200ms",
    ...fields,
  });
}

/** A data directory and the receivers that run over it, one after another. */
export class KinesisRun {
  readonly server: TemporaryServer;
  readonly #config: KinesisReceiverConfig;
  receiver: KinesisReceiver;

  private constructor(server: TemporaryServer, config: KinesisReceiverConfig) {
    this.server = server;
    this.#config = config;
    this.receiver = this.#create();
  }

  static async create(config: KinesisReceiverConfig): Promise<KinesisRun> {
    return new KinesisRun(await TemporaryServer.create(), config);
  }

  get store() {
    return this.server.context.store;
  }

  #create(overrides: Partial<ReceiverContext> = {}): KinesisReceiver {
    return new KinesisReceiver(this.#config, {
      deliver: (messages, signal, onRefused) => deliver(this.server.context, messages, signal, onRefused),
      checkpoints: this.store.checkpoints,
      now: () => Date.now(),
      sleep,
      ...overrides,
    });
  }

  start(overrides: Partial<ReceiverContext> = {}): void {
    this.receiver = this.#create(overrides);
    this.receiver.start();
  }

  stop(): Promise<void> {
    return this.receiver.stop();
  }

  async remove(): Promise<void> {
    await this.stop();
    await this.server.remove();
  }
}

/** Waits until something holds; fails with `describe` when it does not. */
export async function until(isDone: () => boolean | Promise<boolean>, describe: () => unknown): Promise<void> {
  const deadline = Date.now() + WAIT_MS;
  while (!(await isDone())) {
    if (Date.now() > deadline) throw new Error(`waited in vain: ${JSON.stringify(describe())}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
