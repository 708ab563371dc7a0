import type {
  AdherenceResponse,
  AgentDayResponse,
  AgentIntervalsResponse,
  FigureEvidenceResponse,
  ReconciliationResponse,
  ShiftImportResponse,
  ShiftsResponse,
} from "@fourwire/core";
import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AgentWriter } from "../../test/agent-events.ts";
import { NINE, TemporaryServer, TOKEN } from "../../test/temporary-server.ts";

const MINUTE = 60_000;
const DAY_MS = 86_400_000;

let server: TemporaryServer;

/** A call with a hold in its after-contact work of 5.005 s, a missed call, and lunch; then gone. */
function someDay(): string {
  const ana = new AgentWriter("agent-a", "ana.ruiz").login(0).status(MINUTE, "Available");
  const call = { id: "c-1", since: 2 * MINUTE };
  ana.contacts(2 * MINUTE, { ...call, state: "CONNECTING" });
  ana.contacts(2 * MINUTE + 4000, {
    ...call,
    state: "CONNECTED",
    since: 2 * MINUTE + 4000,
    connected: 2 * MINUTE + 4000,
  });
  ana.contacts(5 * MINUTE, { ...call, state: "ENDED", since: 5 * MINUTE, connected: 2 * MINUTE + 4000 });
  ana.contacts(5 * MINUTE + 5005).beat(7 * MINUTE);
  ana.contacts(8 * MINUTE, { id: "c-2", state: "CONNECTING", since: 8 * MINUTE });
  ana.contacts(8 * MINUTE + 20_000, { id: "c-2", state: "MISSED", since: 8 * MINUTE + 20_000 }).contacts(9 * MINUTE);
  ana
    .status(10 * MINUTE, "Lunch")
    .beat(12 * MINUTE)
    .beat(14 * MINUTE)
    .beat(16 * MINUTE)
    .beat(18 * MINUTE);
  ana.status(20 * MINUTE, "Offline").logout(20 * MINUTE + 1000);
  return ana.take();
}

const RECORD = {
  AWSAccountId: "111122223333",
  AWSContactTraceRecordFormatVersion: "2017-03-10",
  Agent: {
    ARN: "arn:aws:connect:eu-west-2:111122223333:instance/11111111-2222-4333-8444-555555555555/agent/agent-a",
    Username: "ana.ruiz",
    ConnectedToAgentTimestamp: "2026-11-20T09:02:04Z",
    AgentInteractionDuration: 176,
    CustomerHoldDuration: 0,
    NumberOfHolds: 0,
    AfterContactWorkStartTimestamp: "2026-11-20T09:05:00Z",
    AfterContactWorkEndTimestamp: "2026-11-20T09:05:25Z",
    AfterContactWorkDuration: 25,
  },
  Channel: "VOICE",
  ContactId: "c-1",
  InitiationMethod: "INBOUND",
  InitiationTimestamp: "2026-11-20T09:01:30Z",
  DisconnectTimestamp: "2026-11-20T09:05:00Z",
  LastUpdateTimestamp: "2026-11-20T09:07:00Z",
};

beforeAll(async () => {
  server = await TemporaryServer.create({}, () => NINE + 3 * DAY_MS);
  await server.ingest("agent_event", someDay());
  await server.ingest("contact_record", JSON.stringify(RECORD));
});

afterAll(() => server.remove());

async function get<Body>(path: string): Promise<Body> {
  const answer = await server.get(path);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body as unknown as Body;
}

