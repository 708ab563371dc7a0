import {
  contactKindOf,
  isPresumedOffline,
  isSilentAt,
  readSnapshotContacts,
  unixMillis,
  type AfterContactWork,
  type AgentActivity,
  type AgentContact,
  type AgentContactState,
  type AgentEventRow,
  type AgentGap,
  type AgentState,
  type HeardAgent,
  type LiveActivityName,
} from "@fourwire/core";
import type { DerivedRows, LastHeard } from "@fourwire/store";

type Session = DerivedRows["agent_login_session"];

/** What the stream and the tables say of one agent at an instant. */
export interface Moment {
  /** Unix ms. */
  readonly at: number;
  readonly personId: string;
  /** The last snapshot before the instant, and what was heard after it. */
  readonly event: AgentEventRow & LastHeard;
  /** Stretches of the last minutes before the instant, in order. */
  readonly activity: readonly AgentActivity[];
  /** States that held at the instant, or in the last minutes before it. */
  readonly contactStates: readonly AgentContactState[];
  readonly work: readonly AfterContactWork[];
  /** The last one that had begun. */
  readonly session: Session | undefined;
  /** A gap around the instant, of which only what came after it tells. */
  readonly laterGap: AgentGap | undefined;
}

/**
 * The state that the live board held at the instant: from the last snapshot, with what only the past before it tells taken
 * from the tables. Nothing that was told later counts: what was lost was not known to be.
 */
export function pastState(moment: Moment): AgentState {
  const { event, at } = moment;
  const known = knowledgeOf(moment);
  const status = statusOf(moment, known);
  const isGone = known.confidence === "presumed_offline";
  const contacts = known.isLoggedIn === false || event.heard_type === "LOGIN" ? [] : contactsOf(moment);
  const live = liveActivityOf(moment, known, contacts);
  return {
    ...whoOf(moment),
    at_time: unixMillis(at),
    confidence: known.confidence,
    is_logged_in: isGone ? false : known.isLoggedIn,
    status_name: status.name,
    status_type: status.type,
    status_start_time: status.start,
    next_status_name: known.isLoggedIn === false ? null : orNull(event.next_status_name),
    next_status_enqueued_time: known.isLoggedIn === false ? null : orNull(event.next_status_enqueued_time),
    activity: live.name,
    activity_start_time: unixMillis(live.since),
    contacts,
    after_contact_work: contacts.flatMap((contact) => openWorkOf(moment, contact) ?? []),
    login_session: moment.session ?? null,
    last_gap: null,
    last_event_time: unixMillis(event.heard_time),
    last_heartbeat_time: null,
    last_change_time: event.change_time === null ? null : unixMillis(event.change_time),
    last_record_id: event.heard_record_id,
    is_ghost: status.type === "ROUTABLE" && (known.isLoggedIn === false || isGone),
    identities: [],
    current_region: orNull(event.current_region),
    configured_regions: [],
  };
}

interface Knowledge {
  readonly isLoggedIn: boolean | null;
  /** A heartbeat after a logout told of a status newer than the logout. */
  readonly isDoubtful: boolean;
  readonly confidence: AgentState["confidence"];
}

function knowledgeOf(moment: Moment): Knowledge {
  const { event, at, session } = moment;
  const isLoggedIn = isLoggedInAt(moment);
  const now = moment.activity.at(-1);
  const isDoubtful = isLoggedIn === false && now?.is_unknown === true && moment.laterGap === undefined;
  const heard: HeardAgent = {
    firstTime: null,
    lastTime: unixMillis(event.heard_time),
    lastChangeTime: event.change_time === null ? unixMillis(0) : unixMillis(event.change_time),
    isLoggedIn,
    isAwaitingStatus: event.heard_type === "LOGIN",
    session: session === undefined ? null : { startTime: session.start_time },
  };
  if (isPresumedOffline(heard, unixMillis(at))) return { isLoggedIn, isDoubtful, confidence: "presumed_offline" };
  const isUnknown = isDoubtful || isSilentAt(heard, unixMillis(at));
  return { isLoggedIn, isDoubtful, confidence: isUnknown ? "unknown" : "known" };
}

/** Only a LOGOUT ends a session to who is looking; that one must have ended is found when the next begins. */
function isLoggedInAt({ session, at }: Moment): boolean | null {
  if (session === undefined) return null;
  return !(session.ended_by === "logout" && session.end_time !== null && session.end_time <= at);
}

interface Status {
  readonly name: string | null;
  readonly type: string | null;
  readonly start: AgentState["status_start_time"];
}

/** Between a login and the first status only Offline is known to go on. */
function statusOf({ event }: Moment, known: Knowledge): Status {
  const isAwaiting = event.heard_type === "LOGIN" && known.isLoggedIn !== false && event.status_type !== "OFFLINE";
  if (isAwaiting) return { name: null, type: null, start: null };
  return { name: orNull(event.status_name), type: orNull(event.status_type), start: orNull(event.status_start_time) };
}

