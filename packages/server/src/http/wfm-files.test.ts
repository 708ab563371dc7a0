import { afterEach, beforeEach, describe, expect, test } from "vitest";
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

describe("files for workforce management", () => {
  test("are intervals as CSV, and events to be replayed as they were received", async () => {
    const ana = new AgentWriter("agent-a", "ana.ruiz").login(0).status(MINUTE, "Lunch");
    for (let time = 3; time <= 15; time += 2) ana.beat(time * MINUTE);
    const lines = ana.logout(16 * MINUTE).take();
    now = NINE + 2 * 86_400_000;
    await server.ingest("agent_event", lines);
    const span = "from=2026-11-20T09:00:00Z&to=2026-11-20T10:00:00Z";
    const csv = await server.app.inject({ method: "GET", url: `/v1/wfm/intervals.csv?${span}&interval=15m` });
    expect(csv.body.split("\r\n")[0]).toContain("status_s: Lunch");
    expect(csv.body).toContain("2026-11-20T09:15:00.000Z");
    const replay = await server.app.inject({ method: "GET", url: `/v1/wfm/replay?${span}` });
    expect(replay.headers["content-type"]).toBe("application/x-ndjson");
    expect(replay.body).toBe(lines);
    expect((await server.get("/v1/wfm/replay?from=2026-01-01T00:00:00Z&to=2026-11-20T10:00:00Z")).status).toBe(400);
  });
});
