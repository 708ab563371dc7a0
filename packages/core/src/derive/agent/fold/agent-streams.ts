import type { AgentEventRow } from "../types/agent-event-row.ts";
import type { AgentMemory, EventMark } from "./agent-memory.ts";
import { SILENCE_MS } from "./silence.ts";

// With Global Resiliency an agent's events may be published from both linked Regions. Neither the ids of the events nor
// their number are promised to be the same (AWS docs, read 2026-11-20), so copies are told by their content.

/** Copies of one event from two Regions lie no further apart. */
const COPY_MS = 5_000;
/** Events remembered to find copies by. */
const MARK_LIMIT = 16;

/** Notes which stream the event came on. True if it adds nothing: a copy, or news of the Region the agent is not in. */
export function hearStream(memory: AgentMemory, event: AgentEventRow): boolean {
  const stream = streamOf(memory, event);
  const held = memory.streams[stream];
  if (held !== undefined) held.lastEventTime = event.event_time;
  if (memory.streams.length === 1) {
    memory.activeStream = stream;
    return false;
  }
  if (isStandby(memory, event, stream) || isCopy(memory, event, stream)) return true;
  memory.activeStream = stream;
  return false;
}

/** Remembers the event, where there may be a second stream to repeat it. */
export function markEvent(memory: AgentMemory, event: AgentEventRow): void {
  // a LOGIN has no snapshot to say whether there is a second Region
  const isSingle = event.has_current_snapshot && event.configured_regions == null;
  if (memory.streams.length === 1 && isSingle) return;
  const mark: EventMark = { time: event.event_time, stream: memory.activeStream, text: textOf(event) };
  memory.marks = [...memory.marks.filter((old) => event.event_time - old.time <= COPY_MS), mark].slice(-MARK_LIMIT);
}

function streamOf(memory: AgentMemory, event: AgentEventRow): number {
  const region = event.region ?? null;
  const found = memory.streams.findIndex((stream) => stream.agentId === event.agent_id && stream.region === region);
  if (found !== -1) return found;
  memory.streams.push({ agentId: event.agent_id, region, lastEventTime: event.event_time });
  return memory.streams.length - 1;
}

/** An event of the Region the agent is not working in counts only while the working Region is silent. */
function isStandby(memory: AgentMemory, event: AgentEventRow, stream: number): boolean {
  const working = event.current_region ?? null;
  if (working === null || event.region == null || event.region === working) return false;
  return memory.streams.some(
    (other, index) =>
      index !== stream && other.region === working && event.event_time - other.lastEventTime <= SILENCE_MS,
  );
}

function isCopy(memory: AgentMemory, event: AgentEventRow, stream: number): boolean {
  const text = textOf(event);
  return memory.marks.some(
    (mark) => mark.stream !== stream && mark.text === text && event.event_time - mark.time <= COPY_MS,
  );
}

function textOf(event: AgentEventRow): string {
  return JSON.stringify([
    event.event_type,
    event.status_name ?? null,
    event.status_start_time ?? null,
    event.next_status_name ?? null,
    event.contacts ?? null,
    event.previous_status_name ?? null,
    event.previous_status_start_time ?? null,
    event.previous_contacts ?? null,
    event.routing_profile_id ?? null,
  ]);
}
