import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import type { AwsFailureKind } from "../aws/aws-failure.ts";
import { awsClientOptions } from "../aws/client-options.ts";
import { retryCall } from "../aws/retry-call.ts";
import { durationText } from "../duration.ts";
import { PartStates } from "../part-states.ts";
import { PullLoop } from "../pull-loop.ts";
import { ReceiverMeter } from "../receiver-meter.ts";
import type { Receiver, ReceiverContext, ReceiverStatus } from "../receiver.ts";
import { RecentIds } from "../recent-ids.ts";
import { RequestPacer } from "../request-pacer.ts";
import { startInstant } from "../start-time.ts";
import { ToldDelivery } from "../told-delivery.ts";
import { TimeSweep, type SweepOptions, type SweepWindow } from "../time-sweep.ts";
import { parseLogGroup, type CloudwatchLogsConfig } from "./config.ts";
import { LogGroupTail } from "./log-group-tail.ts";
import { LogGroup, TokenExpiredError, type EventPage, type GroupFacts, type LogEvent } from "./log-group.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** A position this far back says that the receiver does not keep up. */
const BEHIND_MS = 5 * MINUTE_MS;

/** How often the group is asked whether it is still the same. */
const DESCRIBE_EVERY_MS = 10 * MINUTE_MS;

/** Event ids kept to spare what is read again its decoding: about 25 MB. */
const MAX_RECENT_IDS = 250_000;

/** PutLogEvents takes events up to two hours ahead and 14 days back. */
const AHEAD_MS = 2 * 60 * MINUTE_MS;
const INGEST_AGE_MS = 14 * DAY_MS;

/** No flow log is older than Amazon Connect. */
const CONNECT_LAUNCH = Date.UTC(2017, 2, 28);

/** How often a window is begun again because its token was refused, before it counts as a failure. */
const MAX_WINDOW_RESTARTS = 3;

const PART = "group";
const TAIL_PART = "live tail";

/** Reads a log group by time, all its streams together. */
export class CloudwatchLogsReceiver implements Receiver {
  readonly #config: CloudwatchLogsConfig;
  readonly #context: ReceiverContext;
  readonly #client: CloudWatchLogsClient;
  readonly #group: LogGroup;
  readonly #meter: ReceiverMeter;
  readonly #states: PartStates;
  readonly #delivery: ToldDelivery;
  readonly #pacer: RequestPacer;
  readonly #recent = new RecentIds(MAX_RECENT_IDS);
  readonly #loop: PullLoop;
  readonly #tail: LogGroupTail | undefined;
  #facts: GroupFacts | undefined;
  #describedTime = 0;
  #sweep: TimeSweep | undefined;

