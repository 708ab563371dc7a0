import { unixMillis } from "../../../instant.ts";
import { isObject, numberAt, textAt, type JsonObject, type JsonValue } from "../../../json.ts";
import type { UnixMillis } from "../../../record.ts";
import type { AgentContact } from "../types/agent-contact.ts";
import { compareText } from "../../timeline-row.ts";

/** A contact as a snapshot lists it; when it entered its state is for the fold to say. */
export type SnapshotContact = Omit<AgentContact, "since_time">;

const NO_CONTACTS: readonly SnapshotContact[] = [];

/**
 * The contacts of a `contacts` or `previous_contacts` column, by contact id. Elements without an id or a state cannot be
 * followed and are left out; of two with one id the last counts. Text that is not JSON is an empty list: the column is
 * written by `normalizeAgentEvent` and no one else.
 */
export function readSnapshotContacts(text: string): readonly SnapshotContact[] {
  if (text === "") return NO_CONTACTS;
  const elements = parse(text);
  if (!Array.isArray(elements)) return NO_CONTACTS;
  const byId = new Map<string, SnapshotContact>();
  for (const element of elements) {
    const contact = isObject(element) ? readContact(element) : undefined;
    if (contact !== undefined) byId.set(contact.contact_id, contact);
  }
  const contacts = [...byId.values()];
  return contacts.length < 2
    ? contacts
    : contacts.sort((left, right) => compareText(left.contact_id, right.contact_id));
}

function parse(text: string): JsonValue | undefined {
  try {
    const value: JsonValue = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}

function readContact(element: JsonObject): SnapshotContact | undefined {
  const contactId = textAt(element, "contact_id");
  const state = textAt(element, "state");
  if (contactId === undefined || state === undefined) return undefined;
  return {
    contact_id: contactId,
    initial_contact_id: textAt(element, "initial_contact_id") ?? null,
    channel: textAt(element, "channel") ?? null,
    initiation_method: textAt(element, "initiation_method") ?? null,
    state,
    state_start_time: timeAt(element, "state_start_time"),
    connected_to_agent_time: timeAt(element, "connected_to_agent_time"),
    queue_time: timeAt(element, "queue_time"),
    queue_id: textAt(element, "queue_id") ?? null,
    queue_name: textAt(element, "queue_name") ?? null,
    active_region: textAt(element, "active_region") ?? null,
    origin_region: textAt(element, "origin_region") ?? null,
  };
}

function timeAt(element: JsonObject, key: string): UnixMillis | null {
  const value = numberAt(element, key);
  return value === undefined ? null : unixMillis(value);
}
