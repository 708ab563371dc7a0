import { setTimeout as timer } from "node:timers/promises";
import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  SQSClient,
  SQSServiceException,
} from "@aws-sdk/client-sqs";
import { mockClient } from "aws-sdk-client-mock";
import type { TestClock } from "./receiver-bench.ts";

interface Waiting {
  readonly id: string;
  readonly body: string;
  readonly group: string | undefined;
  readonly sentTime: number;
  visibleTime: number;
  receiveCount: number;
  handle: string;
}

/**
 * A queue with SQS's memory: messages are hidden while worked on, come back when their time is over, and a handle that
 * was replaced by a later receive deletes nothing. A FIFO queue holds a group back while one of its messages is out.
 */
export class FakeQueue {
  readonly #clock: TestClock;
  #messages: Waiting[] = [];
  #nextHandle = 0;
  #nextId = 0;
  /** Failures to answer with, first to last, by command; what is not listed works. */
  readonly failures: { receive: Error[]; delete: Error[]; visibility: Error[] } = {
    receive: [],
    delete: [],
    visibility: [],
  };
  /** Decides which entries of a delete are answered as failed. */
  failsToDelete: (body: string) => boolean = () => false;
  readonly counts = { received: 0, deleted: 0, extended: 0, receiveCalls: 0 };

  constructor(clock: TestClock) {
    this.#clock = clock;
  }

  /** Answers every SQS client from here on. */
  attach(): ReturnType<typeof mockClient> {
    const mock = mockClient(SQSClient);
    mock.on(ReceiveMessageCommand).callsFake((input) => this.#receive(input));
    mock.on(DeleteMessageBatchCommand).callsFake((input) => this.#delete(input));
    mock.on(ChangeMessageVisibilityBatchCommand).callsFake((input) => this.#changeVisibility(input));
    return mock;
  }

  send(body: string, group?: string): string {
    const id = `message-${this.#nextId++}`;
    const now = this.#clock.now();
    this.#messages.push({ id, body, group, sentTime: now, visibleTime: now, receiveCount: 0, handle: "" });
    return id;
  }

  get size(): number {
    return this.#messages.length;
  }

  #throwNext(failures: Error[]): void {
    const failure = failures.shift();
    if (failure !== undefined) throw failure;
  }

  async #receive(input: {
    MaxNumberOfMessages: number;
    VisibilityTimeout: number;
    WaitTimeSeconds: number;
  }): Promise<object> {
    this.counts.receiveCalls++;
    await timer(1);
    this.#throwNext(this.failures.receive);
    const now = this.#clock.now();
    const blocked = new Set(
      this.#messages.filter((message) => message.visibleTime > now).map((message) => message.group),
    );
    const given = this.#messages
      .filter((message) => message.visibleTime <= now && (message.group === undefined || !blocked.has(message.group)))
      .slice(0, input.MaxNumberOfMessages);
    if (given.length === 0) this.#clock.advance(input.WaitTimeSeconds * 1000);
    for (const message of given) {
      message.visibleTime = now + input.VisibilityTimeout * 1000;
      message.receiveCount++;
      message.handle = `handle-${this.#nextHandle++}`;
      this.counts.received++;
    }
    return {
      Messages: given.map((message) => ({
        MessageId: message.id,
        Body: message.body,
        ReceiptHandle: message.handle,
        Attributes: {
          ApproximateReceiveCount: String(message.receiveCount),
          SentTimestamp: String(message.sentTime),
        },
      })),
    };
  }

  #delete(input: { Entries: { Id: string; ReceiptHandle: string }[] }): object {
    if (input.Entries.length > 10) throw queueFailure("AWS.SimpleQueueService.TooManyEntriesInBatchRequest", 400);
    this.#throwNext(this.failures.delete);
    const result = { Successful: [] as object[], Failed: [] as object[] };
    for (const { Id, ReceiptHandle } of input.Entries) {
      const message = this.#messages.find((one) => one.handle === ReceiptHandle);
      if (message !== undefined && this.failsToDelete(message.body)) {
        result.Failed.push({ Id, SenderFault: false, Code: "InternalError" });
        continue;
      }
      // SQS answers success for a handle that is no longer the message's, and deletes nothing
      this.#messages = this.#messages.filter((one) => one !== message);
      if (message !== undefined) this.counts.deleted++;
      result.Successful.push({ Id });
    }
    return result;
  }

  #changeVisibility(input: { Entries: { ReceiptHandle: string; VisibilityTimeout: number }[] }): object {
    this.#throwNext(this.failures.visibility);
    for (const { ReceiptHandle, VisibilityTimeout } of input.Entries) {
      const message = this.#messages.find((one) => one.handle === ReceiptHandle);
      if (message === undefined) continue;
      message.visibleTime = this.#clock.now() + VisibilityTimeout * 1000;
      if (VisibilityTimeout > 0) this.counts.extended++;
    }
    return { Successful: [], Failed: [] };
  }
}

export function queueFailure(name: string, status: number): Error {
  return new SQSServiceException({ name, $fault: "client", message: name, $metadata: { httpStatusCode: status } });
}
