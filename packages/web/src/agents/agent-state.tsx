import type { AgentResponse } from "@fourwire/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { writeTerm } from "../filter/terms.ts";
import { ShortId } from "../record/short-id.tsx";
import { ago } from "../time/ago.ts";
import { formatDuration, formatInstantIn, plural, toMillis } from "../time/format.ts";
import { usePageRange } from "../time/range-context.ts";
import type { Zone } from "../time/range.ts";
import { describeContactStates } from "./contact-states.ts";

export interface AgentStateProps {
  readonly agent: AgentResponse;
}

/** Who the agent is and what state was last received. As received: nothing is derived here. */
export function AgentState({ agent }: AgentStateProps): ReactNode {
  const { zone } = usePageRange();
  const name = agent.name ?? agent.agent_username ?? "Agent";
  return (
    <header className="contact-head agent-head">
      <h1 className="headline" data-testid="agent-state">
        {name}
        {agent.state === null ? ", no state received in this time." : stateSentence(agent.state, zone)}
      </h1>
      <div className="facts">
        <span>
          <span className="muted">login </span>
          {agent.agent_username ?? <span className="muted">not received</span>}
        </span>
        <span>
          <span className="muted">agent </span>
          <ShortId id={agent.agent_id} what="agent id" />
        </span>
        <span className="muted">{plural(agent.entries.length, "record")} in this time</span>
        <Link to="/explorer" search={{ q: writeTerm("agent_id", [agent.agent_id]) }}>
          open in the explorer
        </Link>
      </div>
    </header>
  );
}

function stateSentence(state: NonNullable<AgentResponse["state"]>, zone: Zone): string {
  const status = state.status_name === null ? ": status not in the last event" : ` in “${state.status_name}”`;
  const since =
    state.status_start_time === null
      ? ""
      : ` for ${formatDuration(toMillis(state.event_time) - toMillis(state.status_start_time))}`;
  const states = describeContactStates(state.contact_states);
  const contacts = states === "" ? "" : `, with contacts ${states}`;
  return `${status}${since}${contacts}, as of ${formatInstantIn(state.event_time, zone)} (${state.event_name}, ${ago(state.event_time)}).`;
}
