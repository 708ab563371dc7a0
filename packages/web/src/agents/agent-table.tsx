import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { AgentListEntry } from "@fourwire/core";
import { ShortId } from "../record/short-id.tsx";
import { ago } from "../time/ago.ts";
import { formatInstantIn } from "../time/format.ts";
import { usePageRange } from "../time/range-context.ts";

export interface AgentTableProps {
  readonly agents: readonly AgentListEntry[];
}

export function AgentTable({ agents }: AgentTableProps): ReactNode {
  const { zone } = usePageRange();
  return (
    <table className="plain-table" data-testid="agents">
      <thead>
        <tr>
          <th>Agent</th>
          <th>Login</th>
          <th>Status, as last received</th>
          <th>Last record</th>
          <th>Id</th>
        </tr>
      </thead>
      <tbody>
        {agents.map((agent) => (
          <tr key={agent.agent_id}>
            <td>
              <Link to="/agents/$agentId" params={{ agentId: agent.agent_id }}>
                {agent.name ?? agent.agent_username ?? "name not received"}
              </Link>
            </td>
            <td>{agent.agent_username ?? <span className="muted">not received</span>}</td>
            <td>{agent.status_name ?? <span className="muted">not received</span>}</td>
            <td title={ago(agent.last_event_time)}>{formatInstantIn(agent.last_event_time, zone)}</td>
            <td>
              <ShortId id={agent.agent_id} what="agent id" />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
