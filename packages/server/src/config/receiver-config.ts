import { z } from "zod";
import { kinesisReceiverSchema } from "../receivers/kinesis/config.ts";
import { cloudwatchLogsSchema } from "../receivers/cloudwatch-logs/config.ts";
import { eventHistorySchema } from "../receivers/event-history/config.ts";
import { s3CloudtrailSchema } from "../receivers/s3-cloudtrail/config.ts";
import { sqsSchema } from "../receivers/sqs/config.ts";

/**
 * One entry of `receivers`. A receiver joins by its schema here, told apart by `type`, and its factory in
 * `../receivers/start-receivers.ts`; then `npm run generate` and an example in docs/configure.md.
 */
export const receiverSchema = z.discriminatedUnion("type", [
  kinesisReceiverSchema,
  cloudwatchLogsSchema,
  eventHistorySchema,
  s3CloudtrailSchema,
  sqsSchema,
]);

export type ReceiverConfig = z.output<typeof receiverSchema>;
