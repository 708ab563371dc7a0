import { unixMillis } from "../instant.ts";
import type { TimelineEntry } from "../api.ts";
import type { UnixMillis } from "../record.ts";
import type { AgentIdentity } from "./agent-identity.ts";
import { identifyAgents } from "./agent-identity.ts";
import type { AgentLeg } from "./agent-leg.ts";
import { deriveAgentLegs } from "./agent-leg.ts";
import type { ContactFacts } from "./contact-facts.ts";
import { readContactFacts } from "./contact-facts.ts";
import type { AgentWindow, ContactWindow } from "./contact-window.ts";
import { isConfigurationChange, planContactWindow } from "./contact-window.ts";
import type { TimelineRow } from "./timeline-row.ts";
import { inTimeOrder, namesContact, textOf } from "./timeline-row.ts";

type Relation = TimelineEntry["relation"];

export interface RelatedRow {
  readonly row: TimelineRow;
  readonly relation: Relation;
}

/** Everything the lanes, the headline and the missing wires read; made once, in time order and without repetition. */
export interface ContactEvidence {
  readonly contactId: string;
  readonly now: UnixMillis;
  readonly window: ContactWindow;
  /** The rows that belong on the timeline, and why. */
  readonly related: readonly RelatedRow[];
  /** Rows whose own contact is this one; agent events are not among them, as they tell of several. */
  readonly own: readonly TimelineRow[];
  readonly flowRows: readonly TimelineRow[];
  readonly identity: AgentIdentity;
  readonly facts: ContactFacts;
  readonly legs: readonly AgentLeg[];
}

/** Undefined when no row names the contact. */
export function gatherEvidence(input: {
  readonly contactId: string;
  readonly rows: readonly TimelineRow[];
  readonly now: UnixMillis;
}): ContactEvidence | undefined {
  const { contactId, now } = input;
  const rows = inTimeOrder(input.rows);
  const window = planContactWindow({ contactId, rows });
  if (window === undefined) return undefined;
  const identity = identifyAgents(rows);
  const related = rows.flatMap((row) => {
    const relation = relationOf(row, window, identity);
    return relation === undefined ? [] : [{ row, relation }];
  });
  const kept = related.map(({ row }) => row);
  const own = kept.filter((row) => row.contact_id === contactId && row.source !== "agent_event");
  const facts = readContactFacts(kept, contactId);
  return {
    contactId,
    now,
    window,
    related,
    own,
    flowRows: own.filter((row) => row.source === "flow_log"),
    identity,
    facts,
    legs: deriveAgentLegs({ contactId, rows: kept, identity, facts, now }),
  };
}

/** Why a row is on the timeline; undefined when it is not. */
function relationOf(row: TimelineRow, window: ContactWindow, identity: AgentIdentity): Relation | undefined {
  if (namesContact(row, window.contactId)) return "contact";
  if (isConfigurationChange(row, window)) return "configuration";
  const agentIds = namedAgents(row, identity);
  const isThen = window.agentWindows.some((agent) => agentIds.includes(agent.agent_id) && isWithin(row, agent));
  return isThen ? "agent" : undefined;
}

/** Other contacts' records, events and flow logs are theirs, even when the agent is the same. */
function namedAgents(row: TimelineRow, identity: AgentIdentity): (string | undefined)[] {
  if (row.source === "cloudtrail") return [identity.agentOf(row), identity.callerOf(row)];
  return row.source === "agent_event" || row.source === "ccp_log" ? [identity.agentOf(row)] : [];
}

function isWithin(row: TimelineRow, window: AgentWindow): boolean {
  return row.event_time >= window.from && row.event_time <= window.to;
}

/** The agent's rows of one source within its window, whatever contact they are about. */
export function agentRows(
  evidence: ContactEvidence,
  window: AgentWindow,
  source: "agent_event" | "ccp_log",
): TimelineRow[] {
  const agentId = window.agent_id;
  return evidence.related
    .map(({ row }) => row)
    .filter((row) => row.source === source && evidence.identity.agentOf(row) === agentId && isWithin(row, window));
}

/** The agent's CCP lines that are about this contact or about none. */
export function ccpRowsOfLeg(evidence: ContactEvidence, window: AgentWindow): TimelineRow[] {
  return agentRows(evidence, window, "ccp_log").filter((row) => {
    const contactId = textOf(row, "contact_id");
    return contactId === undefined || contactId === evidence.contactId;
  });
}

/** Whether any wire tells that the contact ended. A contact record is written only then. */
export function hasEnded(evidence: ContactEvidence): boolean {
  return evidence.facts.disconnect !== undefined || evidence.facts.record !== undefined;
}

/** The end of a leg for reckoning: now while it goes on. */
export function legEnd(leg: AgentLeg, now: UnixMillis): UnixMillis {
  return leg.to ?? unixMillis(Math.max(now, leg.from));
}
