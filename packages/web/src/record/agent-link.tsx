import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { shortenId } from "./shorten-id.ts";

export interface AgentLinkProps {
  readonly agentId: string | null;
  readonly username: string | null;
  readonly isTabStop?: boolean;
}

/** An agent by login name, or by shortened id where no record named the login. */
export function AgentLink({ agentId, username, isTabStop = true }: AgentLinkProps): ReactNode {
  const target = agentId ?? username;
  if (target === null) return null;
  return (
    <Link
      to="/agents/$agentId"
      params={{ agentId: target }}
      title={agentId ?? undefined}
      tabIndex={isTabStop ? 0 : -1}
      className={username === null ? "agent-link short-id" : "agent-link"}
      onClick={(event) => event.stopPropagation()}
    >
      {username ?? shortenId(target)}
    </Link>
  );
}
