import { CloudTrailClient, LookupEventsCommand } from "@aws-sdk/client-cloudtrail";
import {
  CloudWatchLogsClient,
  CreateLogStreamCommand,
  PutLogEventsCommand,
  ResourceAlreadyExistsException,
} from "@aws-sdk/client-cloudwatch-logs";
import { KinesisClient, PutRecordCommand } from "@aws-sdk/client-kinesis";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { mockClient } from "aws-sdk-client-mock";
import { afterEach, beforeEach, expect, test } from "vitest";
import { receiverSchema, type ReceiverConfig } from "../../config/receiver-config.ts";
import { deliver } from "../deliver.ts";
import { CanaryLoop } from "./canary-loop.ts";
import { readCanaryUserAgent } from "./canary-note.ts";
import { CanaryWatch, type CanaryStatus } from "./canary-watch.ts";
import { createCanarySender } from "./send-canary.ts";

const kinesis = mockClient(KinesisClient);
const logs = mockClient(CloudWatchLogsClient);
const sqs = mockClient(SQSClient);

beforeEach(() => {
  process.env["AWS_ACCESS_KEY_ID"] = "an-access-key";
  process.env["AWS_SECRET_ACCESS_KEY"] = "a-secret-for-tests";
});

afterEach(() => {
  for (const mock of [kinesis, logs, sqs]) mock.reset();
  delete process.env["AWS_ACCESS_KEY_ID"];
  delete process.env["AWS_SECRET_ACCESS_KEY"];
});

/** Takes what came back out of the place, through the real pipeline and a store that takes everything. */
async function receive(watch: CanaryWatch, bodies: readonly Uint8Array[]): Promise<Readonly<Record<string, number>>> {
  const stored: unknown[] = [];
  const store = {
    isBusy: false,
    append: (request: unknown) => {
      stored.push(request);
      return Promise.resolve({ sources: new Map(), duplicateIds: new Set<string>() });
    },
  };
  const result = await deliver(
    { store, tail: { publish: () => undefined }, canaries: watch },
    bodies.map((bytes) => ({ bytes, origin: "test" })),
    new AbortController().signal,
  );
  expect(stored).toEqual([]);
  return result.dropped;
}

/** Runs the loop for one turn. */
async function sendOne(config: ReceiverConfig, watch: CanaryWatch): Promise<CanaryStatus | undefined> {
  let hasSlept: () => void = () => undefined;
  const slept = new Promise<void>((resolve) => {
    hasSlept = resolve;
  });
  const loop = new CanaryLoop({
    receiver: config.name,
    everyMs: config.canary?.every ?? 0,
    lostAfterMs: config.canary?.lost_after ?? 0,
    send: createCanarySender(config),
    watch,
    now: () => 1_000_000,
    sleep: (_ms, signal) => {
      hasSlept();
      return new Promise((resolve) => signal.addEventListener("abort", () => resolve()));
    },
  });
  loop.start();
  await slept;
  await loop.stop();
  return watch.status(config.name);
}

function configOf(entry: object): ReceiverConfig {
  return receiverSchema.parse({ name: "r", region: "eu-west-2", canary: {}, ...entry });
}

test("a canary put into a Kinesis stream comes back through the receiver and is not stored", async () => {
  kinesis.on(PutRecordCommand).resolves({});
  const watch = new CanaryWatch(() => 1_000_000);
  const status = await sendOne(configOf({ type: "kinesis", stream: "agents" }), watch);
  expect(status).toMatchObject({ sent: 1, arrived: 0, sendError: null });
  const sent = kinesis.commandCalls(PutRecordCommand).map((call) => call.args[0].input);
  expect(sent.map((input) => input.StreamName)).toEqual(["agents"]);
  expect(
    await receive(
      watch,
      sent.flatMap((input) => input.Data ?? []),
    ),
  ).toEqual({ canary: 1 });
  expect(watch.status("r")).toMatchObject({ sent: 1, arrived: 1, lost: 0 });
});

test("a log group's canary goes into a stream of its own and comes back inside a log event", async () => {
  logs
    .on(CreateLogStreamCommand)
    .rejects(new ResourceAlreadyExistsException({ message: "it is there", $metadata: {} }))
    .on(PutLogEventsCommand)
    .resolves({});
  const watch = new CanaryWatch(() => 1_000_000);
  await sendOne(configOf({ type: "cloudwatch_logs", log_group: "/aws/connect/centre" }), watch);
  const [input] = logs.commandCalls(PutLogEventsCommand).map((call) => call.args[0].input);
  const [event] = input?.logEvents ?? [];
  const payload = {
    messageType: "DATA_MESSAGE",
    owner: "111122223333",
    logGroup: input?.logGroupName,
    logStream: input?.logStreamName,
    logEvents: [{ id: "1", timestamp: event?.timestamp, message: event?.message }],
  };
  expect(await receive(watch, [Buffer.from(JSON.stringify(payload))])).toEqual({ canary: 1 });
  expect(watch.status("r")?.arrived).toBe(1);
});

test("a queue of first-in-first-out order gets the ids it asks for", async () => {
  sqs.on(SendMessageCommand).resolves({});
  const watch = new CanaryWatch(() => 1_000_000);
  const queue_url = "https://sqs.eu-west-2.amazonaws.com/111122223333/events.fifo";
  await sendOne(configOf({ type: "sqs", queue_url }), watch);
  const [input] = sqs.commandCalls(SendMessageCommand).map((call) => call.args[0].input);
  expect([typeof input?.MessageGroupId, typeof input?.MessageDeduplicationId]).toEqual(["string", "string"]);
  expect(await receive(watch, [Buffer.from(input?.MessageBody ?? "")])).toEqual({ canary: 1 });
});

test("a canary that cannot be sent says why and which permission is missing", async () => {
  kinesis.on(PutRecordCommand).rejects(Object.assign(new Error("not authorized"), { name: "AccessDeniedException" }));
  const status = await sendOne(configOf({ type: "kinesis", stream: "agents" }), new CanaryWatch(() => 1_000_000));
  expect(status?.sendError).toContain("kinesis:PutRecord");
});

test("a trail's canary is a call to CloudTrail itself, not to the endpoint of the bucket's store", async () => {
  const trails = mockClient(CloudTrailClient);
  trails.on(LookupEventsCommand).resolves({});
  const watch = new CanaryWatch(() => 1_000_000);
  const entry = { type: "s3_cloudtrail", bucket: "trail", endpoint: "http://127.0.0.1:1" };
  expect(await sendOne(configOf(entry), watch)).toMatchObject({ sent: 1, sendError: null });
  const clients = trails.commandCalls(LookupEventsCommand).map((call) => call.thisValue as CloudTrailClient);
  expect(clients.map(({ config }) => config.endpoint)).toEqual([undefined]);
  const userAgent = (clients[0]?.config.customUserAgent ?? []).map((pair) => pair.join("/")).join(" ");
  expect(readCanaryUserAgent(userAgent)).toMatchObject({ receiver: "r" });
  trails.restore();
});
