import type { SQSClient } from "@aws-sdk/client-sqs";
import { AwsCallError } from "../aws/aws-call.ts";
import type { PartStates } from "../part-states.ts";
import { PullLoop } from "../pull-loop.ts";
import type { QueueConfig } from "./config.ts";
import { Queue, type QueueMessage } from "./queue.ts";

/** Ids of stored messages that are remembered: one that comes again, because its deletion failed, is only deleted. */
const MAX_DONE_IDS = 20_000;

/** An empty answer that came sooner was not waited for. */
const SHORT_POLL_MS = 1_000;

export interface QueueWork {
  /** Durable, and so to be deleted. */
  readonly done: readonly QueueMessage[];
  /** What kept others from being done; told after the deletion. */
  readonly failure: unknown;
}

export interface QueueLoopParts {
  readonly client: SQSClient;
  readonly config: QueueConfig;
  readonly configKey: string;
  readonly states: PartStates;
  readonly now: () => number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Stores what the messages hold or point to. */
  readonly work: (messages: readonly QueueMessage[], signal: AbortSignal) => Promise<QueueWork>;
}

const NOTHING: QueueWork = { done: [], failure: undefined };

/** Pollers of one queue: receive, work, delete, in that order. What was not done comes back after its time. */
export class QueueLoop {
  readonly #parts: QueueLoopParts;
  readonly #queue: Queue;
  readonly #loops: readonly PullLoop[];
  readonly #doneIds = new Set<string>();

  constructor(parts: QueueLoopParts) {
    this.#parts = parts;
    const { states, config } = parts;
    this.#queue = new Queue({
      ...parts,
      onHeld: () => states.succeeded("visibility", null),
      onHoldFailure: (error) =>
        states.failed("visibility", error instanceof AwsCallError ? error.failure.kind : "transient", error.message),
    });
    this.#loops = Array.from({ length: config.pollers }, (_, index) => {
      const part = `poller ${index + 1}`;
      return new PullLoop({
        turn: (signal) => this.#turn(part, signal),
        reports: { failed: (kind, detail) => states.failed(part, kind, detail) },
        sleep: parts.sleep,
      });
    });
  }

  start(): void {
    for (const loop of this.#loops) loop.start();
  }

  async stop(): Promise<void> {
    await Promise.all(this.#loops.map((loop) => loop.stop()));
  }

  async #turn(part: string, signal: AbortSignal): Promise<number> {
    const startTime = this.#parts.now();
    const messages = await this.#queue.receive(signal);
    this.#parts.states.succeeded(part, this.#lagOf(messages));
    // some compatible services do not wait for messages; asking them again at once would never end
    if (messages.length === 0) return this.#parts.now() - startTime < SHORT_POLL_MS ? SHORT_POLL_MS : 0;
    const known = messages.filter((message) => this.#doneIds.has(message.id));
    const fresh = messages.filter((message) => !this.#doneIds.has(message.id));
    const release = this.#queue.hold(messages);
    try {
      const { done, failure } = fresh.length === 0 ? NOTHING : await this.#parts.work(fresh, signal);
      for (const message of done) this.#remember(message.id);
      await this.#queue.delete([...known, ...done], signal);
      if (failure !== undefined) throw failure;
    } finally {
      release();
      if (signal.aborted) await this.#queue.giveBack(messages.filter((message) => !this.#doneIds.has(message.id)));
    }
    return 0;
  }

  #remember(id: string): void {
    this.#doneIds.add(id);
    if (this.#doneIds.size <= MAX_DONE_IDS) return;
    const [oldest] = this.#doneIds;
    if (oldest !== undefined) this.#doneIds.delete(oldest);
  }

  #lagOf(messages: readonly QueueMessage[]): number {
    const times = messages.flatMap((message) => (message.sentTime === undefined ? [] : [message.sentTime]));
    return times.length === 0 ? 0 : Math.max(0, this.#parts.now() - Math.min(...times));
  }
}
