import { z } from "zod";
import { S3_CONNECTION_FIELDS } from "../aws/aws-config.ts";
import { durationSchema } from "../duration.ts";
import { RECEIVER_FIELDS } from "../receiver-fields.ts";
import { QUEUE_FIELDS, queueUrlSchema } from "../sqs/config.ts";
import { startTimeSchema } from "../start-time.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** How often folders are listed where nothing else says that there is something new, and where a queue does. */
const LIST_EVERY_MS = { alone: 5 * MINUTE_MS, besideQueue: HOUR_MS } as const;

const listingSchema = z.strictObject({
  enabled: z.boolean().default(true).describe("false: only what notifications name is read"),
  interval: durationSchema({ minMs: 10_000, maxMs: DAY_MS })
    .optional()
    .describe("how often each folder is listed; left out: 5m, and 1h beside notifications"),
  overlap: durationSchema({ minMs: 0, maxMs: 7 * DAY_MS })
    .prefault("1h")
    .describe("how much of what was listed last is listed again each time"),
  look_back: durationSchema({ minMs: 0, maxMs: 90 * DAY_MS })
    .prefault("30d")
    .describe("how old the day may be into which a file is still delivered; CloudTrail tries for 30 days"),
  look_back_interval: durationSchema({ minMs: 10 * MINUTE_MS, maxMs: 7 * DAY_MS })
    .prefault("12h")
    .describe("how often those days are listed"),
});

const notificationsSchema = z.strictObject({
  queue_url: queueUrlSchema.describe("where S3, SNS or EventBridge tells of new files"),
  ...QUEUE_FIELDS,
  region: S3_CONNECTION_FIELDS.region,
  endpoint: S3_CONNECTION_FIELDS.endpoint,
});

/** The files of a CloudTrail trail, in its bucket. */
export const s3CloudtrailSchema = z
  .strictObject({
    ...RECEIVER_FIELDS,
    type: z.literal("s3_cloudtrail"),
    bucket: z
      .string()
      .regex(
        /^(?:arn:aws[\w-]*:s3:[\w:/.-]+|[a-z0-9][a-z0-9._-]{1,61}[a-z0-9])$/i,
        "a bucket's name, such as my-trail, without s3:// and prefix",
      )
      .describe("the trail's bucket, or an access point's ARN"),
    prefix: z
      .string()
      .refine((prefix) => !/^\/|(?:^|\/)AWSLogs(?:\/|$)/.test(prefix), {
        error:
          "what stands before AWSLogs/, without it and without a slash at the beginning; left out where nothing does",
      })
      .transform((prefix) => (prefix === "" || prefix.endsWith("/") ? prefix : `${prefix}/`))
      .prefault("")
      .describe("what stands before AWSLogs/, as in the trail's settings"),
    accounts: z
      .array(
        z
          .string('in quotes, or YAML takes it for a number: "123456789012"')
          .regex(/^\d{12}$/, "an account's twelve digits"),
      )
      .optional()
      .describe("left out: all"),
    regions: z
      .array(z.string().regex(/^[a-z]{2}(?:-[a-z]+)+-\d$/, "a Region, such as eu-west-2"))
      .optional()
      .describe("left out: all"),
    start: startTimeSchema.prefault("7d"),
    listing: listingSchema.prefault({}),
    notifications: notificationsSchema.optional(),
    concurrency: z.int().min(1).max(16).default(4).describe("files read at once; each needs up to 20 MB"),
    ...S3_CONNECTION_FIELDS,
  })
  .refine((entry) => entry.listing.enabled || entry.notifications !== undefined, {
    error: "without notifications the folders have to be listed",
    path: ["listing", "enabled"],
  });

export type S3CloudtrailConfig = z.output<typeof s3CloudtrailSchema>;

export function listEveryMs(config: S3CloudtrailConfig): number {
  const fallback = config.notifications === undefined ? LIST_EVERY_MS.alone : LIST_EVERY_MS.besideQueue;
  return config.listing.interval ?? fallback;
}
