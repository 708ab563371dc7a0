import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { once } from "node:events";
import { fillIntervals } from "@fourwire/store";
import { AgentBoard } from "../agents/agent-board.ts";
import type { BoardReader } from "../agents/board-feed.ts";
import { readIntervals } from "../agents/agent-intervals.ts";
import { openStore } from "../cli/open-store.ts";
import { defaultConfig } from "../config/config.ts";
import { importFiles } from "../import/import-files.ts";
import { listFiles } from "../import/file-list.ts";
import { ingest } from "../ingest.ts";
import { LiveTail } from "../live-tail.ts";
import { agentDayEvents } from "./agent-day-events.ts";

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** One measured thing, and what it has to reach. */
export interface AgentFigure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly wanted: number;
}

export interface AgentBenchSize {
  /** Agents whose whole day is imported and derived. */
  readonly derivedAgents: number;
  /** Agents on the board. */
  readonly liveAgents: number;
  /** Agents and days of the table of quarters of an hour. */
  readonly tableAgents: number;
  readonly tableDays: number;
}

const EVENTS_A_DAY = 833;

/** Events that the last hours of an agent on the board have. */
const LIVE_EVENTS = 12;

const READERS = 20;
const EVENTS_A_SECOND = 300;
const SECONDS = 10;

/** Times what agents' tables and the live board promise. */
export async function measureAgents(folder: string, size: AgentBenchSize): Promise<readonly AgentFigure[]> {
  return [
    ...(await measureDeriving(join(folder, "derive"), size.derivedAgents)),
    ...(await measureIntervals(join(folder, "table"), size)),
    ...(await measureBoard(join(folder, "board"), size.liveAgents)),
  ];
}

/** Rate at which a day's events become rows of the derived tables. */
async function measureDeriving(folder: string, agents: number): Promise<readonly AgentFigure[]> {
  const from = Math.floor(Date.now() / DAY_MS) * DAY_MS - 3 * DAY_MS;
  const files = join(folder, "files");
  await writeDays(files, agents, (agent) => agentDayEvents({ agent, from, count: EVENTS_A_DAY }));
  const store = await openStore({ path: join(folder, "data"), command: "bench" });
  let derivedFrom = 0;
  let events = 0;
  const report = await importFiles({
    store,
    files: await listFiles([files]),
    source: "agent_event",
    firstOpenDate: new Date(from + 2 * DAY_MS).toISOString().slice(0, 10),
    onProgress: (progress) => {
      if (progress.derived === undefined) derivedFrom = performance.now();
    },
  });
  const seconds = (performance.now() - derivedFrom) / 1000;
  events = report.records["agent_event"]?.appended ?? 0;
  await store.close();
  return [
    {
      name: `derive ${agents} agent-days of ${EVENTS_A_DAY} events`,
      value: Math.round(events / seconds),
      unit: "events/s",
      wanted: 20_000,
    },
  ];
}

/** Totals of every agent for one day, among a month of all agents. */
async function measureIntervals(folder: string, size: AgentBenchSize): Promise<readonly AgentFigure[]> {
  const path = join(folder, "data");
  const first = Math.floor(Date.now() / DAY_MS) * DAY_MS - (size.tableDays + 2) * DAY_MS;
  const empty = await openStore({ path, command: "bench" });
  await empty.close();
  await fillIntervals(path, { agents: size.tableAgents, days: size.tableDays, firstTime: first });
  const store = await openStore({ path, command: "bench" });
  const settings = defaultConfig().agents;
  const day = first + Math.floor(size.tableDays / 2) * DAY_MS;
  const times: number[] = [];
  for (let round = 0; round < 6; round++) {
    const started = performance.now();
    const answer = await readIntervals(store, settings, {
      from: day,
      to: day + DAY_MS,
      interval: "1d",
      zone: "UTC",
      personIds: undefined,
    });
    if (answer.intervals.length !== size.tableAgents) throw new Error("the totals lack agents");
    times.push(performance.now() - started);
  }
  await store.close();
  const name = `totals of ${size.tableAgents} agents for a day among ${size.tableDays}`;
  return [
    { name: `${name}, first`, value: Math.round(times[0] ?? 0), unit: "ms", wanted: 1000 },
    { name: `${name}, warm`, value: Math.round(Math.max(...times.slice(1))), unit: "ms", wanted: 1000 },
  ];
}

