import { SILENCE_MS, type AgentBoardRow, type SilenceResponse } from "@fourwire/core";
import type { AgentBoard } from "./agent-board.ts";

export type SilentAgent = SilenceResponse["agents"][number];

/** Rows of an answer; more are counted. */
const MAX_ROWS = 500;

/** Which agents stopped being heard, and on which wire: nothing arrives that would say so. */
export async function readSilence(board: AgentBoard, now: number): Promise<SilenceResponse> {
  await board.start();
  const ccpMs = board.settings.ghost_after_ccp_silence;
  const agents = board.feed
    .content()
    .rows.flatMap((row) => [
      ...silentEvents(row, now),
      ...silentCcp(row, { lineTime: board.agents.lastCcpLineTime(row.agent_id), ccpMs, now }),
    ])
    .toSorted((left, right) => left.silent_ms - right.silent_ms || (left.agent_id < right.agent_id ? -1 : 1));
  return {
    now: new Date(now).toISOString(),
    thresholds: { agent_event_ms: SILENCE_MS, ccp_log_ms: ccpMs, keep_ms: board.settings.keep },
    counts: {
      agent_event: agents.filter((agent) => agent.source === "agent_event").length,
      ccp_log: agents.filter((agent) => agent.source === "ccp_log").length,
    },
    agents: agents.slice(0, MAX_ROWS),
  };
}

/** Every agent that is logged in sends a heartbeat each two minutes: who stopped without a logout is silent. */
function silentEvents(row: AgentBoardRow, now: number): readonly SilentAgent[] {
  const mark = row.marks.find(({ mark: name }) => name === "unknown" || name === "presumed_offline");
  return mark === undefined ? [] : [silentAgent(row, "agent_event", Date.parse(mark.since_time), now)];
}

/**
 * Only while the events still come: a browser that was closed stops both wires, and is told once. An agent whose CCP
 * never logged has none that sends its log.
 */
function silentCcp(
  row: AgentBoardRow,
  { lineTime, ccpMs, now }: { readonly lineTime: number | undefined; readonly ccpMs: number; readonly now: number },
): readonly SilentAgent[] {
  if (lineTime === undefined || now - lineTime <= ccpMs || row.is_logged_in === false) return [];
  const isHeard = row.last_event_time !== null && now - Date.parse(row.last_event_time) <= SILENCE_MS;
  return isHeard ? [silentAgent(row, "ccp_log", lineTime, now)] : [];
}

function silentAgent(row: AgentBoardRow, source: SilentAgent["source"], lastTime: number, now: number): SilentAgent {
  return {
    agent_id: row.agent_id,
    agent_username: row.agent_username,
    name: row.name,
    source,
    last_time: new Date(lastTime).toISOString(),
    silent_ms: Math.max(0, now - lastTime),
  };
}
