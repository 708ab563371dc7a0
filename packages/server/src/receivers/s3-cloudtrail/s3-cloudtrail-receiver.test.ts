import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { FakeQueue } from "../../../test/fake-queue.ts";
import { ReceiverBench, until } from "../../../test/receiver-bench.ts";
import { S3Emulator, S3_KEY } from "../../../test/s3-emulator.ts";
import { trailFile, trailKey, trailRecord } from "../../../test/trail-files.ts";
import { s3CloudtrailSchema } from "./config.ts";
import { S3CloudtrailReceiver } from "./s3-cloudtrail-receiver.ts";

// Files carry the time of writing that s3rver gives them, so the receiver's clock begins at the real one.
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const QUEUE = "https://sqs.eu-west-2.amazonaws.com/123456789012/trail";

let s3: S3Emulator;
let bench: ReceiverBench;
let queue: FakeQueue;
let mock: ReturnType<FakeQueue["attach"]>;
let bucket: string;
let buckets = 0;
let start: number;
let issued: string[];

beforeAll(async () => {
  s3 = await S3Emulator.start(Array.from({ length: 20 }, (_, index) => `trail-${index}`));
  process.env["FOURWIRE_TEST_S3_SECRET"] = S3_KEY.secretAccessKey;
});

afterAll(async () => {
  delete process.env["FOURWIRE_TEST_S3_SECRET"];
  await s3.stop();
});

beforeEach(async () => {
  start = Date.now();
  bench = await ReceiverBench.open(start);
  queue = new FakeQueue(bench.clock);
  mock = queue.attach();
  bucket = `trail-${buckets++}`;
  issued = [];
});

afterEach(async () => {
  mock.restore();
  await bench.close();
});

function createReceiver(more: object = {}): S3CloudtrailReceiver {
  const config = s3CloudtrailSchema.parse({
    name: "trail",
    type: "s3_cloudtrail",
    bucket,
    region: "eu-west-2",
    endpoint: s3.endpoint,
    force_path_style: true,
    checksums: "when_required",
    credentials: { access_key_id: S3_KEY.accessKeyId, secret_access_key: { env: "FOURWIRE_TEST_S3_SECRET" } },
    ...more,
  });
  return new S3CloudtrailReceiver(config, bench.context());
}

/** Delivers a file of some records; returns its key. */
async function put(
  at: Omit<Parameters<typeof trailKey>[0], "time"> & { ageMs: number; count?: number },
): Promise<string> {
  const { ageMs, count = 3, ...place } = at;
  const time = start - ageMs;
  const key = trailKey({ time, index: issued.length, ...place });
  const ids = Array.from({ length: count }, (_, index) => `event-${String(issued.length + index).padStart(6, "0")}`);
  issued.push(...ids);
  await s3.put(bucket, key, trailFile(ids.map((id) => trailRecord(id, time - 5 * MINUTE))));
  return key;
}

async function untilStored(): Promise<void> {
  await until(async () => (await bench.originalIds("cloudtrail")).length >= issued.length);
}

function s3Event(key: string, name = bucket): string {
  const encoded = encodeURIComponent(key).replaceAll("%2F", "/").replaceAll("%20", "+");
  const record = {
    eventSource: "aws:s3",
    eventName: "ObjectCreated:Put",
    s3: { bucket: { name }, object: { key: encoded } },
  };
  return JSON.stringify({ Records: [record] });
}

