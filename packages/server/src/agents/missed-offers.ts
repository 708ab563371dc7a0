import type { AgentContact, AgentEventRow } from "@fourwire/core";

export interface MissedOffer {
  readonly contactId: string;
  /** Unix ms. */
  readonly time: number;
  readonly recordId: string;
}

/** Missed offers remembered; more say nothing new. */
const MAX_MISSED = 10;

/** Whether an event ends a row of missed offers: the agent answered one, changed the status, or came anew. */
export function endsMissedOffers(event: AgentEventRow): boolean {
  const hasChangedStatus = event.status_name != null && event.status_name !== event.previous_status_name;
  if (event.event_type === "LOGIN" || (hasChangedStatus && event.has_previous_snapshot)) return true;
  return listsState(event, "CONNECTED");
}

/** Whether a contact in the state is listed: most events list none, and reading the text is cheap beside parsing it. */
export function listsState(event: AgentEventRow, state: "CONNECTED" | "MISSED"): boolean {
  return event.contacts?.includes(`"${state}"`) ?? false;
}

/** The offers with those that the record shows to be missed besides. */
export function addMissedOffers(
  missed: readonly MissedOffer[],
  contacts: readonly Pick<AgentContact, "contact_id" | "state" | "since_time">[],
  recordId: string,
): readonly MissedOffer[] {
  const added = [...missed];
  for (const contact of contacts) {
    if (contact.state !== "MISSED" || added.length >= MAX_MISSED) continue;
    const { contact_id: contactId, since_time: time } = contact;
    if (!added.some((offer) => offer.contactId === contactId && offer.time === time))
      added.push({ contactId, time, recordId });
  }
  return added;
}
