import { resourceIdOf } from "../../arn.ts";
import type { ContactLink, ContactReferences } from "../../source.ts";
import { readTime, type TimePrecision } from "./time-precision.ts";
import { normalizeChannel } from "../../wire-values.ts";
import type { AgentContactWire, AgentEventWire, AgentSnapshotWire } from "./wire.ts";

/** A contact whose presence or state differs between the two snapshots of one event. */
export interface ContactChange {
  /** As in the current snapshot, or in the previous one if it is gone from the current. */
  readonly contact: AgentContactWire;
  /** Undefined where the previous snapshot does not list the contact. */
  readonly previousState: string | undefined;
  readonly isGone: boolean;
}

const NO_CONTACTS: readonly AgentContactWire[] = [];
const NO_CHANGES: readonly ContactChange[] = [];

function contactsOf(snapshot: AgentSnapshotWire | undefined): readonly AgentContactWire[] {
  return snapshot?.Contacts ?? NO_CONTACTS;
}

/** What changed, current contacts first, each in the wire's order. Contacts without an id cannot be compared. */
export function compareContacts(event: AgentEventWire): readonly ContactChange[] {
  const current = contactsOf(event.CurrentAgentSnapshot);
  const previous = contactsOf(event.PreviousAgentSnapshot);
  if (current.length === 0 && previous.length === 0) return NO_CHANGES;
  const before = byId(previous);
  const now = byId(current);
  const changes: ContactChange[] = [];
  for (const [contactId, contact] of now) {
    const old = before.get(contactId);
    if (old !== undefined && old.State === contact.State) continue;
    changes.push({ contact, previousState: old?.State, isGone: false });
  }
  for (const [contactId, contact] of before) {
    if (!now.has(contactId)) changes.push({ contact, previousState: contact.State, isGone: true });
  }
  return changes;
}

function byId(contacts: readonly AgentContactWire[]): ReadonlyMap<string, AgentContactWire> {
  const map = new Map<string, AgentContactWire>();
  for (const contact of contacts) if (contact.ContactId !== undefined) map.set(contact.ContactId, contact);
  return map;
}

/** The contact the event is about: the first that changed, else the first there is, else the first there was. */
export function contactIdOf(event: AgentEventWire, changes: readonly ContactChange[]): string | undefined {
  return (
    changes[0]?.contact.ContactId ??
    firstContactId(event.CurrentAgentSnapshot) ??
    firstContactId(event.PreviousAgentSnapshot)
  );
}

function firstContactId(snapshot: AgentSnapshotWire | undefined): string | undefined {
  return contactsOf(snapshot).find((contact) => contact.ContactId !== undefined)?.ContactId;
}

/** Every contact of both snapshots, and the first contact of the chain each belongs to. */
export function referAgentEvent(event: AgentEventWire): ContactReferences {
  const contactIds = new Set<string>();
  const links = new Map<string, ContactLink>();
  for (const snapshot of [event.CurrentAgentSnapshot, event.PreviousAgentSnapshot]) {
    for (const { ContactId: contactId, InitialContactId: initialId } of contactsOf(snapshot)) {
      if (contactId === undefined) continue;
      contactIds.add(contactId);
      if (initialId === undefined || initialId === contactId) continue;
      const link: ContactLink = { contact_id: contactId, relation: "initial", other_contact_id: initialId };
      links.set(`${contactId}\n${initialId}`, link);
    }
  }
  return { contactIds: [...contactIds], links: [...links.values()] };
}

/** JSON text of a snapshot's contacts, in our names, times in milliseconds; undefined when there are none. */
export function contactsText(snapshot: AgentSnapshotWire | undefined, precision: TimePrecision): string | undefined {
  const contacts = contactsOf(snapshot);
  if (contacts.length === 0) return undefined;
  return JSON.stringify(
    contacts.map((contact) => ({
      contact_id: contact.ContactId,
      initial_contact_id: contact.InitialContactId,
      channel: normalizeChannel(contact.Channel),
      initiation_method: contact.InitiationMethod,
      state: contact.State,
      state_start_time: readTime(contact.StateStartTimestamp, precision),
      connected_to_agent_time: readTime(contact.ConnectedToAgentTimestamp, precision),
      queue_time: readTime(contact.QueueTimestamp, precision),
      queue_id: resourceIdOf(contact.Queue?.ARN),
      queue_name: contact.Queue?.Name,
      active_region: contact.GlobalResiliencyMetadata?.ActiveRegion,
      origin_region: contact.GlobalResiliencyMetadata?.OriginRegion,
    })),
  );
}
