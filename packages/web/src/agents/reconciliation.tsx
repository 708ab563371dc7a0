import type { AgentDayResponse, ContactDifference, Reconciliation as AgentReconciliation } from "@fourwire/core";
import { Link } from "@tanstack/react-router";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { reconciliationQuery } from "../api/queries.ts";
import { shortenId } from "../record/shorten-id.ts";
import { ErrorState } from "../states/error-state.tsx";
import { plural } from "../time/format.ts";
import { differenceText, sortedDifferences } from "./reconciliation-words.ts";

export interface ReconciliationProps {
  readonly day: AgentDayResponse;
  readonly onOpenRecord: (recordId: string) => void;
}

/** Where the agent's events and Amazon's contact records say different things, and why. */
export function Reconciliation({ day, onOpenRecord }: ReconciliationProps): ReactNode {
  const { data, error, refetch } = useQuery(reconciliationQuery(day));
  if (data === undefined && error !== null)
    return <ErrorState error={error} what="the reconciliation could not be read" onRetry={() => void refetch()} />;
  const agent = data?.agents[0];
  if (agent === undefined) return null;
  return (
    <section className="day-section" data-testid="reconciliation">
      <h2>Against contact records</h2>
      <p className="muted day-reconciled">
        {plural(agent.contact_count, "contact")}, {agent.equal_count} of them equal to the millisecond.
        {agent.contacts.length === 0 ? "" : " What differs, the unexplained first:"}
      </p>
      <Differences agent={agent} onOpenRecord={onOpenRecord} />
    </section>
  );
}

/** Rows shown; the API has the rest. */
const SHOWN = 100;

interface DifferencesProps {
  readonly agent: AgentReconciliation;
  readonly onOpenRecord: (recordId: string) => void;
}

function Differences({ agent, onOpenRecord }: DifferencesProps): ReactNode {
  const rows = sortedDifferences(agent.contacts);
  return (
    <>
      <table className="day-table">
        <tbody>
          {rows.slice(0, SHOWN).map((row) => (
            <DifferenceRow key={`${row.contact_id} ${row.field}`} row={row} onOpenRecord={onOpenRecord} />
          ))}
        </tbody>
      </table>
      {rows.length > SHOWN ? <p className="muted">and {plural(rows.length - SHOWN, "more difference")}</p> : null}
    </>
  );
}

interface DifferenceRowProps {
  readonly row: ContactDifference;
  readonly onOpenRecord: (recordId: string) => void;
}

function DifferenceRow({ row, onOpenRecord }: DifferenceRowProps): ReactNode {
  const [recordId] = row.record_ids;
  return (
    <tr data-kind={row.kind}>
      <td>{row.field.replaceAll("_", " ")}</td>
      <td className="number">
        {recordId === undefined ? (
          differenceText(row)
        ) : (
          <button type="button" className="how" onClick={() => onOpenRecord(recordId)}>
            {differenceText(row)}
          </button>
        )}
      </td>
      <td className={row.kind === "unexplained" ? "level-warning" : ""}>{row.kind.replaceAll("_", " ")}</td>
      <td className="muted day-why">{row.detail}</td>
      <td>
        <Link to="/contacts/$contactId" params={{ contactId: row.contact_id }} className="short-id">
          {shortenId(row.contact_id)}
        </Link>
      </td>
    </tr>
  );
}
