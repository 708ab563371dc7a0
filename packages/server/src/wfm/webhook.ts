import type { WfmWebhookBody, WfmWebhookState, WfmWebhookStatus } from "@fourwire/core";
import type { WebhookSettings } from "../config/wfm-config.ts";
import { DeliveryQueue, type Delivery } from "./delivery-queue.ts";
import { post, type PostOutcome } from "./post.ts";
import { SIGNATURE_HEADER, signatureOf, TIMESTAMP_HEADER } from "./signature.ts";
import type { WfmFeed, WfmListener } from "./wfm-feed.ts";

/** The pause after the first failure; it doubles with each further one. */
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 300_000;

/** Pauses are this much shorter or longer at random, so that webhooks that failed together do not return together. */
const JITTER = 0.2;

export interface WebhookParts {
  readonly feed: WfmFeed;
  readonly settings: WebhookSettings;
  readonly secret: string;
  readonly now: () => number;
  /** Ends early when the signal does. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly firstPauseMs?: number;
}

/**
 * Posts the feed to one address, one delivery at a time, so that the order of events is kept. What fails is sent again
 * with the same ids for as long as the feed still has what comes after it; then a snapshot takes its place.
 */
export class Webhook implements WfmListener {
  readonly #parts: WebhookParts;
  readonly #stop = new AbortController();
  #queue: DeliveryQueue | undefined;
  #wake: () => void = doNothing;
  #running: Promise<void> = Promise.resolve();
  #state: WfmWebhookState = "starting";
  #failuresInRow = 0;
  #hasMissed = false;
  #deliveredBatches = 0;
  #deliveredEvents = 0;
  #failedAttempts = 0;
  #refusedEvents = 0;
  #lastStatus: number | null = null;
  #lastError: string | null = null;
  #lastDeliveredTime: number | null = null;
  #retryTime: number | null = null;

  constructor(parts: WebhookParts) {
    this.#parts = parts;
  }

  get name(): string {
    return this.#parts.settings.name;
  }

  /** Begins with a snapshot of the feed, which has started. */
  start(): void {
    if (this.#stop.signal.aborted) return;
    const { feed, settings } = this.#parts;
    this.#queue = new DeliveryQueue(feed, settings.events, settings.max_batch);
    feed.listen(this);
    this.#running = this.#run(this.#queue);
  }

  onEvents(): void {
    this.#wake();
  }

  onBeat(json: string): void {
    this.#queue?.putBeat(json);
    this.#wake();
  }

  close(): void {
    this.#stop.abort();
    this.#state = "stopped";
    this.#wake();
  }

  /** Resolves when nothing is being sent any more; after `close`. */
  async ended(): Promise<void> {
    await this.#running;
  }

  status(): WfmWebhookStatus {
    const { settings } = this.#parts;
    const url = new URL(settings.url);
    return {
      name: settings.name,
      url: `${url.origin}${url.pathname}`,
      events: settings.events,
      state: this.#state,
      delivered_batches: this.#deliveredBatches,
      delivered_events: this.#deliveredEvents,
      failed_attempts: this.#failedAttempts,
      refused_events: this.#refusedEvents,
      overrun_events: this.#queue?.overrunEvents ?? 0,
      snapshots: this.#queue?.snapshots ?? 0,
      waiting_events: this.#queue?.waitingEvents ?? 0,
      last_status: this.#lastStatus,
      last_error: this.#lastError,
      last_delivered_time: isoOf(this.#lastDeliveredTime),
      retry_time: isoOf(this.#retryTime),
    };
  }

  async #run(queue: DeliveryQueue): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      const delivery = queue.next();
      if (delivery === undefined) {
        await new Promise<void>((resolve) => (this.#wake = resolve));
        continue;
      }
      const outcome = await this.#send(delivery);
      if (signal.aborted) return;
      await this.#settle(queue, delivery, outcome);
    }
  }

  #send(delivery: Delivery): Promise<PostOutcome> {
    const { settings, secret, now } = this.#parts;
    const head: Omit<WfmWebhookBody, "events"> = { webhook: settings.name, delivery_id: delivery.id };
    // the events are JSON already
    const body = `${JSON.stringify(head).slice(0, -1)},"events":[${delivery.events.join(",")}]}`;
    const timestamp = String(Math.floor(now() / 1000));
    const headers = {
      "user-agent": "fourwire-webhook",
      "x-fourwire-delivery": delivery.id,
      [TIMESTAMP_HEADER]: timestamp,
      [SIGNATURE_HEADER]: signatureOf(secret, timestamp, body),
    };
    const request = { url: settings.url, body, headers, timeoutMs: settings.timeout, signal: this.#stop.signal };
    return post(request, now);
  }

  async #settle(queue: DeliveryQueue, delivery: Delivery, outcome: PostOutcome): Promise<void> {
    this.#lastStatus = outcome.status;
    if (outcome.kind === "taken") {
      this.#taken(queue, delivery);
      return;
    }
    this.#lastError = outcome.detail;
    if (outcome.kind === "refused") {
      this.#state = "refusing";
      this.#refusedEvents += delivery.events.length;
      this.#hasMissed = true;
      queue.refused();
      this.#say(`refused ${delivery.events.length} events for good, they are dropped: ${outcome.detail}`);
      await this.#pause(null);
      return;
    }
    this.#state = "retrying";
    this.#failedAttempts++;
    if (this.#failuresInRow === 0) this.#say(`could not be delivered to, this is repeated: ${outcome.detail}`);
    await this.#pause(outcome.retryAfterMs);
  }

  #taken(queue: DeliveryQueue, delivery: Delivery): void {
    if (this.#failuresInRow > 0) this.#say("takes deliveries again");
    this.#state = "delivering";
    this.#failuresInRow = 0;
    this.#lastError = null;
    this.#lastDeliveredTime = this.#parts.now();
    this.#deliveredBatches++;
    this.#deliveredEvents += delivery.events.length;
    queue.taken();
    // it holds an old state of whoever changed in what it refused
    if (this.#hasMissed) queue.requestSnapshot();
    this.#hasMissed = false;
  }

  async #pause(askedMs: number | null): Promise<void> {
    const { now, sleep, firstPauseMs = FIRST_PAUSE_MS } = this.#parts;
    const grown = Math.min(LONGEST_PAUSE_MS, firstPauseMs * 2 ** Math.min(this.#failuresInRow, 20));
    this.#failuresInRow++;
    const pauseMs = Math.max(askedMs ?? 0, grown * (1 + JITTER * (2 * Math.random() - 1)));
    this.#retryTime = now() + pauseMs;
    await sleep(pauseMs, this.#stop.signal);
    this.#retryTime = null;
  }

  #say(what: string): void {
    process.stderr.write(`fourwire: webhook "${this.name}" ${what}\n`);
  }
}

function isoOf(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}

function doNothing(): void {
  // nobody waits
}
