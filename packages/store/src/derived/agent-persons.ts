import type { ReadPool } from "../read-pool.ts";

/** An id that agent events came under. */
interface AgentStream {
  readonly agent_id: string;
  readonly agent_username: string | null;
  readonly instance_id: string | null;
  readonly region: string | null;
  /** The person its derived rows stand under; null before the first derivation. */
  readonly person_id: string | null;
}

/** A person, with one id or, with Global Resiliency, one in each of two Regions. */
export interface Person {
  /** The smallest of the ids. */
  readonly personId: string;
  readonly agentIds: readonly string[];
}

/** Who is who among the ids that agent events came under. */
export interface AgentPersons {
  readonly byAgentId: ReadonlyMap<string, Person>;
  /** Ids whose rows stand under another person than they should, or under none yet. */
  readonly moved: readonly { readonly agentId: string; readonly from: string | null; readonly to: string }[];
}

/**
 * A replica of an instance keeps its id, so the same username of the same instance, heard from different Regions, is one
 * person; two ids of one Region are a user deleted and made again, and stay two (as `groupByPerson` in core has it).
 */
export async function readPersons(pool: ReadPool): Promise<AgentPersons> {
  const streams = await pool.rowsAs<AgentStream>(
    "select agent_id, agent_username, instance_id, region, person_id from derived.agent_stream order by agent_id",
  );
  const byAgentId = new Map<string, Person>();
  for (const group of groupStreams(streams)) {
    const agentIds = group.map((stream) => stream.agent_id);
    const person = { personId: agentIds[0] ?? "", agentIds };
    for (const id of agentIds) byAgentId.set(id, person);
  }
  const moved = streams.flatMap((stream) => {
    const to = byAgentId.get(stream.agent_id)?.personId ?? stream.agent_id;
    return stream.person_id === to ? [] : [{ agentId: stream.agent_id, from: stream.person_id, to }];
  });
  return { byAgentId, moved };
}

function groupStreams(streams: readonly AgentStream[]): readonly (readonly AgentStream[])[] {
  const groups = new Map<string, AgentStream[][]>();
  for (const stream of streams) {
    const key = nameKey(stream);
    const persons = groups.get(key) ?? [];
    groups.set(key, persons);
    const person = persons.find((others) => others.every((other) => isOtherRegion(other, stream)));
    if (person === undefined) persons.push([stream]);
    else person.push(stream);
  }
  return [...groups.values()].flat();
}

function nameKey(stream: AgentStream): string {
  if (stream.agent_username === null || stream.instance_id === null) return `id ${stream.agent_id}`;
  return `name ${stream.instance_id} ${stream.agent_username.toLowerCase()}`;
}

function isOtherRegion(left: AgentStream, right: AgentStream): boolean {
  return left.region !== null && right.region !== null && left.region !== right.region;
}
