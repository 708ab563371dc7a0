import { formatInstant } from "../../../instant.ts";
import type { UnixMillis } from "../../../record.ts";
import type { AgentEventRow } from "../types/agent-event-row.ts";
import type { ToldSnapshot } from "./agent-memory.ts";
import { readSnapshotContacts, type SnapshotContact } from "./snapshot-contacts.ts";

export function toldBefore(event: AgentEventRow): ToldSnapshot | null {
  if (!event.has_previous_snapshot) return null;
  return {
    statusName: event.previous_status_name ?? null,
    statusStart: event.previous_status_start_time ?? null,
    nextName: event.previous_next_status_name ?? null,
    contactsText: event.previous_contacts ?? "",
    isWholeSeconds: event.time_precision === "s",
  };
}

export function toldNow(event: AgentEventRow): ToldSnapshot | null {
  if (!event.has_current_snapshot) return null;
  return {
    statusName: event.status_name ?? null,
    statusStart: event.status_start_time ?? null,
    nextName: event.next_status_name ?? null,
    contactsText: event.contacts ?? "",
    isWholeSeconds: event.time_precision === "s",
  };
}

/**
 * What differs between the state held and the one told, in words; undefined when nothing does. Slots, routing profile and
 * hierarchy are left out: they say nothing about what the agent did, and Connect changes slots without an event.
 */
export function describeDifference(held: ToldSnapshot, told: ToldSnapshot): string | undefined {
  const isCoarse = held.isWholeSeconds || told.isWholeSeconds;
  if (held.statusName !== told.statusName) {
    return `status ${held.statusName ?? "none"} held, ${told.statusName ?? "none"} told`;
  }
  if (isOtherTime(held.statusStart, told.statusStart, isCoarse)) {
    return `status ${held.statusName ?? "none"} since ${when(held.statusStart)} held, since ${when(told.statusStart)} told`;
  }
  if (held.nextName !== told.nextName) {
    return `next status ${held.nextName ?? "none"} held, ${told.nextName ?? "none"} told`;
  }
  if (held.contactsText === told.contactsText) return undefined;
  return describeContacts(readSnapshotContacts(held.contactsText), readSnapshotContacts(told.contactsText), isCoarse);
}

function describeContacts(
  held: readonly SnapshotContact[],
  told: readonly SnapshotContact[],
  isCoarse: boolean,
): string | undefined {
  const before = new Map(held.map((contact) => [contact.contact_id, contact]));
  for (const contact of told) {
    const old = before.get(contact.contact_id);
    before.delete(contact.contact_id);
    if (old === undefined) return `contact ${contact.contact_id} ${contact.state} told, not held`;
    if (old.state !== contact.state) return `contact ${contact.contact_id} ${old.state} held, ${contact.state} told`;
    if (isOtherTime(old.state_start_time, contact.state_start_time, isCoarse)) {
      return `contact ${contact.contact_id} ${old.state} since ${when(old.state_start_time)} held, since ${when(contact.state_start_time)} told`;
    }
  }
  for (const old of before.values()) return `contact ${old.contact_id} ${old.state} held, not told`;
  return undefined;
}

/** A time that one side lacks proves nothing. Cut to whole seconds on one side, times compare by the second. */
function isOtherTime(left: UnixMillis | null, right: UnixMillis | null, isCoarse: boolean): boolean {
  if (left === right || left === null || right === null) return false;
  return !isCoarse || Math.floor(left / 1000) !== Math.floor(right / 1000);
}

function when(time: UnixMillis | null): string {
  return time === null ? "an unknown time" : formatInstant(time);
}
