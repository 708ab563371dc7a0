import { CloudTrailClient } from "@aws-sdk/client-cloudtrail";
import type { AwsFailureKind } from "../aws/aws-failure.ts";
import { awsClientOptions } from "../aws/client-options.ts";
import { retryCall } from "../aws/retry-call.ts";
import type { PartStates } from "../part-states.ts";
import { PullLoop } from "../pull-loop.ts";
import type { ReceiverMeter } from "../receiver-meter.ts";
import type { ReceiverContext } from "../receiver.ts";
import { RecentIds } from "../recent-ids.ts";
import { RequestPacer } from "../request-pacer.ts";
import { startInstant } from "../start-time.ts";
import { ToldDelivery } from "../told-delivery.ts";
import { TimeSweep, type SweepWindow } from "../time-sweep.ts";
import type { EventHistoryConfig } from "./config.ts";
import { lookupEvents, LookupTokenError, type HistoryEvent, type HistoryPage } from "./lookup.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Event history reaches back this far. */
const HISTORY_MS = 90 * DAY_MS;

/** A position beyond the history by less than this was there when it was saved. */
const EXPIRY_SLACK_MS = HOUR_MS;

/** Ids a Region remembers, to spare what is read again its decoding. */
const MAX_RECENT_IDS = 50_000;

/** How often a window is begun again because its token was refused, before it counts as a failure. */
const MAX_WINDOW_RESTARTS = 3;

export interface RegionParts {
  readonly config: EventHistoryConfig;
  readonly region: string;
  readonly context: ReceiverContext;
  readonly meter: ReceiverMeter;
  readonly states: PartStates;
}

/** One service's calls: what came before the first start, and what has come since. Both go forward. */
interface Stream {
  readonly eventSource: string | undefined;
  readonly part: string;
  readonly past: TimeSweep;
  readonly live: TimeSweep;
  liveDueTime: number;
}

/** The Event history of one Region. The present goes before the past, and both share the Region's requests. */
export class RegionHistory {
  readonly #parts: RegionParts;
  readonly #client: CloudTrailClient;
  readonly #pacer: RequestPacer;
  readonly #delivery: ToldDelivery;
  readonly #recent = new RecentIds(MAX_RECENT_IDS);
  readonly #loop: PullLoop;
  #streams: readonly Stream[] | undefined;

