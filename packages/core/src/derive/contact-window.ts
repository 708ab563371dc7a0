import { unixMillis } from "../instant.ts";
import type { UnixMillis } from "../record.ts";
import type { AgentIdentity } from "./agent-identity.ts";
import { identifyAgents } from "./agent-identity.ts";
import type { AgentLeg } from "./agent-leg.ts";
import { deriveAgentLegs } from "./agent-leg.ts";
import type { ContactFacts } from "./contact-facts.ts";
import { knownTimes, readContactFacts } from "./contact-facts.ts";
import type { TimelineRow } from "./timeline-row.ts";
import { compareText, idOf, inTimeOrder, isTrue, namesContact, snapshotContactOf, textOf } from "./timeline-row.ts";

/** An agent's records count from this long before the leg to this long after it. */
const AGENT_PAD_MS = 60_000;
/** A leg whose end is not told is followed past the next heartbeat (120 s) of the agent event stream. */
export const OPEN_LEG_PAD_MS = 180_000;
/** Configuration changes count from this long before the contact began. */
const CONFIGURATION_LEAD_MS = 60 * 60_000;

/** Writes about these name flows, queues or agents without changing them: StartChatContact names the flow it starts. */
const NOT_CONFIGURATION: ReadonlySet<string> = new Set(["contact", "contact_evaluation", "attached_file", "session"]);
/** Writes to a user that are the agent's day, not its settings. */
const AGENT_ACTIONS: ReadonlySet<string> = new Set(["PutUserStatus", "DismissUserContact", "GetFederationToken"]);

/** What to gather for a contact, read from the rows that name it. */
export interface ContactWindow {
  readonly contactId: string;
  /** From the first to the last sign of the contact itself, without padding. */
  readonly from: UnixMillis;
  readonly to: UnixMillis;
  /** Where the search for configuration changes begins; it ends at `to`. */
  readonly configurationFrom: UnixMillis;
  /** Every agent the contact's rows name, also those who never had it. */
  readonly agentIds: readonly string[];
  readonly flowIds: readonly string[];
  readonly queueIds: readonly string[];
  readonly routingProfileIds: readonly string[];
  /** Whose records to gather, and between when; `agent_username` also finds the agent's role session in CloudTrail. */
  readonly agentWindows: readonly AgentWindow[];
}

export interface AgentWindow {
  readonly agent_id: string;
  readonly agent_username: string | undefined;
  readonly from: UnixMillis;
  readonly to: UnixMillis;
}

/** Undefined when no row names the contact. `rows` may hold other rows too; they are passed over. */
export function planContactWindow(input: {
  readonly contactId: string;
  readonly rows: readonly TimelineRow[];
}): ContactWindow | undefined {
  const { contactId } = input;
  const rows = inTimeOrder(input.rows.filter((row) => namesContact(row, contactId)));
  const identity = identifyAgents(rows);
  const facts = readContactFacts(rows, contactId);
  const legs = deriveAgentLegs({ contactId, rows, identity, facts, now: undefined });
  const times = [...contactTimes(rows, contactId), ...factTimes(facts), ...legs.flatMap(legTimes)];
  const from = smallest(times);
  const to = largest(times);
  if (from === undefined || to === undefined) return undefined;
  const own = rows.filter((row) => row.contact_id === contactId || row.source === "agent_event");
  return {
    contactId,
    from,
    to,
    configurationFrom: unixMillis(from - CONFIGURATION_LEAD_MS),
    agentIds: distinct(own.map((row) => identity.agentOf(row))),
    flowIds: distinct(own.map((row) => (row.source === "flow_log" ? idOf(row, "flow_id") : undefined))),
    queueIds: distinct([...own.map(queueIdNamedBy), ...own.map((row) => snapshotContactIn(row, contactId)?.queueId)]),
    routingProfileIds: distinct(
      own.map((row) => (row.source === "cloudtrail" ? undefined : idOf(row, "routing_profile_id"))),
    ),
    agentWindows: agentWindows(legs, identity),
  };
}

function snapshotContactIn(row: TimelineRow, contactId: string) {
  if (row.source !== "agent_event") return undefined;
  return snapshotContactOf(row, "contacts", contactId) ?? snapshotContactOf(row, "previous_contacts", contactId);
}

function queueIdNamedBy(row: TimelineRow): string | undefined {
  return row.source === "cloudtrail" || row.source === "agent_event" ? undefined : idOf(row, "queue_id");
}

