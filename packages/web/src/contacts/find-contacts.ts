import type { ContactSummary } from "@fourwire/core";

/** The contacts whose id or agent contains the text. */
export function findContacts(contacts: readonly ContactSummary[], text: string): readonly ContactSummary[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === "") return contacts;
  return contacts.filter((contact) => {
    return (
      contact.contact_id.toLowerCase().includes(wanted) ||
      contact.agents.some((agent) => agent.toLowerCase().includes(wanted))
    );
  });
}
