import type { StartLiveTailResponseStream } from "@aws-sdk/client-cloudwatch-logs";

type Step = { readonly message: StartLiveTailResponseStream } | { readonly error: Error } | "end";

/** The stream of one Live Tail session, as a test has it: begun at once, then what the test says. */
export class FakeTailSession implements AsyncIterable<StartLiveTailResponseStream> {
  readonly groups: readonly string[];
  isClosed = false;
  readonly #steps: Step[] = [];
  #wake: (() => void) | undefined;

  constructor(groups: readonly string[]) {
    this.groups = groups;
    this.#add({ message: { sessionStart: { sessionId: "s", logGroupIdentifiers: [...groups] } } });
  }

  /** One second's events; without an id, as the service has them. */
  update(events: readonly { readonly timestamp: number; readonly message: string }[], isSampled = false): void {
    const sessionResults = events.map((event) => ({
      ...event,
      logStreamName: "stream",
      ingestionTime: event.timestamp,
    }));
    this.#add({ message: { sessionUpdate: { sessionMetadata: { sampled: isSampled }, sessionResults } } });
  }

  /** A member of the stream, such as an exception that is no error of the connection. */
  say(message: StartLiveTailResponseStream): void {
    this.#add({ message });
  }

  fail(error: Error): void {
    this.#add({ error });
  }

  end(): void {
    this.#add("end");
  }

  [Symbol.asyncIterator](): AsyncIterator<StartLiveTailResponseStream> {
    return {
      next: () => this.#next(),
      return: () => {
        this.isClosed = true;
        return Promise.resolve({ done: true, value: undefined });
      },
    };
  }

  #add(step: Step): void {
    this.#steps.push(step);
    this.#wake?.();
  }

  async #next(): Promise<IteratorResult<StartLiveTailResponseStream>> {
    while (this.#steps.length === 0) await new Promise<void>((resolve) => (this.#wake = resolve));
    const step = this.#steps.shift() ?? "end";
    if (step === "end") return { done: true, value: undefined };
    if ("error" in step) throw step.error;
    return { done: false, value: step.message };
  }
}