/** Signs of the contact itself. Records that may come days after it (a contact record, a data update, an API call) are not. */
function contactTimes(rows: readonly TimelineRow[], contactId: string): UnixMillis[] {
  const named = rows.filter((row) => row.contact_id === contactId);
  const signs = named.filter(
    (row) =>
      row.source === "flow_log" ||
      row.source === "ccp_log" ||
      (row.source === "contact_event" && row.event_name !== "CONTACT_DATA_UPDATED"),
  );
  const shown = rows.filter((row) => snapshotContactOf(row, "contacts", contactId) !== undefined);
  const times = [...signs, ...shown].map((row) => row.event_time);
  if (times.length > 0 || named.some((row) => row.source === "contact_record")) return times;
  return (named.length > 0 ? named : rows).map((row) => row.event_time);
}

function factTimes(facts: ContactFacts): UnixMillis[] {
  const { initiation, connectedToAgent, disconnect, afterContactWorkStart, afterContactWorkEnd, dequeue } = facts;
  const times = knownTimes([
    initiation,
    connectedToAgent,
    disconnect,
    afterContactWorkStart,
    afterContactWorkEnd,
    dequeue,
  ]);
  const record = facts.record;
  return times.length === 0 && record !== undefined ? [record.event_time] : times;
}

function legTimes(leg: AgentLeg): UnixMillis[] {
  return [leg.from, leg.to ?? leg.lastSeen];
}

function agentWindows(legs: readonly AgentLeg[], identity: AgentIdentity): AgentWindow[] {
  const windows = new Map<string, AgentWindow>();
  for (const leg of legs) {
    const from = leg.from - AGENT_PAD_MS;
    const to = leg.to === undefined ? leg.lastSeen + OPEN_LEG_PAD_MS : leg.to + AGENT_PAD_MS;
    const known = windows.get(leg.agentId);
    windows.set(leg.agentId, {
      agent_id: leg.agentId,
      agent_username: identity.usernameOf(leg.agentId),
      from: unixMillis(Math.min(from, known?.from ?? from)),
      to: unixMillis(Math.max(to, known?.to ?? to)),
    });
  }
  return [...windows.values()];
}

/** Whether a record is a successful change to a flow, queue, routing profile or agent of the contact, within the window. */
export function isConfigurationChange(row: TimelineRow, window: ContactWindow): boolean {
  if (row.source !== "cloudtrail" || !isTrue(row, "is_write") || textOf(row, "error_code") !== undefined) return false;
  if (textOf(row, "contact_id") !== undefined || NOT_CONFIGURATION.has(textOf(row, "resource_type") ?? ""))
    return false;
  if (AGENT_ACTIONS.has(row.event_name)) return false;
  if (row.event_time < window.configurationFrom || row.event_time > window.to) return false;
  return changedResource(row, window) !== undefined;
}

/** Which resource of the contact a configuration change touched. */
export function changedResource(
  row: TimelineRow,
  window: ContactWindow,
): "flow" | "queue" | "routing profile" | "agent" | undefined {
  const resourceId = idOf(row, "resource_id");
  const isOneOf = (column: string, ids: readonly string[]) => {
    const id = idOf(row, column);
    return (id !== undefined && ids.includes(id)) || (resourceId !== undefined && ids.includes(resourceId));
  };
  // UpdateUserRoutingProfile names the profile that one user is moved to: the user changes, the profile does not.
  const isAboutUser = textOf(row, "resource_type") === "user";
  if (isAboutUser) return isOneOf("agent_id", window.agentIds) ? "agent" : undefined;
  if (isOneOf("flow_id", window.flowIds)) return "flow";
  if (isOneOf("queue_id", window.queueIds)) return "queue";
  if (isOneOf("routing_profile_id", window.routingProfileIds)) return "routing profile";
  return isOneOf("agent_id", window.agentIds) ? "agent" : undefined;
}

function distinct(values: readonly (string | undefined)[]): string[] {
  return [...new Set(values)].filter((value) => value !== undefined).sort(compareText);
}

function smallest(times: readonly UnixMillis[]): UnixMillis | undefined {
  return times.reduce<UnixMillis | undefined>(
    (least, time) => (least === undefined || time < least ? time : least),
    undefined,
  );
}

function largest(times: readonly UnixMillis[]): UnixMillis | undefined {
  return times.reduce<UnixMillis | undefined>(
    (most, time) => (most === undefined || time > most ? time : most),
    undefined,
  );
}
