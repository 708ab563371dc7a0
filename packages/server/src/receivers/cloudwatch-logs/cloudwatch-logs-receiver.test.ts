import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { unixMillis } from "@fourwire/core";
import { createSimulation, toCloudWatchPayload } from "@fourwire/simulator";
import { FakeLogGroup, logsFailure } from "../../../test/fake-log-group.ts";
import { ReceiverBench, until } from "../../../test/receiver-bench.ts";
import { CloudwatchLogsReceiver } from "./cloudwatch-logs-receiver.ts";
import { cloudwatchLogsSchema, parseLogGroup } from "./config.ts";

const NOON = Date.UTC(2026, 10, 20, 12);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const GROUP = "/aws/connect/my-centre";

let bench: ReceiverBench;
let group: FakeLogGroup;
let mock: ReturnType<FakeLogGroup["attach"]>;
let issued: string[];

beforeEach(async () => {
  bench = await ReceiverBench.open(NOON);
  group = new FakeLogGroup(bench.clock, GROUP);
  mock = group.attach();
  issued = [];
});

afterEach(async () => {
  mock.restore();
  await bench.close();
});

function createReceiver(more: object = {}): CloudwatchLogsReceiver {
  const config = cloudwatchLogsSchema.parse({
    name: "flow-logs",
    type: "cloudwatch_logs",
    log_group: GROUP,
    region: "eu-west-2",
    credentials: { access_key_id: "a", secret_access_key: { env: "PATH" } },
    ...more,
  });
  return new CloudwatchLogsReceiver(config, bench.context());
}

function entry(time: number, contact: string): string {
  return JSON.stringify({
    ContactId: contact,
    ContactFlowId: "arn:aws:connect:eu-west-2:123456789012:instance/i-1/contact-flow/f-1",
    ContactFlowModuleType: "SetQueue",
    Timestamp: new Date(time).toISOString(),
  });
}

/** Puts an entry that is stamped `ageMs` before now. */
function put(ageMs: number, contact = "contact"): void {
  const time = bench.clock.now() - ageMs;
  issued.push(group.put(time, entry(time, contact)));
}

function storedIds(): Promise<readonly string[]> {
  return bench.originalIds("flow_log");
}

async function untilStored(): Promise<void> {
  await until(async () => (await storedIds()).length >= issued.length);
}

describe("a log group", () => {
  test("is read as a whole, page by page, and followed", async () => {
    for (let index = 0; index < 333; index++) put(3 * HOUR - index * 20_000, `contact-${index}`);
    const receiver = createReceiver();
    receiver.start();
    await untilStored();
    for (let index = 0; index < 100; index++) put(index * 100, `later-${index}`);
    await untilStored();
    await receiver.stop();
    expect(await storedIds()).toEqual(issued.toSorted());
    expect(receiver.status()).toMatchObject({ appended: 433, duplicate: 0, rejected: 0, gaps: [] });
    expect(group.counts.throttled).toBe(0);
  });

  test("of identical entries in the same millisecond keeps each", async () => {
    const time = NOON - MINUTE;
    for (let index = 0; index < 5; index++) issued.push(group.put(time, entry(time, "contact")));
    const receiver = createReceiver();
    receiver.start();
    await untilStored();
    await receiver.stop();
    expect(await storedIds()).toEqual(issued.toSorted());
  });

  test("gives records the ids that a subscription of it gives", async () => {
    const simulation = createSimulation({ seed: 7, agents: 5, startTime: unixMillis(NOON - HOUR) });
    const emissions = [...simulation.emissionsUntil(unixMillis(NOON - MINUTE))].filter(
      ({ source }) => source === "flow_log",
    );
    expect(emissions.length).toBeGreaterThan(10);
    const signal = new AbortController().signal;
    const payload = Buffer.from(toCloudWatchPayload(emissions));
    const direct = await bench.context().deliver([{ bytes: payload, origin: "subscription" }], signal);
    const { logEvents } = JSON.parse(payload.toString()) as {
      logEvents: { id: string; timestamp: number; message: string }[];
    };
    for (const event of logEvents) group.putAs(event);
    const receiver = createReceiver();
    receiver.start();
    await until(() => receiver.status().duplicate === logEvents.length);
    await receiver.stop();
    expect(receiver.status().appended).toBe(0);
    expect((await storedIds()).length).toBe(direct.appended);
  });

  test("yields events that show up late, within the look-back", async () => {
    const receiver = createReceiver({ look_back: "2h" });
    receiver.start();
    put(0);
    await untilStored();
    put(90_000, "a little late");
    put(100 * MINUTE, "very late");
    await untilStored();
    await receiver.stop();
    expect(await storedIds()).toEqual(issued.toSorted());
  });

  test("yields events that showed up late while nobody was reading", async () => {
    put(0);
    const before = createReceiver();
    before.start();
    await untilStored();
    await before.stop();
    put(50 * MINUTE, "late, while stopped");
    await bench.reopen();
    bench.clock.advance(5 * HOUR);
    put(4 * HOUR, "while stopped");
    const after = createReceiver();
    after.start();
    await untilStored();
    await after.stop();
    expect(await storedIds()).toEqual(issued.toSorted());
  });

  test("is read from where it is asked to", async () => {
    group.put(NOON - 3 * HOUR, entry(NOON - 3 * HOUR, "too old"));
    put(30 * MINUTE);
    const receiver = createReceiver({ start: "1h" });
    receiver.start();
    await untilStored();
    await receiver.stop();
    expect(await storedIds()).toEqual(issued);
  });

  test("stopped in the middle of deliveries and read on by another process has every event once", async () => {
    for (let index = 0; index < 900; index++) put(2 * HOUR - index * 7000, `contact-${index}`);
    for (let round = 0; round < 12; round++) {
      const receiver = createReceiver();
      let deliveries = 0;
      bench.beforeDelivery = async () => {
        if (++deliveries < 3) return;
        void receiver.stop();
        // what this delivery holds is not stored: the process is gone
        throw new Error("stopped");
      };
      receiver.start();
      await until(() => receiver.status().state === "stopped" || receiver.status().lagMs === 0);
      await receiver.stop();
      await bench.reopen();
    }
    bench.beforeDelivery = () => Promise.resolve();
    const receiver = createReceiver();
    receiver.start();
    await untilStored();
    await receiver.stop();
    expect(await storedIds()).toEqual(issued.toSorted());
  });
});