function contactsOf({ event, contactStates }: Moment): readonly AgentContact[] {
  return readSnapshotContacts(event.contacts ?? "").map((contact) => {
    const state = contactStates.findLast((row) => row.contact_id === contact.contact_id && row.state === contact.state);
    const told = contact.state_start_time ?? event.event_time;
    return { ...contact, since_time: state?.start_time ?? (told < event.event_time ? told : event.event_time) };
  });
}

/** What goes on at the instant has no end yet. */
function openWorkOf({ work, personId, event }: Moment, contact: AgentContact): AfterContactWork | undefined {
  if (contact.state !== "ENDED" || contact.initiation_method === "MONITOR") return undefined;
  const row = work.findLast((other) => other.contact_id === contact.contact_id);
  const open = { end_time: null, duration_ms: null, closed_by: null, earliest_end_time: null };
  // the row as it became; its last record is of its end
  if (row !== undefined) return { ...row, ...open, record_ids: row.record_ids.slice(0, 1) };
  return {
    contact_id: contact.contact_id,
    agent_id: personId,
    agent_username: orNull(event.agent_username),
    channel: contact.channel,
    queue_id: contact.queue_id,
    queue_name: contact.queue_name,
    initiation_method: contact.initiation_method,
    start_time: contact.since_time,
    ...open,
    is_inferred: false,
    time_precision: event.time_precision === "s" ? "s" : "ms",
    record_ids: [event.record_id],
  };
}

/** Amazon's precedence of what an agent does; the same as the live board's. */
const PRECEDENCE: readonly (readonly [ReturnType<typeof contactKindOf>, LiveActivityName])[] = [
  ["failed", "error"],
  ["missed", "missed"],
  ["rejected", "rejected"],
  ["engaged", "on_contact"],
  ["ended", "after_contact_work"],
  ["offered", "incoming"],
  ["monitoring", "monitoring"],
];

interface Live {
  readonly name: LiveActivityName;
  readonly since: number;
}

function liveActivityOf(moment: Moment, known: Knowledge, contacts: readonly AgentContact[]): Live {
  const { event } = moment;
  if (known.confidence === "presumed_offline") return { name: "offline", since: event.heard_time };
  if (known.confidence === "unknown") return { name: "unknown", since: event.heard_time };
  const since = stretchOf(moment)?.start_time ?? event.event_time;
  if (known.isLoggedIn === false) return { name: "offline", since };
  for (const [kind, name] of PRECEDENCE) {
    const found = contacts.filter((contact) => contactKindOf(contact) === kind).map(sinceOf);
    if (found.length > 0) return { name, since: Math.min(...found) };
  }
  const status = statusOf(moment, known);
  if (status.name === null) return { name: event.heard_type === "LOGIN" ? "offline" : "unknown", since };
  if (status.type === "OFFLINE") return { name: "offline", since };
  return { name: status.type === "ROUTABLE" ? "available" : "custom", since };
}

/** A conversation goes on through its holds. */
function sinceOf(contact: AgentContact): number {
  const { connected_to_agent_time: connected, since_time: since } = contact;
  return contactKindOf(contact) === "engaged" && connected !== null && connected < since ? connected : since;
}

/** The stretch of activity that went on at the instant as far as was known then. */
function stretchOf({ activity, laterGap }: Moment): AgentActivity | undefined {
  const before = laterGap === undefined ? activity : activity.filter((row) => row.end_time <= laterGap.start_time);
  return before.at(-1);
}

/** Who the agent was, by the last snapshot before the instant. */
function whoOf({
  event,
  personId,
}: Moment): Pick<
  AgentState,
  | "agent_id"
  | "agent_username"
  | "first_name"
  | "last_name"
  | "instance_id"
  | "region"
  | "routing_profile_id"
  | "routing_profile_name"
  | "hierarchy"
  | "slots"
> {
  return {
    agent_id: personId,
    agent_username: orNull(event.agent_username),
    first_name: orNull(event.first_name),
    last_name: orNull(event.last_name),
    instance_id: orNull(event.instance_id),
    region: orNull(event.region),
    routing_profile_id: orNull(event.routing_profile_id),
    routing_profile_name: orNull(event.routing_profile_name),
    hierarchy: hierarchyOf(event),
    slots: slotsOf(orNull(event.slots)),
  };
}

/** No snapshot, no groups. */
function hierarchyOf(event: AgentEventRow): readonly (string | null)[] {
  if (!event.has_current_snapshot) return [];
  return [
    event.hierarchy_level_1,
    event.hierarchy_level_2,
    event.hierarchy_level_3,
    event.hierarchy_level_4,
    event.hierarchy_level_5,
  ].map(orNull);
}

/** The column as `normalizeAgentEvent` wrote it. */
function slotsOf(text: string | null): AgentState["slots"] {
  if (text === null) return [];
  const slots: AgentState["slots"] = JSON.parse(text);
  return slots;
}

function orNull<Value>(value: Value | null | undefined): Value | null {
  return value ?? null;
}
