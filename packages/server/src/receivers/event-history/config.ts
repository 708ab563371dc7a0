import { z } from "zod";
import { AWS_CONNECTION_FIELDS } from "../aws/aws-config.ts";
import { durationSchema } from "../duration.ts";
import { RECEIVER_FIELDS } from "../receiver-fields.ts";
import { startTimeSchema } from "../start-time.ts";

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const DAY_MS = 86_400_000;

/**
 * The services a contact centre on Connect is made of, by the names CloudTrail has for them.
 * https://docs.aws.amazon.com/eventbridge/latest/ref/events.html (read 2026-11-20)
 */
const CONNECT_EVENT_SOURCES = [
  "connect.amazonaws.com",
  "connectparticipant.amazonaws.com",
  "connect-campaigns.amazonaws.com",
  "profile.amazonaws.com",
  "cases.amazonaws.com",
  "qconnect.amazonaws.com",
  "wisdom.amazonaws.com",
  "voiceid.amazonaws.com",
  "app-integrations.amazonaws.com",
];

const { region: _one, ...connection } = AWS_CONNECTION_FIELDS;

/** API calls from CloudTrail's Event history, which every account has without a trail. */
export const eventHistorySchema = z.strictObject({
  ...RECEIVER_FIELDS,
  type: z.literal("event_history"),
  regions: z
    .array(z.string().regex(/^[a-z]{2}(?:-[a-z]+)+-\d$/, "a Region, such as eu-west-2"))
    .min(1)
    .max(40)
    .describe("each is asked for itself; IAM and console sign-ins are in us-east-1"),
  event_sources: z
    .union([
      z.literal("all"),
      z
        .array(z.string().regex(/^[a-z0-9.-]+\.amazonaws\.com$/))
        .min(1)
        .max(50),
    ])
    .default(CONNECT_EVENT_SOURCES)
    .describe("services whose calls are wanted, or all; the service takes one at a time, so each costs a request"),
  start: startTimeSchema.prefault("oldest"),
  poll_interval: durationSchema({ minMs: 10 * SECOND_MS, maxMs: 60 * MINUTE_MS })
    .prefault("60s")
    .describe("how often each service is asked for new calls"),
  overlap: durationSchema({ minMs: 0, maxMs: 60 * MINUTE_MS })
    .prefault("5m")
    .describe("how much is read again each time; calls show up some minutes after they were made"),
  look_back: durationSchema({ minMs: 0, maxMs: 7 * DAY_MS })
    .prefault("1h")
    .describe("how late a call may show up and still be found"),
  look_back_interval: durationSchema({ minMs: MINUTE_MS, maxMs: DAY_MS })
    .prefault("15m")
    .describe("how often the look-back is read"),
  requests_per_second: z
    .number()
    .min(0.05)
    .max(2)
    .default(2)
    .describe("LookupEvents calls a Region; the account has 2, also for people in the console"),
  ...connection,
});

export type EventHistoryConfig = z.output<typeof eventHistorySchema>;
