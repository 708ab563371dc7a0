import { unixMillis } from "../instant.ts";
import type { UnixMillis } from "../record.ts";
import type { AgentIdentity } from "./agent-identity.ts";
import type { ContactFacts, Fact } from "./contact-facts.ts";
import type { SnapshotContact, TimelineRow } from "./timeline-row.ts";
import { compareText, snapshotContactOf } from "./timeline-row.ts";

/** The agent event stream beats every 120 s; longer than this without any event and the agent's state is not known. */
export const AGENT_SILENCE_MS = 300_000;

/** One state of the contact at one agent. */
interface AgentLegSpan {
  readonly state: string;
  readonly from: UnixMillis;
  readonly to: UnixMillis | undefined;
  readonly recordIds: readonly string[];
}

/** One time that an agent had the contact. The same contact offered twice to one agent makes two legs. */
export interface AgentLeg {
  readonly agentId: string;
  /** Which wire tells it; a `ccp_log` leg is only where the browser spoke of the contact, and has no spans. */
  readonly evidence: "agent_event" | "contact_record" | "ccp_log";
  /** MONITOR is a supervisor listening in, who does not count as having the contact. */
  readonly initiationMethod: string | undefined;
  readonly from: UnixMillis;
  /** Undefined while it goes on. */
  readonly to: UnixMillis | undefined;
  /** The last record that shows the agent with the contact. */
  readonly lastSeen: UnixMillis;
  readonly spans: readonly AgentLegSpan[];
  /** Set when the events stopped before the leg's end was told; the state from here on is not known. */
  readonly silentFrom: UnixMillis | undefined;
}

interface AgentLegInput {
  readonly contactId: string;
  /** In time order, without repetition. */
  readonly rows: readonly TimelineRow[];
  readonly identity: AgentIdentity;
  readonly facts: ContactFacts;
  /** Undefined while planning: an open leg then stays open. */
  readonly now: UnixMillis | undefined;
}

/** Every leg of the contact, by start and then agent. */
export function deriveAgentLegs(input: AgentLegInput): AgentLeg[] {
  const legs: AgentLeg[] = [];
  for (const [agentId, events] of groupByAgent(input, "agent_event")) {
    for (const draft of walkAgentEvents(agentId, events, input.contactId)) legs.push(finishLeg(draft, input));
  }
  const recordLeg = readRecordLeg(input);
  if (recordLeg !== undefined && !legs.some((leg) => leg.agentId === recordLeg.agentId)) legs.push(recordLeg);
  for (const [agentId, lines] of groupByAgent(input, "ccp_log")) {
    const leg = legs.some((other) => other.agentId === agentId)
      ? undefined
      : readBrowserLeg(agentId, lines, input.contactId);
    if (leg !== undefined) legs.push(leg);
  }
  return legs.sort((left, right) => left.from - right.from || compareText(left.agentId, right.agentId));
}

function groupByAgent(input: AgentLegInput, source: "agent_event" | "ccp_log"): Map<string, TimelineRow[]> {
  const groups = new Map<string, TimelineRow[]>();
  for (const row of input.rows) {
    const agentId = row.source === source ? input.identity.agentOf(row) : undefined;
    if (agentId === undefined) continue;
    const group = groups.get(agentId);
    if (group === undefined) groups.set(agentId, [row]);
    else group.push(row);
  }
  return groups;
}

interface DraftSpan {
  readonly state: string;
  readonly from: UnixMillis;
  to: UnixMillis | undefined;
  readonly recordIds: string[];
}

interface DraftLeg {
  readonly agentId: string;
  readonly initiationMethod: string | undefined;
  readonly spans: DraftSpan[];
  to: UnixMillis | undefined;
  lastSeen: UnixMillis;
}

