import type { SilenceResponse } from "@fourwire/core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { AgentWriter } from "../../test/agent-events.ts";
import { NINE, TemporaryServer } from "../../test/temporary-server.ts";

const MINUTE = 60_000;

let server: TemporaryServer;
let now = NINE;

beforeEach(async () => {
  now = NINE;
  server = await TemporaryServer.create({}, () => now);
});

afterEach(() => server.remove());

/** What `/v1/silence` answers so many minutes after nine. */
async function silenceAt(minutes: number): Promise<SilenceResponse> {
  now = NINE + minutes * MINUTE;
  // rows change with time by a timer
  await server.context.board.start();
  server.context.board.agents.refreshAll();
  return (await server.get("/v1/silence")).body as unknown as SilenceResponse;
}

function ccpLine(time: number): string {
  return `${JSON.stringify({ component: "ccp", level: "INFO", text: "AWSClient: --> Calling operation 'getAgentSnapshot'", time: new Date(NINE + time).toISOString(), exception: null, objects: [], line: 1, agentResourceId: "agent-a", loggerId: "1795176490000-a" })}\n`;
}

test("heartbeats that stop without a logout are silence, and a logout is not", async () => {
  const ana = new AgentWriter("agent-a", "ana.ruiz");
  const ben = new AgentWriter("agent-b", "ben.ode");
  await server.ingest("agent_event", ana.login(0).status(0, "Available").beat(MINUTE).take());
  await server.ingest("agent_event", ben.login(0).status(0, "Available").logout(MINUTE).take());
  expect((await silenceAt(2)).agents).toEqual([]);
  const later = await silenceAt(30);
  expect(later.counts).toEqual({ agent_event: 1, ccp_log: 0 });
  expect(later.agents).toEqual([
    {
      agent_id: "agent-a",
      agent_username: "ana.ruiz",
      name: expect.anything(),
      source: "agent_event",
      last_time: new Date(NINE + MINUTE).toISOString(),
      silent_ms: 29 * MINUTE,
    },
  ]);
});

test("a browser that stops logging while its agent's events go on is silence until it logs again", async () => {
  const ana = new AgentWriter("agent-a", "ana.ruiz").login(0).status(0, "Available");
  await silenceAt(0);
  await server.ingest("agent_event", ana.take());
  await server.ingest("ccp_log", ccpLine(MINUTE));
  for (let time = 2; time <= 20; time += 2) ana.beat(time * MINUTE);
  await server.ingest("agent_event", ana.take());
  expect((await silenceAt(11)).agents).toEqual([]);
  expect((await silenceAt(20)).agents).toMatchObject([{ source: "ccp_log", silent_ms: 19 * MINUTE }]);
  await server.ingest("ccp_log", ccpLine(20 * MINUTE));
  expect((await silenceAt(20)).agents).toEqual([]);
});

test("an agent whose browser never logged has no browser to miss", async () => {
  const ana = new AgentWriter("agent-a", "ana.ruiz")
    .login(0)
    .status(0, "Available")
    .beat(20 * MINUTE);
  await server.ingest("agent_event", ana.take());
  expect((await silenceAt(20)).counts).toEqual({ agent_event: 0, ccp_log: 0 });
});

test("silence is measured", async () => {
  await server.ingest("agent_event", new AgentWriter("agent-a", "ana.ruiz").login(0).status(0, "Available").take());
  expect((await silenceAt(30)).counts.agent_event).toBe(1);
  const scrape = await server.app.inject({ method: "GET", url: "/metrics" });
  expect(scrape.body).toContain('fourwire_silent_agents{source="agent_event"} 1');
});
