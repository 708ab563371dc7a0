import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { silenceQuery } from "../api/queries.ts";
import { AgentLink } from "../record/agent-link.tsx";
import { ErrorState } from "../states/error-state.tsx";
import { WireBadge } from "../theme/wire-badge.tsx";
import { formatCount, formatDuration, formatInstantIn } from "../time/format.ts";
import { usePageRange } from "../time/range-context.ts";

/** Agents that are logged in and whose events or browser went silent. */
export function SilentAgents(): ReactNode {
  const { data, error, refetch } = useQuery(silenceQuery());
  const { zone } = usePageRange();
  if (data === undefined) {
    return error === null ? null : (
      <ErrorState error={error} what="silent agents could not be read" onRetry={() => void refetch()} />
    );
  }
  const { thresholds, agents, counts } = data;
  const hidden = counts.agent_event + counts.ccp_log - agents.length;
  return (
    <section className="receivers" aria-label="Silent agents">
      {agents.length === 0 ? null : (
        <table className="plain-table sources-table" data-testid="silent-agents">
          <thead>
            <tr>
              <th>Silent agent</th>
              <th>Wire</th>
              <th>Silent for</th>
              <th>Last record</th>
            </tr>
          </thead>
          <tbody>
            {agents.map((agent) => (
              <tr key={`${agent.agent_id} ${agent.source}`}>
                <td>
                  <AgentLink agentId={agent.agent_id} username={agent.agent_username} />
                </td>
                <td>
                  <WireBadge source={agent.source} />
                </td>
                <td>{formatDuration(agent.silent_ms)}</td>
                <td>{formatInstantIn(agent.last_time, zone)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <p className="muted sources-note">
        {agents.length === 0 ? "No agent is silent. " : ""}
        {hidden > 0 ? `${formatCount(hidden)} more are not listed. ` : ""}
        An agent is silent whose events stopped without a logout for {formatDuration(thresholds.agent_event_ms)}, or who
        is logged in and whose browser logged before and has not for {formatDuration(thresholds.ccp_log_ms)}.
      </p>
    </section>
  );
}
