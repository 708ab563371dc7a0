import type { AddressInfo } from "node:net";
import type { WfmEvent } from "@fourwire/core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { AgentWriter } from "../../test/agent-events.ts";
import { SseFollower } from "../../test/sse-follower.ts";
import { NINE, TemporaryServer } from "../../test/temporary-server.ts";
import { defaultConfig } from "../config/config.ts";
import { FeedReader, type WfmConnection } from "./feed-reader.ts";

const MINUTE = 60_000;

let server: TemporaryServer;
let now = NINE;
let url: string;

beforeEach(async () => {
  now = NINE;
  const config = defaultConfig();
  server = await TemporaryServer.create({ wfm: { ...config.wfm, keep_events: 100 } }, () => now);
  await server.app.listen({ port: 0, host: "127.0.0.1" });
  url = `http://127.0.0.1:${(server.app.server.address() as AddressInfo).port}/v1/wfm/feed`;
});

afterEach(() => server.remove());

function eventsOf(reader: SseFollower): readonly WfmEvent[] {
  return reader.messages.map((message) => message.data as WfmEvent);
}

function open(lastEventId?: string): Promise<SseFollower> {
  return SseFollower.open(url, lastEventId === undefined ? {} : { "last-event-id": lastEventId });
}

/** A connection that takes what it is told to take. */
class StubConnection implements WfmConnection {
  readonly written: string[] = [];
  room = Number.POSITIVE_INFINITY;
  isClosed = false;
  resume: () => void = () => undefined;

  isBlocked(): boolean {
    return this.room <= 0;
  }

  write(kind: string): void {
    this.room--;
    this.written.push(kind);
  }

  onDrain(resume: () => void): void {
    this.resume = resume;
  }

  close(): void {
    this.isClosed = true;
  }
}

describe("the adherence feed", () => {
  test("sends everybody's state, then one event for each change of one", async () => {
    const ana = new AgentWriter("agent-a", "ana.ruiz").login(0).status(MINUTE, "Available");
    const ben = new AgentWriter("agent-b", "ben.ho").login(0).status(MINUTE, "Lunch");
    await server.ingest("agent_event", ana.take() + ben.take());
    const reader = await open();
    await reader.until((messages) => messages.length === 3);
    now = NINE + 2 * MINUTE;
    ana.contacts(2 * MINUTE, { id: "c-1", state: "CONNECTING", since: 2 * MINUTE });
    ana.contacts(2 * MINUTE + 5000, { id: "c-1", state: "CONNECTED", since: 2 * MINUTE + 5000 });
    await server.ingest("agent_event", ana.take());
    await reader.until((messages) => messages.length === 5);
    expect(eventsOf(reader).map((event) => [event.kind, event.agent_username, event.activity])).toEqual([
      ["snapshot_start", null, null],
      ["snapshot", "ana.ruiz", "available"],
      ["snapshot", "ben.ho", "custom"],
      ["change", "ana.ruiz", "incoming"],
      ["change", "ana.ruiz", "on_contact"],
    ]);
    expect(eventsOf(reader)[0]?.agent_count).toBe(2);
    const [last] = eventsOf(reader).slice(-1);
    expect(last).toMatchObject({
      status_name: "Available",
      status_type: "ROUTABLE",
      status_start_time: "2026-11-20T09:01:00.000Z",
      hierarchy: ["Europe", null, null, null, null],
      contacts: [{ contact_id: "c-1", state: "CONNECTED", queue_name: "Sales" }],
      next_status_name: null,
      adherence: null,
      event_time: "2026-11-20T09:02:05.000Z",
    });
    const record = await server.get(`/v1/records/${last?.record_id}`);
    expect(record.body).toMatchObject({ record: { original_id: "agent-a-3" } });
    reader.close();
  });

  test("does not take a heartbeat that confirms a state for a change", async () => {
    const ana = new AgentWriter("agent-a", "ana.ruiz").login(0).status(MINUTE, "Available");
    await server.ingest("agent_event", ana.take());
    await server.context.wfm.feed.start();
    await server.ingest("agent_event", ana.beat(3 * MINUTE).take());
    expect(server.context.wfm.feed.ring.sequence).toBe(0);
    await server.ingest("agent_event", ana.status(4 * MINUTE, "Break").take());
    expect(server.context.wfm.feed.ring.sequence).toBe(1);
  });

  test("tells what only the clock changes, and who is no longer followed", async () => {
    const ana = new AgentWriter("agent-a", "ana.ruiz").login(0).status(MINUTE, "Available");
    const { wfm, board } = server.context;
    await wfm.feed.start();
    await server.ingest("agent_event", ana.take());
    now = NINE + 6 * MINUTE + 1;
    board.agents.tick();
    now = NINE + 25 * 60 * MINUTE + 1;
    board.agents.tick();
    const kinds = wfm.feed.ring.after(0, 100).map((event) => {
      const { kind, activity, marks } = JSON.parse(event.json) as WfmEvent;
      return [kind, activity, marks];
    });
    expect(kinds.slice(-2)).toEqual([
      ["change", "unknown", ["unknown"]],
      ["removal", "unknown", ["unknown"]],
    ]);
    expect(wfm.feed.snapshot().events).toHaveLength(1);
  });

  test("says that it is alive, with the number of the last change", async () => {
    const reader = await open();
    await reader.until((messages) => messages.length === 1);
    await server.ingest("agent_event", new AgentWriter("agent-a", "ana.ruiz").login(0).take());
    server.context.wfm.feed.beat();
    await reader.until((messages) => messages.some((message) => message.event === "beat"));
    const [start, change, beat] = eventsOf(reader);
    expect([start?.kind, change?.kind, beat?.kind]).toEqual(["snapshot_start", "change", "beat"]);
    expect(beat).toMatchObject({ sequence: change?.sequence, agent_count: 1, agent_id: null });
    reader.close();
  });

  test("goes on where a reader left it, and begins anew where that is no longer kept", async () => {
    const ana = new AgentWriter("agent-a", "ana.ruiz").login(0).status(MINUTE, "Available");
    await server.ingest("agent_event", ana.take());
    const first = await open();
    await first.until((messages) => messages.length === 2);
    const id = first.messages.at(-1)?.id ?? "";
    first.close();
    await server.ingest(
      "agent_event",
      ana
        .status(2 * MINUTE, "Break")
        .status(3 * MINUTE, "Lunch")
        .take(),
    );
    const second = await open(id);
    await second.until((messages) => messages.length === 2);
    expect(eventsOf(second).map((event) => [event.kind, event.status_name, event.sequence])).toEqual([
      ["change", "Break", 1],
      ["change", "Lunch", 2],
    ]);
    second.close();
    for (let count = 0; count < 100; count++) ana.status(4 * MINUTE + count, `Status ${count % 3}`);
    await server.ingest("agent_event", ana.take());
    for (const lost of [id, "another-7", "nonsense"]) {
      const third = await open(lost);
      await third.until((messages) => messages.length === 2);
      expect(eventsOf(third).map((event) => event.kind)).toEqual(["snapshot_start", "snapshot"]);
      third.close();
    }
  });

  test("names a point to go on from only at the end of a snapshot", async () => {
    const agents = ["a", "b", "c"].map((name) => new AgentWriter(`agent-${name}`, name).login(0).take());
    await server.ingest("agent_event", agents.join(""));
    const reader = await open();
    await reader.until((messages) => messages.length === 4);
    expect(reader.messages.map((message) => message.id !== "")).toEqual([false, false, false, true]);
    reader.close();
  });
});

