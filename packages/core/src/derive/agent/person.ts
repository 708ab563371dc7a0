import { compareText } from "../timeline-row.ts";
import type { AgentEventRow } from "./types/agent-event-row.ts";

/** One agent as a person, and all the events of theirs. */
export interface AgentPerson {
  /** The smallest of the ids. */
  readonly agentId: string;
  readonly agentIds: readonly string[];
  readonly events: readonly AgentEventRow[];
}

interface Identity {
  readonly agentId: string;
  username: string | null;
  instanceId: string | null;
  readonly regions: Set<string>;
  readonly events: AgentEventRow[];
}

/**
 * The events by person. With Global Resiliency one person has an ARN in each of two Regions; a replica keeps the id of the
 * instance it was made from (AWS, ReplicateInstance, read 2026-11-25), so the same username of the same instance, heard
 * from different Regions, is the same person. Two ids from one Region stay two: a user was deleted and made again.
 */
export function groupByPerson(events: readonly AgentEventRow[]): AgentPerson[] {
  const persons: Identity[][] = [];
  for (const identity of readIdentities(events)) {
    const person = persons.find((others) => others.every((other) => isSamePerson(other, identity)));
    if (person === undefined) persons.push([identity]);
    else person.push(identity);
  }
  return persons.map((identities) => {
    const agentIds = identities.map((identity) => identity.agentId);
    return { agentId: agentIds[0] ?? "", agentIds, events: identities.flatMap((identity) => identity.events) };
  });
}

/** In the order of their ids. The latest username counts. */
function readIdentities(events: readonly AgentEventRow[]): Identity[] {
  const byId = new Map<string, Identity>();
  const named = new Map<string, number>();
  for (const event of events) {
    const identity = byId.get(event.agent_id) ?? emptyIdentity(event.agent_id);
    byId.set(event.agent_id, identity);
    identity.events.push(event);
    identity.instanceId ??= event.instance_id ?? null;
    if (event.region != null) identity.regions.add(event.region);
    if (event.agent_username == null || event.event_time < (named.get(event.agent_id) ?? 0)) continue;
    named.set(event.agent_id, event.event_time);
    identity.username = event.agent_username.toLowerCase();
  }
  return [...byId.values()].sort((left, right) => compareText(left.agentId, right.agentId));
}

function emptyIdentity(agentId: string): Identity {
  return { agentId, username: null, instanceId: null, regions: new Set(), events: [] };
}

function isSamePerson(left: Identity, right: Identity): boolean {
  if (left.username === null || left.username !== right.username) return false;
  if (left.instanceId === null || left.instanceId !== right.instanceId) return false;
  return [...left.regions].every((region) => !right.regions.has(region));
}
