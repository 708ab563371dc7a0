import { once } from "node:events";
import { request as httpRequest, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AgentWriter } from "../../test/agent-events.ts";
import { NINE, TemporaryServer, toLines } from "../../test/temporary-server.ts";
import { replayLines } from "./replay.ts";

const MINUTE = 60_000;
const DAY = "from=2026-11-20T00:00:00Z&to=2026-11-21T00:00:00Z";
const INSTANCE = "arn:aws:connect:eu-west-2:111122223333:instance/11111111-2222-4333-8444-555555555555";

let server: TemporaryServer;
let events = "";

function someDay(): string {
  const ana = new AgentWriter("agent-a", "ana.ruiz").login(0).status(MINUTE, "Available");
  ana.contacts(2 * MINUTE, { id: "c-1", state: "CONNECTING", since: 2 * MINUTE });
  ana.contacts(3 * MINUTE, { id: "c-1", state: "CONNECTED", since: 3 * MINUTE, connected: 3 * MINUTE });
  for (let minute = 5; minute < 13; minute += 2) ana.beat(minute * MINUTE);
  ana.contacts(13 * MINUTE, { id: "c-1", state: "ENDED", since: 13 * MINUTE, connected: 3 * MINUTE });
  ana.beat(15 * MINUTE).contacts(16 * MINUTE);
  ana
    .status(17 * MINUTE, "Lunch")
    .beat(19 * MINUTE)
    .status(20 * MINUTE, "Offline")
    .logout(20 * MINUTE + 1000);
  return ana.take();
}

/** A contact of the queue "Sales, west", seconds after nine. */
function contact(id: string, times: { enqueued: number; connected?: number; ended: number; updated?: number }): object {
  const at = (seconds: number): string => `${new Date(NINE + seconds * 1000).toISOString().slice(0, 19)}Z`;
  const agent =
    times.connected === undefined
      ? null
      : {
          ARN: `${INSTANCE}/agent/agent-a`,
          Username: "ana.ruiz",
          ConnectedToAgentTimestamp: at(times.connected),
          AgentInteractionDuration: times.ended - times.connected,
          CustomerHoldDuration: 0,
          NumberOfHolds: 0,
          AfterContactWorkDuration: 30,
        };
  return {
    AWSAccountId: "111122223333",
    AWSContactTraceRecordFormatVersion: "2017-03-10",
    Agent: agent,
    Channel: "VOICE",
    ContactId: id,
    InitiationMethod: "INBOUND",
    InitiationTimestamp: at(times.enqueued),
    DisconnectTimestamp: at(times.ended),
    LastUpdateTimestamp: at(times.updated ?? times.ended + 60),
    Queue: {
      ARN: `${INSTANCE}/queue/q-1`,
      Name: "Sales, west",
      EnqueueTimestamp: at(times.enqueued),
      DequeueTimestamp: at(times.connected ?? times.ended),
      Duration: (times.connected ?? times.ended) - times.enqueued,
    },
  };
}

beforeAll(async () => {
  server = await TemporaryServer.create({}, () => NINE + 3 * 86_400_000);
  events = someDay();
  await server.ingest("agent_event", events);
  await server.ingest(
    "contact_record",
    toLines([
      contact("c-1", { enqueued: 0, connected: 10, ended: 600, updated: 700 }),
      // written again; the newest counts
      contact("c-1", { enqueued: 0, connected: 10, ended: 600, updated: 900 }),
      contact("c-2", { enqueued: 500, connected: 550, ended: 1000 }),
      contact("c-3", { enqueued: 800, ended: 830 }),
    ]),
  );
});

afterAll(() => server.remove());

async function csv(path: string): Promise<readonly Record<string, string>[]> {
  const { statusCode, body, headers } = await server.app.inject({ method: "GET", url: path });
  expect(statusCode, body).toBe(200);
  expect(headers["content-type"]).toMatch(/^text\/csv/);
  expect(body.endsWith("\r\n")).toBe(true);
  return parse(body, { columns: true });
}

