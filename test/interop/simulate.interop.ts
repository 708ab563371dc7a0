import { createHash } from "node:crypto";
import { CloudWatchLogsClient, DescribeLogStreamsCommand, GetLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  CreateEventBusCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
} from "@aws-sdk/client-eventbridge";
import {
  CreateStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListShardsCommand,
} from "@aws-sdk/client-kinesis";
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { CreateQueueCommand, DeleteMessageBatchCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { gunzipSync } from "node:zlib";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { unixMillis, type SourceName } from "@fourwire/core";
import { createSimulation, type Emission } from "@fourwire/simulator";
import { beforeAll, describe, expect, test } from "vitest";
import { fourwire } from "../command.ts";
import { CLIENT, ENDPOINT } from "./moto.ts";

// What `fourwire simulate --to-aws` sends is what arrives: the command with AWS's own clients, read back through an emulator
// that we did not write.

const GROUP = "/aws/connect/interop-simulate";
const BUS = "interop-simulate";
const STREAM = "interop-simulate";
const BUCKET = "interop-simulate";
const SOURCE = "fourwire.interop";
const DURATION_MS = 12 * 60_000;
const SEED = 5;
const AGENTS = 6;
/** CloudWatch Logs takes what is younger than 14 days. */
const START = Math.floor((Date.now() - 2 * DURATION_MS) / 60_000) * 60_000;

const emissions: readonly Emission[] = (() => {
  const options = { seed: SEED, agents: AGENTS, startTime: unixMillis(START), durationMs: DURATION_MS };
  const simulation = createSimulation({ ...options, preset: "centre", level: "INFO" });
  return [...simulation.emissionsUntil(unixMillis(START + DURATION_MS))];
})();
const sent = (source: SourceName): Emission[] => emissions.filter((emission) => emission.source === source);
const parsed = (texts: readonly string[]): unknown[] => texts.toSorted().map((text): unknown => JSON.parse(text));

let queueUrl = "";

beforeAll(async () => {
  const kinesis = new KinesisClient({ ...CLIENT, requestHandler: new NodeHttpHandler() });
  await kinesis.send(new CreateStreamCommand({ StreamName: STREAM, ShardCount: 3 }));
  await new S3Client({ ...CLIENT, forcePathStyle: true }).send(new CreateBucketCommand({ Bucket: BUCKET }));
  // the emulator hands events on to a queue, from which they can be read
  const events = new EventBridgeClient(CLIENT);
  const queue = await new SQSClient(CLIENT).send(new CreateQueueCommand({ QueueName: "interop-simulate" }));
  queueUrl = queue.QueueUrl ?? "";
  await events.send(new CreateEventBusCommand({ Name: BUS }));
  const EventPattern = JSON.stringify({ source: [SOURCE] });
  await events.send(new PutRuleCommand({ Name: "all", EventBusName: BUS, EventPattern }));
  const Arn = `arn:aws:sqs:${CLIENT.region}:123456789012:interop-simulate`;
  await events.send(new PutTargetsCommand({ Rule: "all", EventBusName: BUS, Targets: [{ Id: "queue", Arn }] }));

  process.env["AWS_ACCESS_KEY_ID"] = CLIENT.credentials.accessKeyId;
  process.env["AWS_SECRET_ACCESS_KEY"] = CLIENT.credentials.secretAccessKey;
  const times = ["--start", new Date(START).toISOString(), "--duration", `${DURATION_MS / 60_000}m`];
  const what = ["--seed", String(SEED), "--agents", String(AGENTS), "--level", "INFO", ...times];
  const to = ["--to-aws", "--region", CLIENT.region, "--endpoint", ENDPOINT, "--event-source", SOURCE];
  const where = ["--stream", STREAM, "--log-group", GROUP, "--bus", BUS, "--bucket", BUCKET];
  const outcome = await fourwire("simulate", ...what, ...to, ...where, "--json");
  expect(outcome).toMatchObject({ exitCode: 0 });
}, 300_000);

describe("PutLogEvents", () => {
  test("each flow log entry arrives once, with its time, in streams named after the hour", async () => {
    const client = new CloudWatchLogsClient(CLIENT);
    const { logStreams = [] } = await client.send(new DescribeLogStreamsCommand({ logGroupName: GROUP }));
    const arrived: (readonly [number | undefined, string | undefined])[] = [];
    for (const { logStreamName = "" } of logStreams) {
      expect(logStreamName).toMatch(/^\d{4}\/\d\d\/\d\d\/\d\d\/stream-[\w+/]{22}==$/);
      let nextToken: string | undefined;
      for (;;) {
        const page = await client.send(
          new GetLogEventsCommand({ logGroupName: GROUP, logStreamName, startFromHead: true, nextToken }),
        );
        for (const { timestamp, message } of page.events ?? []) arrived.push([timestamp, message]);
        if (page.nextForwardToken === nextToken || (page.events ?? []).length === 0) break;
        nextToken = page.nextForwardToken;
      }
    }
    const expected = sent("flow_log").map(({ time, body }) => [time, body] as const);
    expect(expected.length).toBeGreaterThan(50);
    expect(arrived.map(String).toSorted()).toEqual(expected.map(String).toSorted());
  });
});

describe("PutEvents", () => {
  test("each contact event arrives once: detail, type, resources and time as Connect writes them", async () => {
    const client = new SQSClient(CLIENT);
    const arrived: string[] = [];
    for (;;) {
      const { Messages = [] } = await client.send(
        new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10 }),
      );
      if (Messages.length === 0) break;
      for (const { Body = "" } of Messages) arrived.push(Body);
      const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
      await client.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
    }
    const essence = (text: string): string => {
      const event: unknown = JSON.parse(text);
      if (typeof event !== "object" || event === null) return text;
      const {
        detail,
        resources,
        time,
        "detail-type": type,
      } = { detail: 0, resources: 0, time: 0, "detail-type": 0, ...event };
      return JSON.stringify([type, time, resources, detail]);
    };
    const expected = sent("contact_event").map(({ body }) => essence(body));
    expect(expected.length).toBeGreaterThan(30);
    expect(arrived.map((body) => essence(body)).toSorted()).toEqual(expected.toSorted());
    const sources = new Set(arrived.map((body) => /"source": ?"([^"]+)"/.exec(body)?.[1]));
    expect(sources).toEqual(new Set([SOURCE]));
  });
});