describe("an agent's day", () => {
  test("is the day of the last record where none is asked for, with totals that say how", async () => {
    const day = await get<AgentDayResponse>("/v1/agents/ana.ruiz/day");
    expect(day).toMatchObject({
      agent_id: "agent-a",
      name: "Ana Ruiz",
      date: "2026-11-20",
      from_time: "2026-11-20T00:00:00.000Z",
      to_time: "2026-11-21T00:00:00.000Z",
      after_contact_work: [{ contact_id: "c-1", duration_ms: 5005, closed_by: "cleared" }],
      offers: [
        { contact_id: "c-1", outcome: "answered" },
        { contact_id: "c-2", outcome: "missed", cause: "not_known" },
      ],
      login_sessions: [{ start_time: "2026-11-20T09:00:00.000Z", ended_by: "logout" }],
      gaps: [],
    });
    expect(day.statuses.map((span) => [span.status_name, span.duration_ms])).toEqual([
      [null, MINUTE],
      ["Available", 9 * MINUTE],
      ["Lunch", 10 * MINUTE],
      ["Offline", 15 * 60 * MINUTE - 20 * MINUTE],
    ]);
    expect(day.totals.after_contact_work_time).toMatchObject({ value: 5005, unit: "ms" });
    expect(day.totals.contact_time.value).toBe(3 * MINUTE - 4000 + 5005);
    expect(day.totals.non_productive_time.value).toBe(10 * MINUTE);
    expect(day.totals.contact_time.how).not.toBe("");
  });

  test("begins and ends at midnight of the zone that is asked for", async () => {
    const day = await get<AgentDayResponse>("/v1/agents/agent-a/day?date=2026-11-20&zone=America/New_York");
    expect([day.from_time, day.to_time]).toEqual(["2026-11-20T05:00:00.000Z", "2026-11-21T05:00:00.000Z"]);
  });

  test("tells of a span only what reaches into it", async () => {
    const day = await get<AgentDayResponse>(
      "/v1/agents/ana.ruiz/day?from=2026-11-20T09:06:00Z&to=2026-11-20T09:09:30Z",
    );
    expect(day.after_contact_work).toEqual([]);
    expect(day.offers.map((offer) => offer.contact_id)).toEqual(["c-2"]);
    expect(day.activity[0]).toMatchObject({ start_time: "2026-11-20T09:06:00.000Z", activity: "idle" });
    expect(day.totals.offers.value).toBe(1);
  });

  test("leads from a total to the records it was read from", async () => {
    const evidence = await get<FigureEvidenceResponse>(
      "/v1/agents/ana.ruiz/figures/after_contact_work_time?date=2026-11-20",
    );
    expect(evidence.figure.value).toBe(5005);
    expect(evidence.records.map((record) => record.event_time)).toContain("2026-11-20T09:05:05.005Z");
  });

  test.each([
    ["/v1/agents/nobody/day", 404],
    ["/v1/agents/ana.ruiz/day?date=2026-02-30", 400],
    ["/v1/agents/ana.ruiz/day?zone=Mars/Base", 400],
    ["/v1/agents/ana.ruiz/day?from=2026-11-20T09:00:00Z", 400],
    ["/v1/agents/ana.ruiz/day?from=2026-11-01T09:00:00Z&to=2026-11-20T09:00:00Z", 400],
    ["/v1/agents/ana.ruiz/figures/nonsense", 404],
  ])("is refused for %s", async (path, status) => {
    expect((await server.get(path)).status).toBe(status);
  });
});

describe("intervals", () => {
  const span = "from=2026-11-20T09:00:00Z&to=2026-11-20T09:30:00Z";

  test("add up to the quarter of an hour", async () => {
    const { intervals, pending_days: pending } = await get<AgentIntervalsResponse>(`/v1/agents/intervals?${span}`);
    expect(pending).toBe(0);
    expect(intervals).toMatchObject([
      {
        start_time: "2026-11-20T09:00:00.000Z",
        contact_ms: 3 * MINUTE - 4000 + 5005,
        after_contact_work_ms: 5005,
        non_productive_ms: 5 * MINUTE,
        non_productive: [{ status_name: "Lunch", duration_ms: 5 * MINUTE }],
        offer_count: 2,
        answered_count: 1,
        missed_count: 1,
        routing_profile_name: "Support",
        hierarchy: ["Europe", null, null, null, null],
      },
      { start_time: "2026-11-20T09:15:00.000Z", non_productive_ms: 5 * MINUTE, offline_ms: 10 * MINUTE },
    ]);
  });

  test("are joined into days of a zone, and written in its clock", async () => {
    const { intervals } = await get<AgentIntervalsResponse>(
      "/v1/agents/intervals?from=2026-11-19T23:00:00Z&to=2026-11-20T23:00:00Z&interval=1d&zone=Europe/Berlin&agent=ana.ruiz",
    );
    expect(intervals).toMatchObject([
      {
        local_start_time: "2026-11-20T00:00:00+01:00",
        local_end_time: "2026-11-21T00:00:00+01:00",
        non_productive: [{ status_name: "Lunch", duration_ms: 10 * MINUTE }],
        logged_in_ms: 20 * MINUTE + 1000,
      },
    ]);
  });

  test("come as CSV that RFC 4180 readers read", async () => {
    const response = await server.app.inject({
      method: "GET",
      url: `/v1/agents/intervals?${span}&format=csv&zone=Asia/Kolkata`,
    });
    expect(response.headers["content-type"]).toContain("text/csv");
    expect(response.body.split("\r\n").length).toBe(4);
    const rows = parse(response.body, { columns: true }) as readonly Record<string, string>[];
    expect(rows[0]).toMatchObject({
      agent_username: "ana.ruiz",
      start_time_utc: "2026-11-20T09:00:00.000Z",
      start_time_local: "2026-11-20T14:30:00+05:30",
      after_contact_work_s: "5.005",
      "status_s: Lunch": "300.000",
    });
  });

  test.each(["interval=20m", "format=xml", "zone=Nowhere", "agent=nobody"])("refuse %s", async (query) => {
    expect((await server.get(`/v1/agents/intervals?${span}&${query}`)).status).toBeGreaterThanOrEqual(400);
  });
});

describe("reconciliation", () => {
  test("shows what events and contact record tell differently, and keeps what agrees quiet", async () => {
    const { agents } = await get<ReconciliationResponse>(
      "/v1/reconciliation?from=2026-11-20T00:00:00Z&to=2026-11-21T00:00:00Z",
    );
    expect(agents.map((agent) => [agent.agent_id, agent.contact_count])).toEqual([["agent-a", 1]]);
    const work = agents[0]?.contacts.find((row) => row.field === "after_contact_work");
    expect(work).toMatchObject({ contact_id: "c-1", event_value: 5005, record_value: 25_000, kind: "unexplained" });
    const own = await get<ReconciliationResponse>("/v1/agents/ana.ruiz/reconciliation?date=2026-11-20");
    expect(own.agents).toEqual(agents);
  });
});

