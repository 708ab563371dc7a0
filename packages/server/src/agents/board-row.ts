import type { AgentBoardRow, AgentContact, AgentMark, AgentState, BoardAdherence, BoardCcpError } from "@fourwire/core";
import type { AgentSettings } from "./agent-settings.ts";
import type { MissedOffer } from "./missed-offers.ts";

/** What the board knows of an agent besides the agent events. Instants are Unix ms. */
export interface BoardEvidence {
  readonly ccpError: BoardCcpError | null;
  /** When the agent's CCP logged last; undefined where it never did. */
  readonly lastCcpLineTime: number | undefined;
  /** The newest line in which the CCP says that another of its windows is open. */
  readonly duplicateCcp: { readonly time: number; readonly recordId: string } | undefined;
  /** Offers missed one after another since the agent last answered one or changed the status. */
  readonly missedOffers: readonly MissedOffer[];
  readonly adherence: BoardAdherence | null;
}

/** The board's row of a state at the instant (Unix ms). */
export function boardRowOf(state: AgentState, evidence: BoardEvidence, settings: AgentSettings): AgentBoardRow {
  const work = openWorkOf(state);
  const names = [state.first_name, state.last_name].filter((name) => name !== null);
  return {
    agent_id: state.agent_id,
    agent_username: state.agent_username,
    name: names.length === 0 ? null : names.join(" "),
    instance_id: state.instance_id,
    region: state.region,
    agent_ids: state.identities.length === 0 ? [state.agent_id] : state.identities.map((identity) => identity.agent_id),
    hierarchy: state.hierarchy,
    routing_profile_id: state.routing_profile_id,
    routing_profile_name: state.routing_profile_name,
    is_logged_in: state.is_logged_in,
    status_name: state.status_name,
    status_type: state.status_type,
    status_start_time: isoOf(state.status_start_time),
    next_status_name: state.next_status_name,
    next_status_enqueued_time: isoOf(state.next_status_enqueued_time),
    activity: state.activity,
    activity_start_time: isoOf(state.activity_start_time),
    after_contact_work_start_time: isoOf(work?.start ?? null),
    is_after_contact_work_long: work !== undefined && state.at_time - work.start > settings.after_contact_work,
    contacts: state.contacts.map(contactOf),
    slots: state.slots,
    last_event_time: isoOf(state.last_event_time),
    last_record_id: state.last_record_id,
    marks: marksOf(state, evidence, settings),
    last_ccp_error: evidence.ccpError,
    adherence: evidence.adherence,
  };
}

interface OpenWork {
  readonly start: number;
  readonly contactId: string;
  readonly recordIds: readonly string[];
}

function openWorkOf(state: AgentState): OpenWork | undefined {
  const open = state.after_contact_work
    .filter((work) => work.end_time === null)
    .toSorted((left, right) => left.start_time - right.start_time)[0];
  if (open === undefined) return undefined;
  return { start: open.start_time, contactId: open.contact_id, recordIds: open.record_ids };
}

function contactOf(contact: AgentContact): AgentBoardRow["contacts"][number] {
  return {
    contact_id: contact.contact_id,
    channel: contact.channel,
    state: contact.state,
    since_time: new Date(contact.since_time).toISOString(),
    queue_id: contact.queue_id,
    queue_name: contact.queue_name,
    initiation_method: contact.initiation_method,
  };
}

function isoOf(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}

type MarkReader = (state: AgentState, evidence: BoardEvidence, settings: AgentSettings) => AgentMark | undefined;

const MARK_READERS: readonly MarkReader[] = [
  unknownMark,
  staleMark,
  presumedOfflineMark,
  ghostMark,
  duplicateCcpMark,
  longWorkMark,
];

function marksOf(state: AgentState, evidence: BoardEvidence, settings: AgentSettings): readonly AgentMark[] {
  return MARK_READERS.flatMap((read) => read(state, evidence, settings) ?? []);
}

function markOf(
  mark: AgentMark["mark"],
  since: number,
  detail: string,
  recordIds: readonly (string | null)[],
): AgentMark {
  return {
    mark,
    since_time: new Date(since).toISOString(),
    detail,
    record_ids: recordIds.filter((id) => id !== null),
  };
}

function unknownMark(state: AgentState): AgentMark | undefined {
  if (state.confidence !== "unknown") return undefined;
  const since = state.last_event_time ?? state.at_time;
  return markOf("unknown", since, `nothing heard since ${clockOf(since)}`, [state.last_record_id]);
}

function staleMark(state: AgentState, _evidence: BoardEvidence, settings: AgentSettings): AgentMark | undefined {
  if (state.confidence !== "known" || state.contacts.length === 0 || state.last_change_time === null) return undefined;
  if (state.at_time - state.last_change_time <= settings.stale_after) return undefined;
  const detail = `a contact is listed and only heartbeats came since ${clockOf(state.last_change_time)}`;
  return markOf("stale", state.last_change_time, detail, [state.last_record_id]);
}

function presumedOfflineMark(state: AgentState): AgentMark | undefined {
  if (state.confidence !== "presumed_offline") return undefined;
  const since = state.last_event_time ?? state.at_time;
  return markOf("presumed_offline", since, `silent since ${clockOf(since)} without a logout`, [state.last_record_id]);
}

/**
 * Three ways to tell that nobody is there: gone, and still in a status in which contacts are offered; Available by the
 * events while the CCP, which logs at least twice a minute, has stopped; offers that ring out one after another.
 */
function ghostMark(state: AgentState, evidence: BoardEvidence, settings: AgentSettings): AgentMark | undefined {
  const status = state.status_name ?? "Available";
  if (state.is_ghost) {
    const since = state.last_event_time ?? state.at_time;
    return markOf("ghost", since, `gone, and the status is still ${status}`, [state.last_record_id]);
  }
  const isAvailable = state.confidence === "known" && state.is_logged_in !== false && state.status_type === "ROUTABLE";
  if (!isAvailable) return undefined;
  const line = evidence.lastCcpLineTime;
  if (line !== undefined && (state.last_event_time ?? 0) - line > settings.ghost_after_ccp_silence) {
    const detail = `${status}, and the CCP logged nothing since ${clockOf(line)}`;
    return markOf("ghost", line, detail, [state.last_record_id]);
  }
  return missedOffersMark(evidence.missedOffers, settings);
}

function missedOffersMark(missed: readonly MissedOffer[], settings: AgentSettings): AgentMark | undefined {
  const first = missed[0];
  if (first === undefined || missed.length < settings.ghost_after_missed_offers) return undefined;
  const detail = `${missed.length} offers in a row were missed`;
  return markOf(
    "ghost",
    first.time,
    detail,
    missed.map((offer) => offer.recordId),
  );
}

function duplicateCcpMark(state: AgentState, evidence: BoardEvidence, settings: AgentSettings): AgentMark | undefined {
  const found = evidence.duplicateCcp;
  if (found === undefined || state.at_time - found.time > settings.duplicate_ccp_for) return undefined;
  return markOf("duplicate_ccp", found.time, "the CCP says that another CCP window is open", [found.recordId]);
}

function longWorkMark(state: AgentState, _evidence: BoardEvidence, settings: AgentSettings): AgentMark | undefined {
  const work = openWorkOf(state);
  if (work === undefined || state.at_time - work.start <= settings.after_contact_work) return undefined;
  return markOf(
    "after_contact_work_long",
    work.start,
    `after-contact work of ${work.contactId} since ${clockOf(work.start)}`,
    work.recordIds,
  );
}

function clockOf(time: number): string {
  return `${new Date(time).toISOString().slice(11, 19)} UTC`;
}
