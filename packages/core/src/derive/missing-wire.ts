import type { MissingWire } from "../api.ts";
import { formatInstant, unixMillis } from "../instant.ts";
import type { SourceName, UnixMillis } from "../record.ts";
import type { AgentLeg } from "./agent-leg.ts";
import { findAgentSilences } from "./agent-state-lane.ts";
import type { ContactEvidence } from "./contact-evidence.ts";
import { agentRows, hasEnded, legEnd } from "./contact-evidence.ts";
import type { AgentWindow } from "./contact-window.ts";
import { formatClock } from "./duration-text.ts";

/** An open CCP writes several lines a minute (agent snapshots, softphone samples each 30 s); longer silence is a hole. */
const CCP_SILENCE_MS = 300_000;
/** Contact records come one to two minutes after the end of after-contact work; later than this they are missing. */
const CONTACT_RECORD_GRACE_MS = 600_000;
/** Contacts that a flow receives; agent-dialled and transferred ones may have none that logs. */
const STARTED_BY_FLOW: ReadonlySet<string> = new Set(["INBOUND", "API", "WEBRTC_API"]);

/** A stretch of an agent's leg without any CCP log. */
export interface CcpSilence {
  readonly from: UnixMillis;
  readonly to: UnixMillis;
}

/** Every source whose records were to be expected and are not there, as sentences. CloudTrail is not: quiet is normal there. */
export function findMissingWires(evidence: ContactEvidence): MissingWire[] {
  const agents = evidence.window.agentWindows;
  return [
    ...agents.flatMap((agent) => missingCcpLogs(evidence, agent)),
    ...missingAgentEvents(evidence),
    ...agents.flatMap((agent) => silentAgentEvents(evidence, agent)),
    ...missingFlowLogs(evidence),
    ...missingContactRecord(evidence),
    ...missingContactEvents(evidence),
  ];
}

interface Missing {
  readonly source: SourceName;
  readonly agentId?: string;
  readonly from: UnixMillis;
  readonly to: UnixMillis;
  readonly message: string;
}

function makeMissing({ source, agentId, from, to, message }: Missing): MissingWire {
  return { source, agent_id: agentId ?? null, from: formatInstant(from), to: formatInstant(to), message };
}

function between(from: UnixMillis, to: UnixMillis): string {
  return `between ${formatClock(from)} and ${formatClock(to)}`;
}

/** Where the agent had the contact and the browser's log is silent: the whole leg, or a stretch of more than 5 minutes. */
export function findCcpSilences(evidence: ContactEvidence, window: AgentWindow): CcpSilence[] {
  const times = agentRows(evidence, window, "ccp_log").map((row) => row.event_time);
  return evidence.legs
    .filter((leg) => leg.agentId === window.agent_id && leg.evidence !== "ccp_log")
    .flatMap((leg) => silencesOfLeg(leg, times, evidence.now));
}

function silencesOfLeg(leg: AgentLeg, times: readonly UnixMillis[], now: UnixMillis): CcpSilence[] {
  const to = legEnd(leg, now);
  if (times.length === 0) return [{ from: leg.from, to }];
  const within = times.filter((time) => time > leg.from && time < to);
  const before = times.findLast((time) => time <= leg.from);
  const after = times.find((time) => time >= to);
  const edges = [
    before === undefined ? leg.from : unixMillis(Math.max(before, leg.from)),
    ...within,
    after === undefined ? to : unixMillis(Math.min(after, to)),
  ];
  return edges.flatMap((edge, index) => {
    const next = edges[index + 1];
    return next !== undefined && next - edge > CCP_SILENCE_MS ? [{ from: edge, to: next }] : [];
  });
}

function missingCcpLogs(evidence: ContactEvidence, window: AgentWindow): MissingWire[] {
  const login = evidence.identity.loginOf(window.agent_id);
  return findCcpSilences(evidence, window).map(({ from, to }) =>
    makeMissing({
      source: "ccp_log",
      agentId: window.agent_id,
      from,
      to,
      message: `no CCP log received for agent ${login} ${between(from, to)}`,
    }),
  );
}

