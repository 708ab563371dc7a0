import type { ContactHeadline } from "@fourwire/core";
import { Link } from "@tanstack/react-router";
import { Fragment, type ReactNode } from "react";
import { plural } from "../time/format.ts";

export interface HeadlineProps {
  readonly contactId: string;
  readonly headline: ContactHeadline;
  /** Index of the clause whose records are listed. */
  readonly chosen: number | undefined;
}

type Clause = ContactHeadline["clauses"][number];

/** The contact in a sentence. Each clause is a link that selects the records it was read from. */
export function Headline({ contactId, headline, chosen }: HeadlineProps): ReactNode {
  return (
    <h1 className="headline" data-testid="headline">
      {headline.clauses.map((clause, index) => (
        <Fragment key={clause.text}>
          {clause.record_ids.length === 0 ? (
            <span className={classOf(clause)}>{clause.text}</span>
          ) : (
            <ClauseLink contactId={contactId} clause={clause} index={index} isChosen={index === chosen} />
          )}
          {separatorAfter(headline.clauses, index)}
        </Fragment>
      ))}
    </h1>
  );
}

interface ClauseLinkProps {
  readonly contactId: string;
  readonly clause: Clause;
  readonly index: number;
  readonly isChosen: boolean;
}

function ClauseLink({ contactId, clause, index, isChosen }: ClauseLinkProps): ReactNode {
  const choice = isChosen
    ? { clause: undefined }
    : { clause: String(index), sel: clause.record_ids[0], m0: undefined, m1: undefined };
  return (
    <Link
      to="/contacts/$contactId"
      params={{ contactId }}
      search={(previous) => ({ ...previous, ...choice })}
      replace
      className={classOf(clause)}
      activeProps={{}}
      data-chosen={isChosen}
      title={`read from ${plural(clause.record_ids.length, "record")}, listed below when chosen`}
    >
      {clause.text}
    </Link>
  );
}

function classOf(clause: Clause): string {
  return clause.is_problem ? "clause is-problem" : "clause";
}

/** Clauses may bring their own punctuation; where they do not, they are joined as a list. */
function separatorAfter(clauses: readonly Clause[], index: number): string {
  const text = clauses[index]?.text ?? "";
  if (/[.,;:]\s*$/.test(text)) return " ";
  const next = clauses[index + 1];
  if (next === undefined) return ".";
  return /^[,.;]/.test(next.text) ? "" : ", ";
}
