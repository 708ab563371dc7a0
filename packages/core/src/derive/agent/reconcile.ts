import type { UnixMillis } from "../../record.ts";
import { compareText } from "../timeline-row.ts";
import { newestRecords } from "./contact-metrics.ts";
import { summarizeContacts, type ContactAtAgent } from "./contact-at-agent.ts";
import type { AgentDerivation } from "./types/agent-derivation.ts";
import type { ContactRecordRow } from "./types/contact-record-row.ts";
import {
  RECONCILED_FIELDS,
  type AgentDifference,
  type ContactDifference,
  type DifferenceKind,
  type ReconciledField,
  type Reconciliation,
} from "./types/reconciliation.ts";

/** Contact records come one to two minutes after the end of after-contact work; after an hour one is missing, not late. */
export const RECORD_LATE_MS = 3_600_000;

interface ReconcileInput {
  readonly derivation: Pick<
    AgentDerivation,
    "agent_id" | "contact_states" | "after_contact_work" | "gaps" | "activity" | "to_time"
  >;
  /** The contact records of this agent's contacts, and of the contacts of the events; of each contact the newest counts. */
  readonly records: readonly ContactRecordRow[];
  /** The ids the agent's records come under; by default the derivation's. */
  readonly agentIds?: readonly string[];
  /** The present, to tell a late record from a missing one. */
  readonly now: UnixMillis;
}

/**
 * What agent events and contact records say of the same contacts, where they differ, and why. Only contacts whose part at
 * the agent ended within the span are compared.
 */
export function reconcile(input: ReconcileInput): Reconciliation {
  const { derivation } = input;
  const agentIds = new Set(input.agentIds ?? [derivation.agent_id]);
  const records = new Map(
    newestRecords(input.records)
      .filter((record) => record.agent_id == null || agentIds.has(record.agent_id))
      // listening in is no contact handled, whatever the record of it says
      .filter((record) => record.initiation_method !== "MONITOR")
      .map((record) => [record.contact_id, record]),
  );
  const contacts = summarizeContacts(derivation).filter((contact) => contact.isOver && contact.isHandled);
  const seen = new Set(contacts.map((contact) => contact.contactId));
  const differences = contacts.map((contact) => compare(contact, records.get(contact.contactId), input));
  const unseen = [...records.values()].filter(
    (record) => record.connected_to_agent_time != null && !seen.has(record.contact_id),
  );
  for (const record of unseen) differences.push([unheardOf(record, input)]);
  const rows = differences
    .flat()
    .sort(
      (left, right) =>
        compareText(left.contact_id, right.contact_id) ||
        RECONCILED_FIELDS.indexOf(left.field) - RECONCILED_FIELDS.indexOf(right.field),
    );
  return {
    agent_id: derivation.agent_id,
    contact_count: differences.length,
    equal_count: differences.filter((list) => list.length === 0).length,
    contacts: rows,
    agent: RECONCILED_FIELDS.flatMap((field) => sumField(field, { rows, contacts, records, derivation })),
  };
}

interface Values {
  readonly event: number | null;
  readonly record: number | null;
}

function seconds(value: number | null | undefined): number | null {
  return value == null ? null : value * 1000;
}

function valuesOf(contact: ContactAtAgent, record: ContactRecordRow): Readonly<Record<ReconciledField, Values>> {
  return {
    contacts_handled: { event: 1, record: record.connected_to_agent_time == null ? 0 : 1 },
    interaction: { event: contact.interactionMs, record: seconds(record.agent_interaction_duration_s) },
    hold: { event: contact.holdMs, record: seconds(record.customer_hold_duration_s) },
    pause: { event: contact.pauseMs, record: seconds(record.agent_pause_duration_s) },
    after_contact_work: { event: contact.workMs, record: seconds(record.after_contact_work_duration_s) },
    holds: { event: contact.holds, record: record.number_of_holds ?? null },
    conversation_end: { event: contact.endTime, record: record.disconnect_time ?? null },
  };
}

function compare(
  contact: ContactAtAgent,
  record: ContactRecordRow | undefined,
  input: ReconcileInput,
): ContactDifference[] {
  if (record === undefined) return [missingRecord(contact, input)];
  const values = valuesOf(contact, record);
  return RECONCILED_FIELDS.flatMap((field) => {
    const { event, record: told } = values[field];
    // a duration the record leaves out is one there was none of; who was never paused has no pause
    if (told === null && (event === null || event === 0)) return [];
    if (told === null && field === "conversation_end") return [];
    if (event === told) return [];
    const difference = event === null || told === null ? null : event - told;
    const kind = classify({ field, difference, contact, record });
    return [
      {
        contact_id: contact.contactId,
        agent_id: input.derivation.agent_id,
        field,
        event_value: event,
        record_value: told,
        difference,
        kind,
        detail: DETAILS[kind],
        record_ids: [...contact.recordIds, record.record_id],
      },
    ];
  });
}

