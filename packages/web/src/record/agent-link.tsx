import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useAgentNames } from "./agent-names.ts";
import { shortenId } from "./shorten-id.ts";

export interface AgentLinkProps {
  readonly agentId: string | null;
  readonly username: string | null;
  readonly isTabStop?: boolean;
}

/** An agent by login name, the record's own or the one other records gave; by shortened id where none did. */
export function AgentLink({ agentId, username, isTabStop = true }: AgentLinkProps): ReactNode {
  const target = agentId ?? username;
  const names = useAgentNames();
  if (target === null) return null;
  const name = username ?? names.get(target) ?? shortenId(target);
  return (
    <Link
      to="/agents/$agentId"
      params={{ agentId: target }}
      title={agentId ?? undefined}
      tabIndex={isTabStop ? 0 : -1}
      className={name.includes("…") ? "agent-link short-id" : "agent-link"}
      onClick={(event) => event.stopPropagation()}
    >
      {name}
    </Link>
  );
}
