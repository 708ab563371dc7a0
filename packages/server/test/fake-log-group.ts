import { setTimeout as timer } from "node:timers/promises";
import {
  CloudWatchLogsClient,
  CloudWatchLogsServiceException,
  DescribeLogGroupsCommand,
  FilterLogEventsCommand,
  StartLiveTailCommand,
  type FilterLogEventsCommandInput,
} from "@aws-sdk/client-cloudwatch-logs";
import { mockClient } from "aws-sdk-client-mock";
import { FakeTailSession } from "./fake-tail-session.ts";
import type { TestClock } from "./receiver-bench.ts";

interface StoredEvent {
  readonly eventId: string;
  readonly timestamp: number;
  readonly message: string;
  readonly logStreamName: string;
}

interface Token {
  readonly offset: number;
  readonly issuedTime: number;
  readonly creationTime: number;
  readonly request: string;
}

const TOKEN_MS = 24 * 3_600_000;

/**
 * CloudWatch Logs with one group: pages by count, empty pages before full ones, tokens that belong to their request and
 * expire, a quota a second, a group that can be deleted and made again. Events become visible when they are put.
 */
export class FakeLogGroup {
  readonly #clock: TestClock;
  readonly #name: string;
  #events: StoredEvent[] = [];
  #creationTime: number | undefined;
  readonly #tokens = new Map<string, Token>();
  #nextId = 0;
  #calls: number[] = [];
  pageEvents = 40;
  requestsPerSecond = 5;
  tokenMs = TOKEN_MS;
  retentionInDays: number | undefined;
  readonly failures: Error[] = [];
  /** Of DescribeLogGroups and StartLiveTail, each until it is taken away. */
  describeFailure: Error | undefined;
  tailFailure: Error | undefined;
  /** Live Tail sessions, the newest last, with what was asked for. */
  readonly tailSessions: FakeTailSession[] = [];
  readonly counts = { pages: 0, eventsGiven: 0, throttled: 0, refusedTokens: 0, describes: 0 };

  constructor(clock: TestClock, name: string) {
    this.#clock = clock;
    this.#name = name;
    this.#creationTime = clock.now() - 86_400_000;
  }

  attach(): ReturnType<typeof mockClient> {
    const mock = mockClient(CloudWatchLogsClient);
    mock.on(FilterLogEventsCommand).callsFake((input: FilterLogEventsCommandInput) => this.#filter(input));
    mock.on(StartLiveTailCommand).callsFake((input: { logGroupIdentifiers: readonly string[] }) => {
      if (this.tailFailure !== undefined) throw this.tailFailure;
      const session = new FakeTailSession(input.logGroupIdentifiers);
      this.tailSessions.push(session);
      return { responseStream: session };
    });
    mock.on(DescribeLogGroupsCommand).callsFake(() => this.#describe());
    return mock;
  }

  put(timestamp: number, message: string): string {
    const eventId = `38${String(timestamp).padStart(20, "0")}${String(this.#nextId++).padStart(34, "0")}`;
    this.#events.push({ eventId, timestamp, message, logStreamName: `stream-${this.#nextId % 7}` });
    return eventId;
  }

  /** Puts an event under an id of the caller's. */
  putAs(event: { readonly id: string; readonly timestamp: number; readonly message: string }): void {
    const { id: eventId, timestamp, message } = event;
    this.#events.push({ eventId, timestamp, message, logStreamName: "stream" });
  }

  remove(): void {
    this.#events = [];
    this.#creationTime = undefined;
  }

  create(): void {
    this.#creationTime = this.#clock.now();
  }

  #describe(): object {
    this.counts.describes++;
    if (this.describeFailure !== undefined) throw this.describeFailure;
    if (this.#creationTime === undefined) return { logGroups: [] };
    return {
      logGroups: [
        { logGroupName: `${this.#name}-other`, creationTime: 1 },
        {
          logGroupName: this.#name,
          creationTime: this.#creationTime,
          arn: `arn:aws:logs:eu-west-2:123456789012:log-group:${this.#name}:*`,
          ...(this.retentionInDays === undefined ? {} : { retentionInDays: this.retentionInDays }),
        },
      ],
    };
  }

  async #filter(input: FilterLogEventsCommandInput): Promise<object> {
    await timer(0);
    this.#checkCall(input);
    const { startTime = 0, endTime = Number.POSITIVE_INFINITY, nextToken } = input;
    const request = `${startTime} ${endTime}`;
    const offset = nextToken === undefined ? 0 : this.#redeem(nextToken, request);
    this.counts.pages++;
    const matching = this.#events
      .filter(({ timestamp }) => timestamp >= startTime && timestamp <= endTime)
      .toSorted((left, right) => left.timestamp - right.timestamp || (left.eventId < right.eventId ? -1 : 1));
    // the service searches stream by stream and may find nothing at first: every fourth page is empty
    const isEmpty = this.counts.pages % 4 === 3;
    const events = isEmpty ? [] : matching.slice(offset, offset + this.pageEvents);
    const end = offset + events.length;
    this.counts.eventsGiven += events.length;
    const hasMore = end < matching.length || isEmpty;
    return { events, searchedLogStreams: [], ...(hasMore ? { nextToken: this.#issue(end, request) } : {}) };
  }

  #checkCall(input: FilterLogEventsCommandInput): void {
    const now = this.#clock.now();
    this.#calls = [...this.#calls.filter((time) => time > now - 1000), now];
    if (this.#calls.length > this.requestsPerSecond) {
      this.counts.throttled++;
      throw logsFailure("ThrottlingException", 400);
    }
    const failure = this.failures.shift();
    if (failure !== undefined) throw failure;
    if (this.#creationTime === undefined || input.logGroupName !== this.#name) {
      throw logsFailure("ResourceNotFoundException", 400);
    }
    if ((input.startTime ?? 0) > (input.endTime ?? Number.POSITIVE_INFINITY)) {
      throw logsFailure("InvalidParameterException", 400);
    }
  }

  #issue(offset: number, request: string): string {
    const token = `token-${this.#tokens.size}`;
    this.#tokens.set(token, {
      offset,
      request,
      issuedTime: this.#clock.now(),
      creationTime: this.#creationTime ?? 0,
    });
    return token;
  }

  #redeem(text: string, request: string): number {
    const token = this.#tokens.get(text);
    const isGood =
      token !== undefined &&
      token.request === request &&
      token.creationTime === this.#creationTime &&
      this.#clock.now() - token.issuedTime < this.tokenMs;
    if (isGood) return token.offset;
    this.counts.refusedTokens++;
    throw logsFailure("InvalidParameterException", 400);
  }
}

export function logsFailure(name: string, status: number): Error {
  return new CloudWatchLogsServiceException({
    name,
    $fault: "client",
    message: name,
    $metadata: { httpStatusCode: status },
  });
}
