import { createContext, useContext } from "react";

/** Login names by agent id, as far as any record of the time range named both. */
export type AgentNames = ReadonlyMap<string, string>;

export const AgentNamesContext = createContext<AgentNames>(new Map());

/** Many records carry only the agent's id; this says who that is. */
export function useAgentNames(): AgentNames {
  return useContext(AgentNamesContext);
}
