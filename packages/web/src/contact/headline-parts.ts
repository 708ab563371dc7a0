import type { ContactHeadline, TimelineEntry } from "@fourwire/core";

/** A clause with its place in the headline, which the URL names. */
export interface PlacedClause {
  readonly text: string;
  readonly recordIds: readonly string[];
  readonly isProblem: boolean;
  readonly index: number;
}

export interface HeadlineParts {
  /** What the contact was: kind, waits, agents. */
  readonly story: readonly PlacedClause[];
  readonly problems: readonly PlacedClause[];
  /** What was changed around it: told, not blamed. */
  readonly changes: readonly PlacedClause[];
}

/** Sorts the clauses into the sentence, its problems, and the configuration changes around the contact. */
export function headlineParts(headline: ContactHeadline, entries: readonly TimelineEntry[]): HeadlineParts {
  const configuring = new Set(
    entries.filter((entry) => entry.relation === "configuration").map((entry) => entry.record_id),
  );
  const placed = headline.clauses.map((clause, index) => ({
    text: clause.text,
    recordIds: clause.record_ids,
    isProblem: clause.is_problem,
    index,
  }));
  const isChange = ({ recordIds, isProblem }: PlacedClause): boolean =>
    !isProblem && recordIds.length > 0 && recordIds.every((id) => configuring.has(id));
  return {
    story: placed.filter((clause) => !clause.isProblem && !isChange(clause)),
    problems: placed.filter((clause) => clause.isProblem),
    changes: placed.filter(isChange),
  };
}

/** A sentence begins with a capital letter. */
export function capitalized(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
