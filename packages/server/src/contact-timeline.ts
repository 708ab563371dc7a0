import {
  deriveContactTimeline,
  planContactWindow,
  unixMillis,
  type ContactTimeline,
  type TimelineRow,
} from "@fourwire/core";
import type { PlainRow, Store } from "@fourwire/store";

/** Most entries one timeline carries; a contact of more is cut and says so. */
const ENTRY_LIMIT = 10_000;

/** The joined timeline of a contact; undefined when no record names it. */
export async function readContactTimeline(store: Store, contactId: string): Promise<ContactTimeline | undefined> {
  const span = await store.contacts.span(contactId);
  if (span === undefined) return undefined;
  const [named, links] = await Promise.all([
    store.contacts.contactRows(contactId, span),
    store.contacts.links(contactId),
  ]);
  const window = planContactWindow({ contactId, rows: rowsOf(named) });
  const [agentRows, apiRows] =
    window === undefined
      ? [[], []]
      : await Promise.all([
          store.contacts.agentRows(window.agentWindows),
          store.contacts.apiRows({ from: window.configurationFrom, to: window.to }, window, window.agentWindows),
        ]);
  return deriveContactTimeline({
    contactId,
    rows: [...rowsOf(named), ...rowsOf(agentRows), ...rowsOf(apiRows)],
    links,
    now: unixMillis(Date.now()),
    entryLimit: ENTRY_LIMIT,
  });
}

/** Store rows are timeline rows: the keys are the column names and instants are milliseconds. */
function rowsOf(rows: readonly PlainRow[]): readonly TimelineRow[] {
  return rows as unknown as readonly TimelineRow[];
}
