import {
  CloudWatchLogsClient,
  SessionStreamingException,
  SessionTimeoutException,
} from "@aws-sdk/client-cloudwatch-logs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { FakeLogGroup, logsFailure } from "../../../test/fake-log-group.ts";
import type { FakeTailSession } from "../../../test/fake-tail-session.ts";
import { ReceiverBench, until } from "../../../test/receiver-bench.ts";
import type { ReceiverContext } from "../receiver.ts";
import { CloudwatchLogsReceiver } from "./cloudwatch-logs-receiver.ts";
import { cloudwatchLogsSchema } from "./config.ts";
import { LogGroupTail } from "./log-group-tail.ts";

const HOUR = 3_600_000;
const GROUP = "/aws/connect/my-centre";
const ARN = `arn:aws:logs:eu-west-2:123456789012:log-group:${GROUP}`;

let bench: ReceiverBench;
let group: FakeLogGroup;
let mock: ReturnType<FakeLogGroup["attach"]>;
let issued: string[];
let receiver: CloudwatchLogsReceiver | undefined;

beforeEach(async () => {
  bench = await ReceiverBench.open(Date.now());
  group = new FakeLogGroup(bench.clock, GROUP);
  group.requestsPerSecond = 1000;
  mock = group.attach();
  issued = [];
});

afterEach(async () => {
  await receiver?.stop();
  receiver = undefined;
  mock.restore();
  await bench.close();
});

/** Real time, in which the poll interval never ends within a test. */
function startWaiting(more: object = {}): CloudwatchLogsReceiver {
  return start({ poll_interval: "1h", ...more }, bench.realContext());
}

function start(more: object = {}, context: ReceiverContext = bench.context()): CloudwatchLogsReceiver {
  const config = cloudwatchLogsSchema.parse({
    name: "flow-logs",
    type: "cloudwatch_logs",
    log_group: GROUP,
    region: "eu-west-2",
    credentials: { access_key_id: "a", secret_access_key: { env: "PATH" } },
    live_tail: true,
    requests_per_second: 25,
    ...more,
  });
  receiver = new CloudwatchLogsReceiver(config, context);
  receiver.start();
  return receiver;
}

interface Event {
  readonly timestamp: number;
  readonly message: string;
}

function eventOf(contact: string): Event {
  const timestamp = Date.now();
  const message = JSON.stringify({
    ContactId: contact,
    ContactFlowId: "arn:aws:connect:eu-west-2:123456789012:instance/i-1/contact-flow/f-1",
    ContactFlowModuleType: "SetQueue",
    Timestamp: new Date(timestamp).toISOString(),
  });
  return { timestamp, message };
}

/** Makes an event findable. */
function put(event: Event): void {
  issued.push(group.put(event.timestamp, event.message));
}

/** The session, once it is connected and the group was searched. */
async function quietSession(): Promise<FakeTailSession> {
  await until(() => group.tailSessions.length === 1);
  await until(() => receiver?.status().liveTail?.isConnected === true);
  await until(() => group.counts.pages > 0);
  const [session] = group.tailSessions;
  if (session === undefined) throw new Error("no session");
  return session;
}

async function untilStored(): Promise<void> {
  await until(async () => (await bench.originalIds("flow_log")).length >= issued.length);
}

describe("live_tail", () => {
  test("has the group searched at once, and stores nothing of what the session told", async () => {
    startWaiting();
    const session = await quietSession();
    expect(session.groups).toEqual([ARN]);
    const event = eventOf("c-1");
    put(event);
    session.update([]);
    session.update([event, event, eventOf("never to be found")], true);
    await untilStored();
    expect(await bench.originalIds("flow_log")).toEqual(issued);
    expect(receiver?.status()).toMatchObject({
      detail: null,
      appended: 1,
      rejected: 0,
      liveTail: { isConnected: true, sessionCount: 1, wakeCount: 1 },
    });
  });

  test("finds all of a second of which a sample was told", async () => {
    startWaiting();
    const session = await quietSession();
    const events = Array.from({ length: 1200 }, (_, index) => eventOf(`c-${index}`));
    for (const event of events) put(event);
    session.update(events.slice(0, 500), true);
    await untilStored();
    expect(await bench.originalIds("flow_log")).toEqual(issued.toSorted());
  });

  test("looks again for what a search finds later than the session told", async () => {
    startWaiting();
    const session = await quietSession();
    const event = eventOf("c-1");
    const pagesBefore = group.counts.pages;
    session.update([event]);
    await until(() => group.counts.pages > pagesBefore);
    put(event);
    await untilStored();
    expect(await bench.originalIds("flow_log")).toEqual(issued);
  });

  test("does without where it is off", async () => {
    start({ live_tail: false });
    put(eventOf("c-1"));
    await untilStored();
    expect(group.tailSessions).toEqual([]);
    expect(receiver?.status().liveTail).toBeUndefined();
  });

  test("that ends is begun again, and what came in between is looked for", async () => {
    startWaiting();
    (await quietSession()).end();
    await until(() => receiver?.status().liveTail?.isConnected === false);
    put(eventOf("in between"));
    await until(() => group.tailSessions.length === 2);
    await untilStored();
    expect(receiver?.status()).toMatchObject({ detail: null, liveTail: { sessionCount: 2, wakeCount: 0 } });
  });
});

