import { z } from "zod";
import { AWS_CONNECTION_FIELDS } from "../aws/aws-config.ts";
import { durationSchema } from "../duration.ts";
import { RECEIVER_FIELDS } from "../receiver-fields.ts";
import { startTimeSchema } from "../start-time.ts";

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const DAY_MS = 86_400_000;

const LOG_GROUP = /^(?:arn:aws[\w-]*:logs:[a-z0-9-]+:\d{12}:log-group:)?[\w/.#-]{1,512}(?::\*)?$/;

/** Flow logs, fetched from their log group. */
export const cloudwatchLogsSchema = z.strictObject({
  ...RECEIVER_FIELDS,
  type: z.literal("cloudwatch_logs"),
  log_group: z
    .string()
    .regex(LOG_GROUP, "a log group's name, such as /aws/connect/my-centre, or its ARN")
    .describe("the whole group is read; an ARN for a group of another account that this one monitors"),
  start: startTimeSchema.prefault("7d"),
  poll_interval: durationSchema({ minMs: SECOND_MS, maxMs: 60 * MINUTE_MS })
    .prefault("10s")
    .describe("how long to wait for new events"),
  live_tail: z
    .boolean()
    .default(false)
    .describe(
      "a Live Tail session, which costs money by the minute, tells when to read; poll_interval may then be long",
    ),
  overlap: durationSchema({ minMs: 0, maxMs: 60 * MINUTE_MS })
    .prefault("2m")
    .describe("how much is read again each time, for events that show up a little late"),
  look_back: durationSchema({ minMs: 0, maxMs: 14 * DAY_MS })
    .prefault("1h")
    .describe("how late an event may show up and still be found; CloudWatch takes events up to 14 days old"),
  look_back_interval: durationSchema({ minMs: MINUTE_MS, maxMs: DAY_MS })
    .prefault("10m")
    .describe("how often the look-back is read"),
  requests_per_second: z
    .number()
    .min(0.1)
    .max(25)
    .default(2)
    .describe("FilterLogEvents calls; the account's quota is 5 to 25 a Region, for everybody together"),
  ...AWS_CONNECTION_FIELDS,
});

export type CloudwatchLogsConfig = z.output<typeof cloudwatchLogsSchema>;

/** The Region, account and name in a log group's ARN; a name alone tells only itself. */
export function parseLogGroup(text: string): {
  readonly name: string;
  readonly region: string | undefined;
  readonly accountId: string | undefined;
} {
  const bare = text.replace(/:\*$/, "");
  const arn = /^arn:aws[\w-]*:logs:([a-z0-9-]+):(\d{12}):log-group:(.+)$/.exec(bare);
  return { name: arn?.[3] ?? bare, region: arn?.[1], accountId: arn?.[2] };
}
