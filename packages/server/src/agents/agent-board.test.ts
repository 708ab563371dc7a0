import { once } from "node:events";
import { request as httpRequest, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { AgentBoardChanges, AgentBoardResponse, AgentBoardRow } from "@fourwire/core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { AgentWriter } from "../../test/agent-events.ts";
import { NINE, TemporaryServer } from "../../test/temporary-server.ts";

const MINUTE = 60_000;

let server: TemporaryServer;
let now = NINE;
let url: string;

beforeEach(async () => {
  now = NINE;
  server = await TemporaryServer.create({}, () => now);
  await server.app.listen({ port: 0, host: "127.0.0.1" });
  url = `http://127.0.0.1:${(server.app.server.address() as AddressInfo).port}`;
});

afterEach(() => server.remove());

async function board(at?: number): Promise<AgentBoardResponse> {
  const query = at === undefined ? "" : `?at=${new Date(at).toISOString()}`;
  return (await server.get(`/v1/agents/board${query}`)).body as unknown as AgentBoardResponse;
}

function ringing(): AgentWriter {
  const ana = new AgentWriter("agent-a", "ana.ruiz");
  ana.login(0).status(MINUTE, "Available");
  return ana.contacts(2 * MINUTE, { id: "c-1", state: "CONNECTING", since: 2 * MINUTE });
}

/** What one reader of the stream was sent. */
class Follower {
  readonly messages: { readonly event: string; readonly id: string; readonly data: unknown }[] = [];
  readonly #response: IncomingMessage;
  #wake: () => void = () => undefined;

  private constructor(response: IncomingMessage) {
    this.#response = response;
    let text = "";
    response.setEncoding("utf8").on("data", (chunk: string) => {
      const parts = (text + chunk).split("\n\n");
      text = parts.pop() ?? "";
      for (const part of parts) {
        const field = (name: string): string => new RegExp(`^${name}: (.*)$`, "m").exec(part)?.[1] ?? "";
        if (field("event") !== "")
          this.messages.push({ event: field("event"), id: field("id"), data: JSON.parse(field("data")) });
      }
      this.#wake();
    });
  }

  static async open(lastEventId?: string): Promise<Follower> {
    const headers = lastEventId === undefined ? {} : { "last-event-id": lastEventId };
    const request = httpRequest(`${url}/v1/live/agents`, { headers }).end();
    const [response] = (await once(request, "response")) as [IncomingMessage];
    return new Follower(response);
  }

  async until(isDone: (messages: Follower["messages"]) => boolean): Promise<void> {
    while (!isDone(this.messages)) await new Promise<void>((resolve) => (this.#wake = resolve));
  }

  /** Rows by agent after applying everything in order. */
  rows(): ReadonlyMap<string, AgentBoardRow> {
    const rows = new Map<string, AgentBoardRow>();
    for (const { event, data } of this.messages) {
      if (event === "snapshot") rows.clear();
      const { agents, removed_agent_ids: removed = [] } = data as AgentBoardResponse & Partial<AgentBoardChanges>;
      for (const row of agents) rows.set(row.agent_id, row);
      for (const id of removed) rows.delete(id);
    }
    return rows;
  }

  close(): void {
    this.#response.destroy();
  }
}

describe("the board", () => {
  test("shows who is there, what they do and since when", async () => {
    await board();
    now = NINE + 2 * MINUTE + 500;
    await server.ingest("agent_event", ringing().take());
    const shown = await board();
    expect(shown.agents).toMatchObject([
      {
        agent_id: "agent-a",
        agent_username: "ana.ruiz",
        name: "Ana Ruiz",
        status_name: "Available",
        status_start_time: "2026-11-20T09:01:00.000Z",
        activity: "incoming",
        activity_start_time: "2026-11-20T09:02:00.000Z",
        contacts: [{ contact_id: "c-1", state: "CONNECTING", queue_name: "Sales", initiation_method: "INBOUND" }],
        slots: [{ channel: "VOICE", available_slots: 1, maximum_slots: 1 }],
        hierarchy: ["Europe", null, null, null, null],
        marks: [],
        adherence: null,
      },
    ]);
    expect(shown.routing_profiles).toEqual([
      {
        routing_profile_id: "rp-1",
        routing_profile_name: "Support",
        queues: [{ queue_id: "q-1", queue_name: "Sales" }],
      },
    ]);
  });

  test("turns unknown after 300 s of silence, then presumed offline, by the clock alone", async () => {
    const ana = new AgentWriter("agent-a", "ana.ruiz").login(0).status(MINUTE, "Available");
    await board();
    await server.ingest("agent_event", ana.take());
    now = NINE + 6 * MINUTE;
    server.context.board.agents.tick();
    expect((await board()).agents[0]).toMatchObject({ activity: "available", marks: [] });
    now += 1;
    server.context.board.agents.tick();
    expect((await board()).agents[0]).toMatchObject({ activity: "unknown", marks: [{ mark: "unknown" }] });
    now = NINE + 70 * MINUTE;
    server.context.board.agents.tick();
    const marks = (await board()).agents[0]?.marks.map((mark) => mark.mark);
    expect(marks).toEqual(["presumed_offline", "ghost"]);
    now = NINE + 25 * 60 * MINUTE + 1;
    server.context.board.agents.tick();
    expect((await board()).agents).toEqual([]);
  });

  test("marks after-contact work that lasts longer than the threshold", async () => {
    const ana = ringing();
    ana.contacts(3 * MINUTE, { id: "c-1", state: "CONNECTED", since: 3 * MINUTE, connected: 3 * MINUTE });
    ana.contacts(4 * MINUTE, { id: "c-1", state: "ENDED", since: 4 * MINUTE, connected: 3 * MINUTE });
    ana.beat(6 * MINUTE).beat(8 * MINUTE);
    await board();
    now = NINE + 9 * MINUTE;
    await server.ingest("agent_event", ana.take());
    expect((await board()).agents[0]).toMatchObject({
      activity: "after_contact_work",
      after_contact_work_start_time: "2026-11-20T09:04:00.000Z",
      is_after_contact_work_long: false,
    });
    now += 1;
    server.context.board.agents.tick();
    expect((await board()).agents[0]).toMatchObject({
      is_after_contact_work_long: true,
      marks: [{ mark: "after_contact_work_long", since_time: "2026-11-20T09:04:00.000Z" }],
    });
  });

  test("marks a ghost whose CCP fell silent, an agent with two CCP windows, and shows the last CCP error", async () => {
    const line = (time: number, text: string, level = "INFO"): string =>
      `${JSON.stringify({ component: "ccp", level, text, time: new Date(NINE + time).toISOString(), exception: null, objects: [], line: 1, agentResourceId: "agent-a", loggerId: "1795176490000-a" })}\n`;
    const ana = new AgentWriter("agent-a", "ana.ruiz").login(0).status(MINUTE, "Available");
    await board();
    await server.ingest("agent_event", ana.take());
    now = NINE + 2 * MINUTE;
    await server.ingest(
      "ccp_log",
      line(MINUTE, "AWSClient: --> Calling operation 'getAgentSnapshot'") +
        line(2 * MINUTE, "Agent is in error state: MultipleCcpWindows", "ERROR"),
    );
    expect((await board()).agents[0]).toMatchObject({
      last_ccp_error: { event_time: "2026-11-20T09:02:00.000Z" },
      marks: [{ mark: "duplicate_ccp", since_time: "2026-11-20T09:02:00.000Z" }],
    });
    for (let time = 4; time <= 14; time += 2) ana.beat(time * MINUTE);
    now = NINE + 14 * MINUTE;
    await server.ingest("agent_event", ana.take());
    expect((await board()).agents[0]?.marks).toMatchObject([{ mark: "ghost", since_time: "2026-11-20T09:02:00.000Z" }]);
  });

  test("is the same after a restart of the server's live state, from derived days and what came after", async () => {
    const ana = ringing();
    await board();
    now = NINE + 3 * MINUTE;
    await server.ingest("agent_event", ana.take());
    await server.context.store.agentDays.settle();
    ana.contacts(3 * MINUTE, { id: "c-1", state: "CONNECTED", since: 3 * MINUTE, connected: 3 * MINUTE });
    await server.ingest("agent_event", ana.take());
    const before = (await board()).agents;
    await server.context.board.reload();
    expect((await board()).agents).toEqual(before);
    expect(before[0]?.activity).toBe("on_contact");
  });

  test("takes a record in that comes too late to be put in its place", async () => {
    const ana = new AgentWriter("agent-a", "ana.ruiz").login(0);
    const login = ana.take();
    ana
      .status(MINUTE, "Available")
      .beat(3 * MINUTE)
      .beat(5 * MINUTE);
    await board();
    now = NINE + 5 * MINUTE;
    await server.ingest("agent_event", ana.take());
    await server.ingest("agent_event", login);
    server.context.board.agents.tick();
    await server.context.board.agents.idle();
    expect((await board()).agents[0]).toMatchObject({ is_logged_in: true, activity: "available" });
  });

  test("can be seen as it was at a past instant", async () => {
    const ana = ringing();
    ana.contacts(3 * MINUTE, { id: "c-1", state: "CONNECTED", since: 3 * MINUTE, connected: 3 * MINUTE });
    ana.contacts(4 * MINUTE, { id: "c-1", state: "ENDED", since: 4 * MINUTE, connected: 3 * MINUTE });
    ana
      .contacts(5 * MINUTE)
      .status(6 * MINUTE, "Lunch")
      .beat(8 * MINUTE);
    now = NINE + 10 * MINUTE;
    await server.ingest("agent_event", ana.take());
    const activityAt = async (time: number): Promise<unknown> => {
      const { agents, is_live: isLive } = await board(NINE + time);
      expect(isLive).toBe(false);
      const row = agents[0];
      return row === undefined ? undefined : [row.activity, row.activity_start_time?.slice(14, 19), row.status_name];
    };
    expect(await activityAt(-1)).toBeUndefined();
    expect(await activityAt(90_000)).toEqual(["available", "01:00", "Available"]);
    expect(await activityAt(2.5 * MINUTE)).toEqual(["incoming", "02:00", "Available"]);
    expect(await activityAt(3.5 * MINUTE)).toEqual(["on_contact", "03:00", "Available"]);
    expect(await activityAt(4.5 * MINUTE)).toEqual(["after_contact_work", "04:00", "Available"]);
    expect(await activityAt(5.5 * MINUTE)).toEqual(["available", "05:00", "Available"]);
    expect(await activityAt(7 * MINUTE)).toEqual(["custom", "06:00", "Lunch"]);
  });
});

describe("the live stream", () => {
  test("sends a snapshot, then what changes", async () => {
    const ana = ringing();
    await server.ingest("agent_event", ana.take());
    const reader = await Follower.open();
    await reader.until((messages) => messages.length > 0);
    expect(reader.messages[0]?.event).toBe("snapshot");
    ana.contacts(3 * MINUTE, { id: "c-1", state: "CONNECTED", since: 3 * MINUTE, connected: 3 * MINUTE });
    await server.ingest("agent_event", ana.take());
    await reader.until(() => reader.rows().get("agent-a")?.activity === "on_contact");
    expect(reader.messages.at(-1)).toMatchObject({ event: "changes", data: { skipped: 0, removed_agent_ids: [] } });
    expect(reader.messages.at(-1)?.id).toBe((await board()).sequence);
    reader.close();
  });

  test("goes on after a reconnection where it was, without a snapshot and without a gap", async () => {
    const ana = ringing();
    const ben = new AgentWriter("agent-b", "ben.ho").login(0).status(MINUTE, "Lunch");
    await server.ingest("agent_event", ana.take() + ben.take());
    const { sequence } = await board();
    await server.ingest("agent_event", ana.status(3 * MINUTE, "Break").take());
    await server.ingest("agent_event", ana.status(4 * MINUTE, "Training").take());
    const reader = await Follower.open(sequence ?? "");
    await reader.until((messages) => messages.length > 0);
    expect(reader.messages.map((message) => message.event)).toEqual(["changes"]);
    expect([...reader.rows().values()].map((row) => [row.agent_id, row.status_name])).toEqual([
      ["agent-a", "Training"],
    ]);
    reader.close();
  });

  test("begins anew for a reader of another life of the server", async () => {
    await server.ingest("agent_event", ringing().take());
    const reader = await Follower.open("another_life-12");
    await reader.until((messages) => messages.length > 0);
    expect(reader.messages[0]?.event).toBe("snapshot");
    reader.close();
  });
});