  constructor(parts: RegionParts) {
    this.#parts = parts;
    const { config, region, context, states } = parts;
    this.#client = new CloudTrailClient(
      awsClientOptions({ ...config, region }, { configKey: `receivers.${config.name}` }),
    );
    this.#delivery = new ToldDelivery(parts);
    this.#pacer = new RequestPacer({ requestsPerSecond: config.requests_per_second, ...context });
    this.#loop = new PullLoop({
      turn: (signal) => this.#turn(signal),
      reports: { failed: (kind, detail) => states.failed(region, kind, detail) },
      sleep: context.sleep,
    });
  }

  start(): void {
    this.#loop.start();
  }

  async stop(): Promise<void> {
    await this.#loop.stop();
    this.#client.destroy();
  }

  async #turn(signal: AbortSignal): Promise<number> {
    const { now } = this.#parts.context;
    this.#streams ??= await this.#openStreams();
    for (const stream of this.#streams) {
      if (stream.liveDueTime > now()) continue;
      const dueTime = now() + this.#parts.config.poll_interval;
      const { isCaughtUp, lagMs } = await this.#sweep(stream, stream.live, signal);
      if (isCaughtUp) stream.liveDueTime = dueTime;
      this.#succeed(stream, isCaughtUp ? 0 : lagMs);
    }
    const unfinished = this.#streams.find((stream) => !stream.past.isFinished);
    if (unfinished !== undefined) {
      await this.#sweep(unfinished, unfinished.past, signal);
      this.#succeed(unfinished, now() - unfinished.past.position);
      return 0;
    }
    this.#recent.forgetBefore(Math.min(...this.#streams.map((stream) => stream.live.oldestRereadTime)));
    return Math.max(0, Math.min(...this.#streams.map((stream) => stream.liveDueTime)) - now());
  }

  #succeed(stream: Stream, lagMs: number): void {
    this.#parts.states.succeeded(this.#parts.region, null);
    this.#parts.states.succeeded(stream.part, lagMs);
  }

  #sweep(stream: Stream, sweep: TimeSweep, signal: AbortSignal): ReturnType<TimeSweep["turn"]> {
    const oldestTime = this.#parts.context.now() - HISTORY_MS - EXPIRY_SLACK_MS;
    return sweep.turn((window) => this.#readWindow(stream, window, signal), oldestTime);
  }

  async #openStreams(): Promise<readonly Stream[]> {
    const { config } = this.#parts;
    const sources = config.event_sources === "all" ? [undefined] : [...config.event_sources, ...canarySources(config)];
    const streams: Stream[] = [];
    for (const eventSource of sources) streams.push(await this.#openStream(eventSource));
    return streams;
  }

  async #openStream(eventSource: string | undefined): Promise<Stream> {
    const { config, region, context, meter } = this.#parts;
    const { checkpoints, now } = context;
    const part = `${region}/${eventSource ?? "all"}`;
    const onExpired = (from: number, to: number): void =>
      meter.gap({ from, to, reason: `older than 90 days: ${part}` });
    const shared = { receiver: config.name, checkpoints, now, onExpired };
    const startTime = startInstant(config.start, now(), now() - HISTORY_MS);
    const options = {
      overlapMs: config.overlap,
      lookBackMs: config.look_back,
      lookBackEveryMs: config.look_back_interval,
      aheadMs: MINUTE_MS,
      window: { firstMs: 6 * HOUR_MS, minMs: MINUTE_MS, maxMs: 7 * DAY_MS },
      pagesPerWindow: 20,
    };
    // calls made shortly before the first start may show up after it, so the present begins a look-back earlier
    const live = await TimeSweep.open({ ...shared, keyPrefix: `${part}/live/`, options }, () =>
      Promise.resolve(Math.max(startTime, now() - config.look_back)),
    );
    const past = await TimeSweep.open(
      {
        ...shared,
        keyPrefix: `${part}/past/`,
        options: { ...options, overlapMs: 0, lookBackMs: 0, endTime: live.startTime },
      },
      () => Promise.resolve(startTime),
    );
    return { eventSource, part, past, live, liveDueTime: 0 };
  }

  /** Every page of a window, again from its beginning where a token expires. Returns the number of pages. */
  async #readWindow(stream: Stream, window: SweepWindow, signal: AbortSignal): Promise<number> {
    for (let restarts = 0; ; restarts++) {
      try {
        return await this.#readPages(stream, window, signal);
      } catch (error) {
        if (!(error instanceof LookupTokenError) || restarts >= MAX_WINDOW_RESTARTS) throw error;
      }
    }
  }

  async #readPages(stream: Stream, window: SweepWindow, signal: AbortSignal): Promise<number> {
    let token: string | undefined;
    for (let pages = 1; ; pages++) {
      const page = await this.#readPage({ stream, window, token }, signal);
      await this.#store(page.events, signal);
      if (page.nextToken === undefined || page.nextToken === token) return pages;
      token = page.nextToken;
    }
  }

  #readPage(
    at: { readonly stream: Stream; readonly window: SweepWindow; readonly token: string | undefined },
    signal: AbortSignal,
  ): Promise<HistoryPage> {
    const { config, region, context, states } = this.#parts;
    const { stream, window, token } = at;
    const call = {
      action: "cloudtrail:LookupEvents",
      subject: `the Event history of ${region}`,
      configKey: `receivers.${config.name}`,
      subjectKey: "regions",
    };
    const onFailure = (kind: AwsFailureKind, detail: string): void => states.failed(region, kind, detail);
    return retryCall({ signal, sleep: context.sleep, onFailure }, async () => {
      await this.#pacer.take(signal);
      return lookupEvents({ client: this.#client, call, eventSource: stream.eventSource, window, token }, signal);
    });
  }

  async #store(events: readonly HistoryEvent[], signal: AbortSignal): Promise<void> {
    const fresh = events.filter(({ id, time }) => !this.#recent.has(id, time));
    if (fresh.length === 0) return;
    const messages = fresh.map(({ id, body }) => ({
      bytes: Buffer.from(body),
      origin: `event_history:${this.#parts.region}/${id}`,
    }));
    await this.#delivery.store(messages, signal);
    for (const { id, time } of fresh) this.#recent.add(id, time);
  }
}

/** The canary is a call of CloudTrail's own API: it only comes back where those are looked up too. */
function canarySources(config: EventHistoryConfig): readonly string[] {
  const source = "cloudtrail.amazonaws.com";
  return config.canary === undefined || config.event_sources.includes(source) ? [] : [source];
}
