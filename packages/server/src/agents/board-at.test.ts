import { unixMillis, type AgentBoardResponse, type AgentBoardRow, type AgentMark } from "@fourwire/core";
import { createRandom, createSimulation } from "@fourwire/simulator";
import { afterEach, expect, test } from "vitest";
import { AgentWriter } from "../../test/agent-events.ts";
import { agentsSchema } from "../config/agents-config.ts";
import { ccpLine, NINE, TemporaryServer, toLines } from "../../test/temporary-server.ts";

// The board of a past instant is the board that whoever looked then was shown.

const MINUTE = 60_000;

let server: TemporaryServer | undefined;
let now = NINE;

afterEach(async () => {
  await server?.remove();
  server = undefined;
});

async function board(at?: number): Promise<AgentBoardResponse> {
  const query = at === undefined ? "" : `?at=${new Date(at).toISOString()}`;
  const answer = await server?.get(`/v1/agents/board${query}`);
  return answer?.body as unknown as AgentBoardResponse;
}

/**
 * Rows as they can be compared: of what the agent did everything, of when it began what no table can lack. Of events of
 * one millisecond either may be named as evidence.
 */
function shown(rows: readonly AgentBoardRow[]): readonly object[] {
  return rows
    .map((row) => ({
      ...row,
      contacts: row.contacts.map((contact) => [contact.contact_id, contact.state]),
      marks: row.marks.map(({ record_ids: ids, ...mark }) => ({ ...mark, recordCount: ids.length })),
    }))
    .map(({ activity_start_time: _since, agent_ids: _ids, ...row }) => row)
    .toSorted((left, right) => (left.agent_id < right.agent_id ? -1 : 1));
}

interface Line {
  readonly time: number;
  readonly source: "agent_event" | "ccp_log";
  readonly body: string;
}

const START = Date.parse("2026-11-20T09:00:00Z");
const HOURS = 2;

/** A morning of a small contact centre, and a second CCP window and a row of missed calls now and then. */
function simulatedLines(incidents: readonly string[]): readonly Line[] {
  const durationMs = HOURS * 60 * MINUTE;
  const simulation = createSimulation({
    seed: 5,
    agents: 14,
    startTime: unixMillis(START),
    preset: "centre",
    durationMs,
    level: "WARN",
    incidents,
  });
  const lines: Line[] = [];
  for (const { time, source, body } of simulation.emissionsUntil(unixMillis(START + durationMs))) {
    if (source === "agent_event" || source === "ccp_log")
      lines.push({ time: timeOf(source, body, time), source, body });
  }
  const signed = lines.filter((line) => line.source === "ccp_log" && line.body.includes('"agentResourceId":"'));
  const duplicates = signed.flatMap((line, index) => (index % 4 === 0 ? secondWindow(line) : []));
  return [...lines, ...duplicates].toSorted((left, right) => left.time - right.time);
}

/** The same browser says that another of its windows is open. */
function secondWindow(line: Line): Line {
  const entry = JSON.parse(line.body) as object;
  return { ...line, body: JSON.stringify({ ...entry, text: "Agent is in error state: MultipleCcpWindows" }) };
}

function timeOf(source: Line["source"], body: string, time: number): number {
  const record = JSON.parse(body) as { readonly EventTimestamp?: string; readonly time?: string };
  return Date.parse((source === "agent_event" ? record.EventTimestamp : record.time) ?? "") || time;
}

/** Thresholds so low that two hours have every mark. */
const SETTINGS = agentsSchema.parse({
  after_contact_work: "10s",
  stale_after: "5m",
  duplicate_ccp_for: "15m",
  ghost_after_missed_offers: 2,
});

type Stream = readonly [
  name: string,
  damage: (lines: readonly Line[]) => readonly Line[],
  marks: readonly AgentMark["mark"][],
];

/** What comes as it should, and what is left of it when some is lost; and which marks the board has had by the end. */
const STREAMS: readonly Stream[] = [
  ["clean", (lines) => lines, ["after_contact_work_long", "duplicate_ccp", "ghost", "presumed_offline", "stale"]],
  [
    "damaged",
    (lines) => {
      const random = createRandom(7);
      // one in twelve is lost, one in twenty comes twice; one agent in four stops for good half way
      const isGone = (line: Line): boolean =>
        line.source === "agent_event" && line.time > START + 60 * MINUTE && /agent\/[0-3]/.test(line.body);
      return lines
        .filter((line) => !random.chance(1 / 12) && !isGone(line))
        .flatMap((line) => (random.chance(1 / 20) ? [line, line] : [line]));
    },
    ["after_contact_work_long", "duplicate_ccp", "ghost", "presumed_offline", "stale", "unknown"],
  ],
];