describe("listing", () => {
  test("finds every account and Region of an organization's trail and of a single account, and nothing else", async () => {
    for (let index = 0; index < 6; index++) {
      await put({ ageMs: index * HOUR });
      await put({ ageMs: index * HOUR, region: "us-east-1" });
      await put({ ageMs: index * DAY, account: "999999999999", organization: "o-abc123" });
    }
    const digest = (await put({ ageMs: HOUR, count: 0 })).replaceAll("CloudTrail", "CloudTrail-Digest");
    await s3.put(bucket, digest, trailFile([trailRecord("digest", start)]));
    await put({ ageMs: 8 * DAY }).then(() => issued.splice(-3));
    const receiver = createReceiver();
    receiver.start();
    await until(() => receiver.status().lagMs === 0);
    await receiver.stop();
    expect(await bench.originalIds("cloudtrail")).toEqual(issued.toSorted());
    expect(receiver.status()).toMatchObject({ duplicate: 0, rejected: 0, detail: null });
  });

  test("follows what is delivered, and what is delivered into days long past", async () => {
    await put({ ageMs: 2 * DAY });
    const receiver = createReceiver({ prefix: "", start: "60d" });
    receiver.start();
    await untilStored();
    await put({ ageMs: 0 });
    await put({ ageMs: MINUTE, region: "us-east-1" });
    await untilStored();
    await put({ ageMs: 25 * DAY });
    await put({ ageMs: 30 * MINUTE });
    await untilStored();
    await receiver.stop();
    expect(await bench.originalIds("cloudtrail")).toEqual(issued.toSorted());
    expect(receiver.status()).toMatchObject({ duplicate: 0 });
  });

  test("of a bucket with a prefix takes only the accounts and Regions wanted", async () => {
    await put({ ageMs: HOUR, prefix: "logs/trail/", account: "111111111111" });
    const wanted = issued.length;
    await put({ ageMs: HOUR, prefix: "logs/trail/", account: "222222222222" });
    await put({ ageMs: HOUR, prefix: "logs/trail/", account: "111111111111", region: "us-east-1" });
    await put({ ageMs: HOUR, account: "111111111111" });
    issued.length = wanted;
    const receiver = createReceiver({ prefix: "logs/trail", accounts: ["111111111111"], regions: ["eu-west-2"] });
    receiver.start();
    await until(() => receiver.status().lagMs === 0);
    await receiver.stop();
    expect(await bench.originalIds("cloudtrail")).toEqual(issued);
  });

  test(
    "goes through more files than one answer holds, and on after restarts in the middle",
    { timeout: 120_000 },
    async () => {
      await Promise.all(
        Array.from({ length: 1010 }, (_, index) =>
          put({ ageMs: 2 * DAY - index * MINUTE, count: 1, index }).then(() => undefined),
        ),
      );
      for (let round = 0; round < 3; round++) {
        const receiver = createReceiver({ concurrency: 8 });
        let deliveries = 0;
        bench.beforeDelivery = () => {
          if (++deliveries < 200) return Promise.resolve();
          void receiver.stop();
          return Promise.reject(new Error("stopped"));
        };
        receiver.start();
        await until(() => receiver.status().state === "stopped" || receiver.status().lagMs === 0);
        await receiver.stop();
        await bench.reopen();
      }
      bench.beforeDelivery = () => Promise.resolve();
      const receiver = createReceiver({ concurrency: 8 });
      receiver.start();
      await untilStored();
      await receiver.stop();
      expect(await bench.originalIds("cloudtrail")).toEqual(issued.toSorted());
    },
  );

  test("of a bucket that is not there is waited for", async () => {
    const receiver = createReceiver({ bucket: "no-such-bucket" });
    receiver.start();
    await until(() => receiver.status().detail !== null);
    await receiver.stop();
    expect(receiver.status().detail).toContain("receivers.trail.bucket");
  });

  test("without a folder of a trail is told, with what to check, until there is one", async () => {
    const receiver = createReceiver({ prefix: "elsewhere" });
    receiver.start();
    await until(() => receiver.status().detail !== null);
    expect(receiver.status()).toMatchObject({ state: "waiting" });
    expect(receiver.status().detail).toContain(`below "s3://${bucket}/elsewhere/AWSLogs/"; check prefix`);
    await put({ ageMs: MINUTE, prefix: "elsewhere/" });
    await untilStored();
    await until(() => receiver.status().detail === null);
    await receiver.stop();
  });

  test.each([
    [{ prefix: "AWSLogs/" }, "without it"],
    [{ prefix: "logs/AWSLogs" }, "without it"],
    [{ prefix: "/logs" }, "without a slash at the beginning"],
    [{ accounts: [123456789012] }, "in quotes"],
    [{ accounts: ["1234"] }, "twelve digits"],
    [{ bucket: "s3://my-trail/logs" }, "without s3://"],
  ])("is refused with %j", (more, says) => {
    const base = { name: "trail", type: "s3_cloudtrail", bucket: "my-trail" };
    expect(s3CloudtrailSchema.safeParse(base).success).toBe(true);
    const parsed = s3CloudtrailSchema.safeParse({ ...base, ...more });
    expect(parsed.error?.issues.map((issue) => issue.message)).toEqual([expect.stringContaining(says)]);
  });

  test("keeps the bytes of a file that is damaged and goes on", async () => {
    const key = await put({ ageMs: HOUR });
    issued.length = 0;
    await s3.put(bucket, key, trailFile([trailRecord("lost", start)]).subarray(0, 60));
    await put({ ageMs: MINUTE, index: 77 });
    const receiver = createReceiver();
    receiver.start();
    await untilStored();
    await until(() => receiver.status().rejected > 0);
    await receiver.stop();
    expect(await bench.originalIds("cloudtrail")).toEqual(issued);
    expect(receiver.status().rejected).toBe(2);
  });
});

