import { unixMillis } from "../instant.ts";
import type { UnixMillis } from "../record.ts";
import type { SnapshotContact, TimelineRow } from "./timeline-row.ts";
import { compareText, idOf, inTimeOrder, snapshotContactOf, textOf, timeOf } from "./timeline-row.ts";

/** A value with the record it was read from. */
export interface Fact<T> {
  readonly value: T;
  readonly recordId: string;
}

/** What the wires say about the contact as a whole, each wire's word weighed once here. */
export interface ContactFacts {
  readonly channel: Fact<string> | undefined;
  readonly initiationMethod: Fact<string> | undefined;
  readonly initiation: Fact<UnixMillis> | undefined;
  readonly connectedToAgent: Fact<UnixMillis> | undefined;
  readonly disconnect: Fact<UnixMillis> | undefined;
  readonly disconnectReason: Fact<string> | undefined;
  readonly afterContactWorkStart: Fact<UnixMillis> | undefined;
  readonly afterContactWorkEnd: Fact<UnixMillis> | undefined;
  readonly queueId: Fact<string> | undefined;
  readonly queueName: Fact<string> | undefined;
  /** Distinct instants at which the contact entered a queue, in time order. */
  readonly enqueues: readonly Fact<UnixMillis>[];
  readonly dequeue: Fact<UnixMillis> | undefined;
  /** The newest version of the contact record; Connect delivers it again whenever it learns more. */
  readonly record: TimelineRow | undefined;
}

/** Two times this close are one instant told by two wires: contact records have whole seconds, the others milliseconds. */
export const SAME_INSTANT_MS = 2000;

/** The contact's newest record: re-deliveries replace, by `last_update_time` (AWS, contact records data model, read 2026-11-20). */
function latestContactRecord(rows: readonly TimelineRow[], contactId: string): TimelineRow | undefined {
  const versions = rows.filter((row) => row.source === "contact_record" && row.contact_id === contactId);
  return versions.sort(
    (left, right) => versionOf(right) - versionOf(left) || compareText(right.record_id, left.record_id),
  )[0];
}

function versionOf(row: TimelineRow): number {
  return timeOf(row, "last_update_time") ?? row.event_time;
}

export function readContactFacts(unordered: readonly TimelineRow[], contactId: string): ContactFacts {
  const rows = inTimeOrder(unordered);
  const record = latestContactRecord(rows, contactId);
  const recordRows = record === undefined ? [] : [record];
  const events = rows.filter((row) => row.source === "contact_event" && row.contact_id === contactId);
  const snapshots = readSnapshots(rows, contactId);
  // Times: contact events have milliseconds, contact records whole seconds. Words: the contact record is the final say.
  const instant = (column: string) => firstTime([...events, ...recordRows], column);
  const word = (column: string) => firstText([...recordRows, ...events], column);
  return {
    channel: word("channel") ?? snapshotFact(snapshots, (contact) => contact.channel),
    initiationMethod: word("initiation_method") ?? snapshotFact(snapshots, (contact) => contact.initiationMethod),
    initiation: instant("initiation_time") ?? eventNamed(events, "INITIATED"),
    connectedToAgent:
      instant("connected_to_agent_time") ??
      eventNamed(events, "CONNECTED_TO_AGENT") ??
      snapshotFact(snapshots, (contact) => contact.connectedToAgentTime),
    disconnect: instant("disconnect_time") ?? eventNamed(events, "DISCONNECTED"),
    disconnectReason: word("disconnect_reason"),
    afterContactWorkStart: instant("after_contact_work_start_time"),
    afterContactWorkEnd: instant("after_contact_work_end_time"),
    queueId: firstId([...recordRows, ...events], "queue_id") ?? snapshotFact(snapshots, (contact) => contact.queueId),
    queueName: word("queue_name") ?? snapshotFact(snapshots, (contact) => contact.queueName),
    enqueues: readEnqueues(events, recordRows, snapshots),
    dequeue: firstTime(recordRows, "dequeue_time"),
    record,
  };
}

interface Snapshot {
  readonly recordId: string;
  readonly contact: SnapshotContact;
}

/** The contact as the agents' snapshots show it; a monitoring supervisor's leg says nothing about the contact itself. */
function readSnapshots(rows: readonly TimelineRow[], contactId: string): Snapshot[] {
  return rows.flatMap((row) => {
    if (row.source !== "agent_event") return [];
    const contact =
      snapshotContactOf(row, "contacts", contactId) ?? snapshotContactOf(row, "previous_contacts", contactId);
    return contact === undefined || contact.initiationMethod === "MONITOR"
      ? []
      : [{ recordId: row.record_id, contact }];
  });
}

function snapshotFact<T>(
  snapshots: readonly Snapshot[],
  read: (contact: SnapshotContact) => T | undefined,
): Fact<T> | undefined {
  for (const { recordId, contact } of snapshots) {
    const value = read(contact);
    if (value !== undefined) return { value, recordId };
  }
  return undefined;
}

function firstFact<T>(rows: readonly TimelineRow[], read: (row: TimelineRow) => T | undefined): Fact<T> | undefined {
  for (const row of rows) {
    const value = read(row);
    if (value !== undefined) return { value, recordId: row.record_id };
  }
  return undefined;
}

function firstText(rows: readonly TimelineRow[], column: string): Fact<string> | undefined {
  return firstFact(rows, (row) => textOf(row, column));
}

function firstId(rows: readonly TimelineRow[], column: string): Fact<string> | undefined {
  return firstFact(rows, (row) => idOf(row, column));
}

function firstTime(rows: readonly TimelineRow[], column: string): Fact<UnixMillis> | undefined {
  return firstFact(rows, (row) => timeOf(row, column));
}

function eventNamed(events: readonly TimelineRow[], name: string): Fact<UnixMillis> | undefined {
  const event = events.find((row) => row.event_name === name);
  return event === undefined ? undefined : { value: event.event_time, recordId: event.record_id };
}

/** Every queue entry that any wire tells, the more precise wire first; a retelling within two seconds is the same entry. */
function readEnqueues(
  events: readonly TimelineRow[],
  records: readonly TimelineRow[],
  snapshots: readonly Snapshot[],
): readonly Fact<UnixMillis>[] {
  const told: Fact<UnixMillis>[] = [];
  for (const row of events) {
    const value = timeOf(row, "enqueue_time") ?? (row.event_name === "QUEUED" ? row.event_time : undefined);
    if (value !== undefined) told.push({ value, recordId: row.record_id });
  }
  for (const { recordId, contact } of snapshots) {
    if (contact.queueTime !== undefined) told.push({ value: contact.queueTime, recordId });
  }
  const recorded = firstTime(records, "enqueue_time");
  if (recorded !== undefined) told.push(recorded);
  const entries: Fact<UnixMillis>[] = [];
  for (const fact of told) {
    const isRetold = entries.some((entry) => Math.abs(entry.value - fact.value) < SAME_INSTANT_MS);
    if (!isRetold) entries.push({ value: unixMillis(fact.value), recordId: fact.recordId });
  }
  return entries.sort((left, right) => left.value - right.value);
}

/** The values of the facts that are known. */
export function knownTimes(facts: readonly (Fact<UnixMillis> | undefined)[]): UnixMillis[] {
  return facts.flatMap((fact) => (fact === undefined ? [] : [fact.value]));
}
