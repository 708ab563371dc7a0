import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
  PutLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { CreateStreamCommand, KinesisClient, PutRecordsCommand } from "@aws-sdk/client-kinesis";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateQueueCommand, GetQueueAttributesCommand, SendMessageBatchCommand, SQSClient } from "@aws-sdk/client-sqs";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { CloudwatchLogsReceiver } from "../../packages/server/src/receivers/cloudwatch-logs/cloudwatch-logs-receiver.ts";
import { cloudwatchLogsSchema } from "../../packages/server/src/receivers/cloudwatch-logs/config.ts";
import { kinesisReceiverSchema } from "../../packages/server/src/receivers/kinesis/config.ts";
import { KinesisReceiver } from "../../packages/server/src/receivers/kinesis/kinesis-receiver.ts";
import { s3CloudtrailSchema } from "../../packages/server/src/receivers/s3-cloudtrail/config.ts";
import { S3CloudtrailReceiver } from "../../packages/server/src/receivers/s3-cloudtrail/s3-cloudtrail-receiver.ts";
import { sqsSchema } from "../../packages/server/src/receivers/sqs/config.ts";
import { SqsReceiver } from "../../packages/server/src/receivers/sqs/sqs-receiver.ts";
import { ReceiverBench } from "../../packages/server/test/receiver-bench.ts";
import { trailFile, trailKey, trailRecord } from "../../packages/server/test/trail-files.ts";
import { fourwire, temporaryFolder } from "../command.ts";
import { CLIENT, CONNECTION, ENDPOINT, receive } from "./moto.ts";

const MINUTE = 60_000;

let bench: ReceiverBench;

beforeEach(async () => {
  bench = await ReceiverBench.open(Date.now());
});

afterEach(() => bench.close());

function idsOf(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `event-${String(index).padStart(4, "0")}`);
}

function flowEntry(contact: string, time: number): string {
  return JSON.stringify({
    ContactId: contact,
    ContactFlowId: "arn:aws:connect:eu-west-2:123456789012:instance/i-1/contact-flow/f-1",
    ContactFlowModuleType: "SetQueue",
    Timestamp: new Date(time).toISOString(),
  });
}

async function createQueue(name: string, attributes: Record<string, string> = {}): Promise<string> {
  const { QueueUrl = "" } = await new SQSClient(CLIENT).send(
    new CreateQueueCommand({ QueueName: name, Attributes: attributes }),
  );
  return QueueUrl;
}

async function send(url: string, bodies: readonly string[]): Promise<void> {
  const client = new SQSClient(CLIENT);
  for (let from = 0; from < bodies.length; from += 10) {
    const Entries = bodies.slice(from, from + 10).map((MessageBody, index) => ({
      Id: String(index),
      MessageBody,
      ...(url.endsWith(".fifo") ? { MessageGroupId: `g-${index % 3}`, MessageDeduplicationId: `${from + index}` } : {}),
    }));
    await client.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }));
  }
}

async function left(url: string): Promise<number> {
  const { Attributes } = await new SQSClient(CLIENT).send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["All"] }),
  );
  return (
    Number(Attributes?.["ApproximateNumberOfMessages"]) + Number(Attributes?.["ApproximateNumberOfMessagesNotVisible"])
  );
}

describe("sqs", () => {
  test.each([
    ["standard", "events", {}],
    ["FIFO", "events.fifo", { FifoQueue: "true" }],
  ])("a %s queue is emptied into the store, once", async (_, name, attributes) => {
    const url = await createQueue(name, attributes);
    const ids = idsOf(57);
    await send(
      url,
      ids.map((id) =>
        JSON.stringify({
          "detail-type": "AWS API Call via CloudTrail",
          source: "aws.connect",
          detail: trailRecord(id, Date.now()),
        }),
      ),
    );
    const config = sqsSchema.parse({ name: "q", type: "sqs", queue_url: url, wait_time: "1s", ...CONNECTION });
    const receiver = new SqsReceiver(config, bench.realContext());
    expect(await receive(receiver, { bench, source: "cloudtrail", count: ids.length })).toEqual(ids);
    expect(await left(url)).toBe(0);
  });
});

