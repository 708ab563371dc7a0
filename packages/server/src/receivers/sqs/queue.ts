import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { callAws } from "../aws/aws-call.ts";
import type { AwsCall } from "../aws/aws-failure.ts";
import { BackOff } from "../aws/back-off.ts";
import type { QueueConfig } from "./config.ts";

/** Messages of one request; SQS gives no more. */
const QUEUE_BATCH = 10;

/** How often the deletion of a message is tried before it is left to come again. */
const MAX_DELETE_ATTEMPTS = 5;

export interface QueueMessage {
  readonly id: string;
  readonly body: string;
  readonly receiptHandle: string;
  /** How often it was handed out, this time included. */
  readonly receiveCount: number;
  /** When it was put on the queue; undefined where the service does not say. */
  readonly sentTime: number | undefined;
}

export interface QueueParts {
  readonly client: SQSClient;
  readonly config: QueueConfig;
  readonly configKey: string;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Told when hiding messages for longer fails; the work on them goes on. */
  readonly onHoldFailure: (error: Error) => void;
  readonly onHeld: () => void;
}

/** A queue as receivers use it: receive, hold while working, delete after the commit, give back what was not done. */
export class Queue {
  readonly #parts: QueueParts;

  constructor(parts: QueueParts) {
    this.#parts = parts;
  }

  /** Waits for messages up to the configured time; none is an answer too. */
  async receive(signal: AbortSignal): Promise<readonly QueueMessage[]> {
    const { client, config } = this.#parts;
    const { Messages: messages = [] } = await callAws(this.#call("sqs:ReceiveMessage"), signal, () =>
      client.send(
        new ReceiveMessageCommand({
          QueueUrl: config.queue_url,
          MaxNumberOfMessages: QUEUE_BATCH,
          WaitTimeSeconds: Math.floor(config.wait_time / 1000),
          VisibilityTimeout: this.#visibilitySeconds,
          MessageSystemAttributeNames: ["ApproximateReceiveCount", "SentTimestamp"],
        }),
        { abortSignal: signal },
      ),
    );
    return messages.map((message) => {
      const sentTime = Number(message.Attributes?.SentTimestamp);
      return {
        id: message.MessageId ?? "",
        body: message.Body ?? "",
        receiptHandle: message.ReceiptHandle ?? "",
        receiveCount: Number(message.Attributes?.ApproximateReceiveCount ?? 1),
        sentTime: Number.isFinite(sentTime) ? sentTime : undefined,
      };
    });
  }

  /** Keeps messages hidden until the returned function is called; long work must not hand them to another reader. */
  hold(messages: readonly QueueMessage[]): () => void {
    const abort = new AbortController();
    void this.#extend(messages, abort.signal);
    return () => abort.abort();
  }

  async #extend(messages: readonly QueueMessage[], signal: AbortSignal): Promise<void> {
    const everyMs = this.#parts.config.visibility_timeout / 3;
    await this.#parts.sleep(everyMs, signal);
    while (!signal.aborted) {
      try {
        await this.#changeVisibility(messages, this.#visibilitySeconds, signal);
        this.#parts.onHeld();
      } catch (error) {
        if (!signal.aborted && error instanceof Error) this.#parts.onHoldFailure(error);
      }
      await this.#parts.sleep(everyMs, signal);
    }
  }

  /** Lets others have the messages at once. Not needed for correctness: they come back by themselves later. */
  async giveBack(messages: readonly QueueMessage[]): Promise<void> {
    const signal = AbortSignal.timeout(5_000);
    await this.#changeVisibility(messages, 0, signal).catch((error: unknown) => {
      if (error instanceof Error) this.#parts.onHoldFailure(error);
    });
  }

  /**
   * Deletes messages, trying those again that the service did not delete. What is left after some attempts is returned:
   * it comes again. Throws `AwsCallError` when the request itself fails.
   */
  async delete(messages: readonly QueueMessage[], signal: AbortSignal): Promise<readonly QueueMessage[]> {
    const { client, config, sleep } = this.#parts;
    const backOff = new BackOff();
    let left = messages;
    for (let attempt = 1; left.length > 0; attempt++) {
      const batch = left;
      const result = await callAws(this.#call("sqs:DeleteMessage"), signal, () =>
        client.send(
          new DeleteMessageBatchCommand({
            QueueUrl: config.queue_url,
            Entries: batch.map((message, index) => ({ Id: String(index), ReceiptHandle: message.receiptHandle })),
          }),
        ),
      );
      const failed = new Set((result.Failed ?? []).map((entry) => entry.Id));
      left = batch.filter((_, index) => failed.has(String(index)));
      if (left.length > 0 && attempt === MAX_DELETE_ATTEMPTS) return left;
      if (left.length > 0) await sleep(backOff.next("transient"), signal);
    }
    return left;
  }

  async #changeVisibility(messages: readonly QueueMessage[], seconds: number, signal: AbortSignal): Promise<void> {
    const { client, config } = this.#parts;
    if (messages.length === 0) return;
    // single messages that fail (already deleted, or hidden for 12 hours in all) need no attention
    await callAws(this.#call("sqs:ChangeMessageVisibility"), signal, () =>
      client.send(
        new ChangeMessageVisibilityBatchCommand({
          QueueUrl: config.queue_url,
          Entries: messages.map((message, index) => ({
            Id: String(index),
            ReceiptHandle: message.receiptHandle,
            VisibilityTimeout: seconds,
          })),
        }),
        { abortSignal: signal },
      ),
    );
  }

  get #visibilitySeconds(): number {
    return Math.ceil(this.#parts.config.visibility_timeout / 1000);
  }

  #call(action: string): AwsCall {
    const { config, configKey } = this.#parts;
    return { action, subject: `queue "${config.queue_url}"`, configKey, subjectKey: "queue_url" };
  }
}