interface Classified {
  readonly field: ReconciledField;
  readonly difference: number | null;
  readonly contact: ContactAtAgent;
  readonly record: ContactRecordRow;
}

/**
 * A duration has two ends, each cut to the record's second. The record's interaction is what is left of them after the
 * hold, cut too (verified on real records), which makes it one second more; fake milliseconds in the events another.
 */
const PRECISION_MS = 1000;

const COUNTS: ReadonlySet<ReconciledField> = new Set(["holds", "contacts_handled"]);

function classify({ field, difference, contact, record }: Classified): DifferenceKind {
  if (isPrecision(field, difference, contact)) return "precision";
  // a chat left uncleared makes its record late as well; the reason is that it was left
  if (contact.isUncleared && !contact.hasGap && field === "after_contact_work") return "uncleared_chat";
  if (isOlderThanEvents(record, contact, field)) return "late_record";
  if (contact.hasGap) return "gap";
  return field === "conversation_end" && isTransferredAway(record) ? "external_transfer" : "unexplained";
}

function isPrecision(field: ReconciledField, difference: number | null, contact: ContactAtAgent): boolean {
  if (difference === null || COUNTS.has(field)) return false;
  const limit = PRECISION_MS + (field === "interaction" ? 1000 : 0) + (contact.isWholeSeconds ? 1000 : 0);
  return Math.abs(difference) < limit;
}

function isTransferredAway({
  transfer_completed_time: transfer,
  disconnect_time: disconnect,
}: ContactRecordRow): boolean {
  return transfer != null && disconnect != null && disconnect > transfer;
}

/** Written before after-contact work was over: the next delivery will tell the rest. */
function isOlderThanEvents(record: ContactRecordRow, contact: ContactAtAgent, field: ReconciledField): boolean {
  if (field !== "after_contact_work" && field !== "contacts_handled") return false;
  const written = record.last_update_time;
  return written != null && contact.clearedTime !== null && written < contact.clearedTime;
}

const DETAILS: Readonly<Record<DifferenceKind, string>> = {
  precision: "contact records carry whole seconds",
  late_record: "the record is older than what the events tell",
  external_transfer: "the customer talked on to somebody else after the agent's part",
  gap: "agent events are missing while the agent had the contact",
  uncleared_chat: "the agent left without clearing the contact",
  unexplained: "no reason known here",
};

function missingRecord(contact: ContactAtAgent, input: ReconcileInput): ContactDifference {
  const isLate = contact.clearedTime === null || input.now - contact.clearedTime <= RECORD_LATE_MS;
  return {
    contact_id: contact.contactId,
    agent_id: input.derivation.agent_id,
    field: "contacts_handled",
    event_value: 1,
    record_value: null,
    difference: null,
    kind: isLate ? "late_record" : "unexplained",
    detail: isLate ? "no contact record yet" : "no contact record for more than an hour",
    record_ids: contact.recordIds,
  };
}

function unheardOf(record: ContactRecordRow, input: ReconcileInput): ContactDifference {
  const time = record.connected_to_agent_time ?? 0;
  const isInGap = input.derivation.gaps.some(
    (gap) => gap.start_time <= time && time <= (gap.end_time ?? input.derivation.to_time),
  );
  return {
    contact_id: record.contact_id,
    agent_id: input.derivation.agent_id,
    field: "contacts_handled",
    event_value: null,
    record_value: 1,
    difference: null,
    kind: isInGap ? "gap" : "unexplained",
    detail: isInGap ? DETAILS.gap : "the agent's events do not show the contact",
    record_ids: [record.record_id],
  };
}

interface SumInput {
  readonly rows: readonly ContactDifference[];
  readonly contacts: readonly ContactAtAgent[];
  readonly records: ReadonlyMap<string, ContactRecordRow>;
  readonly derivation: ReconcileInput["derivation"];
}

function sumField(field: ReconciledField, input: SumInput): AgentDifference[] {
  if (field === "conversation_end") return [];
  const byKind: Record<DifferenceKind, number> = {
    precision: 0,
    late_record: 0,
    external_transfer: 0,
    gap: 0,
    uncleared_chat: 0,
    unexplained: 0,
  };
  let [eventSum, recordSum] = [0, 0];
  for (const contact of input.contacts) {
    const record = input.records.get(contact.contactId);
    if (record === undefined) continue;
    eventSum += valuesOf(contact, record)[field].event ?? 0;
    recordSum += valuesOf(contact, record)[field].record ?? 0;
  }
  const own = input.rows.filter((row) => row.field === field);
  for (const row of own) byKind[row.kind] += (row.event_value ?? 0) - (row.record_value ?? 0);
  if (field === "contacts_handled") {
    eventSum = input.contacts.length;
    recordSum = [...input.records.values()].filter((record) => record.connected_to_agent_time != null).length;
  }
  return [
    {
      agent_id: input.derivation.agent_id,
      field,
      event_value: eventSum,
      record_value: recordSum,
      difference: eventSum - recordSum,
      by_kind: byKind,
      contact_count: own.length,
    },
  ];
}