/** Reads one agent's events in time order; a leg ends where a snapshot no longer lists the contact, or at a logout. */
function walkAgentEvents(agentId: string, events: readonly TimelineRow[], contactId: string): DraftLeg[] {
  const legs: DraftLeg[] = [];
  let open: DraftLeg | undefined;
  for (const event of events) {
    const previous = snapshotContactOf(event, "previous_contacts", contactId);
    const current = event.event_name === "LOGOUT" ? undefined : snapshotContactOf(event, "contacts", contactId);
    if (previous !== undefined) open = recallState({ open, previous, event, agentId, earlier: legs.at(-1) });
    if (current !== undefined) open = observeState({ open, contact: current, event, agentId });
    if (open !== undefined && legs.at(-1) !== open) legs.push(open);
    if (open !== undefined && current === undefined) {
      closeLeg(open, event);
      open = undefined;
    }
  }
  return legs;
}

interface Recalled {
  readonly open: DraftLeg | undefined;
  readonly previous: SnapshotContact;
  readonly event: TimelineRow;
  readonly agentId: string;
  readonly earlier: DraftLeg | undefined;
}

/** An event's previous snapshot tells a state whose own event never came. Heard late, of a leg already closed, it adds nothing. */
function recallState(recalled: Recalled): DraftLeg | undefined {
  const { open, previous, event, agentId, earlier } = recalled;
  const start = previous.stateStartTime;
  if (open !== undefined) {
    return open.spans.at(-1)?.state === previous.state
      ? open
      : observeState({ open, contact: previous, event, agentId });
  }
  const isStale = start === undefined || (earlier?.to !== undefined && start < earlier.to);
  return isStale ? undefined : observeState({ open, contact: previous, event, agentId });
}

interface Observed {
  readonly open: DraftLeg | undefined;
  readonly contact: SnapshotContact;
  readonly event: TimelineRow;
  readonly agentId: string;
}

function observeState({ open, contact, event, agentId }: Observed): DraftLeg {
  const last = open?.spans.at(-1);
  if (open !== undefined && last?.state === contact.state) {
    open.lastSeen = event.event_time;
    return open;
  }
  const from = stateStart(contact, event, last);
  const leg = open ?? {
    agentId,
    initiationMethod: contact.initiationMethod,
    spans: [],
    to: undefined,
    lastSeen: event.event_time,
  };
  if (last !== undefined) last.to = from;
  leg.spans.push({ state: contact.state, from, to: undefined, recordIds: [event.record_id] });
  leg.lastSeen = event.event_time;
  return leg;
}

/** When the state began: as the event says, unless that is before the state it followed or after the event itself. */
function stateStart(contact: SnapshotContact, event: TimelineRow, last: DraftSpan | undefined): UnixMillis {
  // StateStartTimestamp stays at the time of CONNECTED through a hold (AWS, GetCurrentUserData, read 2026-11-20), so both
  // edges of a hold are taken from the event that tells them.
  const isHoldEdge =
    contact.state === "CONNECTED_ONHOLD" || (last?.state === "CONNECTED_ONHOLD" && contact.state === "CONNECTED");
  const told = contact.stateStartTime;
  if (isHoldEdge || told === undefined || told > event.event_time) return event.event_time;
  return last !== undefined && told < last.from ? event.event_time : told;
}

function closeLeg(leg: DraftLeg, event: TimelineRow): void {
  const last = leg.spans.at(-1);
  if (last !== undefined) {
    last.to = event.event_time;
    last.recordIds.push(event.record_id);
  }
  leg.to = event.event_time;
}