describe("a log group with trouble", () => {
  test("that does not exist is waited for, then read", async () => {
    group.remove();
    const receiver = createReceiver();
    receiver.start();
    await until(() => receiver.status().detail !== null);
    expect(receiver.status()).toMatchObject({ state: "waiting" });
    expect(receiver.status().detail).toContain("receivers.flow-logs.log_group");
    group.create();
    put(0);
    await untilStored();
    await receiver.stop();
    expect(receiver.status()).toMatchObject({ appended: 1, detail: null });
  });

  test("that is deleted and made again goes on, and the hole is told", async () => {
    put(MINUTE);
    const receiver = createReceiver();
    receiver.start();
    await untilStored();
    group.remove();
    await until(() => receiver.status().state === "waiting" && receiver.status().detail !== null);
    bench.clock.advance(HOUR);
    group.create();
    put(0, "afterwards");
    await untilStored();
    await receiver.stop();
    expect(await storedIds()).toEqual(issued.toSorted());
    expect(receiver.status().gaps).toMatchObject([{ reason: "the log group was deleted and made again" }]);
  });

  test("whose tokens expire between pages is read from the beginning of the window", async () => {
    for (let index = 0; index < 200; index++) put(HOUR - index * 10_000, `contact-${index}`);
    group.tokenMs = 1;
    const receiver = createReceiver();
    receiver.start();
    await until(() => group.counts.refusedTokens > 2);
    group.tokenMs = HOUR;
    await untilStored();
    await receiver.stop();
    expect(await storedIds()).toEqual(issued.toSorted());
  });

  test("that throttles is asked more slowly", async () => {
    for (let index = 0; index < 200; index++) put(HOUR - index * 10_000, `contact-${index}`);
    group.requestsPerSecond = 1;
    const receiver = createReceiver({ requests_per_second: 25 });
    receiver.start();
    await untilStored();
    await receiver.stop();
    expect(group.counts.throttled).toBeGreaterThan(0);
    expect(await storedIds()).toEqual(issued.toSorted());
  });

  test("that denies says which permission is wanted", async () => {
    group.failures.push(logsFailure("AccessDeniedException", 400));
    put(0);
    const receiver = createReceiver();
    receiver.start();
    await until(() => receiver.status().state === "denied");
    expect(receiver.status().detail).toContain("logs:FilterLogEvents");
    await untilStored();
    await receiver.stop();
  });

  test("whose events expired while nobody was reading tells the hole", async () => {
    group.retentionInDays = 1;
    put(0);
    const before = createReceiver();
    before.start();
    await untilStored();
    await before.stop();
    bench.clock.advance(3 * 24 * HOUR);
    put(0);
    const after = createReceiver();
    after.start();
    await untilStored();
    await after.stop();
    expect(after.status().gaps).toMatchObject([{ reason: "older than the retention of the log group" }]);
  });

  test("with lines that are no flow log keeps them as rejected, once", async () => {
    group.put(NOON - MINUTE, "START RequestId: 1 Version: $LATEST");
    put(MINUTE);
    const receiver = createReceiver({ look_back_interval: "1m" });
    receiver.start();
    await until(() => group.counts.pages > 60);
    await receiver.stop();
    expect(await bench.rejectedBodies()).toEqual(["START RequestId: 1 Version: $LATEST"]);
    expect(receiver.status()).toMatchObject({ appended: 1, rejected: 1 });
  });
});

describe("the configuration", () => {
  test("takes a name or an ARN", () => {
    expect(parseLogGroup(GROUP)).toEqual({ name: GROUP, region: undefined, accountId: undefined });
    expect(parseLogGroup(`arn:aws:logs:eu-west-2:123456789012:log-group:${GROUP}:*`)).toEqual({
      name: GROUP,
      region: "eu-west-2",
      accountId: "123456789012",
    });
  });

  test.each([[{ log_group: "has space" }], [{ look_back: "20d" }], [{ start: "yesterday" }], [{ log_stream: "s" }]])(
    "refuses %j",
    (given) => {
      const base = { name: "flow-logs", type: "cloudwatch_logs", log_group: GROUP };
      expect(cloudwatchLogsSchema.safeParse(base).success).toBe(true);
      expect(cloudwatchLogsSchema.safeParse({ ...base, ...given }).success).toBe(false);
    },
  );
});
