import type { Lane } from "../api.ts";
import type { AgentLeg } from "./agent-leg.ts";
import { makeGap, makeLane, makeSpan } from "./lane.ts";

const STATE_LABELS: Readonly<Record<string, string>> = {
  INCOMING: "callback offered",
  PENDING: "callback pending",
  CONNECTING: "ringing",
  CONNECTED: "connected",
  CONNECTED_ONHOLD: "on hold",
  PAUSED: "paused",
  ENDED: "after-contact work",
  MISSED: "missed",
  REJECTED: "rejected",
  ERROR: "error",
};

/** States in which the agent did not get to talk to the customer. */
export const FAILED_STATES: ReadonlySet<string> = new Set(["MISSED", "REJECTED", "ERROR"]);

/** The contact's states at one agent; a gap where the agent's events stopped before the leg ended. */
export function deriveAgentLegLane(agentId: string, legs: readonly AgentLeg[]): Lane {
  const own = legs.filter((leg) => leg.agentId === agentId);
  const spans = own.flatMap((leg) => leg.spans.map((span) => legSpan(leg, span)));
  const gaps = own.flatMap((leg) => {
    if (leg.silentFrom === undefined) return [];
    const label = "not received: the agent's events stop before the contact left";
    return [makeGap({ from: leg.silentFrom, to: undefined, label, recordIds: [] }, "not_received")];
  });
  return makeLane("agent_leg", agentId, { spans: [...spans, ...gaps] });
}

function legSpan(leg: AgentLeg, span: AgentLeg["spans"][number]) {
  const label = STATE_LABELS[span.state] ?? span.state;
  return makeSpan({
    from: span.from,
    to: span.to,
    label: leg.evidence === "contact_record" ? `${label} (from the contact record)` : label,
    kind: span.state,
    isProblem: FAILED_STATES.has(span.state),
    recordIds: span.recordIds,
  });
}
