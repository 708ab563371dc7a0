import { readSnapshotContacts, unixMillis } from "@fourwire/core";
import type { Store } from "@fourwire/store";
import type { AgentSettings } from "./agent-settings.ts";
import type { BoardEvidence } from "./board-row.ts";
import { addMissedOffers, type MissedOffer } from "./missed-offers.ts";

/** What the board knew of agents besides their events, by the id they stand under. */
export type PastEvidence = (personId: string) => Omit<BoardEvidence, "adherence">;

/** Reads what CCPs had said by an instant (Unix ms), and which offers had been missed. */
export async function readPastEvidence(
  store: Store,
  { settings, at }: { readonly settings: AgentSettings; readonly at: number },
): Promise<PastEvidence> {
  const since = at - settings.keep;
  // the live board has heard what was written at the instant itself
  const until = at + 1;
  const [persons, errors, lines, duplicates, missed] = await Promise.all([
    store.live.persons(),
    store.live.ccpErrors(since, until),
    store.live.lastCcpLines(since, until),
    store.live.duplicateCcps(at - settings.duplicate_ccp_for, until),
    readMissedOffers(store, { from: since, to: until, least: settings.ghost_after_missed_offers }),
  ]);
  const personIdOf = (agentId: string): string => persons.get(agentId)?.personId ?? agentId;
  const errorOf = newestBy(errors, personIdOf);
  const lineOf = newestBy(lines, personIdOf);
  const duplicateOf = newestBy(duplicates, personIdOf);
  return (personId) => {
    const error = errorOf.get(personId);
    const duplicate = duplicateOf.get(personId);
    return {
      ccpError:
        error === undefined
          ? null
          : { event_time: isoOf(error.event_time), message: error.message, record_id: error.record_id },
      lastCcpLineTime: lineOf.get(personId)?.event_time,
      duplicateCcp: duplicate === undefined ? undefined : { time: duplicate.event_time, recordId: duplicate.record_id },
      missedOffers: missed.get(personId) ?? [],
    };
  };
}

/** Offers that were missed one after another by the end of a span, of everybody who missed `least` or more in it. */
export async function readMissedOffers(
  store: Store,
  span: { readonly from: number; readonly to: number; readonly least: number },
): Promise<ReadonlyMap<string, readonly MissedOffer[]>> {
  const missed = new Map<string, readonly MissedOffer[]>();
  for (const row of await store.live.missedContacts(span)) {
    const contacts = readSnapshotContacts(row.contacts).map((contact) => ({
      ...contact,
      since_time: unixMillis(Math.min(contact.state_start_time ?? row.event_time, row.event_time)),
    }));
    missed.set(row.agent_id, addMissedOffers(missed.get(row.agent_id) ?? [], contacts, row.record_id));
  }
  return missed;
}

/** Two ids of one person may both have lines; the newest counts. */
function newestBy<Row extends { readonly agent_id: string; readonly event_time: number }>(
  rows: readonly Row[],
  personIdOf: (agentId: string) => string,
): ReadonlyMap<string, Row> {
  const newest = new Map<string, Row>();
  for (const row of rows) {
    const id = personIdOf(row.agent_id);
    if ((newest.get(id)?.event_time ?? -Infinity) < row.event_time) newest.set(id, row);
  }
  return newest;
}

function isoOf(time: number): string {
  return new Date(time).toISOString();
}
