import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { FakeQueue, queueFailure } from "../../../test/fake-queue.ts";
import { ReceiverBench, until } from "../../../test/receiver-bench.ts";
import { regionOfQueue, sqsSchema } from "./config.ts";
import { SqsReceiver } from "./sqs-receiver.ts";

const NOON = Date.UTC(2026, 10, 20, 12);

let bench: ReceiverBench;
let queue: FakeQueue;
let mock: ReturnType<FakeQueue["attach"]>;

beforeEach(async () => {
  bench = await ReceiverBench.open(NOON);
  queue = new FakeQueue(bench.clock);
  mock = queue.attach();
});

afterEach(async () => {
  mock.restore();
  await bench.close();
});

function createReceiver(more: object = {}): SqsReceiver {
  const config = sqsSchema.parse({
    name: "events",
    type: "sqs",
    queue_url: "https://sqs.eu-west-2.amazonaws.com/123456789012/connect-events",
    credentials: { access_key_id: "a", secret_access_key: { env: "PATH" } },
    ...more,
  });
  return new SqsReceiver(config, bench.context());
}

function contactEvent(index: number): object {
  return {
    version: "0",
    id: `event-${String(index).padStart(4, "0")}`,
    "detail-type": "Amazon Connect Contact Event",
    source: "aws.connect",
    account: "123456789012",
    time: "2026-11-20T11:00:00Z",
    region: "eu-west-2",
    resources: [],
    detail: {
      eventType: "INITIATED",
      contactId: `contact-${index}`,
      channel: "VOICE",
      instanceArn: "arn:aws:connect:eu-west-2:123456789012:instance/11111111-2222-3333-4444-555555555555",
      initiationMethod: "INBOUND",
      initiationTimestamp: new Date(NOON - 3_600_000 + index).toISOString(),
    },
  };
}

function apiCall(eventId: string): object {
  return {
    version: "0",
    id: `envelope-of-${eventId}`,
    "detail-type": "AWS API Call via CloudTrail",
    source: "aws.connect",
    account: "123456789012",
    time: "2026-11-20T11:00:00Z",
    region: "eu-west-2",
    resources: [],
    detail: {
      eventVersion: "1.11",
      userIdentity: { type: "Root", accountId: "123456789012" },
      eventTime: "2026-11-20T11:00:00Z",
      eventSource: "connect.amazonaws.com",
      eventName: "DeleteUser",
      awsRegion: "eu-west-2",
      eventID: eventId,
    },
  };
}

/** As SNS puts a message on a queue that did not ask for raw delivery. */
function fromSns(value: unknown): string {
  return JSON.stringify({
    Type: "Notification",
    MessageId: "sns-1",
    TopicArn: "arn:aws:sns:eu-west-2:123456789012:connect",
    Message: typeof value === "string" ? value : JSON.stringify(value),
    Timestamp: "2026-11-20T11:00:00.000Z",
    SignatureVersion: "1",
  });
}

const IDS = Array.from({ length: 137 }, (_, index) => `event-${String(index).padStart(4, "0")}`);

describe("a queue of EventBridge events", () => {
  test("is emptied into the store: raw and SNS-wrapped, contact events and API calls", async () => {
    queue.send(JSON.stringify(contactEvent(0)));
    queue.send(fromSns(contactEvent(1)));
    queue.send(JSON.stringify(apiCall("call-raw")));
    queue.send(fromSns(apiCall("call-sns")));
    const receiver = createReceiver();
    receiver.start();
    await until(() => queue.size === 0);
    await receiver.stop();
    expect(await bench.originalIds("contact_event")).toEqual(["event-0000", "event-0001"]);
    expect(await bench.originalIds("cloudtrail")).toEqual(["call-raw", "call-sns"]);
    expect(receiver.status()).toMatchObject({ state: "stopped", appended: 4, duplicate: 0, rejected: 0, detail: null });
  });

  test("is deleted from only after the commit", async () => {
    queue.send(JSON.stringify(contactEvent(0)));
    let seenAtDelivery = -1;
    bench.beforeDelivery = () => {
      seenAtDelivery = queue.counts.deleted;
      return Promise.resolve();
    };
    const receiver = createReceiver();
    receiver.start();
    await until(() => queue.size === 0);
    await receiver.stop();
    expect(seenAtDelivery).toBe(0);
    expect(queue.counts.deleted).toBe(1);
  });

  test("of several pollers and a restart in the middle of each batch loses and doubles nothing", async () => {
    for (const [index] of IDS.entries()) queue.send(JSON.stringify(contactEvent(index)));
    for (let round = 0; queue.size > 0; round++) {
      const receiver = createReceiver({ pollers: 3 });
      let deliveries = 0;
      // the third delivery of each round never happens: the receiver is stopped while it waits
      bench.beforeDelivery = () => {
        if (++deliveries % 3 !== 0 || round > 20) return Promise.resolve();
        void receiver.stop();
        return Promise.reject(new Error("stopped"));
      };
      receiver.start();
      await until(() => queue.size === 0 || receiver.status().state === "stopped");
      await receiver.stop();
      await bench.reopen();
      bench.clock.advance(61_000);
    }
    expect(await bench.originalIds("contact_event")).toEqual(IDS);
  });

  test("that hands messages out again before they are deleted stores them once", async () => {
    for (const [index] of IDS.slice(0, 25).entries()) queue.send(JSON.stringify(contactEvent(index)));
    let refusals = 30;
    queue.failsToDelete = () => refusals-- > 0;
    const receiver = createReceiver({ visibility_timeout: "10s" });
    receiver.start();
    await until(() => queue.size === 0);
    await receiver.stop();
    expect(await bench.originalIds("contact_event")).toEqual(IDS.slice(0, 25));
    expect(receiver.status()).toMatchObject({ appended: 25, duplicate: 0, rejected: 0 });
  });

  test("keeps messages hidden for as long as the store takes", async () => {
    queue.send(JSON.stringify(contactEvent(0)));
    bench.beforeDelivery = () => until(() => queue.counts.extended >= 5);
    const receiver = createReceiver({ visibility_timeout: "30s", pollers: 1 });
    receiver.start();
    await until(() => queue.size === 0);
    await receiver.stop();
    expect(queue.counts).toMatchObject({ received: 1, deleted: 1 });
  });

  test("of FIFO groups is emptied too", async () => {
    for (const [index] of IDS.slice(0, 30).entries()) queue.send(JSON.stringify(contactEvent(index)), `g${index % 3}`);
    const receiver = createReceiver({ queue_url: "https://sqs.eu-west-2.amazonaws.com/123456789012/connect.fifo" });
    receiver.start();
    await until(() => queue.size === 0);
    await receiver.stop();
    expect(await bench.originalIds("contact_event")).toEqual(IDS.slice(0, 30));
  });
});

