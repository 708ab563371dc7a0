import type { AgentListEntry, AgentResponse } from "@fourwire/core";
import type { AgentRow, PlainRow, Store, TimeSpan } from "@fourwire/store";
import { isoOf, summaryOf } from "./record-json.ts";

/** Most records an agent's page carries. */
const ENTRY_LIMIT = 5000;

/** Agents in the list. */
const AGENT_LIMIT = 500;

/** The agents seen since the start of the span, with the status they reported last. */
export async function readAgentList(store: Store, span: TimeSpan): Promise<readonly AgentListEntry[]> {
  const agents = await store.contacts.agents(span, AGENT_LIMIT);
  const states = await store.contacts.lastStates(
    agents.map((agent) => agent.agent_id),
    span,
  );
  return agents.map((agent) => {
    const state = states.find((row) => row["agent_id"] === agent.agent_id);
    return {
      agent_id: agent.agent_id,
      agent_username: agent.agent_username,
      name: nameOf(state),
      last_event_time: isoOf(agent.last_event_time) ?? "",
      status_name: (state?.["status_name"] as string | null | undefined) ?? null,
    };
  });
}

/** A span whose ends may be left open. */
export interface OpenSpan {
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

const DAY_MS = 86_400_000;

/**
 * One agent by id, login name or ARN: what it last reported and its records in the span; undefined when unknown. An
 * open end is the agent's last record, an open start 24 hours before the end: old evidence shows without asking twice.
 */
export async function readAgent(store: Store, text: string, open: OpenSpan): Promise<AgentResponse | undefined> {
  const [agent] = await store.contacts.findAgents(text);
  if (agent === undefined) return undefined;
  const to = open.to ?? agent.last_event_time;
  const span: TimeSpan = { from: open.from ?? to - DAY_MS, to };
  const rows = await store.contacts.everyAgentRow({ agent_id: agent.agent_id, ...span });
  const ordered = rows.toSorted((left, right) => Number(left["event_time"]) - Number(right["event_time"]));
  const last = ordered.findLast((row) => row["source"] === "agent_event" && row["status_name"] !== null);
  return {
    agent_id: agent.agent_id,
    agent_username: agent.agent_username,
    name: nameOf(last),
    instance_id: agent.instance_id,
    identities: identitiesOf(agent, ordered),
    from: new Date(span.from).toISOString(),
    to: new Date(span.to).toISOString(),
    state: last === undefined ? null : stateOf(last),
    entries: ordered.slice(-ENTRY_LIMIT).map(summaryOf),
    is_truncated: ordered.length > ENTRY_LIMIT,
  };
}

function nameOf(row: PlainRow | undefined): string | null {
  const parts = [row?.["first_name"], row?.["last_name"]].filter((part) => typeof part === "string");
  return parts.length === 0 ? null : parts.join(" ");
}

function stateOf(row: PlainRow): NonNullable<AgentResponse["state"]> {
  const contacts = row["contacts"];
  return {
    event_time: isoOf(row["event_time"]) ?? "",
    event_name: String(row["event_name"]),
    status_name: row["status_name"] as string | null,
    status_type: row["status_type"] as string | null,
    status_start_time: isoOf(row["status_start_time"]),
    contact_states: typeof contacts === "string" ? JSON.parse(contacts) : [],
  };
}

/** Every name the agent goes by on the wires. */
function identitiesOf(agent: AgentRow, rows: readonly PlainRow[]): readonly string[] {
  const names = rows.map((row) => row["agent_username"]).filter((name) => typeof name === "string");
  return [...new Set([agent.agent_id, ...(agent.agent_username === null ? [] : [agent.agent_username]), ...names])];
}