  constructor(config: CloudwatchLogsConfig, context: ReceiverContext) {
    this.#config = config;
    this.#context = context;
    const place = { configKey: `receivers.${config.name}`, region: parseLogGroup(config.log_group).region };
    this.#client = new CloudWatchLogsClient({
      ...awsClientOptions(config, place),
      // Live Tail has a host of its own, stream-logs, in front of Amazon's name only
      ...(config.endpoint === undefined ? {} : { disableHostPrefix: true }),
    });
    this.#group = new LogGroup(this.#client, config);
    this.#meter = new ReceiverMeter({
      name: config.name,
      type: "cloudwatch_logs",
      behindMs: BEHIND_MS,
      now: context.now,
    });
    this.#states = new PartStates(this.#meter);
    this.#delivery = new ToldDelivery({ context, meter: this.#meter, states: this.#states });
    this.#pacer = new RequestPacer({ requestsPerSecond: config.requests_per_second, ...context });
    this.#loop = new PullLoop({
      turn: (signal) => this.#turn(signal),
      reports: { failed: (kind, detail) => this.#fail(kind, detail) },
      sleep: context.sleep,
    });
    this.#tail = config.live_tail ? this.#createTail() : undefined;
  }

  start(): void {
    this.#loop.start();
    this.#tail?.start();
  }

  status(): ReceiverStatus {
    const status = this.#meter.status();
    return this.#tail === undefined ? status : { ...status, liveTail: this.#tail.status() };
  }

  async stop(): Promise<void> {
    await Promise.all([this.#loop.stop(), this.#tail?.stop()]);
    this.#client.destroy();
    this.#meter.stopped();
  }

  #createTail(): LogGroupTail {
    const { poll_interval: pollMs } = this.#config;
    return new LogGroupTail({
      client: this.#client,
      call: this.#group.call("logs:StartLiveTail"),
      arn: (signal) => this.#group.arn(signal),
      onNews: () => this.#loop.wake(),
      reports: {
        succeeded: () => this.#states.succeeded(TAIL_PART, null),
        failed: (kind, detail) =>
          this.#states.failed(TAIL_PART, kind, `${detail}; until then the group is read every ${durationText(pollMs)}`),
      },
      ...this.#context,
    });
  }

  async #turn(signal: AbortSignal): Promise<number> {
    await this.#describeGroup(signal);
    const now = this.#context.now();
    this.#sweep ??= await this.#openSweep();
    const { retentionMs } = this.#facts ?? {};
    const oldestTime = retentionMs === undefined ? 0 : now - retentionMs;
    const { isCaughtUp, lagMs } = await this.#sweep.turn((window) => this.#readWindow(window, signal), oldestTime);
    this.#recent.forgetBefore(this.#sweep.oldestRereadTime);
    this.#states.succeeded(PART, isCaughtUp ? 0 : lagMs);
    if (!isCaughtUp) return 0;
    return Math.min(this.#config.poll_interval, this.#tail?.lookAgainMs ?? Number.POSITIVE_INFINITY);
  }

  #fail(kind: AwsFailureKind, detail: string): void {
    // a group that is gone may come back as another one
    if (kind === "missing") this.#describedTime = 0;
    this.#states.failed(PART, kind, detail);
  }

  #openSweep(): Promise<TimeSweep> {
    const { checkpoints, now } = this.#context;
    return TimeSweep.open(
      {
        receiver: this.#config.name,
        keyPrefix: "",
        checkpoints,
        now,
        options: this.#sweepOptions(),
        onExpired: (from, to) => this.#meter.gap({ from, to, reason: "older than the retention of the log group" }),
      },
      () => Promise.resolve(startInstant(this.#config.start, now(), this.#oldestEventTime())),
    );
  }

  #sweepOptions(): SweepOptions {
    return {
      overlapMs: this.#config.overlap,
      lookBackMs: this.#config.look_back,
      lookBackEveryMs: this.#config.look_back_interval,
      aheadMs: AHEAD_MS,
      window: { firstMs: 60 * MINUTE_MS, minMs: MINUTE_MS, maxMs: 30 * DAY_MS },
      pagesPerWindow: 10,
    };
  }

  #oldestEventTime(): number {
    const created = this.#facts?.creationTime;
    return created === undefined ? CONNECT_LAUNCH : created - INGEST_AGE_MS;
  }

  /** Notices that the group was deleted and made again: what was in it and not yet read is a gap. */
  async #describeGroup(signal: AbortSignal): Promise<void> {
    const { now, checkpoints } = this.#context;
    if (this.#describedTime !== 0 && now() - this.#describedTime < DESCRIBE_EVERY_MS) return;
    const facts = await this.#group.describe(signal);
    this.#describedTime = now();
    // a group that is not there is reported by the attempt to read it
    if (facts === undefined) return;
    this.#facts = facts;
    if (facts.creationTime === undefined) return;
    const saved = await checkpoints.load(this.#config.name);
    const knownTime = Number(saved.get("creation_time") ?? facts.creationTime);
    const position = Number(saved.get("position") ?? Number.NaN);
    if (facts.creationTime > knownTime && facts.creationTime > position) {
      this.#meter.gap({ from: position, to: facts.creationTime, reason: "the log group was deleted and made again" });
    }
    // a session follows the group it was begun for
    if (facts.creationTime > knownTime) this.#tail?.restart();
    await checkpoints.save(this.#config.name, new Map([["creation_time", String(facts.creationTime)]]));
  }

  /** Every page of a window, again from its beginning where a token expires. Returns the number of pages. */
  async #readWindow(window: SweepWindow, signal: AbortSignal): Promise<number> {
    for (let restarts = 0; ; restarts++) {
      try {
        return await this.#readPages(window, signal);
      } catch (error) {
        if (!(error instanceof TokenExpiredError) || restarts >= MAX_WINDOW_RESTARTS) throw error;
      }
    }
  }

  async #readPages(window: SweepWindow, signal: AbortSignal): Promise<number> {
    let token: string | undefined;
    for (let pages = 1; ; pages++) {
      const page = await this.#readPage(window, token, signal);
      await this.#store(page.events, signal);
      // a compatible service may repeat the token of the last page for ever
      if (page.nextToken === undefined || page.nextToken === token) return pages;
      token = page.nextToken;
    }
  }

  async #readPage(window: SweepWindow, token: string | undefined, signal: AbortSignal): Promise<EventPage> {
    const onFailure = (kind: AwsFailureKind, detail: string): void => this.#fail(kind, detail);
    return retryCall({ signal, sleep: this.#context.sleep, onFailure }, async () => {
      await this.#pacer.take(signal);
      return this.#group.page(window, token, signal);
    });
  }

  async #store(events: readonly LogEvent[], signal: AbortSignal): Promise<void> {
    const fresh = events.filter(({ id, timestamp }) => id === undefined || !this.#recent.has(id, timestamp));
    if (fresh.length === 0) return;
    const bytes = Buffer.from(JSON.stringify(this.#payloadOf(fresh)));
    const origin = `cloudwatch_logs:${this.#group.name}`;
    await this.#delivery.store([{ bytes, origin }], signal);
    for (const { id, timestamp } of fresh) if (id !== undefined) this.#recent.add(id, timestamp);
  }

  /** As a subscription of the group would deliver them: the records' ids come out the same. */
  #payloadOf(events: readonly LogEvent[]): object {
    return {
      messageType: "DATA_MESSAGE",
      ...(this.#facts?.accountId === undefined ? {} : { owner: this.#facts.accountId }),
      logGroup: this.#group.name,
      logStream: "",
      subscriptionFilters: [],
      logEvents: events,
    };
  }
}
