import type { ContactSummary } from "@fourwire/core";
import { useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { agentsOnce, isLoginName } from "./agents-once.ts";
import { useAgentNames } from "../record/agent-names.ts";
import { AgentLink } from "../record/agent-link.tsx";
import { ContactLink } from "../record/contact-link.tsx";
import { LevelMark } from "../theme/level-mark.tsx";
import { WireMark } from "../theme/wire-mark.tsx";
import { WIRE_ORDER, WIRES } from "../theme/wires.ts";
import { ago } from "../time/ago.ts";
import { formatCount, formatDuration, instantParts, toMillis } from "../time/format.ts";
import type { Zone } from "../time/range.ts";

export interface ContactRowProps {
  readonly contact: ContactSummary;
  readonly zone: Zone;
  readonly top: number;
  readonly isChosen: boolean;
}

export function ContactRow({ contact, zone, top, isChosen }: ContactRowProps): ReactNode {
  const navigate = useNavigate();
  const began = instantParts(contact.first_event_time, zone);
  const names = useAgentNames();
  const lengthMs = toMillis(contact.last_event_time) - toMillis(contact.first_event_time);
  const open = (): void => void navigate({ to: "/contacts/$contactId", params: { contactId: contact.contact_id } });
  return (
    <div
      role="row"
      tabIndex={-1}
      className="contact-row"
      aria-current={isChosen}
      style={{ transform: `translateY(${top}px)` }}
      onClick={open}
      data-contact-id={contact.contact_id}
    >
      <span role="cell" title={ago(contact.first_event_time)}>
        <span className="muted">{began.date} </span>
        {began.clock}
        <span className="muted"> {began.zone}</span>
      </span>
      <span role="cell">
        <ContactLink contactId={contact.contact_id} />
      </span>
      <span role="cell" className="wires">
        {WIRE_ORDER.map((source) => (
          <span key={source} title={`${WIRES[source].label}: ${contact.sources.includes(source) ? "present" : "none"}`}>
            <WireMark source={source} isAbsent={!contact.sources.includes(source)} />
          </span>
        ))}
        <span className="visually-hidden">{contact.sources.map((source) => WIRES[source].label).join(", ")}</span>
      </span>
      <span role="cell" className="number">
        {formatDuration(lengthMs)}
      </span>
      <span role="cell" className="agents-cell">
        {agentsOnce(contact.agents, names).map((agent) => (
          <AgentLink key={agent} agentId={agent} username={isLoginName(agent) ? agent : null} />
        ))}
      </span>
      <span role="cell" className="number">
        {formatCount(contact.record_count)}
      </span>
      <span role="cell" className="number">
        {contact.error_count === 0 ? (
          <span className="muted">0</span>
        ) : (
          <span className="level-error errors">
            <LevelMark severityNumber={17} /> {formatCount(contact.error_count)}
          </span>
        )}
      </span>
    </div>
  );
}