describe("cloudwatch_logs", () => {
  test("a group of several streams is read, deleted, made again and read on", async () => {
    const client = new CloudWatchLogsClient(CLIENT);
    const logGroupName = "/aws/connect/interop";
    const put = async (stream: string, contacts: readonly string[]): Promise<void> => {
      const now = Date.now();
      await client.send(new CreateLogStreamCommand({ logGroupName, logStreamName: stream }));
      const logEvents = contacts.map((contact, index) => ({
        timestamp: now - MINUTE + index,
        message: flowEntry(contact, now - MINUTE + index),
      }));
      await client.send(new PutLogEventsCommand({ logGroupName, logStreamName: stream, logEvents }));
    };
    const createReceiver = (): CloudwatchLogsReceiver =>
      new CloudwatchLogsReceiver(
        cloudwatchLogsSchema.parse({
          name: "flow-logs",
          type: "cloudwatch_logs",
          log_group: logGroupName,
          requests_per_second: 25,
          poll_interval: "1s",
          ...CONNECTION,
        }),
        bench.realContext(),
      );
    await client.send(new CreateLogGroupCommand({ logGroupName }));
    await put("a", idsOf(40));
    await put("b", idsOf(40));
    const before = await receive(createReceiver(), { bench, source: "flow_log", count: 80 });
    expect(new Set(before).size).toBe(80);
    await client.send(new DeleteLogGroupCommand({ logGroupName }));
    await client.send(new CreateLogGroupCommand({ logGroupName }));
    await put("a", idsOf(20));
    const after = await receive(createReceiver(), { bench, source: "flow_log", count: 100 });
    expect(after.length).toBe(100);
  });
});

describe("s3_cloudtrail", () => {
  const Bucket = "interop-trail";
  const client = new S3Client({ ...CLIENT, forcePathStyle: true });
  const put = async (index: number, ids: readonly string[]): Promise<string> => {
    const time = Date.now() - index * MINUTE;
    const Key = trailKey({ time, index, organization: "o-abc", region: index % 2 === 0 ? "eu-west-2" : "us-east-1" });
    await client.send(new PutObjectCommand({ Bucket, Key, Body: trailFile(ids.map((id) => trailRecord(id, time))) }));
    return Key;
  };

  test("a trail is read by listing, then by notification, and imported", async () => {
    await client.send(
      new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: "eu-west-2" } }),
    );
    const ids = idsOf(1250);
    for (let index = 0; index < 1200; index++) await put(index, [ids[index] ?? ""]);
    const base = { name: "trail", type: "s3_cloudtrail", bucket: Bucket, force_path_style: true, ...CONNECTION };
    const listing = new S3CloudtrailReceiver(s3CloudtrailSchema.parse(base), bench.realContext());
    expect(await receive(listing, { bench, source: "cloudtrail", count: 1200 })).toEqual(ids.slice(0, 1200));

    const queue_url = await createQueue("trail-files");
    const keys = [await put(5000, ids.slice(1200, 1225)), await put(5001, ids.slice(1225))];
    await send(queue_url, [JSON.stringify({ s3Bucket: Bucket, s3ObjectKey: keys })]);
    const told = new S3CloudtrailReceiver(
      s3CloudtrailSchema.parse({
        ...base,
        listing: { enabled: false },
        notifications: { queue_url, wait_time: "1s", endpoint: ENDPOINT },
      }),
      bench.realContext(),
    );
    expect(await receive(told, { bench, source: "cloudtrail", count: ids.length })).toEqual(ids);
    expect(await left(queue_url)).toBe(0);

    process.env["AWS_ACCESS_KEY_ID"] = "key";
    process.env["AWS_SECRET_ACCESS_KEY"] = "secret";
    const folder = await temporaryFolder("interop");
    const outcome = await fourwire(
      "import",
      `s3://${Bucket}/AWSLogs/`,
      "--endpoint",
      ENDPOINT,
      "--data",
      folder.path,
      "--json",
    );
    await folder.remove();
    expect(outcome, outcome.stderr).toMatchObject({ exitCode: 0 });
    expect(JSON.parse(outcome.stdout)).toMatchObject({
      files: 1202,
      records: { cloudtrail: { appended: ids.length, duplicate: 0, rejected: 0 } },
      failed: [],
      skipped: [],
    });
  });
});

describe("kinesis", () => {
  test("a stream of two shards is read", async () => {
    const client = new KinesisClient({ ...CLIENT, requestHandler: new NodeHttpHandler() });
    await client.send(new CreateStreamCommand({ StreamName: "interop", ShardCount: 2 }));
    const ids = idsOf(120);
    const Records = ids.map((id, index) => ({
      PartitionKey: `agent-${index % 7}`,
      Data: Buffer.from(
        JSON.stringify({
          AWSAccountId: "123456789012",
          AgentARN: `arn:aws:connect:eu-west-2:123456789012:instance/i/agent/a-${index % 7}`,
          InstanceARN: "arn:aws:connect:eu-west-2:123456789012:instance/i",
          EventId: id,
          EventTimestamp: new Date(Date.now() - index).toISOString(),
          EventType: "HEART_BEAT",
          Version: "2017-10-01",
          CurrentAgentSnapshot: null,
          PreviousAgentSnapshot: null,
        }),
      ),
    }));
    await client.send(new PutRecordsCommand({ StreamName: "interop", Records }));
    const config = kinesisReceiverSchema.parse({ name: "agents", type: "kinesis", stream: "interop", ...CONNECTION });
    const receiver = new KinesisReceiver(config, bench.realContext());
    expect(await receive(receiver, { bench, source: "agent_event", count: ids.length })).toEqual(ids);
  });
});