describe("PutRecords", () => {
  test("agent events and contact records arrive, each agent's on the shard of the MD5 of the agent's ARN, in order", async () => {
    const client = new KinesisClient({ ...CLIENT, requestHandler: new NodeHttpHandler() });
    const { Shards = [] } = await client.send(new ListShardsCommand({ StreamName: STREAM }));
    const arrived: string[] = [];
    for (const { ShardId, HashKeyRange } of Shards) {
      const first = { StreamName: STREAM, ShardId, ShardIteratorType: "TRIM_HORIZON" } as const;
      const { ShardIterator } = await client.send(new GetShardIteratorCommand(first));
      const { Records = [] } = await client.send(new GetRecordsCommand({ ShardIterator, Limit: 10_000 }));
      for (const { PartitionKey = "", Data } of Records) {
        const hash = BigInt(`0x${createHash("md5").update(PartitionKey).digest("hex")}`);
        expect(hash >= BigInt(HashKeyRange?.StartingHashKey ?? -1)).toBe(true);
        expect(hash <= BigInt(HashKeyRange?.EndingHashKey ?? -1)).toBe(true);
        arrived.push(`${PartitionKey} ${Buffer.from(Data ?? []).toString()}`);
      }
    }
    const expected = [...sent("agent_event"), ...sent("contact_record")].map(({ key, body }) => `${key} ${body}`);
    expect(arrived.toSorted()).toEqual(expected.toSorted());
    const orderOf = (lines: readonly string[], key: string) => lines.filter((line) => line.startsWith(key));
    for (const { key } of sent("agent_event")) expect(orderOf(arrived, key)).toEqual(orderOf(expected, key));
  });
});

describe("PutObject", () => {
  test("the trail's files hold each record", async () => {
    const client = new S3Client({ ...CLIENT, forcePathStyle: true });
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: "AWSLogs/" }));
    const texts: string[] = [];
    for (const { Key = "" } of Contents.filter((object) => object.Key?.includes("/CloudTrail/") === true)) {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
      const bytes = gunzipSync((await Body?.transformToByteArray()) ?? new Uint8Array());
      const file: { readonly Records: readonly object[] } = JSON.parse(bytes.toString());
      for (const record of file.Records) texts.push(JSON.stringify(record));
    }
    expect(texts.length).toBeGreaterThan(50);
    // a trail delivers some records twice
    expect(parsed([...new Set(texts)])).toEqual(parsed(sent("cloudtrail").map(({ body }) => body)));
  });
});
