import type { TimelineRow } from "./timeline-row.ts";
import { compareText, idOf, inTimeOrder, textOf } from "./timeline-row.ts";

/**
 * Who is who among the rows. An agent has four names: the Connect user id (ARN tail in agent events and contact records,
 * `agentResourceId` in CCP logs), the login name, the browser context of a CCP page (early lines carry no agent), and the
 * role session name of the agent's own API calls. Each is resolved to the user id.
 */
export interface AgentIdentity {
  /** The agent a record is about; the login name stands in when no row says its id. */
  agentOf(row: TimelineRow): string | undefined;
  /** The agent who made the call, for CloudTrail; undefined when the caller is no known agent. */
  callerOf(row: TimelineRow): string | undefined;
  usernameOf(agentId: string): string | undefined;
  /** The login name, else the id: what one searches for. */
  loginOf(agentId: string): string;
  /** First and last name as agent events give them, else the login name, else the id: what one says aloud. */
  nameOf(agentId: string): string;
}

export function identifyAgents(rows: readonly TimelineRow[]): AgentIdentity {
  const idByUsername = new Map<string, string>();
  const usernameById = new Map<string, string>();
  const fullNameById = new Map<string, string>();
  const idBySession = new Map<string, string | undefined>();
  for (const row of inTimeOrder(rows)) {
    const id = idOf(row, "agent_id");
    if (id === undefined) continue;
    const username = textOf(row, "agent_username");
    if (username !== undefined) {
      // the latest name wins; of two ids with one name (linked Regions), the smaller, whatever the order
      usernameById.set(id, username);
      const known = idByUsername.get(username.toLowerCase());
      if (known === undefined || compareText(id, known) < 0) idByUsername.set(username.toLowerCase(), id);
    }
    const fullName = [textOf(row, "first_name"), textOf(row, "last_name")]
      .filter((part) => part !== undefined)
      .join(" ");
    if (row.source === "agent_event" && fullName !== "") fullNameById.set(id, fullName);
    rememberSession(idBySession, row, id);
  }
  const byUsername = (name: string | undefined) =>
    name === undefined ? undefined : idByUsername.get(name.toLowerCase());
  const bySession = (row: TimelineRow) =>
    row.source === "ccp_log" ? idBySession.get(textOf(row, "session_id") ?? "") : undefined;
  return {
    agentOf: (row) => {
      const username = textOf(row, "agent_username");
      return idOf(row, "agent_id") ?? byUsername(username) ?? bySession(row) ?? username;
    },
    callerOf: (row) => callerOf(row, { usernameById, byUsername }),
    usernameOf: (agentId) =>
      usernameById.get(agentId) ?? (idByUsername.has(agentId.toLowerCase()) ? agentId : undefined),
    loginOf: (agentId) => usernameById.get(agentId) ?? agentId,
    nameOf: (agentId) => fullNameById.get(agentId) ?? usernameById.get(agentId) ?? agentId,
  };
}

/** A browser context belongs to one agent; where a shared desk shows two, it proves nothing and is forgotten. */
function rememberSession(idBySession: Map<string, string | undefined>, row: TimelineRow, id: string): void {
  const session = textOf(row, "session_id");
  if (row.source !== "ccp_log" || session === undefined) return;
  idBySession.set(session, idBySession.has(session) && idBySession.get(session) !== id ? undefined : id);
}

interface Names {
  readonly usernameById: ReadonlyMap<string, string>;
  readonly byUsername: (name: string | undefined) => string | undefined;
}

function callerOf(row: TimelineRow, names: Names): string | undefined {
  if (row.source !== "cloudtrail") return undefined;
  const userId = idOf(row, "actor_user_id");
  if (userId !== undefined && names.usernameById.has(userId)) return userId;
  return names.byUsername(textOf(row, "session_name")) ?? names.byUsername(textOf(row, "actor"));
}
