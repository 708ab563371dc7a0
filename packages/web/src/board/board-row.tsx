import type { AgentBoardRow, BoardContact } from "@fourwire/core";
import { Link } from "@tanstack/react-router";
import { memo, type ReactNode } from "react";
import { LevelMark } from "../theme/level-mark.tsx";
import { formatInstantIn } from "../time/format.ts";
import type { Zone } from "../time/range.ts";
import { ACTIVITY_LOOKS } from "./activity-looks.ts";
import { ActivityMark } from "./activity-mark.tsx";
import { displayName } from "./arrange-board.ts";
import { describeMark, describeSlots } from "./board-words.ts";
import { Since } from "./since.tsx";

export interface BoardRowProps {
  readonly row: AgentBoardRow;
  readonly id: string;
  readonly rowIndex: number;
  readonly top: number;
  readonly isSelected: boolean;
  readonly zone: Zone;
  /** The instant of the time machine, ms; undefined live. */
  readonly atMs: number | undefined;
  readonly clockOffsetMs: number;
  readonly onSelect: (agentId: string) => void;
}

/** One agent, one line. Drawn again only when this agent's row is another object. */
export const BoardRow = memo(BoardRowView);

function BoardRowView(props: BoardRowProps): ReactNode {
  const { row, id, rowIndex, top, isSelected, zone, atMs, clockOffsetMs, onSelect } = props;
  const clock = { atMs, clockOffsetMs, zone };
  const look = ACTIVITY_LOOKS[row.activity];
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the grid's own keys choose rows
    <div
      id={id}
      className="board-row"
      role="row"
      tabIndex={-1}
      aria-rowindex={rowIndex}
      aria-selected={isSelected}
      data-activity={row.activity}
      data-agent={row.agent_id}
      style={{ transform: `translateY(${top}px)` }}
      onClick={() => onSelect(row.agent_id)}
    >
      <span role="gridcell" className="board-name" title={row.agent_username ?? row.agent_id}>
        <Link to="/agents/$agentId" params={{ agentId: row.agent_id }} tabIndex={-1}>
          {displayName(row)}
        </Link>
      </span>
      <span role="gridcell" className="board-activity">
        <ActivityMark activity={row.activity} />
        <span>{row.activity === "custom" ? (row.status_name ?? look.label) : look.label}</span>
        <Since time={row.activity_start_time} {...clock} />
      </span>
      <span role="gridcell" className="board-status">
        {row.status_name ?? <span className="muted">not received</span>}{" "}
        <Since time={row.status_start_time} {...clock} />
        {row.next_status_name === null ? null : (
          <span className="muted board-next" title={`next status, asked for ${nextTitle(row, zone)}`}>
            then {row.next_status_name}
          </span>
        )}
      </span>
      <span role="gridcell" className="board-contacts">
        {row.contacts.map((contact) => (
          <ContactChip key={contact.contact_id} contact={contact} clock={clock} />
        ))}
      </span>
      <span role="gridcell" className="board-slots muted" title="contacts at hand of contacts possible, by channel">
        {describeSlots(row)}
      </span>
      <span
        role="gridcell"
        className="board-profile muted"
        title={row.hierarchy.filter((level) => level !== null).join(" / ")}
      >
        {row.routing_profile_name ?? ""}
      </span>
      <span role="gridcell" className="board-marks">
        <Marks row={row} zone={zone} />
      </span>
    </div>
  );
}

function nextTitle(row: AgentBoardRow, zone: Zone): string {
  return row.next_status_enqueued_time === null ? "" : formatInstantIn(row.next_status_enqueued_time, zone);
}

interface ContactChipProps {
  readonly contact: BoardContact;
  readonly clock: { readonly atMs: number | undefined; readonly clockOffsetMs: number; readonly zone: Zone };
}

function ContactChip({ contact, clock }: ContactChipProps): ReactNode {
  const channel = contact.channel?.toLowerCase() ?? "contact";
  const state = contact.state.replaceAll("_", " ").toLowerCase();
  return (
    <Link
      to="/contacts/$contactId"
      params={{ contactId: contact.contact_id }}
      className="board-contact"
      data-state={contact.state}
      tabIndex={-1}
      title={`${contact.contact_id}${contact.queue_name === null ? "" : `, ${contact.queue_name}`}`}
    >
      {channel} {state} <Since time={contact.since_time} {...clock} />
    </Link>
  );
}

function Marks({ row, zone }: { readonly row: AgentBoardRow; readonly zone: Zone }): ReactNode {
  const error = row.last_ccp_error;
  return (
    <>
      {row.marks.map((mark) => (
        <span key={mark.mark} title={`${mark.detail} (since ${formatInstantIn(mark.since_time, zone)})`}>
          <LevelMark severityNumber={13} label={describeMark(mark.mark)} />
        </span>
      ))}
      {row.adherence?.adherence === "non_adherent" ? (
        <span title={`planned: ${row.adherence.activity_name ?? "?"}`}>
          <LevelMark severityNumber={13} label="out of adherence" />
        </span>
      ) : null}
      {error === null ? null : (
        <span className="board-error" title={`${error.message}\n${formatInstantIn(error.event_time, zone)}`}>
          <LevelMark severityNumber={17} label={`CCP ${formatInstantIn(error.event_time, zone).slice(11, 16)}`} />
        </span>
      )}
    </>
  );
}