/** Memory, start and latency of the live board. */
async function measureBoard(folder: string, agents: number): Promise<readonly AgentFigure[]> {
  const files = join(folder, "files");
  const from = Date.now() - 20 * MINUTE_MS;
  await writeDays(files, agents, (agent) => agentDayEvents({ agent, from, count: LIVE_EVENTS + 1 }), LIVE_EVENTS);
  const store = await openStore({ path: join(folder, "data"), command: "bench", memoryLimit: "1GB" });
  await importFiles({
    store,
    files: await listFiles([files]),
    source: "agent_event",
    firstOpenDate: new Date(from - DAY_MS).toISOString().slice(0, 10),
  });
  const tail = new LiveTail();
  const before = memoryNow();
  const started = performance.now();
  const board = new AgentBoard({ store, tail, settings: defaultConfig().agents, now: Date.now, life: "bench" });
  await board.start();
  const startMs = performance.now() - started;
  if (board.agents.agentCount !== agents) throw new Error(`${board.agents.agentCount} agents on the board`);
  const memory = memoryNow() - before;
  const latency = await measureLatency({ store, tail, board, agents });
  await board.close();
  tail.close();
  await store.close();
  return [
    { name: `live state of ${agents} agents, memory`, value: Math.round(memory / 1e6), unit: "MB", wanted: 200 },
    { name: `live state of ${agents} agents, start`, value: Math.round(startMs), unit: "ms", wanted: 5000 },
    {
      name: `event to ${READERS} boards of ${agents} agents, p99 at ${EVENTS_A_SECOND}/s`,
      value: Math.round(latency),
      unit: "ms",
      wanted: 250,
    },
  ];
}

/** Heap and buffers, after a collection where Node was started with --expose-gc. */
function memoryNow(): number {
  const { gc } = globalThis;
  gc?.();
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  return heapUsed + external + arrayBuffers;
}

interface LatencyParts {
  readonly store: Awaited<ReturnType<typeof openStore>>;
  readonly tail: LiveTail;
  readonly board: AgentBoard;
  readonly agents: number;
}

/** From the commit of an event to the message with its row, p99 over all readers. */
async function measureLatency({ store, tail, board, agents }: LatencyParts): Promise<number> {
  const { sequence } = await board.snapshot();
  const committed = new Map<string, number>();
  const delays: number[] = [];
  const stops = Array.from({ length: READERS }, () =>
    board.feed.follow(new TimingReader(committed, delays), sequence ?? ""),
  );
  const stopListening = tail.onStored((rows) => {
    for (const row of rows) committed.set(row.record_id, performance.now());
  });
  const batch = EVENTS_A_SECOND / 10;
  for (let round = 0; round < SECONDS * 10; round++) {
    const turn = new Promise((resolve) => setTimeout(resolve, 100));
    const lines = Array.from({ length: batch }, (_, index) => {
      const agent = (round * batch + index) % agents;
      return [...agentDayEvents({ agent, from: Date.now() - 61_000 - (agent % 200) * 997, count: 3 })][1] ?? "";
    });
    await ingest({ store, tail, source: "agent_event", origin: "bench", bytes: Buffer.from(lines.join("\n")) });
    await turn;
  }
  await new Promise((resolve) => setTimeout(resolve, 300));
  stopListening();
  for (const stop of stops) stop();
  if (delays.length === 0) throw new Error("no reader was sent anything");
  delays.sort((left, right) => left - right);
  return delays[Math.floor(delays.length * 0.99)] ?? 0;
}

/** A board that notes when it was sent the row of an event. */
class TimingReader implements BoardReader {
  readonly #committed: ReadonlyMap<string, number>;
  readonly #delays: number[];

  constructor(committed: ReadonlyMap<string, number>, delays: number[]) {
    this.#committed = committed;
    this.#delays = delays;
  }

  isBlocked(): boolean {
    return false;
  }

  send(_event: string, data: string): void {
    for (const [, id = ""] of data.matchAll(/"last_record_id":"([^"]+)"/g)) {
      const time = this.#committed.get(id);
      if (time !== undefined) this.#delays.push(performance.now() - time);
    }
  }

  close(): void {
    // nothing is held
  }
}

/** Files of agents' events, agents side by side as a stream has them; `limit` cuts each agent's events. */
async function writeDays(
  folder: string,
  agents: number,
  eventsOf: (agent: number) => Generator<string>,
  limit = Number.POSITIVE_INFINITY,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const stream = createWriteStream(join(folder, "agent-events.ndjson"));
  const GROUP = 50;
  for (let first = 0; first < agents; first += GROUP) {
    const days = Array.from({ length: Math.min(GROUP, agents - first) }, (_, index) => eventsOf(first + index));
    for (let round = 0; round < limit; round++) {
      const lines = days.map((day) => day.next().value).filter((line) => typeof line === "string");
      if (lines.length === 0) break;
      if (!stream.write(`${lines.join("\n")}\n`)) await once(stream, "drain");
    }
  }
  stream.end();
  await once(stream, "finish");
}