/** A leg whose end no event told ends where the contact record says, or is not known once the events fell silent. */
function finishLeg(draft: DraftLeg, input: AgentLegInput): AgentLeg {
  const last = draft.spans.at(-1);
  const started = draft.spans[0]?.from ?? draft.lastSeen;
  const leg = { ...draft, evidence: "agent_event" as const, from: started, silentFrom: undefined };
  if (draft.to !== undefined || last === undefined) return leg;
  const end = recordedEnd(last, draft.agentId, input);
  if (end !== undefined) {
    const spans = [
      ...draft.spans.slice(0, -1),
      { ...last, to: end.to, recordIds: [...last.recordIds, ...end.recordIds] },
    ];
    const work = last.state === "ENDED" ? [] : afterContactWork(input, end.to);
    return { ...leg, spans: [...spans, ...work], to: work[0]?.to ?? end.to };
  }
  if (input.now === undefined || input.now - draft.lastSeen <= AGENT_SILENCE_MS) return leg;
  const spans = [...draft.spans.slice(0, -1), { ...last, to: laterOf(draft.lastSeen, last.from) }];
  return { ...leg, spans, to: laterOf(draft.lastSeen, last.from), silentFrom: draft.lastSeen };
}

/** When the contact's own records say that this agent's last state ended; undefined when they do not. */
function recordedEnd(
  last: DraftSpan,
  agentId: string,
  input: AgentLegInput,
): { to: UnixMillis; recordIds: readonly string[] } | undefined {
  const { facts, identity } = input;
  const isThisAgent = facts.record !== undefined && identity.agentOf(facts.record) === agentId;
  const end = last.state === "ENDED" ? facts.afterContactWorkEnd : (facts.afterContactWorkStart ?? facts.disconnect);
  if (!isThisAgent || end === undefined || end.value < last.from) return undefined;
  return { to: end.value, recordIds: last.recordIds.includes(end.recordId) ? [] : [end.recordId] };
}

function afterContactWork({ facts }: AgentLegInput, from: UnixMillis): AgentLegSpan[] {
  const end = facts.afterContactWorkEnd;
  if (end === undefined || end.value <= from) return [];
  return [{ state: "ENDED", from, to: end.value, recordIds: [end.recordId] }];
}

/** The leg by the contact record or contact events alone: connected, then after-contact work. */
function readRecordLeg(input: AgentLegInput): AgentLeg | undefined {
  const { facts, identity, contactId, rows } = input;
  const connected = facts.connectedToAgent;
  const own = rows.filter((row) => row.source === "contact_event" && row.contact_id === contactId);
  const namers = facts.record === undefined ? own : [facts.record, ...own];
  const agentId = namers.map((row) => identity.agentOf(row)).find((id) => id !== undefined);
  if (connected === undefined || agentId === undefined) return undefined;
  const spans = recordSpans(input, connected);
  const to = spans.at(-1)?.to;
  const initiationMethod = facts.initiationMethod?.value;
  const lastSeen = to ?? connected.value;
  return {
    agentId,
    evidence: "contact_record",
    initiationMethod,
    from: connected.value,
    to,
    lastSeen,
    spans,
    silentFrom: undefined,
  };
}

function recordSpans(input: AgentLegInput, connected: Fact<UnixMillis>): AgentLegSpan[] {
  const end = input.facts.afterContactWorkStart ?? input.facts.disconnect;
  const from = connected.value;
  if (end === undefined) return [{ state: "CONNECTED", from, to: undefined, recordIds: [connected.recordId] }];
  const to = laterOf(end.value, from);
  const recordIds = [...new Set([connected.recordId, end.recordId])];
  return [{ state: "CONNECTED", from, to, recordIds }, ...afterContactWork(input, to)];
}

function readBrowserLeg(agentId: string, lines: readonly TimelineRow[], contactId: string): AgentLeg | undefined {
  const times = lines.filter((row) => row.contact_id === contactId).map((row) => row.event_time);
  const [from, to] = [times[0], times.at(-1)];
  if (from === undefined || to === undefined) return undefined;
  return {
    agentId,
    evidence: "ccp_log",
    initiationMethod: undefined,
    from,
    to,
    lastSeen: to,
    spans: [],
    silentFrom: undefined,
  };
}

function laterOf(left: UnixMillis, right: UnixMillis): UnixMillis {
  return unixMillis(Math.max(left, right));
}
