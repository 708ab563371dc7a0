import type { ContactAgent, ContactTimeline, Lane, TimelineEntry } from "../api.ts";
import { formatInstant, unixMillis } from "../instant.ts";
import type { UnixMillis } from "../record.ts";
import { SEVERITY } from "../severity.ts";
import { deriveAgentLegLane } from "./agent-leg-lane.ts";
import { deriveAgentStateLane } from "./agent-state-lane.ts";
import { deriveApiCallLane } from "./api-call-lane.ts";
import type { AudioLoss } from "./audio-loss.ts";
import { findAudioLosses } from "./audio-loss.ts";
import { deriveCcpLogLane } from "./ccp-log-lane.ts";
import type { ContactEvidence, RelatedRow } from "./contact-evidence.ts";
import { agentRows, ccpRowsOfLeg, gatherEvidence } from "./contact-evidence.ts";
import type { AgentWindow } from "./contact-window.ts";
import { deriveFlowLane, pairFlowBlocks } from "./flow-lane.ts";
import { deriveHeadline } from "./headline.ts";
import { isDrawn } from "./lane.ts";
import { deriveLineage } from "./lineage.ts";
import { findCcpSilences, findMissingWires } from "./missing-wire.ts";
import { deriveQueueLane, deriveQueueStays } from "./queue-lane.ts";
import { deriveSoftphoneQualityLane } from "./softphone-quality-lane.ts";
import type { TimelineLink, TimelineRow } from "./timeline-row.ts";
import { compareRows, compareText, textOf } from "./timeline-row.ts";

export interface ContactTimelineInput {
  readonly contactId: string;
  /** What `planContactWindow` asks for: rows naming the contact, its agents' rows, configuration changes. More does no harm. */
  readonly rows: readonly TimelineRow[];
  /** Links in either direction, also from records that are not among the rows. */
  readonly links: readonly TimelineLink[];
  /** The reader's clock: tells what goes on from what is overdue. */
  readonly now: UnixMillis;
  /** Most entries to return; lanes, headline and missing wires read every row all the same. */
  readonly entryLimit: number;
}

/**
 * The joined timeline of one contact. A pure function of the set of rows: neither their order nor their repetition can
 * change it. A contact that no row names has an empty timeline at `now`.
 */
export function deriveContactTimeline(input: ContactTimelineInput): ContactTimeline {
  const evidence = gatherEvidence(input);
  if (evidence === undefined) return emptyTimeline(input);
  const { facts, window } = evidence;
  const stays = deriveQueueStays(facts);
  const lossesByAgent = new Map(
    window.agentWindows.map((agent) => [agent.agent_id, findAudioLosses(ccpRowsOfLeg(evidence, agent))]),
  );
  const losses = [...lossesByAgent.values()].flat().sort((left, right) => left.from - right.from);
  const lanes = [
    deriveFlowLane(evidence.flowRows, facts),
    deriveQueueLane(stays),
    ...window.agentWindows.flatMap((agent) =>
      deriveAgentLanes(evidence, agent, lossesByAgent.get(agent.agent_id) ?? []),
    ),
    deriveApiCallLane(
      evidence.related.map(({ row }) => row),
      window,
    ),
  ];
  const entries = chooseEntries(evidence.related, input.entryLimit);
  return {
    contact_id: input.contactId,
    from: formatInstant(window.from),
    to: formatInstant(window.to),
    summary: deriveHeadline({ evidence, stays, losses, runs: pairFlowBlocks(evidence.flowRows) }),
    lineage: deriveLineage({
      contactId: input.contactId,
      rows: evidence.related.map(({ row }) => row),
      links: input.links,
    }),
    agents: deriveContactAgents(evidence),
    lanes: lanes.filter(isDrawn),
    missing: findMissingWires(evidence),
    entries: entries.map(toEntry),
    is_truncated: entries.length < evidence.related.length,
  };
}

function deriveAgentLanes(evidence: ContactEvidence, window: AgentWindow, losses: readonly AudioLoss[]): Lane[] {
  const agentId = window.agent_id;
  const isOpen = evidence.legs.some((leg) => leg.agentId === agentId && leg.to === undefined);
  const rows = ccpRowsOfLeg(evidence, window);
  return [
    deriveAgentStateLane({ window, events: agentRows(evidence, window, "agent_event"), isOpen }),
    deriveAgentLegLane(agentId, evidence.legs),
    deriveCcpLogLane({ agentId, rows, losses, silences: findCcpSilences(evidence, window) }),
    deriveSoftphoneQualityLane({ agentId, rows, legs: evidence.legs.filter((leg) => leg.agentId === agentId) }),
  ];
}

/** Agents who had the contact, in the order they had it; then those who are only named. */
function deriveContactAgents({ legs, window, identity }: ContactEvidence): ContactAgent[] {
  const had = [...new Set(legs.map((leg) => leg.agentId))];
  const named = window.agentIds.filter((agentId) => !had.includes(agentId));
  return [...had, ...named].map((agentId) => {
    const own = legs.filter((leg) => leg.agentId === agentId && leg.evidence !== "ccp_log");
    const ends = own.map((leg) => leg.to).filter((to) => to !== undefined);
    const isOver = own.length > 0 && ends.length === own.length;
    return {
      agent_id: agentId,
      agent_username: identity.usernameOf(agentId) ?? null,
      from: own[0] === undefined ? null : formatInstant(own[0].from),
      to: isOver ? formatInstant(unixMillis(Math.max(...ends))) : null,
    };
  });
}

/** Over the limit, what names or configures the contact stays first, then warnings, then the earliest of the rest. */
function chooseEntries(related: readonly RelatedRow[], limit: number): readonly RelatedRow[] {
  if (related.length <= limit) return related;
  const byWeight = [...related].sort(
    (left, right) => weightOf(left) - weightOf(right) || compareRows(left.row, right.row),
  );
  return byWeight.slice(0, Math.max(0, limit)).sort((left, right) => compareRows(left.row, right.row));
}

function weightOf({ row, relation }: RelatedRow): number {
  const isWarning = row.severity_number >= SEVERITY.warn;
  if (relation === "agent") return isWarning ? 1 : 3;
  // A day-long chat has thousands of CCP lines that name it; they give way to what is said once.
  return row.source === "ccp_log" && !isWarning ? 2 : 0;
}

function toEntry({ row, relation }: RelatedRow): TimelineEntry {
  return {
    record_id: row.record_id,
    source: row.source,
    event_time: formatInstant(row.event_time),
    event_name: row.event_name,
    severity_number: row.severity_number,
    severity_text: textOf(row, "severity_text") ?? null,
    contact_id: textOf(row, "contact_id") ?? null,
    agent_id: textOf(row, "agent_id") ?? null,
    agent_username: textOf(row, "agent_username") ?? null,
    flow_id: textOf(row, "flow_id") ?? null,
    session_id: textOf(row, "session_id") ?? null,
    instance_id: textOf(row, "instance_id") ?? null,
    region: textOf(row, "region") ?? null,
    message: row.message,
    relation,
  };
}

function emptyTimeline({ contactId, now, links }: ContactTimelineInput): ContactTimeline {
  const sortedLinks = [...links].sort((left, right) => compareText(left.record_id, right.record_id));
  return {
    contact_id: contactId,
    from: formatInstant(now),
    to: formatInstant(now),
    summary: { clauses: [], channel: null, initiation_method: null, queue: null, duration_ms: null },
    lineage: deriveLineage({ contactId, rows: [], links: sortedLinks }),
    agents: [],
    lanes: [],
    missing: [],
    entries: [],
    is_truncated: false,
  };
}