/** Agents who had the contact by another wire's word only, or an answer by nobody knows whom. */
function missingAgentEvents(evidence: ContactEvidence): MissingWire[] {
  const others = evidence.legs.filter((leg) => leg.evidence !== "agent_event");
  const missing = others.map((leg) => {
    const to = legEnd(leg, evidence.now);
    const login = evidence.identity.loginOf(leg.agentId);
    const message = `no agent event received for agent ${login} ${between(leg.from, to)}`;
    return makeMissing({ source: "agent_event", agentId: leg.agentId, from: leg.from, to, message });
  });
  const connected = evidence.facts.connectedToAgent;
  if (evidence.legs.length > 0 || connected === undefined) return missing;
  const to = evidence.facts.disconnect?.value ?? evidence.now;
  const message = `the contact was connected to an agent, but no agent event received ${between(connected.value, to)}`;
  return [makeMissing({ source: "agent_event", from: connected.value, to, message })];
}

function silentAgentEvents(evidence: ContactEvidence, window: AgentWindow): MissingWire[] {
  const agentId = window.agent_id;
  const login = evidence.identity.loginOf(agentId);
  const holes = findAgentSilences(agentRows(evidence, window, "agent_event"));
  const ends = evidence.legs.flatMap((leg) =>
    leg.agentId === agentId && leg.silentFrom !== undefined ? [{ from: leg.silentFrom, to: evidence.now }] : [],
  );
  return [...holes, ...ends].map(({ from, to }) => {
    const message = `no agent event received for agent ${login} ${between(from, to)}, though one is due every 2 minutes`;
    return makeMissing({ source: "agent_event", agentId, from, to, message });
  });
}

function missingFlowLogs(evidence: ContactEvidence): MissingWire[] {
  const { facts, window } = evidence;
  const isExpected = STARTED_BY_FLOW.has(facts.initiationMethod?.value ?? "");
  if (!isExpected || evidence.flowRows.length > 0) return [];
  const from = facts.initiation?.value ?? window.from;
  const to = facts.enqueues[0]?.value ?? facts.connectedToAgent?.value ?? window.to;
  const message = `no flow log received for the contact ${between(from, to)}; logging may be off in the flow (Set logging behavior)`;
  return [makeMissing({ source: "flow_log", from, to, message })];
}

function missingContactRecord(evidence: ContactEvidence): MissingWire[] {
  const end = evidence.facts.afterContactWorkEnd ?? evidence.facts.disconnect;
  if (evidence.facts.record !== undefined) return [];
  const last = end?.value ?? lastLegEnd(evidence.legs);
  if (last === undefined || evidence.now - last <= CONTACT_RECORD_GRACE_MS) return [];
  const message = `no contact record received since the contact ended at ${formatClock(last)}`;
  return [makeMissing({ source: "contact_record", from: last, to: evidence.now, message })];
}

/** The end of the last leg when no wire tells the contact's own end; undefined while any leg goes on. */
function lastLegEnd(legs: readonly AgentLeg[]): UnixMillis | undefined {
  const ends = legs.filter((leg) => leg.evidence !== "ccp_log").map((leg) => leg.to);
  if (ends.includes(undefined)) return undefined;
  return ends.reduce((last, end) => (last === undefined || (end ?? last) > last ? end : last), undefined);
}

/** Contact events come by a rule of the customer's own event bus; with a contact record in hand nothing is lost without them. */
function missingContactEvents(evidence: ContactEvidence): MissingWire[] {
  const hasEvents = evidence.own.some((row) => row.source === "contact_event");
  if (hasEvents || evidence.facts.record !== undefined) return [];
  const from = evidence.window.from;
  const to = hasEnded(evidence) ? evidence.window.to : unixMillis(Math.max(evidence.now, from));
  const message = `no contact event received for the contact ${between(from, to)}; its start, queue and end are not told`;
  return [makeMissing({ source: "contact_event", from, to, message })];
}