test.each(STREAMS)(
  "a %s stream: at every instant the board has the rows and marks that it had then",
  async (_name, damage, expected) => {
    now = START;
    server = await TemporaryServer.create({ agents: SETTINGS }, () => now);
    const lines = [...damage(simulatedLines(["ghost-agent", "tab-sleep-missed-calls"]))];
    await board();
    const live = new Map<number, readonly object[]>();
    const marks = new Set<string>();
    for (let at = START + 2 * MINUTE + 1234; at < START + HOURS * 60 * MINUTE; at += 9 * MINUTE) {
      now = at;
      const ripe = lines.splice(
        0,
        lines.findIndex((line) => line.time > at),
      );
      for (const source of ["agent_event", "ccp_log"] as const) {
        const bodies = ripe.filter((line) => line.source === source).map((line) => line.body);
        if (bodies.length > 0) await server.ingest(source, `${bodies.join("\n")}\n`);
      }
      server.context.board.agents.tick();
      await server.context.board.agents.idle();
      server.context.board.agents.refreshAll();
      const { agents } = await board();
      for (const mark of agents.flatMap((row) => row.marks)) marks.add(mark.mark);
      live.set(at, shown(agents));
    }
    for (const [at, rows] of live) expect(shown((await board(at)).agents), new Date(at).toISOString()).toEqual(rows);
    expect([...marks].toSorted()).toEqual(expected);
  },
  120_000,
);

const SECOND_WINDOW = ccpLine("Agent is in error state: MultipleCcpWindows", 3 * MINUTE, {
  agentResourceId: "agent-a",
  level: "ERROR",
});

function missingThree(agent: AgentWriter): AgentWriter {
  agent.login(0).status(MINUTE, "Available");
  for (const [index, time] of [2, 4, 6].entries()) {
    const id = `c-${index}`;
    agent.contacts(time * MINUTE, { id, state: "CONNECTING", since: time * MINUTE });
    agent.contacts((time + 0.5) * MINUTE, { id, state: "MISSED", since: (time + 0.5) * MINUTE });
    agent.contacts((time + 1) * MINUTE);
  }
  return agent;
}

test("a second CCP window and a row of missed offers are marked then, and no longer than they were", async () => {
  now = NINE;
  server = await TemporaryServer.create({}, () => now);
  await board();
  const ana = missingThree(new AgentWriter("agent-a", "ana.ruiz"))
    .beat(9 * MINUTE)
    .status(10 * MINUTE, "Break");
  now = NINE + 10 * MINUTE;
  await server.ingest("agent_event", ana.take());
  await server.ingest("ccp_log", toLines([SECOND_WINDOW]));
  const marksAt = async (minutes: number): Promise<readonly unknown[]> =>
    ((await board(NINE + minutes * MINUTE)).agents[0]?.marks ?? []).map((mark) => [
      mark.mark,
      mark.since_time.slice(14, 19),
      mark.detail,
    ]);
  const duplicate = ["duplicate_ccp", "03:00", "the CCP says that another CCP window is open"];
  expect(await marksAt(2.9)).toEqual([]);
  expect(await marksAt(6.4)).toEqual([duplicate]);
  expect(await marksAt(6.5)).toEqual([["ghost", "02:30", "3 offers in a row were missed"], duplicate]);
  expect(await marksAt(9.9)).toEqual([["ghost", "02:30", "3 offers in a row were missed"], duplicate]);
  expect(await marksAt(10)).toEqual([duplicate]);
  expect(await marksAt(13.1)).toEqual([]);
});

test("a server that starts knows what was missed and said before", async () => {
  now = NINE + 7 * MINUTE;
  server = await TemporaryServer.create({}, () => now);
  const ana = missingThree(new AgentWriter("agent-a", "ana.ruiz"));
  await server.ingest("agent_event", ana.take());
  await server.ingest("ccp_log", toLines([SECOND_WINDOW]));
  // days are derived, and the events after them fewer than were missed
  await server.context.store.agentDays.settle();
  await server.context.board.reload();
  const [live] = (await board()).agents;
  expect(live?.marks.map((mark) => mark.mark)).toEqual(["ghost", "duplicate_ccp"]);
  expect((await board(now)).agents[0]?.marks).toEqual(live?.marks);
});