describe("shifts and adherence", () => {
  const post = async (query: string, body: string, type: string): Promise<Answer> =>
    server.post(`/v1/shifts?${query}`, body, { authorization: `Bearer ${TOKEN}`, "content-type": type });
  type Answer = Awaited<ReturnType<TemporaryServer["post"]>>;

  test("are taken as CSV, bad lines named and the others kept; the same origin replaces", async () => {
    const csv = [
      "Agent,Start,End,Activity,Productive,Start late min",
      "ana.ruiz,2026-11-20 10:00,2026-11-20 10:10,Phones,,2",
      "ana.ruiz,2026-11-20T09:10:00Z,2026-11-20T09:20:00Z,Lunch,no,",
      "ben.ho,yesterday,today,Phones,,",
      "nobody.known,2026-11-20T09:00:00Z,2026-11-20T09:20:00Z,Phones,yes,",
    ].join("\n");
    const answer = await post("origin=plan&zone=Europe/Berlin", csv, "text/csv");
    expect(answer.body as unknown as ShiftImportResponse).toEqual({
      added: 3,
      replaced: 0,
      rejected: [{ line: 4, reason: 'start is no time: "yesterday"' }],
      unknown_agents: ["nobody.known"],
    });
    expect((await post("origin=plan&zone=Europe/Berlin", csv, "text/csv")).body).toMatchObject({ replaced: 3 });
    const { shifts } = await get<ShiftsResponse>(
      "/v1/shifts?from=2026-11-20T00:00:00Z&to=2026-11-21T00:00:00Z&agent=ana.ruiz",
    );
    expect(shifts).toMatchObject([
      { activity_name: "Phones", start_time: "2026-11-20T09:00:00.000Z", is_productive: true, start_late_ms: 120_000 },
      { activity_name: "Lunch", is_productive: false, agent_id: "agent-a" },
    ]);
  });

  test("judge what the agent did", async () => {
    const { agents, unknown_agents: unknown } = await get<AdherenceResponse>(
      "/v1/adherence?from=2026-11-20T00:00:00Z&to=2026-11-21T00:00:00Z&stretches=true",
    );
    expect(unknown).toEqual(["nobody.known"]);
    expect(agents).toMatchObject([
      {
        agent_id: "agent-a",
        agent_username: "ana.ruiz",
        scheduled_ms: 20 * MINUTE,
        // the first minute is between login and the first status, within the two minutes of the threshold
        adherent_ms: 19 * MINUTE,
        threshold_ms: MINUTE,
        non_adherent_ms: 0,
        adherence: 1,
      },
    ]);
    expect(agents[0]?.stretches.length).toBeGreaterThan(1);
  });

  test("repeat as a calendar says, in its zone, over a change of the clock", async () => {
    const calendar = [
      "BEGIN:VCALENDAR",
      "VERSION:2.0",
      "PRODID:-//test//EN",
      "BEGIN:VEVENT",
      "UID:1@test",
      "DTSTART;TZID=Europe/Berlin:20261023T090000",
      "DTEND;TZID=Europe/Berlin:20261023T093000",
      "RRULE:FREQ=DAILY;COUNT=4",
      "EXDATE;TZID=Europe/Berlin:20261024T090000",
      "SUMMARY:Phones",
      "ATTENDEE:mailto:ana.ruiz@example.com",
      "END:VEVENT",
      "BEGIN:VEVENT",
      "UID:2@test",
      "DTSTART:20261120T120000Z",
      "DTEND:20261120T110000Z",
      "SUMMARY:Backwards",
      "ATTENDEE:mailto:ana.ruiz@example.com",
      "END:VEVENT",
      "END:VCALENDAR",
    ].join("\r\n");
    const answer = await post("origin=calendar", calendar, "text/calendar");
    expect(answer.body).toMatchObject({ added: 3, rejected: [{ line: 2 }] });
    const { shifts } = await get<ShiftsResponse>("/v1/shifts?from=2026-10-20T00:00:00Z&to=2026-10-30T00:00:00Z");
    // the clock is set back on the 25th
    expect(shifts.map((shift) => shift.start_time)).toEqual([
      "2026-10-23T07:00:00.000Z",
      "2026-10-25T08:00:00.000Z",
      "2026-10-26T08:00:00.000Z",
    ]);
  });

  test("are not replaced by a file without any, need a token, and can be removed", async () => {
    expect(await post("origin=plan", "hello", "text/plain")).toMatchObject({ status: 400 });
    expect((await server.post("/v1/shifts?origin=plan", "x", { "content-type": "text/csv" })).status).toBe(401);
    const removed = await server.app.inject({
      method: "DELETE",
      url: "/v1/shifts?origin=plan",
      headers: { authorization: `Bearer ${TOKEN}` },
    });
    expect(removed.json()).toEqual({ removed: 3 });
  });
});
