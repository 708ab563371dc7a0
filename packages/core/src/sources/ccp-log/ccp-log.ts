import type { ContactLink, ContactReferences, SourceDefinition } from "../../source.ts";
import { CCP_LOG_COLUMNS } from "./columns.ts";
import { snapshotContacts } from "./contact-ids.ts";
import { decodeCcpLog, recognizeCcpLog } from "./decode.ts";
import { normalizeCcpLog } from "./normalize.ts";
import { SoftphoneCalls } from "./softphone-calls.ts";
import type { CcpLogWire } from "./wire.ts";

/** What the agent's browser did: log lines of the Contact Control Panel, the softphone and its WebRTC sessions. */
export const ccpLogSource: SourceDefinition<CcpLogWire> = {
  name: "ccp_log",
  columns: CCP_LOG_COLUMNS,
  recognize: recognizeCcpLog,
  decode: decodeCcpLog,
  normalize: normalizeCcpLog,
  refer: referToContacts,
  createMemory: () => new SoftphoneCalls(),
};

/** An agent snapshot lists all contacts of the agent, each with the first contact of its chain. */
function referToContacts(wire: CcpLogWire): ContactReferences {
  const contacts = snapshotContacts(wire.objects);
  const links = contacts.flatMap(({ contactId, initialContactId }): ContactLink[] =>
    initialContactId === undefined || initialContactId === contactId
      ? []
      : [{ contact_id: contactId, relation: "initial", other_contact_id: initialContactId }],
  );
  return { contactIds: contacts.map((contact) => contact.contactId), links };
}
