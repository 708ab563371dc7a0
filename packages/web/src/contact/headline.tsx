import type { ContactHeadline } from "@fourwire/core";
import { Fragment, type ReactNode } from "react";
import { plural } from "../time/format.ts";

export interface HeadlineProps {
  readonly headline: ContactHeadline;
  /** Index of the clause whose records are listed. */
  readonly chosen: number | undefined;
  readonly onChoose: (clause: number | undefined) => void;
}

/** The contact in a sentence. Each clause selects the records it was read from. */
export function Headline({ headline, chosen, onChoose }: HeadlineProps): ReactNode {
  return (
    <h1 className="headline" data-testid="headline">
      {headline.clauses.map((clause, index) => (
        <Fragment key={clause.text}>
          {clause.record_ids.length === 0 ? (
            <span className={clause.is_problem ? "clause is-problem" : "clause"}>{clause.text}</span>
          ) : (
            <button
              type="button"
              className={clause.is_problem ? "clause is-problem" : "clause"}
              aria-pressed={index === chosen}
              title={`read from ${plural(clause.record_ids.length, "record")}; click lists ${clause.record_ids.length === 1 ? "it" : "them"}`}
              onClick={() => onChoose(index === chosen ? undefined : index)}
            >
              {clause.text}
            </button>
          )}
          {separatorAfter(headline.clauses, index)}
        </Fragment>
      ))}
    </h1>
  );
}

/** Clauses may bring their own punctuation; where they do not, they are joined as a list. */
function separatorAfter(clauses: ContactHeadline["clauses"], index: number): string {
  const text = clauses[index]?.text ?? "";
  if (/[.,;:]\s*$/.test(text)) return " ";
  const next = clauses[index + 1];
  if (next === undefined) return ".";
  return /^[,.;]/.test(next.text) ? "" : ", ";
}
