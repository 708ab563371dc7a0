import { contactIdInText, contactIdOfObjects } from "./contact-ids.ts";
import { SoftphoneCalls } from "./softphone-calls.ts";
import type { SoftphoneText } from "./softphone-text.ts";
import type { CcpLogWire } from "./wire.ts";

/** The contact of an entry, and where it was read. */
export interface FoundContact {
  readonly id: string | undefined;
  readonly source: "category" | "object" | "text" | "open_call" | undefined;
}

const NONE: FoundContact = { id: undefined, source: undefined };

export interface ContactClues {
  readonly eventName: string;
  readonly isSoftphone: boolean;
  /** A `SoftphoneCalls`; anything else knows of no calls. */
  readonly memory: unknown;
}

/**
 * The contact that the entry itself names, the most telling place first; else the softphone call that was going on in
 * its browser context. Calls that begin or end with this entry are remembered.
 */
export function findContact(wire: CcpLogWire, text: SoftphoneText, clues: ContactClues): FoundContact {
  const calls = clues.memory instanceof SoftphoneCalls ? clues.memory : undefined;
  const named = namedContact(wire, text);
  const contact = named.id === undefined ? openCallContact(calls, wire, clues) : named;
  if (calls !== undefined) noteCall(calls, wire, { eventName: clues.eventName, contactId: contact.id });
  return contact;
}

function namedContact(wire: CcpLogWire, text: SoftphoneText): FoundContact {
  if (text.contactId !== undefined) return { id: text.contactId, source: "category" };
  const ofObjects = contactIdOfObjects(wire.objects);
  if (ofObjects !== undefined) return { id: ofObjects, source: "object" };
  const inText = contactIdInText(text.message);
  return inText === undefined ? NONE : { id: inText, source: "text" };
}

/** About the call that is going on, even where a forwarded text lost its leading space. */
const CALL_ENTRIES: ReadonlySet<string> = new Set(["softphone_metrics", "call_report", "mute", "unmute"]);

function openCallContact(calls: SoftphoneCalls | undefined, wire: CcpLogWire, clues: ContactClues): FoundContact {
  if (calls === undefined || wire.loggerId === undefined) return NONE;
  if (!clues.isSoftphone && !CALL_ENTRIES.has(clues.eventName)) return NONE;
  const id = calls.contactAt(wire.loggerId, wire.time);
  return id === undefined ? NONE : { id, source: "open_call" };
}

const CONTACT_END = /contact::(?:ended|destroyed)::/;

/** A call begins with a line of its own and ends with its report or with the contact's last events. */
function noteCall(
  calls: SoftphoneCalls,
  wire: CcpLogWire,
  entry: { readonly eventName: string; readonly contactId: string | undefined },
): void {
  const { eventName, contactId } = entry;
  if (contactId === undefined || wire.loggerId === undefined) return;
  if (eventName === "call_started") calls.open(wire.loggerId, contactId, wire.time);
  const isEnd = eventName === "call_report" || (eventName === "event" && CONTACT_END.test(wire.text));
  if (isEnd) calls.close(wire.loggerId, contactId, wire.time);
}
