import type { ReceiverMeter } from "../receiver-meter.ts";
import type { ToldDelivery } from "../told-delivery.ts";
import type { QueueWork } from "../sqs/queue-loop.ts";
import type { QueueMessage } from "../sqs/queue.ts";
import type { S3CloudtrailConfig } from "./config.ts";
import { leftOutReason } from "./layout.ts";
import { readNotification, type ObjectRef } from "./notification.ts";
import type { TrailListing } from "./trail-listing.ts";
import type { TrailObjects } from "./trail-objects.ts";

/** A file that is not there after so many deliveries of its message was deleted; S3 shows new objects at once. */
const MAX_GONE_RECEIVES = 3;

/** Keys remembered, for files that are told twice. */
const MAX_DONE_KEYS = 50_000;

export interface NotifiedParts {
  readonly config: S3CloudtrailConfig;
  readonly delivery: ToldDelivery;
  readonly objects: TrailObjects;
  readonly meter: ReceiverMeter;
  readonly listing: TrailListing;
}

/** Files that messages tell of. A message is done when all its files are. */
export class NotifiedObjects {
  readonly #parts: NotifiedParts;
  readonly #doneKeys = new Set<string>();

  constructor(parts: NotifiedParts) {
    this.#parts = parts;
  }

  /** A message that fails or is denied keeps only itself on the queue. */
  async store(messages: readonly QueueMessage[], signal: AbortSignal): Promise<QueueWork> {
    const outcomes = await Promise.allSettled(messages.map((message) => this.#storeMessage(message, signal)));
    const failed = outcomes.find((outcome) => outcome.status === "rejected");
    const done = messages.filter((_, index) => {
      const outcome = outcomes[index];
      return outcome?.status === "fulfilled" && outcome.value;
    });
    return { done, failure: failed?.reason };
  }

  /** True when everything the message tells of is stored, or is to be left out. */
  async #storeMessage(message: QueueMessage, signal: AbortSignal): Promise<boolean> {
    const { delivery, meter } = this.#parts;
    const notification = readNotification(message.body);
    switch (notification.kind) {
      case "nothing":
        meter.dropped(notification.reason);
        return true;
      case "unknown": {
        // kept as a rejected record, or stored where it is a record itself
        const received = { bytes: Buffer.from(message.body), origin: `sqs:notification/${message.id}` };
        await delivery.store([received], signal);
        return true;
      }
      case "objects": {
        const outcomes = await Promise.all(
          notification.objects.map((object) => this.#storeObject(object, message.receiveCount, signal)),
        );
        return outcomes.every(Boolean);
      }
    }
  }

  async #storeObject(object: ObjectRef, receiveCount: number, signal: AbortSignal): Promise<boolean> {
    const { config, meter, objects, listing } = this.#parts;
    const { bucket, key } = object;
    const reason = bucket === config.bucket ? (this.#outsideReason(key) ?? leftOutReason(key)) : "other_bucket";
    if (reason !== undefined) {
      meter.dropped(reason);
      return true;
    }
    const folder = listing.folderFor(key);
    if (this.#doneKeys.has(key) || folder?.isDone(key) === true) return true;
    const outcome = await objects.store(key, signal);
    if (outcome === "denied" || (outcome === "gone" && receiveCount < MAX_GONE_RECEIVES)) return false;
    if (outcome !== "stored") meter.dropped(`${outcome}_file`);
    folder?.markDone(key);
    this.#remember(key);
    return true;
  }

  /** The same limits that listing has. */
  #outsideReason(key: string): "other_prefix" | "other_account" | "other_region" | undefined {
    const { config } = this.#parts;
    if (!key.startsWith(config.prefix)) return "other_prefix";
    const [, account, region] = /\/(\d{12})\/CloudTrail\/([^/]+)\//.exec(key) ?? [];
    if (account !== undefined && config.accounts?.includes(account) === false) return "other_account";
    return region !== undefined && config.regions?.includes(region) === false ? "other_region" : undefined;
  }

  #remember(key: string): void {
    this.#doneKeys.add(key);
    if (this.#doneKeys.size <= MAX_DONE_KEYS) return;
    const [oldest] = this.#doneKeys;
    if (oldest !== undefined) this.#doneKeys.delete(oldest);
  }
}