describe("interval files", () => {
  test("tell what an agent did in each half hour, in UTC and on the zone's clock", async () => {
    const rows = await csv(`/v1/wfm/intervals.csv?${DAY}&interval=30m&zone=Asia/Kolkata`);
    expect(rows.filter((row) => row["logged_in_s"] !== "0.000")).toMatchObject([
      {
        agent_username: "ana.ruiz",
        start_time_utc: "2026-11-20T09:00:00.000Z",
        start_time_local: "2026-11-20T14:30:00+05:30",
        end_time_local: "2026-11-20T15:00:00+05:30",
        contact_s: "780.000",
        after_contact_work_s: "180.000",
        hold_s: "0.000",
        offer_count: "1",
        answered_count: "1",
        missed_count: "0",
        "status_s: Lunch": "180.000",
      },
    ]);
  });

  test("tell the volumes of each queue in the interval in which contacts ended", async () => {
    const rows = await csv(`/v1/wfm/queue-intervals.csv?${DAY}&interval=15m&zone=Europe/Berlin`);
    expect(rows).toMatchObject([
      {
        queue_name: "Sales, west",
        channel: "VOICE",
        start_time_utc: "2026-11-20T09:00:00.000Z",
        start_time_local: "2026-11-20T10:00:00+01:00",
        contacts_queued: "2",
        contacts_handled: "1",
        contacts_abandoned: "1",
        service_level: "0.5000",
        after_contact_work_time_s: "30.000",
      },
      {
        start_time_utc: "2026-11-20T09:15:00.000Z",
        contacts_queued: "1",
        contacts_handled: "1",
        service_level: "0.0000",
      },
    ]);
    const half = await csv(`/v1/wfm/queue-intervals.csv?${DAY}&interval=30m&service_level=60`);
    expect(half).toMatchObject([{ contacts_queued: "3", contacts_handled: "2", service_level: "1.0000" }]);
  });

  test.each([
    ["intervals.csv?interval=1h", "interval must be one of 15m, 30m"],
    ["intervals.csv?zone=Mars/Base", "Mars/Base"],
    ["queue-intervals.csv?zone=Mars/Base", "Mars/Base"],
    ["queue-intervals.csv?from=2026-01-01T00:00:00Z&to=2026-11-01T00:00:00Z", "31 days"],
    ["replay?from=yesterday", "from must be an instant"],
  ])("%s is answered with what is wrong", async (path, problem) => {
    const answer = await server.get(`/v1/wfm/${path}`);
    expect(answer.status).toBe(400);
    expect(answer.body["message"]).toContain(problem);
  });
});

describe("the replay", () => {
  test("is the agent events as received, in order of time, one a line", async () => {
    const { body, headers } = await server.app.inject({ method: "GET", url: `/v1/wfm/replay?${DAY}` });
    expect(headers["content-type"]).toBe("application/x-ndjson");
    expect(body).toBe(events);
    const part = await server.app.inject({
      method: "GET",
      url: "/v1/wfm/replay?from=2026-11-20T09:17:00Z&to=2026-11-20T09:20:00Z",
    });
    expect(part.body.split("\n").filter((line) => line !== "")).toEqual(events.split("\n").slice(11, 13));
  });

  test("reads on only when what it read was taken, and leaves nothing out between pages", async () => {
    const other = await TemporaryServer.create();
    const writers = Array.from({ length: 50 }, (_, index) =>
      new AgentWriter(`agent-${index}`, `agent.${index}`).login(0),
    );
    // every agent at the same instants, so that pages end between events of one instant
    for (let step = 1; step <= 60; step++) for (const writer of writers) writer.status(step * 1000, "x".repeat(300));
    const sent = writers.map((writer) => writer.take()).join("");
    expect(await other.ingest("agent_event", sent)).toMatchObject({ status: 200 });
    await other.app.listen({ port: 0, host: "127.0.0.1" });
    let pages = 0;
    const read = other.context.store.wfm.agentEventBodies.bind(other.context.store.wfm);
    other.context.store.wfm.agentEventBodies = (page) => {
      pages++;
      return read(page);
    };
    const { port } = other.app.server.address() as AddressInfo;
    const request = httpRequest(`http://127.0.0.1:${port}/v1/wfm/replay?${DAY}`).end();
    const [response] = (await once(request, "response")) as [IncomingMessage];
    // 9 MB wait; the reader takes nothing until the second page was asked for, then everything
    await expect.poll(() => pages).toBeGreaterThan(0);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(pages).toBeLessThan(4);
    let text = "";
    for await (const chunk of response.setEncoding("utf8")) text += String(chunk);
    expect(pages).toBe(4);
    const lines = text.split("\n").filter((line) => line !== "");
    expect(lines.toSorted()).toEqual(
      sent
        .split("\n")
        .filter((line) => line !== "")
        .toSorted(),
    );
    const times = lines.map((line) => (JSON.parse(line) as { EventTimestamp: string }).EventTimestamp);
    expect(times).toEqual(times.toSorted());
    await other.remove();
  });

  test("writes an event that was received over several lines on one", async () => {
    const other = await TemporaryServer.create();
    const [line = ""] = events.split("\n");
    await other.ingest("agent_event", JSON.stringify(JSON.parse(line), null, 2), {
      "content-type": "application/json",
    });
    const texts: string[] = [];
    for await (const text of replayLines(other.context.store, { from: NINE, to: NINE + 1 })) texts.push(text);
    expect(texts).toHaveLength(1);
    expect(texts[0]?.match(/\n/g)).toHaveLength(1);
    expect(JSON.parse(texts[0] ?? "")).toEqual(JSON.parse(line));
    await other.remove();
  });
});
