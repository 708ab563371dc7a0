import type { ContactDifference, DifferenceKind } from "@fourwire/core";
import { formatDuration } from "../time/format.ts";

/** What a reader should look at first: rounding is expected, what nobody can explain is not. */
const KIND_ORDER: readonly DifferenceKind[] = [
  "unexplained",
  "gap",
  "uncleared_chat",
  "late_record",
  "external_transfer",
  "precision",
];

export function sortedDifferences(differences: readonly ContactDifference[]): readonly ContactDifference[] {
  return differences.toSorted((left, right) => rankOf(left) - rankOf(right) || sizeOf(right) - sizeOf(left));
}

function rankOf(row: ContactDifference): number {
  return KIND_ORDER.indexOf(row.kind);
}

function sizeOf(row: ContactDifference): number {
  return Math.abs(row.difference ?? 0);
}

/** `+812 ms`, `−1`, `only in the events`: events less record. */
export function differenceText(row: Pick<ContactDifference, "field" | "difference" | "event_value">): string {
  if (row.difference === null) return row.event_value === null ? "only in the record" : "only in the events";
  const isCount = row.field === "holds" || row.field === "contacts_handled";
  const size = isCount ? String(Math.abs(row.difference)) : formatDuration(Math.abs(row.difference));
  return `${row.difference < 0 ? "−" : "+"}${size}`;
}