describe("a message that is no record", () => {
  test("is kept with its body, once, and deleted; its neighbours are stored", async () => {
    queue.send(JSON.stringify(contactEvent(0)));
    queue.send("not JSON at all");
    queue.send('{"some":"thing"}');
    queue.send(fromSns("plain words"));
    queue.send(JSON.stringify(contactEvent(1)));
    queue.failsToDelete = () => queue.counts.received < 12;
    const receiver = createReceiver({ visibility_timeout: "10s" });
    receiver.start();
    await until(() => queue.size === 0);
    await receiver.stop();
    expect(await bench.originalIds("contact_event")).toEqual(["event-0000", "event-0001"]);
    expect(await bench.rejectedBodies()).toEqual(["not JSON at all", "plain words", '{"some":"thing"}']);
    expect(receiver.status()).toMatchObject({ rejected: 3 });
  });
});

describe("a queue that refuses", () => {
  test("for want of permission is denied, says what to allow, and goes on once allowed", async () => {
    queue.send(JSON.stringify(contactEvent(0)));
    queue.failures.receive.push(queueFailure("AccessDeniedException", 400), queueFailure("AccessDenied", 403));
    const receiver = createReceiver({ pollers: 1 });
    receiver.start();
    await until(() => receiver.status().state === "denied");
    expect(receiver.status().detail).toContain("sqs:ReceiveMessage on queue");
    await until(() => queue.size === 0);
    expect(receiver.status()).toMatchObject({ state: "receiving", detail: null });
    await receiver.stop();
  });

  test("to delete is denied although it gives messages", async () => {
    queue.send(JSON.stringify(contactEvent(0)));
    queue.failures.delete.push(queueFailure("AccessDenied", 403));
    const receiver = createReceiver({ pollers: 1 });
    receiver.start();
    await until(() => receiver.status().state === "denied");
    expect(receiver.status().detail).toContain("sqs:DeleteMessage");
    await until(() => queue.size === 0);
    await receiver.stop();
    expect(receiver.status()).toMatchObject({ appended: 1, duplicate: 0 });
  });

  test("because it is too fast waits between one and thirty seconds", async () => {
    queue.failures.receive.push(...Array.from({ length: 6 }, () => queueFailure("RequestThrottled", 400)));
    const receiver = createReceiver({ pollers: 1 });
    receiver.start();
    await until(() => queue.counts.receiveCalls > 6);
    await receiver.stop();
    expect(bench.clock.now() - NOON).toBeGreaterThan(30_000);
  });

  test("because it does not exist yet is waited for", async () => {
    queue.failures.receive.push(queueFailure("QueueDoesNotExist", 400));
    const receiver = createReceiver({ pollers: 1 });
    receiver.start();
    await until(() => receiver.status().detail !== null);
    expect(receiver.status()).toMatchObject({ state: "waiting" });
    expect(receiver.status().detail).toContain("receivers.events.queue_url");
    await receiver.stop();
  });
});

describe("the configuration", () => {
  test.each([
    ["https://sqs.eu-west-2.amazonaws.com/123456789012/q", "eu-west-2"],
    ["https://eu-west-1.queue.amazonaws.com/123456789012/q", "eu-west-1"],
    ["http://127.0.0.1:5000/123456789012/q", undefined],
  ])("reads the Region of %s", (url, region) => {
    expect(regionOfQueue(url)).toBe(region);
  });

  test.each([
    [{ queue_url: "connect-events" }, "queue_url"],
    [{ pollers: 99 }, "pollers"],
    [{ queue_ur: "x" }, "queue_ur"],
    [{ wait_time: "30s" }, "wait_time"],
  ])("refuses %j", (given, field) => {
    const { error } = sqsSchema.safeParse({
      name: "events",
      type: "sqs",
      queue_url: "https://sqs.eu-west-2.amazonaws.com/123456789012/q",
      ...given,
    });
    expect(JSON.stringify(error?.issues)).toContain(field);
  });
});