describe("notifications", () => {
  const only = { listing: { enabled: false }, notifications: { queue_url: QUEUE } };

  test("in their three shapes are followed and deleted", async () => {
    queue.send('{"Service":"Amazon S3","Event":"s3:TestEvent"}');
    queue.send(s3Event(await put({ ageMs: 0, prefix: "a b+c/" })));
    const keys = [await put({ ageMs: 0, prefix: "a b+c/" }), await put({ ageMs: 0, prefix: "a b+c/" })];
    const told = JSON.stringify({ s3Bucket: bucket, s3ObjectKey: keys });
    queue.send(JSON.stringify({ Type: "Notification", TopicArn: "arn", Message: told }));
    const key = await put({ ageMs: 0, prefix: "a b+c/" });
    const detail = { bucket: { name: bucket }, object: { key } };
    queue.send(JSON.stringify({ source: "aws.s3", "detail-type": "Object Created", detail }));
    const receiver = createReceiver({ ...only, prefix: "a b+c/" });
    receiver.start();
    await until(() => queue.size === 0);
    await receiver.stop();
    expect(await bench.originalIds("cloudtrail")).toEqual(issued);
    expect(receiver.status()).toMatchObject({ appended: 12, rejected: 0, dropped: { test_message: 1 } });
  });

  test("of other files, buckets and shapes are counted, kept where they are unknown, and deleted", async () => {
    const key = trailKey({ time: start });
    queue.send(s3Event(key.replaceAll("CloudTrail", "CloudTrail-Digest")));
    queue.send(s3Event(key.replaceAll("CloudTrail", "CloudTrail-Insight")));
    queue.send(s3Event(key, "another-bucket"));
    queue.send(s3Event("elsewhere.txt"));
    queue.send("not a notification");
    queue.send('{"what":"is this"}');
    const receiver = createReceiver(only);
    receiver.start();
    await until(() => queue.size === 0);
    await receiver.stop();
    expect(receiver.status()).toMatchObject({
      appended: 0,
      rejected: 2,
      dropped: { digest_file: 1, insight_file: 1, other_bucket: 1, other_object: 1 },
    });
    expect(await bench.rejectedBodies()).toEqual(["not a notification", '{"what":"is this"}']);
  });

  test("of a file that is gone come three times before they are given up", async () => {
    queue.send(s3Event(trailKey({ time: start })));
    const receiver = createReceiver(only);
    receiver.start();
    await until(() => queue.size === 0);
    await receiver.stop();
    expect(queue.counts.received).toBe(3);
    expect(receiver.status()).toMatchObject({ dropped: { gone_file: 1 } });
  });

  test("lost with the process that worked on them come again", async () => {
    for (let index = 0; index < 40; index++) queue.send(s3Event(await put({ ageMs: 0, index })));
    for (let round = 0; round < 4; round++) {
      const receiver = createReceiver(only);
      let deliveries = 0;
      bench.beforeDelivery = () => {
        if (++deliveries < 12) return Promise.resolve();
        void receiver.stop();
        return Promise.reject(new Error("stopped"));
      };
      receiver.start();
      await until(() => receiver.status().state === "stopped" || queue.size === 0);
      await receiver.stop();
      await bench.reopen();
    }
    bench.beforeDelivery = () => Promise.resolve();
    const receiver = createReceiver(only);
    receiver.start();
    await until(() => queue.size === 0);
    await receiver.stop();
    expect(await bench.originalIds("cloudtrail")).toEqual(issued.toSorted());
  });

  test("beside listing: what both find is read once, what nobody was told of is found", async () => {
    const receiver = createReceiver({
      listing: { interval: "10m" },
      notifications: { queue_url: QUEUE, pollers: 1 },
    });
    await put({ ageMs: HOUR });
    receiver.start();
    await untilStored();
    queue.send(s3Event(await put({ ageMs: 0 })));
    await until(() => queue.size === 0);
    await put({ ageMs: MINUTE, index: 5 });
    await untilStored();
    await receiver.stop();
    expect(await bench.originalIds("cloudtrail")).toEqual(issued.toSorted());
    expect(receiver.status()).toMatchObject({ duplicate: 0 });
  });
});
