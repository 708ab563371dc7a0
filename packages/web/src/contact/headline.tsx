import type { ContactHeadline, TimelineEntry } from "@fourwire/core";
import { Link } from "@tanstack/react-router";
import { Fragment, type ReactNode } from "react";
import { plural } from "../time/format.ts";
import { capitalized, headlineParts, type PlacedClause } from "./headline-parts.ts";

export interface HeadlineProps {
  readonly contactId: string;
  readonly headline: ContactHeadline;
  readonly entries: readonly TimelineEntry[];
  /** Index of the clause whose records are listed. */
  readonly chosen: number | undefined;
}

/** The contact in a sentence, then what went wrong, and smaller what was changed around it. Each clause is a link to its records. */
export function Headline({ contactId, headline, entries, chosen }: HeadlineProps): ReactNode {
  const { story, problems, changes } = headlineParts(headline, entries);
  return (
    <>
      <h1 className="headline" data-testid="headline">
        <Clauses contactId={contactId} clauses={story} chosen={chosen} />{" "}
        <Clauses contactId={contactId} clauses={problems} chosen={chosen} />
      </h1>
      {changes.length === 0 ? null : (
        <p className="headline-changes" data-testid="headline-changes">
          <span className="muted">Changed around it: </span>
          <Clauses contactId={contactId} clauses={changes} chosen={chosen} isInSentence />
        </p>
      )}
    </>
  );
}

interface ClausesProps {
  readonly contactId: string;
  readonly clauses: readonly PlacedClause[];
  readonly chosen: number | undefined;
  /** They go on from words before them. */
  readonly isInSentence?: boolean;
}

function Clauses({ contactId, clauses, chosen, isInSentence = false }: ClausesProps): ReactNode {
  return clauses.map((clause, place) => {
    const text = place === 0 && !isInSentence ? capitalized(clause.text) : clause.text;
    return (
      <Fragment key={clause.text}>
        {clause.recordIds.length === 0 ? (
          <span className={classOf(clause)}>
            <ClauseText text={text} />
          </span>
        ) : (
          <ClauseLink contactId={contactId} clause={clause} text={text} isChosen={clause.index === chosen} />
        )}
        {place === clauses.length - 1 ? "." : ", "}
      </Fragment>
    );
  });
}

interface ClauseLinkProps {
  readonly contactId: string;
  readonly clause: PlacedClause;
  readonly text: string;
  readonly isChosen: boolean;
}

function ClauseLink({ contactId, clause, text, isChosen }: ClauseLinkProps): ReactNode {
  const choice = isChosen
    ? { clause: undefined }
    : { clause: String(clause.index), sel: clause.recordIds[0], m0: undefined, m1: undefined };
  return (
    <Link
      to="/contacts/$contactId"
      params={{ contactId }}
      search={(previous) => ({ ...previous, ...choice })}
      replace
      className={classOf(clause)}
      activeProps={{}}
      data-chosen={isChosen}
      title={`read from ${plural(clause.recordIds.length, "record")}, listed below when chosen`}
    >
      <ClauseText text={text} />
    </Link>
  );
}

/** Names of the customer's own things come in backticks. */
function ClauseText({ text }: { readonly text: string }): ReactNode {
  return text.split("`").map((part, place) =>
    // oxlint-disable-next-line react/no-array-index-key -- a place in a text that never changes is its key
    place % 2 === 1 ? <code key={place}>{part}</code> : <Fragment key={place}>{part}</Fragment>,
  );
}

function classOf(clause: PlacedClause): string {
  return clause.isProblem ? "clause is-problem" : "clause";
}
