import { AppError, unixMillis, zoneOffset, type UnixMillis } from "@fourwire/core";
import type { Person, Store } from "@fourwire/store";
import { instantOf, textParameter, type Parameters } from "../http/parameters.ts";

const DAY_MS = 86_400_000;

/** Longest span of one agent's page. */
export const MAX_DAY_SPAN_MS = 7 * DAY_MS;

/** An agent that was asked for. */
export interface FoundAgent {
  readonly person: Person;
  readonly username: string | null;
  readonly lastEventTime: number;
}

/** By id, login name or ARN; throws `not_found`. */
export async function findAgent(store: Store, text: string): Promise<FoundAgent> {
  const [agent] = await store.contacts.findAgents(text);
  if (agent === undefined)
    throw new AppError("not_found", `no record names the agent "${text}"; use the id, login name or ARN`);
  const person = (await store.live.persons()).get(agent.agent_id);
  return {
    person: person ?? { personId: agent.agent_id, agentIds: [agent.agent_id] },
    username: agent.agent_username,
    lastEventTime: agent.last_event_time,
  };
}

export interface AgentSpanRequest {
  readonly from: UnixMillis;
  /** Excluded; the present instant where the span is not over. */
  readonly to: UnixMillis;
  /** The day asked for, or the one of the agent's last record; null for a span. */
  readonly date: string | null;
  readonly zone: string;
}

/** `date` and `zone`, or `from` and `to`; nothing means the day of the agent's last record. */
export function agentSpan(parameters: Parameters, agent: FoundAgent, now: number): AgentSpanRequest {
  const zone = textParameter(parameters, "zone") ?? "UTC";
  const offset = zoneOffset(zone);
  const [from, to, date] = ["from", "to", "date"].map((name) => textParameter(parameters, name));
  if (from !== undefined || to !== undefined) {
    if (from === undefined || to === undefined) throw new AppError("parameter_invalid", "from and to go together");
    return { ...boundedSpan(instantOf(from, "from"), instantOf(to, "to"), now), date: null, zone };
  }
  const day = date ?? localDate(agent.lastEventTime, offset);
  const [start, end] = localDay(day, offset);
  if (start >= now) throw new AppError("parameter_invalid", `${day} has not begun in ${zone}`);
  return { from: unixMillis(start), to: unixMillis(Math.min(end, now)), date: day, zone };
}

function boundedSpan(from: number, to: number, now: number): Pick<AgentSpanRequest, "from" | "to"> {
  if (from >= to) throw new AppError("parameter_invalid", "from must be before to");
  if (to - from > MAX_DAY_SPAN_MS)
    throw new AppError("parameter_invalid", "the span is longer than 7 days; ask for less");
  if (from >= now) throw new AppError("parameter_invalid", "from lies in the future");
  return { from: unixMillis(from), to: unixMillis(Math.min(to, now)) };
}

type Offset = (time: UnixMillis) => number;

function localDate(time: number, offset: Offset): string {
  return new Date(time + offset(unixMillis(time))).toISOString().slice(0, 10);
}

/** The instants at which a calendar day begins and ends in a zone: 23, 24 or 25 hours apart. */
function localDay(date: string, offset: Offset): readonly [number, number] {
  const midnight = /^\d{4}-\d\d-\d\d$/.test(date) ? Date.parse(`${date}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(midnight) || new Date(midnight).toISOString().slice(0, 10) !== date)
    throw new AppError("parameter_invalid", `date must be a day such as 2026-11-20, not "${date}"`);
  return [instantOfLocal(midnight, offset), instantOfLocal(midnight + DAY_MS, offset)];
}

/** The instant at which the zone's clock shows `local` (ms as if it were UTC). */
export function instantOfLocal(local: number, offset: Offset): number {
  const guess = local - offset(unixMillis(local));
  // a change of the clock between guess and answer is the reason for looking twice
  return local - offset(unixMillis(guess));
}
