/** What is compared: times in ms, `holds` a count, `contacts_handled` one or none. */
export const RECONCILED_FIELDS = [
  "contacts_handled",
  "interaction",
  "hold",
  "pause",
  "after_contact_work",
  "holds",
  "conversation_end",
] as const;

export type ReconciledField = (typeof RECONCILED_FIELDS)[number];

/**
 * Why events and contact record differ:
 * - `precision`: less than the records' whole second (two where the events carry whole seconds too).
 * - `late_record`: there is no record yet, or the newest is older than what the events tell.
 * - `external_transfer`: the customer talks on to somebody else after the agent's part ended.
 * - `gap`: events of the contact are missing.
 * - `uncleared_chat`: the agent left without clearing the contact; Amazon's end of after-contact work is then unreliable.
 * - `unexplained`: none of these.
 */
export type DifferenceKind =
  | "precision"
  | "late_record"
  | "external_transfer"
  | "gap"
  | "uncleared_chat"
  | "unexplained";

/** One fact of one contact at one agent, told differently by events and record. */
export interface ContactDifference {
  readonly contact_id: string;
  readonly agent_id: string;
  readonly field: ReconciledField;
  /** Null where the events do not tell it. */
  readonly event_value: number | null;
  /** Null where the record does not tell it. */
  readonly record_value: number | null;
  /** Events less record; null where one side is missing. */
  readonly difference: number | null;
  readonly kind: DifferenceKind;
  /** A sentence for a person. */
  readonly detail: string;
  /** Agent events and the contact record. */
  readonly record_ids: readonly string[];
}

/** The same over all contacts of an agent in the span. */
export interface AgentDifference {
  readonly agent_id: string;
  readonly field: ReconciledField;
  readonly event_value: number;
  readonly record_value: number;
  readonly difference: number;
  /** The sum of the contacts' differences by kind; a missing side counts as 0. */
  readonly by_kind: Readonly<Record<DifferenceKind, number>>;
  readonly contact_count: number;
}

export interface Reconciliation {
  readonly agent_id: string;
  /** Every contact of the agent, of the events or the records. */
  readonly contact_count: number;
  /** Contacts in which nothing differs, not even by precision. */
  readonly equal_count: number;
  /** By contact id, then field. */
  readonly contacts: readonly ContactDifference[];
  readonly agent: readonly AgentDifference[];
}
