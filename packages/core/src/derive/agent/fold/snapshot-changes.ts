import { unixMillis } from "../../../instant.ts";
import type { UnixMillis } from "../../../record.ts";
import { moveActivity } from "./activity-stretch.ts";
import type { HeldContact, HeldStatus } from "./agent-memory.ts";
import { enterState, leaveContact, refreshContact } from "./contact-moves.ts";
import type { FoldStep } from "./fold-step.ts";
import { readSnapshotContacts, type SnapshotContact } from "./snapshot-contacts.ts";

/** One side of an event, as far as it changes what the agent does. */
export interface SnapshotFacts {
  readonly status: HeldStatus | null;
  readonly contactsText: string;
}

type Change =
  | { readonly kind: "leave"; readonly time: UnixMillis; readonly contactId: string }
  | { readonly kind: "status"; readonly time: UnixMillis; readonly status: HeldStatus }
  | { readonly kind: "enter"; readonly time: UnixMillis; readonly contact: SnapshotContact };

/**
 * Brings the memory to the snapshot. Each change takes effect when the snapshot says it began, but never before the last
 * event, which had told otherwise; activity moves with it unless `isStill` (inside a gap). True if anything changed.
 */
export function applySnapshot(step: FoldStep, facts: SnapshotFacts, isStill: boolean): boolean {
  const changes = [...contactChanges(step, facts.contactsText), ...statusChanges(step, facts.status)];
  if (changes.length === 0) return false;
  if (changes.length > 1) changes.sort((left, right) => left.time - right.time);
  changes.forEach((change, index) => {
    applyChange(step, change);
    if (isStill || changes[index + 1]?.time === change.time) return;
    moveActivity({ memory: step.memory, rows: step.rows, time: change.time, recordId: step.event.record_id });
  });
  return true;
}

function applyChange(step: FoldStep, change: Change): void {
  switch (change.kind) {
    case "leave":
      return leaveContact(step, change.contactId, change.time);
    case "status":
      step.memory.status = change.status;
      return;
    case "enter":
      return enterState(step, change.contact, change.time);
  }
}

function statusChanges(step: FoldStep, told: HeldStatus | null): Change[] {
  const held = step.memory.status;
  if (told === null || (held !== null && isSameStatus(held, told))) return [];
  return [{ kind: "status", time: effectiveTime(step, told.start), status: told }];
}

function isSameStatus(held: HeldStatus, told: HeldStatus): boolean {
  return held.name === told.name && held.type === told.type && (held.start === told.start || told.start === null);
}

function contactChanges(step: FoldStep, contactsText: string): Change[] {
  const { memory } = step;
  if (contactsText === memory.contactsText) return [];
  memory.contactsText = contactsText;
  const contacts = readSnapshotContacts(contactsText);
  const changes: Change[] = [];
  for (const { contact: held } of memory.contacts) {
    if (contacts.some((contact) => contact.contact_id === held.contact_id)) continue;
    changes.push({ kind: "leave", time: step.event.event_time, contactId: held.contact_id });
  }
  for (const contact of contacts) {
    const held = memory.contacts.find((other) => other.contact.contact_id === contact.contact_id);
    if (held !== undefined && isSameState(held, contact)) refreshContact(step, contact);
    else changes.push({ kind: "enter", time: enterTime(step, held, contact), contact });
  }
  return changes;
}

/** A state with a later start is that state entered again: the contact was offered once more, say. */
function isSameState(held: HeldContact, contact: SnapshotContact): boolean {
  if (held.contact.state !== contact.state) return false;
  const [before, now] = [held.contact.state_start_time, contact.state_start_time];
  if (before === null || now === null || before === now) return true;
  // of 2018 events one may carry real-looking milliseconds among whole seconds
  return Math.abs(before - now) < 1000 || now < before;
}

function enterTime(step: FoldStep, held: HeldContact | undefined, contact: SnapshotContact): UnixMillis {
  const told = contact.state_start_time;
  if (held !== undefined && isHoldEdge(held, contact)) return step.event.event_time;
  return effectiveTime(step, told);
}

/**
 * StateStartTimestamp stays at the time of CONNECTED through a hold (AWS, GetCurrentUserData, read 2026-11-20), so both
 * edges of a hold, and any state that kept the start of the one before, are taken from the event that tells them.
 */
function isHoldEdge(held: HeldContact, contact: SnapshotContact): boolean {
  const { state, state_start_time: start } = held.contact;
  if (contact.state === "CONNECTED_ONHOLD" || (state === "CONNECTED_ONHOLD" && contact.state === "CONNECTED"))
    return true;
  return contact.state_start_time !== null && start !== null && contact.state_start_time <= start;
}

/** The start as told, not after the event and not before what is settled. */
function effectiveTime(step: FoldStep, told: UnixMillis | null): UnixMillis {
  const { event_time: eventTime } = step.event;
  const floor = step.memory.lastTime;
  if (told === null || told > eventTime) return eventTime;
  return floor === null ? told : unixMillis(Math.max(told, floor));
}
