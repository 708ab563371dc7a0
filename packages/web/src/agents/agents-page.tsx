import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { agentsQuery } from "../api/queries.ts";
import { EmptyState } from "../states/empty-state.tsx";
import { ErrorState } from "../states/error-state.tsx";
import { Skeleton } from "../states/skeleton.tsx";
import { plural } from "../time/format.ts";
import { usePageRange } from "../time/range-context.ts";
import { AgentTable } from "./agent-table.tsx";
import "./agents.css";

/** The agents that any record of the time range names. */
export function AgentsPage(): ReactNode {
  const { q = "" } = useSearch({ from: "/agents" });
  const { span } = usePageRange();
  const navigate = useNavigate();
  const { data, error, isPending, refetch } = useQuery(agentsQuery(span));
  const wanted = q.trim().toLowerCase();
  const agents = (data?.agents ?? []).filter((agent) => {
    return [agent.agent_id, agent.agent_username, agent.name, agent.status_name].some((text) =>
      text?.toLowerCase().includes(wanted),
    );
  });
  const setText = (text: string): void => {
    void navigate({
      to: "/agents",
      search: (previous) => ({ ...previous, q: text === "" ? undefined : text }),
      replace: true,
    });
  };
  return (
    <div className="page">
      <div className="page-tools">
        <input
          className="input"
          type="search"
          data-focus-key="/"
          value={q}
          onChange={(event) => setText(event.target.value)}
          placeholder="Name, login, id or status"
          aria-label="Find among these agents"
        />
        <span className="muted" aria-live="polite">
          {data === undefined ? "" : plural(agents.length, "agent")}
        </span>
      </div>
      <div className="page-scroll">
        {error === null || data !== undefined ? null : (
          <ErrorState error={error} what="the agents could not be read" onRetry={() => void refetch()} />
        )}
        {isPending ? <Skeleton rows={16} what="agents" /> : null}
        {data !== undefined && agents.length === 0 ? (
          <EmptyState what="agents" onClearFilter={q === "" ? undefined : () => setText("")} />
        ) : null}
        {agents.length > 0 ? <AgentTable agents={agents} /> : null}
      </div>
    </div>
  );
}
