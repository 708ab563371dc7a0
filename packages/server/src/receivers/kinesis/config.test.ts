import { describe, expect, test } from "vitest";
import { kinesisReceiverSchema, parseStream } from "./config.ts";

const ARN = "arn:aws:kinesis:eu-west-2:123456789012:stream/connect-agents";

function messagesOf(fields: object): string {
  const parsed = kinesisReceiverSchema.safeParse({ type: "kinesis", name: "agents", stream: "s", ...fields });
  return parsed.error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; ") ?? "";
}

test("an entry of two lines is enough", () => {
  expect(kinesisReceiverSchema.parse({ type: "kinesis", name: "agents", stream: ARN })).toEqual({
    type: "kinesis",
    name: "agents",
    stream: ARN,
    http_version: 1,
    start: "TRIM_HORIZON",
    poll_interval: 1000,
    batch_records: 10_000,
    concurrent_shards: 4,
    behind_after: 60_000,
  });
});

describe("an entry is refused", () => {
  test.each([
    [{ stream: "no stream!" }, "stream: a stream's name, or its ARN"],
    [{ stream: "arn:aws:sqs:eu-west-2:123456789012:queue" }, "stream: a stream's name, or its ARN"],
    [{ start: "AT_TIMESTAMP" }, "start_time: start_time and start: AT_TIMESTAMP go together"],
    [{ start_time: "2026-11-20T09:00:00Z" }, "start_time: start_time and start: AT_TIMESTAMP go together"],
    [{ start: "AT_TIMESTAMP", start_time: "yesterday" }, "start_time: a time with its zone"],
    [{ start: "latest" }, "start: "],
    [{ poll_interval: "100ms" }, "poll_interval: must be between 200ms and 1m"],
    [{ batch_records: 10_001 }, "batch_records: "],
    [{ concurrent_shards: 0 }, "concurrent_shards: "],
    [{ steam: "s" }, "Unrecognized key"],
  ])("%j", (fields, message) => {
    expect(messagesOf(fields)).toContain(message);
  });
});

test("a stream is named as it was given, and an ARN tells its Region", () => {
  expect(parseStream("connect-agents")).toEqual({
    name: "connect-agents",
    region: undefined,
    request: { StreamName: "connect-agents" },
  });
  expect(parseStream(ARN)).toEqual({ name: "connect-agents", region: "eu-west-2", request: { StreamARN: ARN } });
});

test("a start time is an instant", () => {
  const entry = {
    type: "kinesis",
    name: "a",
    stream: "s",
    start: "AT_TIMESTAMP",
    start_time: "2026-11-20T10:00:00+01:00",
  };
  expect(kinesisReceiverSchema.parse(entry).start_time).toBe(Date.UTC(2026, 10, 20, 9));
});