describe("a session that", () => {
  const metadata = { message: "over", $metadata: {} };

  test("reached three hours is followed by another, and nothing is amiss", async () => {
    start();
    await until(() => group.tailSessions.length === 1);
    group.tailSessions[0]?.fail(new SessionTimeoutException(metadata));
    await until(() => group.tailSessions.length === 2);
    group.tailSessions[1]?.say({ SessionTimeoutException: new SessionTimeoutException(metadata) });
    await until(() => group.tailSessions.length === 3);
    put(eventOf("c-1"));
    await untilStored();
    expect(receiver?.status().detail).toBeNull();
    expect(group.tailSessions.map((session) => session.isClosed)).toEqual([true, true, false]);
  });

  test.each([
    ["breaks in the service", new SessionStreamingException(metadata), "failing", "SessionStreamingException"],
    ["loses its connection", Object.assign(new Error("aborted"), { code: "ECONNRESET" }), "failing", "ECONNRESET"],
  ])("%s is told, and begun again", async (_, error, state, detail) => {
    startWaiting();
    const session = await quietSession();
    session.fail(error);
    await until(() => receiver?.status().state === state);
    expect(receiver?.status().detail).toMatch(new RegExp(`${detail}.*the group is read every 1h$`));
    await until(() => group.tailSessions.length === 2);
    await until(() => receiver?.status().detail === null);
  });

  test.each([
    ["is not allowed", logsFailure("AccessDeniedException", 400), "denied", "logs:StartLiveTail"],
    ["is one too many", logsFailure("LimitExceededException", 400), "failing", "throttled"],
    ["is refused", logsFailure("InvalidOperationException", 400), "failing", "refused"],
  ])("%s leaves the group read as before, until there is one", async (_, failure, state, detail) => {
    group.tailFailure = failure;
    start();
    await until(() => receiver?.status().state === state);
    expect(receiver?.status().detail).toContain(detail);
    put(eventOf("c-1"));
    await untilStored();
    await until(() => receiver?.status().lagMs === 0);
    expect(receiver?.status()).toMatchObject({ state, liveTail: { isConnected: false, sessionCount: 0 } });
    group.tailFailure = undefined;
    await until(() => receiver?.status().liveTail?.isConnected === true);
    await until(() => receiver?.status().detail === null);
  });

  test("was begun for a group that was made again is begun anew", async () => {
    start();
    await until(() => group.tailSessions.length === 1);
    put(eventOf("c-1"));
    await untilStored();
    group.remove();
    await until(() => receiver?.status().state === "waiting" && receiver.status().detail !== null);
    bench.clock.advance(HOUR);
    group.create();
    await until(() => group.tailSessions.length === 2);
    await until(() => receiver?.status().detail === null);
    expect(group.tailSessions[0]?.isClosed).toBe(true);
  });

  test("hangs does not keep the receiver from stopping", async () => {
    startWaiting();
    const session = await quietSession();
    await receiver?.stop();
    expect(receiver?.status()).toMatchObject({ state: "stopped", liveTail: { isConnected: false } });
    expect(session.isClosed).toBe(true);
  });
});

test("a name whose ARN may not be asked for is told, and the group is read all the same", async () => {
  group.describeFailure = logsFailure("AccessDeniedException", 400);
  start();
  await until(() => receiver?.status().state === "failing");
  expect(receiver?.status().detail).toMatch(/live_tail needs the ARN .*receivers\.flow-logs\.log_group/);
  put(eventOf("c-1"));
  await untilStored();
  expect(group.tailSessions).toEqual([]);
});

test("an ARN needs no question", async () => {
  group.describeFailure = logsFailure("AccessDeniedException", 400);
  start({ log_group: `${ARN}:*` });
  await until(() => group.tailSessions.length === 1);
  expect(group.tailSessions[0]?.groups).toEqual([ARN]);
});

test("a session that says nothing, not even that nothing happened, is dead", async () => {
  const failures: string[] = [];
  const tail = new LogGroupTail({
    client: new CloudWatchLogsClient({ region: "eu-west-2" }),
    call: { action: "logs:StartLiveTail", subject: "log group", configKey: "receivers.x", subjectKey: "log_group" },
    arn: () => Promise.resolve(ARN),
    onNews: () => undefined,
    reports: { succeeded: () => undefined, failed: (_, detail) => failures.push(detail) },
    silenceMs: 20,
    ...bench.context(),
  });
  tail.start();
  await until(() => group.tailSessions.length === 2);
  await tail.stop();
  expect(failures[0]).toContain("Live Tail was silent for 20 ms");
});
