import { createServer } from "node:net";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawn, type ChildProcess } from "node:child_process";
import { createRequire } from "node:module";
import {
  CloudWatchLogsClient,
  PutLogEventsCommand,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { GetRecordsCommand, GetShardIteratorCommand, ListShardsCommand } from "@aws-sdk/client-kinesis";
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { unixMillis } from "@fourwire/core";
import { createSimulation, type Emission } from "@fourwire/simulator";
import { mockClient } from "aws-sdk-client-mock";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { KinesisLocal } from "../../test/kinesis-local.ts";
import { AwsOutput } from "./aws-output.ts";
import type { AwsDestinations } from "./aws-settings.ts";
import type { SimulateSettings } from "./simulate-settings.ts";

// The real clients of the SDK, against emulators we did not write where there are some, else against its mock.

const START = Date.parse("2026-11-02T14:00:00.000Z");
const SETTINGS: SimulateSettings = {
  seed: 3,
  agents: 8,
  startTime: START,
  durationMs: 20 * 60_000,
  incidents: [],
  level: "INFO",
};
const NOWHERE: AwsDestinations = {
  region: "us-east-1",
  profile: undefined,
  endpoints: {},
  stream: undefined,
  recordStream: undefined,
  logGroup: undefined,
  bucket: undefined,
  bus: undefined,
  eventSource: "fourwire.simulator",
};

function simulated(): Emission[] {
  const simulation = createSimulation({ ...SETTINGS, startTime: unixMillis(START), preset: "centre" });
  return [...simulation.emissionsUntil(unixMillis(START + SETTINGS.durationMs))];
}

async function send(destinations: Partial<AwsDestinations>, emissions: readonly Emission[]): Promise<AwsOutput> {
  const output = new AwsOutput({
    destinations: { ...NOWHERE, ...destinations },
    settings: SETTINGS,
    tell: () => undefined,
    flushEveryMs: 600_000,
    sleep: async () => undefined,
  });
  for (const emission of emissions) await output.accept(emission);
  await output.finish();
  return output;
}

const emissions = simulated();
const ofSource = (source: string) => emissions.filter((emission) => emission.source === source);

beforeAll(() => {
  process.env["AWS_ACCESS_KEY_ID"] = "S3RVER";
  process.env["AWS_SECRET_ACCESS_KEY"] = "S3RVER";
});

describe("Kinesis, in kinesis-local", () => {
  let kinesis: KinesisLocal;
  beforeAll(async () => {
    kinesis = await KinesisLocal.start();
    await kinesis.createStream("agents", 3);
  });
  afterAll(() => kinesis.stop());

  test("every agent event and contact record arrives, and an agent's stay in order on one shard", async () => {
    await send({ endpoints: { kinesis: kinesis.endpoint }, stream: "agents", recordStream: "agents" }, emissions);
    const shards = await kinesis.client.send(new ListShardsCommand({ StreamName: "agents" }));
    const bodies: string[][] = [];
    for (const { ShardId } of shards.Shards ?? []) bodies.push(await readShard(kinesis, ShardId ?? ""));
    const expected = [...ofSource("agent_event"), ...ofSource("contact_record")].map(({ body }) => body);
    expect(bodies.flat().toSorted()).toEqual(expected.toSorted());
    for (const agent of new Set(ofSource("agent_event").map(({ key }) => key))) {
      const own = ofSource("agent_event")
        .filter(({ key }) => key === agent)
        .map(({ body }) => body);
      const shard = bodies.find((some) => some.includes(own[0] ?? "")) ?? [];
      expect(shard.filter((body) => own.includes(body))).toEqual(own);
    }
  });
});

async function readShard(kinesis: KinesisLocal, ShardId: string): Promise<string[]> {
  const start = await kinesis.client.send(
    new GetShardIteratorCommand({ StreamName: "agents", ShardId, ShardIteratorType: "TRIM_HORIZON" }),
  );
  const bodies: string[] = [];
  let ShardIterator = start.ShardIterator;
  for (let page = 0; page < 50 && ShardIterator !== undefined; page += 1) {
    const answer = await kinesis.client.send(new GetRecordsCommand({ ShardIterator }));
    bodies.push(...(answer.Records ?? []).map(({ Data }) => Buffer.from(Data ?? []).toString()));
    if (answer.MillisBehindLatest === 0) break;
    ShardIterator = answer.NextShardIterator;
  }
  return bodies;
}

describe("S3, in s3rver", () => {
  let folder = "";
  let child: ChildProcess;
  let endpoint = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "fourwire-s3rver-"));
    const port = await freePort();
    endpoint = `http://127.0.0.1:${port}`;
    const script = createRequire(import.meta.url).resolve("s3rver/bin/s3rver.js");
    child = spawn(process.execPath, [script, "-d", folder, "-p", String(port), "-a", "127.0.0.1", "-s"], {
      stdio: "ignore",
    });
    await untilUp(endpoint);
  });
  afterAll(async () => {
    child.kill();
    await rm(folder, { recursive: true, force: true });
  });

  test("trail files, digests with their signature as metadata, and CCP logs are objects", async () => {
    const client = new S3Client({
      endpoint,
      region: "us-east-1",
      forcePathStyle: true,
      credentials: { accessKeyId: "S3RVER", secretAccessKey: "S3RVER" },
      requestChecksumCalculation: "WHEN_REQUIRED",
      responseChecksumValidation: "WHEN_REQUIRED",
    });
    await client.send(new CreateBucketCommand({ Bucket: "trail" }));
    const output = await send({ endpoints: { s3: endpoint }, bucket: "trail" }, emissions);
    const listed = await client.send(new ListObjectsCommand({ Bucket: "trail" }));
    const keys = (listed.Contents ?? []).map(({ Key }) => Key ?? "");
    expect(keys.length).toBe(output.files);
    expect(keys.some((key) => key.includes("/CloudTrail/"))).toBe(true);
    expect(keys.some((key) => key.startsWith("ccp-logs/"))).toBe(true);
    const digest = keys.find((key) => key.includes("/CloudTrail-Digest/")) ?? "";
    const head = await client.send(new HeadObjectCommand({ Bucket: "trail", Key: digest }));
    expect(head.Metadata).toMatchObject({
      "signature-algorithm": "SHA256withRSA",
      signature: expect.stringMatching(/^[0-9a-f]{512}$/),
    });
    const object = await client.send(new GetObjectCommand({ Bucket: "trail", Key: digest }));
    const bytes = await object.Body?.transformToByteArray();
    // a gzip file without a time
    expect(Array.from(bytes?.slice(0, 8) ?? [])).toEqual([0x1f, 0x8b, 8, 0, 0, 0, 0, 0]);
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return typeof address === "object" && address !== null ? address.port : 0;
}

async function untilUp(url: string): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const isUp = await fetch(url).then(
      () => true,
      () => false,
    );
    if (isUp) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`nothing answers at ${url}`);
}

