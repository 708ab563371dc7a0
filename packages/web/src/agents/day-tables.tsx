import type { AgentDayResponse } from "@fourwire/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { shortenId } from "../record/shorten-id.ts";
import { formatDuration, formatInstantIn } from "../time/format.ts";
import { usePageRange } from "../time/range-context.ts";

export interface DayTablesProps {
  readonly day: AgentDayResponse;
  readonly onOpenRecord: (recordId: string) => void;
}

interface TableRow {
  readonly key: string;
  readonly start: string;
  readonly durationMs: number | null;
  readonly contactId: string | null;
  readonly what: string;
  readonly why: string;
  readonly isInferred: boolean;
  readonly recordId: string | undefined;
}

/** Offers, after-contact work, login sessions and gaps of the day, row by row. */
export function DayTables({ day, onOpenRecord }: DayTablesProps): ReactNode {
  const tables = [
    { title: "Offers", rows: day.offers.map(offerRow) },
    { title: "After-contact work", rows: day.after_contact_work.map(afterContactRow) },
    { title: "Login sessions", rows: day.login_sessions.map(sessionRow) },
    { title: "Not known", rows: day.gaps.map(gapRow) },
  ].filter(({ rows }) => rows.length > 0);
  return tables.map(({ title, rows }) => (
    <DayTable key={title} title={title} rows={rows} onOpenRecord={onOpenRecord} />
  ));
}

interface DayTableProps {
  readonly title: string;
  readonly rows: readonly TableRow[];
  readonly onOpenRecord: (recordId: string) => void;
}

function DayTable({ title, rows, onOpenRecord }: DayTableProps): ReactNode {
  const { zone } = usePageRange();
  return (
    <section className="day-section">
      <h2>
        {title} <span className="muted">{rows.length}</span>
      </h2>
      <table className="day-table">
        <tbody>
          {rows.map((row) => (
            <tr key={row.key}>
              <td>
                {row.recordId === undefined ? (
                  formatInstantIn(row.start, zone).slice(11, 23)
                ) : (
                  <button type="button" className="how" onClick={() => onOpenRecord(row.recordId ?? "")}>
                    {formatInstantIn(row.start, zone).slice(11, 23)}
                  </button>
                )}
              </td>
              <td className="number">
                {row.durationMs === null ? "goes on" : formatDuration(row.durationMs)}
                {row.isInferred ? <span title="not told by an event: inferred"> ~</span> : null}
              </td>
              <td>{row.what}</td>
              <td className="muted day-why">{row.why}</td>
              <td>
                {row.contactId === null ? null : (
                  <Link to="/contacts/$contactId" params={{ contactId: row.contactId }} className="short-id">
                    {shortenId(row.contactId)}
                  </Link>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function offerRow(offer: AgentDayResponse["offers"][number]): TableRow {
  return {
    key: `${offer.contact_id} ${offer.offered_time}`,
    start: offer.offered_time,
    durationMs: offer.duration_ms,
    contactId: offer.contact_id,
    what: offer.outcome ?? "ringing",
    why: offer.cause_detail ?? "",
    isInferred: offer.is_inferred,
    recordId: offer.record_ids[0],
  };
}

function afterContactRow(work: AgentDayResponse["after_contact_work"][number]): TableRow {
  return {
    key: `${work.contact_id} ${work.start_time}`,
    start: work.start_time,
    durationMs: work.duration_ms,
    contactId: work.contact_id,
    what: work.closed_by?.replaceAll("_", " ") ?? "goes on",
    why: work.time_precision === "s" ? "whole seconds only" : "",
    isInferred: work.is_inferred,
    recordId: work.record_ids[0],
  };
}

function sessionRow(session: AgentDayResponse["login_sessions"][number]): TableRow {
  return {
    key: session.start_time,
    start: session.start_time,
    durationMs: session.duration_ms,
    contactId: null,
    what: session.ended_by === "open" ? "logged in" : `ended by ${session.ended_by.replaceAll("_", " ")}`,
    why: session.is_login_seen ? "" : "no LOGIN was received: it began then or before",
    isInferred: session.is_inferred,
    recordId: session.record_ids[0],
  };
}

function gapRow(gap: AgentDayResponse["gaps"][number]): TableRow {
  return {
    key: `${gap.start_time} ${gap.reason}`,
    start: gap.start_time,
    durationMs: gap.duration_ms,
    contactId: null,
    what: gap.reason.replaceAll("_", " "),
    why: gap.detail,
    isInferred: false,
    recordId: gap.record_ids[0],
  };
}
