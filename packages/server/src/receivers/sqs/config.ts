import { z } from "zod";
import { AWS_CONNECTION_FIELDS } from "../aws/aws-config.ts";
import { durationSchema } from "../duration.ts";
import { RECEIVER_FIELDS } from "../receiver-fields.ts";

const SECOND_MS = 1000;

const QUEUE_URL = /^https?:\/\/[^/]+\/\d{12}\/[\w-]{1,80}(?:\.fifo)?$/;

/** How a queue is read; the same wherever one is. */
export const QUEUE_FIELDS = {
  visibility_timeout: durationSchema({ minMs: 10 * SECOND_MS, maxMs: 12 * 3600 * SECOND_MS })
    .prefault("60s")
    .describe("how long a message that is being worked on is hidden from others; extended while the work lasts"),
  wait_time: durationSchema({ minMs: SECOND_MS, maxMs: 20 * SECOND_MS })
    .prefault("20s")
    .describe("how long one request waits for a message"),
  pollers: z.int().min(1).max(16).default(2).describe("requests at once; each takes up to 10 messages"),
} as const;

export const queueUrlSchema = z
  .string()
  .regex(QUEUE_URL, "the queue's URL, such as https://sqs.eu-west-2.amazonaws.com/123456789012/connect-events");

/** Contact events and API calls that EventBridge, SNS or anybody else puts on a queue. */
export const sqsSchema = z.strictObject({
  ...RECEIVER_FIELDS,
  type: z.literal("sqs"),
  queue_url: queueUrlSchema.describe("standard or FIFO"),
  ...QUEUE_FIELDS,
  ...AWS_CONNECTION_FIELDS,
});

export type SqsConfig = z.output<typeof sqsSchema>;
export type QueueConfig = Pick<SqsConfig, "queue_url" | "visibility_timeout" | "wait_time" | "pollers">;

/** The Region in a queue's URL; undefined for hosts that are not AWS's. */
export function regionOfQueue(url: string): string | undefined {
  return /^https?:\/\/(?:sqs\.([a-z0-9-]+)|([a-z0-9-]+)\.queue)\.amazonaws\.com/.exec(url)?.slice(1).find(Boolean);
}
