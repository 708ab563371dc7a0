import { useQuery } from "@tanstack/react-query";
import { useMemo, type ReactNode } from "react";
import { agentsQuery } from "../api/queries.ts";
import { usePageRange } from "../time/range-context.ts";
import { absoluteRange } from "../time/range.ts";
import { AgentNamesContext } from "./agent-names.ts";

export interface AgentNamesProviderProps {
  readonly children: ReactNode;
}

const HOUR_MS = 3_600_000;

/** Reads the names once for the hours the page looks at, not at every move of the range. */
export function AgentNamesProvider({ children }: AgentNamesProviderProps): ReactNode {
  const { resolved } = usePageRange();
  const fromMs = Math.floor(resolved.fromMs / HOUR_MS) * HOUR_MS;
  const toMs = Math.ceil(resolved.toMs / HOUR_MS) * HOUR_MS;
  const { data } = useQuery({ ...agentsQuery(absoluteRange(fromMs, toMs)), staleTime: 60_000 });
  const names = useMemo(() => {
    const named = (data?.agents ?? []).flatMap((agent) =>
      agent.agent_username === null ? [] : [[agent.agent_id, agent.agent_username] as const],
    );
    return new Map(named);
  }, [data]);
  return <AgentNamesContext value={names}>{children}</AgentNamesContext>;
}
