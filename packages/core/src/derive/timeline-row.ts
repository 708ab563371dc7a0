import { resourceIdOf } from "../arn.ts";
import type { JsonObject, JsonValue } from "../json.ts";
import { isObject, numberAt, textAt } from "../json.ts";
import { unixMillis } from "../instant.ts";
import type { SourceName, UnixMillis } from "../record.ts";
import type { ContactLink } from "../source.ts";

/**
 * A record as the store reads it back: the common columns and those of its source, every one of which may be missing.
 * SQL null arrives as null or as undefined; timestamps are `UnixMillis`, JSON columns JSON text. A `LogRecord` is one too.
 */
export interface TimelineRow {
  readonly record_id: string;
  readonly source: SourceName;
  readonly event_name: string;
  readonly event_time: UnixMillis;
  readonly severity_number: number;
  readonly message: string;
  readonly [column: string]: string | number | boolean | null | undefined;
}

/** A link between two contacts with the record that says so. */
export interface TimelineLink extends ContactLink {
  readonly record_id: string;
}

/** One contact inside an agent's snapshot (the agent_event columns `contacts` and `previous_contacts`). */
export interface SnapshotContact {
  readonly contactId: string;
  readonly initialContactId: string | undefined;
  readonly channel: string | undefined;
  readonly initiationMethod: string | undefined;
  /** CONNECTING, CONNECTED, CONNECTED_ONHOLD, ENDED, MISSED, ... open: a state not known here is kept. */
  readonly state: string;
  readonly stateStartTime: UnixMillis | undefined;
  readonly connectedToAgentTime: UnixMillis | undefined;
  readonly queueTime: UnixMillis | undefined;
  readonly queueId: string | undefined;
  readonly queueName: string | undefined;
}

export function textOf(row: TimelineRow, column: string): string | undefined {
  const value = row[column];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** An id column; an ARN is cut to its last id, so that ids of all sources compare. */
export function idOf(row: TimelineRow, column: string): string | undefined {
  return resourceIdOf(textOf(row, column));
}

function numberOf(row: TimelineRow, column: string): number | undefined {
  const value = row[column];
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

export function timeOf(row: TimelineRow, column: string): UnixMillis | undefined {
  const value = numberOf(row, column);
  return value === undefined ? undefined : unixMillis(value);
}

/** True only when the column says true: null and absent are not a fact. */
export function isTrue(row: TimelineRow, column: string): boolean {
  return row[column] === true;
}

/** The value of a JSON column; undefined when absent or when the text is not JSON. */
export function jsonOf(row: TimelineRow, column: string): JsonValue | undefined {
  const text = textOf(row, column);
  return text === undefined ? undefined : parseJson(text);
}

function parseJson(text: string): JsonValue | undefined {
  try {
    const value: JsonValue = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}

/** The contacts of a snapshot column, in the order written; elements without an id or a state are left out. */
export function snapshotContactsOf(row: TimelineRow, column: "contacts" | "previous_contacts"): SnapshotContact[] {
  const elements = jsonOf(row, column);
  if (!Array.isArray(elements)) return [];
  return elements.flatMap((element) => {
    const contact = isObject(element) ? readSnapshotContact(element) : undefined;
    return contact === undefined ? [] : [contact];
  });
}

export function snapshotContactOf(
  row: TimelineRow,
  column: "contacts" | "previous_contacts",
  contactId: string,
): SnapshotContact | undefined {
  return snapshotContactsOf(row, column).find((contact) => contact.contactId === contactId);
}

function readSnapshotContact(element: JsonObject): SnapshotContact | undefined {
  const contactId = textAt(element, "contact_id");
  const state = textAt(element, "state");
  if (contactId === undefined || state === undefined) return undefined;
  return {
    contactId,
    initialContactId: textAt(element, "initial_contact_id"),
    channel: textAt(element, "channel"),
    initiationMethod: textAt(element, "initiation_method"),
    state,
    stateStartTime: millisAt(element, "state_start_time"),
    connectedToAgentTime: millisAt(element, "connected_to_agent_time"),
    queueTime: millisAt(element, "queue_time"),
    queueId: resourceIdOf(textAt(element, "queue_id")),
    queueName: textAt(element, "queue_name"),
  };
}

function millisAt(object: JsonObject, key: string): UnixMillis | undefined {
  const value = numberAt(object, key);
  return value === undefined ? undefined : unixMillis(value);
}

/** Columns of contact records and contact events that name another contact. */
export const LINK_COLUMNS = [
  "initial_contact_id",
  "previous_contact_id",
  "next_contact_id",
  "related_contact_id",
] as const;

/** Whether a record names the contact: as its own, in an agent's snapshot, or as a relative. */
export function namesContact(row: TimelineRow, contactId: string): boolean {
  if (row.contact_id === contactId) return true;
  if (row.source === "agent_event") {
    return (
      snapshotContactOf(row, "contacts", contactId) !== undefined ||
      snapshotContactOf(row, "previous_contacts", contactId) !== undefined
    );
  }
  return LINK_COLUMNS.some((column) => row[column] === contactId);
}

/**
 * The rows without repetition, by event time and then record id. Everything derived starts from this order, which is
 * why the order and the repetition of delivery cannot show in a timeline.
 */
export function inTimeOrder(rows: readonly TimelineRow[]): TimelineRow[] {
  const unique = new Map(rows.map((row) => [row.record_id, row]));
  return [...unique.values()].sort(compareRows);
}

export function compareRows(left: TimelineRow, right: TimelineRow): number {
  return left.event_time - right.event_time || compareText(left.record_id, right.record_id);
}

/** By code unit: the same on any machine, whatever its language. */
export function compareText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
