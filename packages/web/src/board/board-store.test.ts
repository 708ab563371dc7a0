import type { AgentBoardChanges, AgentBoardResponse, AgentBoardRow } from "@fourwire/core";
import { expect, test } from "vitest";
import { BoardStore } from "./board-store.ts";

const NOW = "2026-11-20T09:00:00.000Z";

/** The store passes rows on as they are: only their id is looked at here. */
function rowOf(agentId: string, statusName: string): AgentBoardRow {
  const row: Partial<AgentBoardRow> = { agent_id: agentId, status_name: statusName };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a stand-in: the store reads nothing else
  return row as AgentBoardRow;
}

function snapshot(agents: readonly AgentBoardRow[]): AgentBoardResponse {
  return {
    at_time: NOW,
    is_live: true,
    sequence: "a-1",
    agents,
    routing_profiles: [],
    thresholds: { after_contact_work_ms: 1, silence_ms: 1, keep_ms: 1 },
    last_event_time: NOW,
    is_partial: false,
  };
}

function changes(fields: Partial<AgentBoardChanges>): AgentBoardChanges {
  return {
    at_time: NOW,
    sequence: "a-2",
    agents: [],
    removed_agent_ids: [],
    routing_profiles: [],
    skipped: 0,
    ...fields,
  };
}

function statuses(store: BoardStore): readonly string[] {
  return [...store.getState().rows.values()].map((row) => `${row.agent_id} ${row.status_name}`);
}

test("changes replace the rows of their agents, take some away, and are told once a frame", () => {
  const frames: (() => void)[] = [];
  const store = new BoardStore((work) => frames.push(work));
  let told = 0;
  store.subscribe(() => told++);
  store.begin(snapshot([rowOf("ana", "Available"), rowOf("ben", "Break")]), Date.parse(NOW));
  store.change(changes({ agents: [rowOf("ana", "Lunch"), rowOf("zoe", "Available")] }));
  store.change(changes({ removed_agent_ids: ["ben"] }));
  expect(frames.length).toBe(1);
  frames[0]?.();
  expect(told).toBe(1);
  expect(statuses(store)).toEqual(["ana Lunch", "zoe Available"]);
  expect(store.getState().facts?.sequence).toBe("a-2");
});

test("a snapshot after a lost connection takes the place of everything", () => {
  const store = new BoardStore((work) => work());
  store.begin(snapshot([rowOf("ana", "Available")]), Date.parse(NOW));
  store.begin(snapshot([rowOf("ben", "Break")]), Date.parse(NOW));
  expect(statuses(store)).toEqual(["ben Break"]);
});

test("timers count by the server's clock", () => {
  const store = new BoardStore((work) => work());
  store.begin(snapshot([]), Date.parse(NOW) - 2500);
  expect(store.getState().clockOffsetMs).toBe(2500);
});

test("a change before the first snapshot changes nothing", () => {
  const store = new BoardStore((work) => work());
  store.change(changes({ agents: [rowOf("ana", "Lunch")] }));
  expect(statuses(store)).toEqual([]);
});