describe("CloudWatch Logs and EventBridge, with the SDK's mock", () => {
  const logs = mockClient(CloudWatchLogsClient);
  const events = mockClient(EventBridgeClient);
  afterEach(() => {
    logs.reset();
    events.reset();
  });

  test("flow logs go to streams of one hour, in order of time", async () => {
    logs
      .on(CreateLogGroupCommand)
      .rejects(Object.assign(new Error("it is there"), { name: "ResourceAlreadyExistsException" }));
    logs.on(PutLogEventsCommand).resolves({});
    await send({ logGroup: "/aws/connect/example" }, emissions);
    const puts = logs.commandCalls(PutLogEventsCommand).map((call) => call.args[0].input);
    expect(puts.flatMap(({ logEvents }) => logEvents ?? []).length).toBe(ofSource("flow_log").length);
    for (const { logEvents, logStreamName } of puts) {
      expect(logStreamName).toMatch(/^2026\/11\/02\/14\/stream-[A-Za-z0-9+/]{22}==$/);
      const times = (logEvents ?? []).map(({ timestamp }) => timestamp ?? 0);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
    }
    expect(logs.commandCalls(CreateLogStreamCommand).length).toBe(
      new Set(puts.map(({ logStreamName }) => logStreamName)).size,
    );
  });

  test("log events that CloudWatch Logs would drop are a failure", async () => {
    logs.on(PutLogEventsCommand).resolves({ rejectedLogEventsInfo: { tooOldLogEventEndIndex: 3 } });
    await expect(send({ logGroup: "/aws/connect/example" }, emissions)).rejects.toMatchObject({
      code: "output_failed",
      message: expect.stringContaining("older than 14 days"),
    });
  });

  test("contact events are put ten at a time, and what was refused once more", async () => {
    const refused = { FailedEntryCount: 1, Entries: [{ ErrorCode: "ThrottlingException" }, { EventId: "1" }] };
    events.on(PutEventsCommand).resolvesOnce(refused).resolves({ FailedEntryCount: 0 });
    await send({ bus: "contacts" }, emissions);
    const puts = events.commandCalls(PutEventsCommand).map((call) => call.args[0].input.Entries ?? []);
    expect(Math.max(...puts.map((entries) => entries.length))).toBe(10);
    expect(puts.flat().length).toBe(ofSource("contact_event").length + 1);
    expect(puts[0]?.[0]).toMatchObject({
      EventBusName: "contacts",
      Source: "fourwire.simulator",
      DetailType: "Amazon Connect Contact Event",
      Detail: expect.stringContaining('"eventType":"INITIATED"'),
    });
  });

  test("a source that AWS keeps to itself ends the simulation and says what to do", async () => {
    events.on(PutEventsCommand).resolves({
      FailedEntryCount: 1,
      Entries: [{ ErrorCode: "NotAuthorizedForSourceException", ErrorMessage: "Not authorized for the source." }],
    });
    const attempt = send({ bus: "default", eventSource: "aws.connect" }, emissions);
    await expect(attempt).rejects.toMatchObject({
      code: "output_failed",
      message: expect.stringContaining("--event-source"),
    });
  });

  test("without a destination nothing is sent", async () => {
    await send({}, emissions);
    expect([logs.calls(), events.calls()]).toEqual([[], []]);
  });
});
