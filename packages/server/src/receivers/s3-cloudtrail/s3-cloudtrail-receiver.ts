import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import { awsClientOptions, s3ClientOptions } from "../aws/client-options.ts";
import { PartStates } from "../part-states.ts";
import { PullLoop } from "../pull-loop.ts";
import { ReceiverMeter } from "../receiver-meter.ts";
import type { Receiver, ReceiverContext, ReceiverStatus } from "../receiver.ts";
import { ToldDelivery } from "../told-delivery.ts";
import { regionOfQueue } from "../sqs/config.ts";
import { QueueLoop } from "../sqs/queue-loop.ts";
import type { S3CloudtrailConfig } from "./config.ts";
import { NotifiedObjects } from "./notified-objects.ts";
import { TrailBucket } from "./trail-bucket.ts";
import { TrailListing } from "./trail-listing.ts";
import { TrailObjects } from "./trail-objects.ts";

/** A trail delivers about every five minutes; what is older than this was left lying. */
const BEHIND_MS = 30 * 60_000;

/** The files of a trail: told by notifications, found by listing, or both. */
export class S3CloudtrailReceiver implements Receiver {
  readonly #s3: S3Client;
  readonly #meter: ReceiverMeter;
  readonly #listing: TrailListing;
  readonly #listingLoop: PullLoop | undefined;
  readonly #queueLoop: QueueLoop | undefined;
  readonly #sqs: SQSClient | undefined;

  constructor(config: S3CloudtrailConfig, context: ReceiverContext) {
    const configKey = `receivers.${config.name}`;
    const { name, notifications } = config;
    const meter = new ReceiverMeter({ name, type: "s3_cloudtrail", behindMs: BEHIND_MS, now: context.now });
    const states = new PartStates(meter);
    this.#meter = meter;
    // a bucket of another Region than the one configured is found by what S3 answers
    this.#s3 = new S3Client({ ...s3ClientOptions(config, { configKey }), followRegionRedirects: true });
    const bucket = new TrailBucket({
      client: this.#s3,
      bucket: config.bucket,
      configKey,
      sleep: context.sleep,
      onFailure: (kind, detail) => states.failed("bucket", kind, detail),
      onRecovered: () => states.succeeded("bucket", null),
    });
    const delivery = new ToldDelivery({ context, meter, states });
    const objects = new TrailObjects({ bucket, concurrency: config.concurrency, context, delivery, states });
    this.#listing = new TrailListing({ config, context, bucket, objects, meter });
    if (config.listing.enabled) this.#listingLoop = this.#createListingLoop(config, context, states);
    if (notifications === undefined) return;
    const { endpoint: _s3Endpoint, ...connection } = config;
    const region = notifications.region ?? regionOfQueue(notifications.queue_url);
    this.#sqs = new SQSClient({
      ...awsClientOptions(
        {
          ...connection,
          ...(region === undefined ? {} : { region }),
          ...(notifications.endpoint === undefined ? {} : { endpoint: notifications.endpoint }),
        },
        { configKey: `${configKey}.notifications` },
      ),
      useQueueUrlAsEndpoint: notifications.endpoint === undefined,
    });
    const notified = new NotifiedObjects({ config, delivery, objects, meter, listing: this.#listing });
    this.#queueLoop = new QueueLoop({
      client: this.#sqs,
      config: notifications,
      configKey: `${configKey}.notifications`,
      states,
      now: context.now,
      sleep: context.sleep,
      work: (messages, signal) => notified.store(messages, signal),
    });
  }

  start(): void {
    this.#listingLoop?.start();
    this.#queueLoop?.start();
  }

  status(): ReceiverStatus {
    return this.#meter.status();
  }

  async stop(): Promise<void> {
    await Promise.all([this.#listingLoop?.stop(), this.#queueLoop?.stop()]);
    this.#s3.destroy();
    this.#sqs?.destroy();
    this.#meter.stopped();
  }

  #createListingLoop(config: S3CloudtrailConfig, context: ReceiverContext, states: PartStates): PullLoop {
    const nothing = `no folder of a trail is below "s3://${config.bucket}/${config.prefix}AWSLogs/"; check prefix, accounts and regions of receivers.${config.name}, or wait for the trail's first file`;
    return new PullLoop({
      turn: async (signal) => {
        const { waitMs, lagMs, isEmpty } = await this.#listing.turn(signal);
        if (isEmpty) states.failed("listing", "missing", nothing);
        else states.succeeded("listing", lagMs);
        return waitMs;
      },
      reports: { failed: (kind, detail) => states.failed("listing", kind, detail) },
      sleep: context.sleep,
    });
  }
}
