import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { FakeEventHistory, historyFailure } from "../../../test/fake-event-history.ts";
import { ReceiverBench, until } from "../../../test/receiver-bench.ts";
import { eventHistorySchema } from "./config.ts";
import { EventHistoryReceiver } from "./event-history-receiver.ts";

const NOON = Date.UTC(2026, 10, 20, 12);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const LONDON = "eu-west-2";
const VIRGINIA = "us-east-1";

let bench: ReceiverBench;
let history: FakeEventHistory;
let mock: ReturnType<FakeEventHistory["attach"]>;
let issued: string[];

beforeEach(async () => {
  bench = await ReceiverBench.open(NOON);
  history = new FakeEventHistory(bench.clock);
  mock = history.attach();
  issued = [];
});

afterEach(async () => {
  mock.restore();
  await bench.close();
});

function createReceiver(more: object = {}): EventHistoryReceiver {
  const config = eventHistorySchema.parse({
    name: "history",
    type: "event_history",
    regions: [LONDON],
    event_sources: ["connect.amazonaws.com"],
    credentials: { access_key_id: "a", secret_access_key: { env: "PATH" } },
    ...more,
  });
  return new EventHistoryReceiver(config, bench.context());
}

function add(call: Parameters<FakeEventHistory["add"]>[0]): void {
  issued.push(history.add(call));
}

async function untilStored(): Promise<void> {
  await until(async () => (await bench.originalIds("cloudtrail")).length >= issued.length);
}

async function runUntilStored(receiver: EventHistoryReceiver): Promise<void> {
  receiver.start();
  await untilStored();
  await receiver.stop();
}

describe("Event history", () => {
  test("is read back to 90 days, of several Regions and services, then followed", async () => {
    for (let day = 0; day < 90; day++) {
      add({ region: LONDON, ageMs: day * DAY + HOUR });
      if (day % 3 === 0) add({ region: VIRGINIA, eventSource: "cases.amazonaws.com", ageMs: day * DAY + HOUR });
    }
    for (let index = 0; index < 120; index++) add({ region: LONDON, ageMs: 40 * DAY + index * 1000 });
    history.add({ region: LONDON, ageMs: HOUR, eventSource: "ec2.amazonaws.com" });
    const receiver = createReceiver({
      regions: [LONDON, VIRGINIA],
      event_sources: ["connect.amazonaws.com", "cases.amazonaws.com"],
    });
    receiver.start();
    await untilStored();
    add({ region: VIRGINIA, ageMs: 0, delayMs: 4 * MINUTE });
    await untilStored();
    await receiver.stop();
    expect(await bench.originalIds("cloudtrail")).toEqual(issued.toSorted());
    expect(receiver.status()).toMatchObject({ appended: issued.length, duplicate: 0, rejected: 0, gaps: [] });
  });

  test("is asked at most twice a second and Region", async () => {
    for (let index = 0; index < 150; index++) add({ region: LONDON, ageMs: DAY + index * 1000 });
    await runUntilStored(createReceiver({ event_sources: "all" }));
    expect(history.counts).toMatchObject({ mostPerSecond: 2, throttled: 0 });
  });

  test("of calls that show up late is complete", async () => {
    const receiver = createReceiver({ look_back: "2h" });
    receiver.start();
    add({ region: LONDON, ageMs: 0 });
    await untilStored();
    add({ region: LONDON, ageMs: 0, delayMs: 14 * MINUTE });
    add({ region: LONDON, ageMs: 0, delayMs: 100 * MINUTE });
    await untilStored();
    await receiver.stop();
    expect(await bench.originalIds("cloudtrail")).toEqual(issued.toSorted());
  });

  test("shows the present while the past is still being read", async () => {
    for (let index = 0; index < 400; index++) add({ region: LONDON, ageMs: 10 * DAY + index * 60_000 });
    const recent = history.add({ region: LONDON, ageMs: 5 * MINUTE });
    issued.push(recent);
    const receiver = createReceiver();
    receiver.start();
    await until(async () => (await bench.originalIds("cloudtrail")).includes(recent));
    expect((await bench.originalIds("cloudtrail")).length).toBeLessThan(400);
    await until(() => receiver.status().state === "behind");
    await untilStored();
    await receiver.stop();
    expect(await bench.originalIds("cloudtrail")).toEqual(issued.toSorted());
  });

  test("stopped in the middle of windows and read on by another process has every call once", async () => {
    for (let index = 0; index < 400; index++) add({ region: LONDON, ageMs: HOUR + index * 2 * HOUR });
    for (let round = 0; round < 8; round++) {
      const receiver = createReceiver();
      let deliveries = 0;
      bench.beforeDelivery = () => {
        if (++deliveries < 4) return Promise.resolve();
        void receiver.stop();
        return Promise.reject(new Error("stopped"));
      };
      receiver.start();
      await until(() => receiver.status().state === "stopped");
      await receiver.stop();
      await bench.reopen();
    }
    bench.beforeDelivery = () => Promise.resolve();
    await runUntilStored(createReceiver());
    expect(await bench.originalIds("cloudtrail")).toEqual(issued.toSorted());
  });

  test("whose tokens expire between pages is read from the beginning of the window", async () => {
    for (let index = 0; index < 60; index++) add({ region: LONDON, ageMs: 2 * HOUR + index * 1000 });
    history.tokenMs = 1;
    const receiver = createReceiver();
    receiver.start();
    await until(() => history.counts.refusedTokens > 2);
    history.tokenMs = HOUR;
    await untilStored();
    await receiver.stop();
    expect(await bench.originalIds("cloudtrail")).toEqual(issued.toSorted());
  });

  test("denied in one Region goes on in the other and says which permission is wanted", async () => {
    history.failure = (region) => (region === VIRGINIA ? historyFailure("AccessDeniedException") : undefined);
    add({ region: LONDON, ageMs: HOUR });
    const receiver = createReceiver({ regions: [VIRGINIA, LONDON] });
    receiver.start();
    await untilStored();
    await until(() => receiver.status().state === "denied");
    expect(receiver.status().detail).toContain("cloudtrail:LookupEvents on the Event history of us-east-1");
    history.failure = undefined;
    add({ region: VIRGINIA, ageMs: HOUR });
    await untilStored();
    await until(() => receiver.status().detail === null);
    await receiver.stop();
  });
});

describe("the configuration", () => {
  test.each([
    [{ regions: [] }],
    [{ requests_per_second: 5 }],
    [{ event_sources: ["connect"] }],
    [{ region: "eu-west-2" }],
  ])("refuses %j", (given) => {
    const base = { name: "history", type: "event_history", regions: [LONDON] };
    expect(eventHistorySchema.safeParse(base).success).toBe(true);
    expect(eventHistorySchema.safeParse({ ...base, ...given }).success).toBe(false);
  });
});
