import type { WfmStatusResponse } from "@fourwire/core";
import type { AgentBoard } from "../agents/agent-board.ts";
import type { WfmSettings } from "../config/wfm-config.ts";
import { readSecret } from "../receivers/aws/secret-reference.ts";
import { sleep } from "../receivers/deliver.ts";
import { Webhook } from "./webhook.ts";
import { WfmFeed } from "./wfm-feed.ts";

export interface WfmParts {
  readonly board: AgentBoard;
  readonly now: () => number;
  /** Names this server's life in the ids of events. */
  readonly life: string;
}

/** What workforce management tools are sent: the feed, its readers and the webhooks. */
export class Wfm {
  readonly feed: WfmFeed;
  readonly #webhooks: readonly Webhook[];
  #readers = 0;
  #slowReadersClosed = 0;

  private constructor(feed: WfmFeed, webhooks: readonly Webhook[]) {
    this.feed = feed;
    this.#webhooks = webhooks;
  }

  /** Throws `secret_missing` where a webhook's secret is not where the configuration says. */
  static create(settings: WfmSettings, parts: WfmParts): Wfm {
    const feed = new WfmFeed({ ...parts, keepEvents: settings.keep_events, beatMs: settings.beat });
    const webhooks = settings.webhooks.map((webhook, index) => {
      const secret = readSecret(webhook.secret, `wfm.webhooks[${index}].secret`);
      return new Webhook({ feed, settings: webhook, secret, now: parts.now, sleep });
    });
    return new Wfm(feed, webhooks);
  }

  /** Begins to post, in the background, once the board knows where everybody stands. */
  start(): void {
    if (this.#webhooks.length === 0) return;
    this.feed.start().then(
      () => this.#webhooks.forEach((webhook) => webhook.start()),
      (error: unknown) => {
        process.stderr.write(
          `fourwire: webhooks are not served: ${error instanceof Error ? error.message : String(error)}\n`,
        );
      },
    );
  }

  get readerCount(): number {
    return this.#readers;
  }

  readerCame(): void {
    this.#readers++;
  }

  readerWent(): void {
    this.#readers--;
  }

  countSlowReader(): void {
    this.#slowReadersClosed++;
  }

  status(): WfmStatusResponse {
    const { ring, beatMs } = this.feed;
    return {
      webhooks: this.#webhooks.map((webhook) => webhook.status()),
      feed: {
        readers: this.#readers,
        slow_readers_closed: this.#slowReadersClosed,
        sequence: ring.sequence,
        kept_events: ring.count,
        beat_ms: beatMs,
      },
    };
  }

  close(): void {
    for (const webhook of this.#webhooks) webhook.close();
    this.feed.close();
  }
}
