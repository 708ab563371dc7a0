import type { RecordSummary, TimelineEntry } from "@fourwire/core";
import { memo, type CSSProperties, type ReactNode } from "react";
import { AgentLink } from "../record/agent-link.tsx";
import { ContactLink } from "../record/contact-link.tsx";
import { LevelMark } from "../theme/level-mark.tsx";
import { levelOf } from "../theme/level.ts";
import { WireBadge } from "../theme/wire-badge.tsx";
import { ago } from "../time/ago.ts";
import { formatInstantIn, instantParts } from "../time/format.ts";
import type { Zone } from "../time/range.ts";

/** A record in a list; on a contact's page also why it is there. */
export type ListRecord = RecordSummary & { readonly relation?: TimelineEntry["relation"] };

export interface RecordRowProps {
  readonly record: ListRecord;
  readonly id: string;
  readonly rowIndex: number;
  readonly top: number;
  readonly zone: Zone;
  readonly isSelected: boolean;
  readonly isMarked: boolean;
  readonly hasContact: boolean;
  readonly onOpen: (recordId: string) => void;
}

const RELATIONS: Readonly<Record<TimelineEntry["relation"], string>> = {
  contact: "names the contact",
  agent: "its agent had the contact then",
  configuration: "changed what the contact used",
};

/** One record on one line. Redrawn only when something of its own changes: there can be 100,000 of them. */
export const RecordRow = memo(function RecordRow(props: RecordRowProps): ReactNode {
  const { record, zone, hasContact } = props;
  const parts = instantParts(record.event_time, zone);
  const style: CSSProperties = { transform: `translateY(${props.top}px)` };
  return (
    <div
      id={props.id}
      role="row"
      tabIndex={-1}
      aria-rowindex={props.rowIndex}
      aria-selected={props.isSelected}
      data-level={levelOf(record.severity_number)}
      data-marked={props.isMarked || undefined}
      data-weak={isOfOtherContact(record) || undefined}
      data-record-id={record.record_id}
      className="record-row"
      style={style}
      onClick={() => props.onOpen(record.record_id)}
    >
      <span role="gridcell" className="cell-level">
        <LevelMark severityNumber={record.severity_number} />
      </span>
      <span role="gridcell" className="cell-time" title={timeTitle(record.event_time, zone)}>
        <span className="muted">{parts.date} </span>
        {parts.clock}
        <span className="muted cell-zone"> {parts.zone}</span>
      </span>
      <span role="gridcell" className="cell-source">
        <WireBadge source={record.source} />
      </span>
      <span role="gridcell" className="cell-agent">
        <AgentLink agentId={record.agent_id} username={record.agent_username} isTabStop={false} />
      </span>
      {hasContact ? (
        <span role="gridcell" className="cell-contact">
          {record.contact_id === null ? null : <ContactLink contactId={record.contact_id} isTabStop={false} />}
        </span>
      ) : (
        <span
          role="gridcell"
          className="cell-relation"
          title={
            isOfOtherContact(record)
              ? "its agent had the contact then; the record is about another contact"
              : relationTitle(record)
          }
        >
          {isOfOtherContact(record) ? "other contact" : record.relation}
        </span>
      )}
      <span role="gridcell" className="cell-message" title={record.message}>
        {record.message}
      </span>
    </div>
  );
});

function isOfOtherContact(record: ListRecord): boolean {
  return record.relation === "agent" && record.contact_id !== null;
}

function relationTitle({ relation }: ListRecord): string | undefined {
  return relation === undefined ? undefined : RELATIONS[relation];
}

function timeTitle(time: string, zone: Zone): string {
  const other = zone === "utc" ? "local" : "utc";
  return `${ago(time)}; ${formatInstantIn(time, zone)}; ${formatInstantIn(time, other)}`;
}