describe("a slow reader", () => {
  function reader(connection: StubConnection, onSlow: () => void = () => undefined): FeedReader {
    return new FeedReader({ feed: server.context.wfm.feed, connection, now: () => now, sequence: undefined, onSlow });
  }

  test("gets the rest in order when it can take it", async () => {
    const ana = new AgentWriter("agent-a", "ana.ruiz").login(0).status(MINUTE, "Available");
    await server.ingest("agent_event", ana.take());
    await server.context.wfm.feed.start();
    const connection = new StubConnection();
    connection.room = 1;
    reader(connection);
    await server.ingest("agent_event", ana.status(2 * MINUTE, "Break").take());
    expect(connection.written).toEqual(["snapshot_start"]);
    connection.room = 10;
    connection.resume();
    expect(connection.written).toEqual(["snapshot_start", "snapshot", "change"]);
  });

  test("is cut off and counted when it takes nothing for 30 s, and when what it misses is no longer kept", async () => {
    const ana = new AgentWriter("agent-a", "ana.ruiz").login(0).status(MINUTE, "Available");
    await server.ingest("agent_event", ana.take());
    await server.context.wfm.feed.start();
    const cut: string[] = [];
    const late = new StubConnection();
    late.room = 1;
    reader(late, () => cut.push("late"));
    server.context.wfm.feed.beat();
    now += 30_000;
    expect(late.isClosed).toBe(false);
    server.context.wfm.feed.beat();
    expect([late.isClosed, late.written]).toEqual([true, ["snapshot_start"]]);
    const overrun = new StubConnection();
    overrun.room = 1;
    reader(overrun, () => cut.push("overrun"));
    for (let count = 0; count < 101; count++) ana.status(4 * MINUTE + count, `Status ${count % 3}`);
    await server.ingest("agent_event", ana.take());
    expect(overrun.isClosed).toBe(true);
    expect(cut).toEqual(["late", "overrun"]);
  });
});
