import type { AgentNames } from "../record/agent-names.ts";

/** An id of Connect is a UUID or its ARN; anything else that names an agent is what they log in with. */
export function isLoginName(agent: string): boolean {
  return !agent.startsWith("arn:") && !/^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(agent);
}

/**
 * A contact's agents, each once. Some records name an agent by id and some by login name, so that one agent can stand
 * in the list as both; the id is kept, because it also finds the agent after a change of login.
 */
export function agentsOnce(agents: readonly string[], names: AgentNames): readonly string[] {
  const namedById = new Set(agents.flatMap((agent) => names.get(agent) ?? []));
  return agents.filter((agent) => !namedById.has(agent));
}
