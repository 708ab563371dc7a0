import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { DenyingProxy } from "../../../test/denying-proxy.ts";
import { FakeQueue } from "../../../test/fake-queue.ts";
import { ReceiverBench, until } from "../../../test/receiver-bench.ts";
import { S3Emulator, S3_KEY } from "../../../test/s3-emulator.ts";
import { trailFile, trailKey, trailRecord } from "../../../test/trail-files.ts";
import { s3CloudtrailSchema } from "./config.ts";
import { S3CloudtrailReceiver } from "./s3-cloudtrail-receiver.ts";

const MINUTE = 60_000;
const BUCKET = "trail";

let s3: S3Emulator;
let proxy: DenyingProxy;
let bench: ReceiverBench;
let queue: FakeQueue;
let mock: ReturnType<FakeQueue["attach"]>;
let start: number;
let prefixes = 0;
let prefix: string;

beforeAll(async () => {
  s3 = await S3Emulator.start([BUCKET]);
  process.env["FOURWIRE_TEST_S3_SECRET"] = S3_KEY.secretAccessKey;
});

afterAll(async () => {
  delete process.env["FOURWIRE_TEST_S3_SECRET"];
  await s3.stop();
});

beforeEach(async () => {
  start = Date.now();
  prefix = `test-${prefixes++}/`;
  proxy = await DenyingProxy.start(s3.endpoint);
  bench = await ReceiverBench.open(start);
  queue = new FakeQueue(bench.clock);
  mock = queue.attach();
});

afterEach(async () => {
  mock.restore();
  await bench.close();
  await proxy.stop();
});

function createReceiver(more: object): S3CloudtrailReceiver {
  const config = s3CloudtrailSchema.parse({
    name: "trail",
    type: "s3_cloudtrail",
    bucket: BUCKET,
    prefix,
    region: "eu-west-2",
    endpoint: proxy.endpoint,
    force_path_style: true,
    checksums: "when_required",
    credentials: { access_key_id: S3_KEY.accessKeyId, secret_access_key: { env: "FOURWIRE_TEST_S3_SECRET" } },
    ...more,
  });
  return new S3CloudtrailReceiver(config, bench.context());
}

/** Delivers a file with one record of this id; returns its key. */
async function put(id: string, minutesAgo: number): Promise<string> {
  const time = start - minutesAgo * MINUTE;
  const key = prefix + trailKey({ time, index: minutesAgo });
  await s3.put(BUCKET, key, trailFile([trailRecord(id, time - 5 * MINUTE)]));
  return key;
}

async function untilStored(ids: readonly string[]): Promise<void> {
  await until(async () => (await bench.originalIds("cloudtrail")).length >= ids.length);
  expect(await bench.originalIds("cloudtrail")).toEqual(ids.toSorted());
}

describe("a file of the listing that is denied", () => {
  test("leaves the others read, is named, is asked for again, and is read once it is allowed", async () => {
    await put("before", 30);
    const key = await put("denied", 20);
    await put("after", 10);
    proxy.denied.add(key);
    const receiver = createReceiver({});
    receiver.start();
    await until(() => receiver.status().state === "denied");
    await untilStored(["before", "after"]);
    expect(receiver.status().detail).toMatch(/^1 file is denied, tried again; s3:GetObject on /);
    expect(receiver.status().detail).toContain(`"s3://${BUCKET}/${key}"`);
    expect(receiver.status().detail).toContain("AccessDenied");
    // the listing goes on behind it
    await put("later", 5);
    await untilStored(["before", "after", "later"]);
    expect(receiver.status().state).toBe("denied");
    const asked = proxy.asked.get(key) ?? 0;
    await until(() => (proxy.asked.get(key) ?? 0) > asked);
    proxy.denied.clear();
    await untilStored(["before", "denied", "after", "later"]);
    await until(() => receiver.status().detail === null);
    await receiver.stop();
    expect(receiver.status()).toMatchObject({ appended: 4, duplicate: 0, rejected: 0, dropped: {} });
  });

  test("is remembered by the next process, however far the listing has come", async () => {
    const key = await put("denied", 300);
    proxy.denied.add(key);
    await put("after", 10);
    const before = createReceiver({});
    before.start();
    await until(() => before.status().state === "denied");
    await untilStored(["after"]);
    await before.stop();
    await bench.reopen();
    const after = createReceiver({ listing: { overlap: "1m", look_back: "0s" } });
    after.start();
    await until(() => after.status().state === "denied");
    expect(after.status().detail).toContain(key);
    proxy.denied.clear();
    await untilStored(["after", "denied"]);
    await after.stop();
  });
});

describe("a file of a notification that is denied", () => {
  const notified = {
    listing: { enabled: false },
    notifications: { queue_url: "https://sqs.eu-west-2.amazonaws.com/123456789012/trail" },
  };

  function s3Event(key: string): string {
    const s3Part = { bucket: { name: BUCKET }, object: { key } };
    return JSON.stringify({ Records: [{ eventSource: "aws:s3", eventName: "ObjectCreated:Put", s3: s3Part }] });
  }

  test("keeps its message on the queue, and only that one, until it is allowed", async () => {
    const key = await put("denied", 20);
    proxy.denied.add(key);
    queue.send(s3Event(await put("one", 30)));
    queue.send(s3Event(key));
    queue.send(s3Event(await put("two", 10)));
    const receiver = createReceiver(notified);
    receiver.start();
    await until(() => receiver.status().state === "denied");
    await untilStored(["one", "two"]);
    await until(() => queue.size === 1);
    expect(receiver.status().detail).toContain(`"s3://${BUCKET}/${key}"`);
    const { received } = queue.counts;
    await until(() => queue.counts.received > received + 3);
    expect([queue.size, queue.counts.deleted]).toEqual([1, 2]);
    proxy.denied.clear();
    await until(() => queue.size === 0);
    await untilStored(["one", "two", "denied"]);
    await until(() => receiver.status().detail === null);
    await receiver.stop();
    expect(receiver.status()).toMatchObject({ appended: 3, duplicate: 0, rejected: 0, dropped: {} });
  });

  test("keeps the message that tells of others too, whose records are stored once", async () => {
    const key = await put("denied", 20);
    proxy.denied.add(key);
    const s3ObjectKey = [await put("one", 30), key, await put("two", 10)];
    queue.send(JSON.stringify({ Type: "Notification", Message: JSON.stringify({ s3Bucket: BUCKET, s3ObjectKey }) }));
    const receiver = createReceiver(notified);
    receiver.start();
    await untilStored(["one", "two"]);
    const { received } = queue.counts;
    await until(() => queue.counts.received > received + 3);
    expect([queue.size, queue.counts.deleted]).toEqual([1, 0]);
    proxy.denied.clear();
    await until(() => queue.size === 0);
    await untilStored(["one", "two", "denied"]);
    await receiver.stop();
    expect(receiver.status()).toMatchObject({ appended: 3, duplicate: 0 });
  });
});
