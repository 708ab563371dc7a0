import { parseInstant } from "@fourwire/core";
import { z } from "zod";
import { AWS_CONNECTION_FIELDS } from "../aws/aws-config.ts";
import { durationSchema } from "../duration.ts";
import { RECEIVER_FIELDS } from "../receiver-fields.ts";

const STREAM_NAME = /^[\w.-]{1,128}$/;
const STREAM_ARN = /^arn:aws[\w-]*:kinesis:([a-z0-9-]+):\d{12}:stream\/([\w.-]{1,128})$/;

/** Kinesis allows five reads a second and shard, for all consumers together. */
export const MIN_READ_MS = 200;

/** An entry of type `kinesis` in the configuration. */
export const kinesisReceiverSchema = z
  .strictObject({
    ...RECEIVER_FIELDS,
    type: z.literal("kinesis"),
    stream: z
      .string()
      .refine((stream) => STREAM_NAME.test(stream) || STREAM_ARN.test(stream), {
        error: "a stream's name, or its ARN such as arn:aws:kinesis:eu-west-2:123456789012:stream/connect-agents",
      })
      .describe("name or ARN; another account's stream needs the ARN"),
    ...AWS_CONNECTION_FIELDS,
    start: z
      .enum(["TRIM_HORIZON", "LATEST", "AT_TIMESTAMP"])
      .default("TRIM_HORIZON")
      .describe("where to begin when nothing was read before: all that is kept, what comes from now on, or a time"),
    start_time: z
      .string()
      .refine((text) => parseInstant(text) !== undefined, {
        error: "a time with its zone, such as 2026-11-20T09:00:00Z",
      })
      .transform((text) => parseInstant(text) ?? 0)
      .optional()
      .describe("for start: AT_TIMESTAMP"),
    poll_interval: durationSchema({ minMs: MIN_READ_MS, maxMs: 60_000 })
      .prefault("1s")
      .describe("pause before a shard without news is asked again"),
    batch_records: z
      .int()
      .min(1)
      .max(10_000)
      .default(10_000)
      .describe("records taken at once of a shard; Kinesis ends a batch at 10 MiB besides"),
    concurrent_shards: z
      .int()
      .min(1)
      .max(64)
      .default(4)
      .describe("shards with a batch in memory at once; each may hold 10 MiB and what it decodes to"),
    behind_after: durationSchema({ minMs: 1_000, maxMs: 365 * 86_400_000 })
      .prefault("1m")
      .describe("lag above which the receiver counts as behind"),
  })
  .refine((entry) => (entry.start === "AT_TIMESTAMP") === (entry.start_time !== undefined), {
    error: "start_time and start: AT_TIMESTAMP go together",
    path: ["start_time"],
  });

export type KinesisReceiverConfig = z.output<typeof kinesisReceiverSchema>;

/** How the API wants a stream named, and what its ARN tells. */
export function parseStream(stream: string): {
  readonly name: string;
  readonly region: string | undefined;
  readonly request: { readonly StreamName: string } | { readonly StreamARN: string };
} {
  const [arn, region, name] = STREAM_ARN.exec(stream) ?? [];
  if (arn === undefined || name === undefined)
    return { name: stream, region: undefined, request: { StreamName: stream } };
  return { name, region, request: { StreamARN: arn } };
}
