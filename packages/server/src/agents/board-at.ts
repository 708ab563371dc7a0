import {
  contactKindOf,
  unixMillis,
  type AgentActivity,
  type AgentBoardResponse,
  type AgentContact,
  type AgentContactState,
  type AgentEventRow,
  type AgentGap,
  type AgentState,
  type LiveActivityName,
} from "@fourwire/core";
import type { DerivedRows, Store } from "@fourwire/store";
import { thresholdsOf } from "./agent-board.ts";
import type { AgentSettings } from "./agent-settings.ts";
import { boardRowOf } from "./board-row.ts";
import { LiveShifts } from "./live-shifts.ts";
import { queuesOf } from "./routing-profile.ts";

/** How long the look back waits for records that are not worked in yet. */
const SETTLE_MS = 3000;

/** Rows of one kind that hold at one instant; 10,000 agents have a few each. */
const MAX_ROWS = 200_000;

const DAY_MS = 86_400_000;

/** What the tables and the stream say of one agent at an instant. */
interface Moment {
  readonly at: number;
  readonly personId: string;
  readonly heardTime: number;
  readonly event: AgentEventRow;
  readonly activity: AgentActivity | undefined;
  readonly contactStates: readonly AgentContactState[];
  readonly work: AgentState["after_contact_work"];
  readonly session: DerivedRows["agent_login_session"] | undefined;
  readonly gap: AgentGap | undefined;
}

/**
 * The board as it was at an instant: what held then by the derived tables, and who the agents were by their last event
 * before. Later knowledge is in it: a stretch that turned out to be a gap is unknown here, while the live board, which
 * could not know yet, went on showing the status.
 */
export async function boardAt(store: Store, settings: AgentSettings, at: number): Promise<AgentBoardResponse> {
  const lastDate = new Date(at + DAY_MS).toISOString().slice(0, 10);
  const settled = await store.agentDays.settle({ lastDate, budgetMs: SETTLE_MS });
  const moments = await readMoments(store, settings, at);
  const since = at - settings.keep;
  const [errors, lines, profiles] = await Promise.all([
    store.live.ccpErrors(since, at),
    store.live.lastCcpLines(since, at),
    store.live.routingProfiles(since, at),
  ]);
  const shifts = new LiveShifts(store, settings, () => at);
  await shifts.load();
  const errorOf = new Map(errors.map((error) => [error.agent_id, error]));
  const lineOf = new Map(lines.map((line) => [line.agent_id, line.event_time]));
  const rows = moments.map((moment) => {
    const state = stateOf(moment);
    const error = errorOf.get(moment.event.agent_id);
    const evidence = {
      ccpError:
        error === undefined
          ? null
          : {
              event_time: new Date(error.event_time).toISOString(),
              message: error.message,
              record_id: error.record_id,
            },
      lastCcpLineTime: lineOf.get(moment.event.agent_id),
      duplicateCcp: undefined,
      missedOffers: [],
      adherence: shifts.judge(state, at).adherence,
    };
    return boardRowOf(state, evidence, settings);
  });
  return {
    at_time: new Date(at).toISOString(),
    is_live: false,
    sequence: null,
    agents: rows,
    routing_profiles: profiles.flatMap((profile) => queuesOf(profile.routing_profile_id, profile.original_body) ?? []),
    thresholds: thresholdsOf(settings),
    last_event_time: isoOf(await store.live.lastEventTime()),
    is_partial: settled.pendingDays > 0,
  };
}

function isoOf(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}

async function readMoments(store: Store, settings: AgentSettings, at: number): Promise<readonly Moment[]> {
  const range = { from: at, to: at + 1 };
  const [persons, events, activity, states, work, sessions, gaps] = await Promise.all([
    store.live.persons(),
    store.derived.lastSnapshots(at - settings.keep, at),
    store.derived.rows("agent_activity", range, MAX_ROWS),
    store.derived.rows("agent_contact_state", range, MAX_ROWS),
    store.derived.rows("agent_after_contact_work", range, MAX_ROWS),
    store.derived.rows("agent_login_session", range, MAX_ROWS),
    store.derived.rows("agent_gap", range, MAX_ROWS),
  ]);
  const newest = new Map<string, (typeof events)[number]>();
  for (const event of events) {
    const id = persons.get(event.agent_id)?.personId ?? event.agent_id;
    if ((newest.get(id)?.heard_time ?? 0) <= event.heard_time) newest.set(id, event);
  }
  const activityOf = new Map(activity.map((row) => [row.agent_id, row]));
  const sessionOf = new Map(sessions.map((row) => [row.agent_id, row]));
  const gapOf = new Map(gaps.map((row) => [row.agent_id, row]));
  const statesOf = groupByAgent(states);
  const workOf = groupByAgent(work);
  return [...newest].map(([personId, event]) => ({
    at,
    personId,
    heardTime: event.heard_time,
    event,
    activity: activityOf.get(personId),
    contactStates: statesOf.get(personId) ?? [],
    work: workOf.get(personId) ?? [],
    session: sessionOf.get(personId),
    gap: gapOf.get(personId),
  }));
}

