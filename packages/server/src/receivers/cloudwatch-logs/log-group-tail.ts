import {
  SessionTimeoutException,
  StartLiveTailCommand,
  type CloudWatchLogsClient,
  type StartLiveTailResponseStream,
} from "@aws-sdk/client-cloudwatch-logs";
import { AwsCallError, callAws } from "../aws/aws-call.ts";
import type { AwsCall } from "../aws/aws-failure.ts";
import { PullLoop, type LoopReports } from "../pull-loop.ts";
import type { LiveTailStatus } from "../receiver.ts";

/** CloudWatch sends an update every second, an empty one where nothing happened: a session silent for this long is dead. */
const SILENCE_MS = 30_000;

/** A session that stood this long proves that sessions work: what ended it is no reason to wait long. */
const PROVEN_MS = 60_000;

const RECONNECT_MS = 1000;

/** When to look again after news: a search finds events a little after Live Tail has shown them. */
const LOOK_AGAIN_MS = [1000, 2000, 5000, 15_000] as const;

export interface LogGroupTailParts {
  readonly client: CloudWatchLogsClient;
  readonly call: AwsCall;
  /** The ARN that Live Tail wants; throws where it is not known. */
  readonly arn: (signal: AbortSignal) => Promise<string>;
  /** There may be something to read. */
  readonly onNews: () => void;
  readonly reports: LoopReports & { readonly succeeded: () => void };
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly now: () => number;
  readonly silenceMs?: number;
}

/**
 * Live Tail sessions over a log group, one after another, that only tell when there is something to read. Their events
 * are never stored: they carry no event id, so they would double those of a search, and beyond 500 a second they are a
 * sample (https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StartLiveTail.html, read 2026-11-25).
 * Without a session nothing is lost; what it would have told is found when the group is searched anyway.
 */
export class LogGroupTail {
  readonly #parts: LogGroupTailParts;
  readonly #loop: PullLoop;
  #session: AbortController | undefined;
  #isConnected = false;
  #sessionCount = 0;
  #wakeCount = 0;
  #newsTime: number | undefined;

  constructor(parts: LogGroupTailParts) {
    this.#parts = parts;
    this.#loop = new PullLoop({
      turn: (signal) => this.#turn(signal),
      reports: parts.reports,
      sleep: parts.sleep,
    });
  }

  start(): void {
    this.#loop.start();
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }

  /** Begins a new session: the group is another one than the session was begun for. */
  restart(): void {
    this.#session?.abort();
  }

  status(): LiveTailStatus {
    return { isConnected: this.#isConnected, sessionCount: this.#sessionCount, wakeCount: this.#wakeCount };
  }

  /** Milliseconds until the group should be searched again because of the last news; infinite where it need not be. */
  get lookAgainMs(): number {
    const newsTime = this.#newsTime;
    if (newsTime === undefined) return Number.POSITIVE_INFINITY;
    const sinceMs = this.#parts.now() - newsTime;
    const next = LOOK_AGAIN_MS.find((ms) => ms > sinceMs);
    return next === undefined ? Number.POSITIVE_INFINITY : next - sinceMs;
  }

  /** One session to its end. Throws `AwsCallError` where it failed before it proved to work. */
  async #turn(signal: AbortSignal): Promise<number> {
    const session = new AbortController();
    const end = (): void => session.abort();
    signal.addEventListener("abort", end);
    this.#session = session;
    const beganTime = this.#parts.now();
    try {
      await callAws(this.#parts.call, signal, () => this.#follow(session.signal));
    } catch (error) {
      const isProven = this.#parts.now() - beganTime >= PROVEN_MS;
      if (!isProven || !(error instanceof AwsCallError)) throw error;
    } finally {
      this.#isConnected = false;
      this.#session = undefined;
      signal.removeEventListener("abort", end);
      session.abort();
    }
    return RECONNECT_MS;
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const arn = await this.#parts.arn(signal);
    const command = new StartLiveTailCommand({ logGroupIdentifiers: [arn] });
    const { responseStream } = await this.#parts.client.send(command, { abortSignal: signal });
    if (responseStream === undefined) throw new Error("Live Tail answered without a stream");
    const iterator = responseStream[Symbol.asyncIterator]();
    try {
      for (;;) {
        const message = await nextOf(iterator, this.#parts.silenceMs ?? SILENCE_MS, signal);
        if (message === undefined) return;
        this.#take(message);
      }
    } catch (error) {
      // the end of the three hours that a session may last
      if (!(error instanceof SessionTimeoutException)) throw error;
    } finally {
      // not waited for: a stream that hangs would hang here
      void iterator.return?.().catch(() => undefined);
    }
  }

  #take(message: StartLiveTailResponseStream): void {
    const fault = message.SessionStreamingException ?? message.SessionTimeoutException;
    if (fault !== undefined) throw fault;
    if (!this.#isConnected) {
      this.#isConnected = true;
      this.#sessionCount++;
      this.#parts.reports.succeeded();
      // what came while there was no session
      this.#tell();
    }
    if ((message.sessionUpdate?.sessionResults?.length ?? 0) === 0) return;
    this.#wakeCount++;
    this.#tell();
  }

  #tell(): void {
    this.#newsTime = this.#parts.now();
    this.#parts.onNews();
  }
}

/** The next of a stream; undefined at its end or when aborted. Throws when it is silent for too long. */
async function nextOf<T>(iterator: AsyncIterator<T>, silenceMs: number, signal: AbortSignal): Promise<T | undefined> {
  if (signal.aborted) return undefined;
  let timer: NodeJS.Timeout | undefined;
  let onAbort: (() => void) | undefined;
  const ended = new Promise<undefined>((resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`Live Tail was silent for ${silenceMs} ms`)), silenceMs);
    onAbort = () => resolve(undefined);
    signal.addEventListener("abort", onAbort);
  });
  try {
    const next = await Promise.race([iterator.next(), ended]);
    return next === undefined || next.done === true ? undefined : next.value;
  } finally {
    clearTimeout(timer);
    if (onAbort !== undefined) signal.removeEventListener("abort", onAbort);
  }
}
