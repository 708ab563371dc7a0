import { setTimeout as timer } from "node:timers/promises";
import {
  CloudTrailClient,
  CloudTrailServiceException,
  LookupEventsCommand,
  type LookupEventsCommandInput,
} from "@aws-sdk/client-cloudtrail";
import { mockClient } from "aws-sdk-client-mock";
import type { TestClock } from "./receiver-bench.ts";

interface Call {
  readonly id: string;
  readonly region: string;
  readonly eventSource: string;
  readonly time: number;
  /** When it shows up. */
  readonly visibleTime: number;
  readonly body: string;
}

const HISTORY_MS = 90 * 86_400_000;

/** CloudTrail's Event history: newest first, small pages, tokens that expire, two requests a second and Region. */
export class FakeEventHistory {
  readonly #clock: TestClock;
  readonly #calls: Call[] = [];
  readonly #tokens = new Map<
    string,
    { readonly last: string; readonly request: string; readonly issuedTime: number }
  >();
  readonly #requests = new Map<string, number[]>();
  tokenMs = 3_600_000;
  pageEvents = 10;
  /** A request that fails in one Region. */
  failure: ((region: string) => Error | undefined) | undefined;
  readonly counts = { lookups: 0, throttled: 0, refusedTokens: 0, mostPerSecond: 0 };

  constructor(clock: TestClock) {
    this.#clock = clock;
  }

  attach(): ReturnType<typeof mockClient> {
    const mock = mockClient(CloudTrailClient);
    mock
      .on(LookupEventsCommand)
      .callsFake(async (input: LookupEventsCommandInput, getClient: () => CloudTrailClient) =>
        this.#lookup(input, await getClient().config.region()),
      );
    return mock;
  }

  /** A call made `ageMs` ago that shows up `delayMs` after now. */
  add(call: { region: string; eventSource?: string; ageMs: number; delayMs?: number }): string {
    const { region, eventSource = "connect.amazonaws.com", ageMs, delayMs = 0 } = call;
    const id = `event-${String(this.#calls.length).padStart(5, "0")}`;
    const time = Math.floor((this.#clock.now() - ageMs) / 1000) * 1000;
    const body = JSON.stringify({
      eventVersion: "1.11",
      userIdentity: { type: "Root", accountId: "123456789012" },
      eventTime: new Date(time).toISOString(),
      eventSource,
      eventName: "UpdateUserRoutingProfile",
      awsRegion: region,
      eventID: id,
      recipientAccountId: "123456789012",
    });
    this.#calls.push({ id, region, eventSource, time, visibleTime: this.#clock.now() + delayMs, body });
    return id;
  }

  async #lookup(input: LookupEventsCommandInput, region: string): Promise<object> {
    await timer(0);
    this.#checkQuota(region);
    const failure = this.failure?.(region);
    if (failure !== undefined) throw failure;
    this.counts.lookups++;
    const source = input.LookupAttributes?.[0]?.AttributeValue;
    const request = `${region} ${source} ${input.StartTime?.getTime()} ${input.EndTime?.getTime()}`;
    const matching = this.#callsOf(input, region, source);
    const last = input.NextToken === undefined ? undefined : this.#redeem(input.NextToken, request);
    const offset = last === undefined ? 0 : matching.findIndex((call) => call.id === last) + 1;
    const page = matching.slice(offset, offset + Math.min(this.pageEvents, input.MaxResults ?? 50));
    const end = page.at(-1);
    const hasMore = end !== undefined && offset + page.length < matching.length;
    return {
      Events: page.map((call) => ({
        EventId: call.id,
        EventTime: new Date(call.time),
        EventSource: call.eventSource,
        CloudTrailEvent: call.body,
      })),
      ...(hasMore ? { NextToken: this.#issue(end.id, request) } : {}),
    };
  }

  /** What shows up by now, newest first. */
  #callsOf(input: LookupEventsCommandInput, region: string, source: string | undefined): readonly Call[] {
    const from = input.StartTime?.getTime() ?? 0;
    const to = input.EndTime?.getTime() ?? Number.POSITIVE_INFINITY;
    if (from > to) throw historyFailure("InvalidTimeRangeException");
    const oldest = Math.max(from, this.#clock.now() - HISTORY_MS);
    return this.#calls
      .filter((call) => call.region === region && (source === undefined || call.eventSource === source))
      .filter((call) => call.time >= oldest && call.time <= to && call.visibleTime <= this.#clock.now())
      .toSorted((left, right) => right.time - left.time || (left.id < right.id ? 1 : -1));
  }

  #checkQuota(region: string): void {
    const now = this.#clock.now();
    const recent = [...(this.#requests.get(region) ?? []).filter((time) => time > now - 1000), now];
    this.#requests.set(region, recent);
    this.counts.mostPerSecond = Math.max(this.counts.mostPerSecond, recent.length);
    if (recent.length <= 2) return;
    this.counts.throttled++;
    throw historyFailure("ThrottlingException");
  }

  #issue(last: string, request: string): string {
    const token = `token-${this.#tokens.size}`;
    this.#tokens.set(token, { last, request, issuedTime: this.#clock.now() });
    return token;
  }

  #redeem(text: string, request: string): string {
    const token = this.#tokens.get(text);
    if (token !== undefined && token.request === request && this.#clock.now() - token.issuedTime < this.tokenMs)
      return token.last;
    this.counts.refusedTokens++;
    throw historyFailure("InvalidNextTokenException");
  }
}

export function historyFailure(name: string): Error {
  return new CloudTrailServiceException({ name, $fault: "client", message: name, $metadata: { httpStatusCode: 400 } });
}