function groupByAgent<Row extends { readonly agent_id: string }>(
  rows: readonly Row[],
): ReadonlyMap<string, readonly Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(row.agent_id);
    if (group === undefined) groups.set(row.agent_id, [row]);
    else group.push(row);
  }
  return groups;
}

function orNull<Value>(value: Value | null | undefined): Value | null {
  return value ?? null;
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

function stateOf(moment: Moment): AgentState {
  const { event, activity, at } = moment;
  const confidence = confidenceOf(moment);
  const live = liveActivityOf(moment, confidence);
  const statusType = orNull(activity?.status_type ?? event.status_type);
  return {
    ...whoOf(moment),
    at_time: unixMillis(at),
    confidence,
    is_logged_in: moment.session !== undefined && confidence !== "presumed_offline",
    status_name: orNull(activity?.status_name ?? event.status_name),
    status_type: statusType,
    status_start_time: statusStartOf(moment),
    next_status_name: orNull(event.next_status_name),
    next_status_enqueued_time: orNull(event.next_status_enqueued_time),
    activity: live.name,
    activity_start_time: unixMillis(live.since),
    contacts: confidence === "presumed_offline" ? [] : moment.contactStates.map(contactOf),
    // what goes on at the instant has no end yet
    after_contact_work: moment.work.map((work) => ({ ...work, end_time: null, duration_ms: null })),
    login_session: moment.session ?? null,
    last_gap: moment.gap ?? null,
    last_event_time: unixMillis(moment.heardTime),
    last_heartbeat_time: null,
    last_change_time: null,
    last_record_id: event.record_id,
    is_ghost: confidence === "presumed_offline" && statusType === "ROUTABLE",
    identities: [],
    current_region: orNull(event.current_region),
    configured_regions: [],
  };
}

function confidenceOf({ activity, gap }: Moment): AgentState["confidence"] {
  // no stretch holds the instant: the agent's last day had ended, and nothing was heard since
  if (activity === undefined || activity.is_presumed) return "presumed_offline";
  return activity.is_unknown || gap !== undefined ? "unknown" : "known";
}

function statusStartOf({ event, activity }: Moment): AgentState["status_start_time"] {
  if (activity === undefined || activity.status_name === orNull(event.status_name))
    return orNull(event.status_start_time);
  return activity.start_time;
}

/** Amazon's precedence of what an agent does; the same as the live board's, from the tables. */
const PRECEDENCE: readonly (readonly [ReturnType<typeof contactKindOf>, LiveActivityName])[] = [
  ["failed", "error"],
  ["missed", "missed"],
  ["rejected", "rejected"],
  ["engaged", "on_contact"],
  ["ended", "after_contact_work"],
  ["offered", "incoming"],
  ["monitoring", "monitoring"],
];

function liveActivityOf(
  moment: Moment,
  confidence: AgentState["confidence"],
): { readonly name: LiveActivityName; readonly since: number } {
  const { activity } = moment;
  if (activity === undefined || confidence === "presumed_offline") return { name: "offline", since: moment.heardTime };
  if (confidence === "unknown") return { name: "unknown", since: moment.gap?.start_time ?? activity.start_time };
  if (moment.session === undefined) return { name: "offline", since: activity.start_time };
  for (const [kind, name] of PRECEDENCE) {
    const found = moment.contactStates.filter((row) => kindOf(row) === kind).map((row) => row.start_time);
    if (found.length > 0) return { name, since: Math.min(...found) };
  }
  if (activity.status_type === "OFFLINE" || activity.activity === "offline")
    return { name: "offline", since: activity.start_time };
  return { name: activity.status_type === "ROUTABLE" ? "available" : "custom", since: activity.start_time };
}

function kindOf(row: AgentContactState): ReturnType<typeof contactKindOf> {
  return contactKindOf({ ...row, connected_to_agent_time: null });
}

function contactOf(row: AgentContactState): AgentContact {
  return {
    contact_id: row.contact_id,
    initial_contact_id: null,
    channel: row.channel,
    initiation_method: row.initiation_method,
    state: row.state,
    state_start_time: row.start_time,
    since_time: row.start_time,
    connected_to_agent_time: null,
    queue_time: null,
    queue_id: row.queue_id,
    queue_name: row.queue_name,
    active_region: null,
    origin_region: null,
  };
}

function hierarchyOf(event: AgentEventRow): readonly (string | null)[] {
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
