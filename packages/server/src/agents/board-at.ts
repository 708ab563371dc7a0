import { AgentFold, SILENCE_MS, unixMillis, type AgentBoardResponse, type AgentEventRow } from "@fourwire/core";
import type { LastHeard, Store } from "@fourwire/store";
import { thresholdsOf } from "./agent-board.ts";
import type { AgentSettings } from "./agent-settings.ts";
import { boardRowOf } from "./board-row.ts";
import { LiveShifts } from "./live-shifts.ts";
import { readPastEvidence } from "./past-evidence.ts";
import { pastState, type Moment } from "./past-state.ts";
import { queuesOf } from "./routing-profile.ts";

/** How long the look back waits for records that are not worked in yet. */
const SETTLE_MS = 3000;

/** Rows of one kind that hold at one instant; 10,000 agents have a few each. */
const MAX_ROWS = 200_000;

const DAY_MS = 86_400_000;

/** Heartbeats go on for this long after a logout. */
const HOUR_MS = 3_600_000;

/**
 * The board as it was at an instant, with every mark it had then: who the agents were by their last event before, and what
 * held by the derived tables. What came later is not in it. A stretch that turned out to be a gap shows what was believed
 * then; the agent's page shows it as unknown.
 */
export async function boardAt(store: Store, settings: AgentSettings, at: number): Promise<AgentBoardResponse> {
  const lastDate = new Date(at + DAY_MS).toISOString().slice(0, 10);
  const settled = await store.agentDays.settle({ lastDate, budgetMs: SETTLE_MS });
  const shifts = new LiveShifts(store, settings, () => at);
  const [moments, evidenceOf, profiles, lastEventTime] = await Promise.all([
    readMoments(store, settings, at),
    readPastEvidence(store, { settings, at }),
    store.live.routingProfiles(at - settings.keep, at),
    store.live.lastEventTime(),
    shifts.load(),
  ]);
  const rows = moments.map((moment) => {
    const state = pastState(moment);
    const evidence = { ...evidenceOf(moment.personId), adherence: shifts.judge(state, at).adherence };
    return boardRowOf(state, evidence, settings);
  });
  return {
    at_time: new Date(at).toISOString(),
    is_live: false,
    sequence: null,
    agents: rows,
    routing_profiles: profiles.flatMap((profile) => queuesOf(profile.routing_profile_id, profile.original_body) ?? []),
    thresholds: thresholdsOf(settings),
    last_event_time: lastEventTime === null ? null : new Date(lastEventTime).toISOString(),
    is_partial: settled.pendingDays > 0,
  };
}

async function readMoments(store: Store, settings: AgentSettings, at: number): Promise<readonly Moment[]> {
  const now = { from: at, to: at + 1 };
  // what is believed lasts for that long without an event
  const lately = { from: at - SILENCE_MS, to: at + 1 };
  const [persons, events, activity, states, work, sessions, gaps] = await Promise.all([
    store.live.persons(),
    readHeard(store, at - settings.keep, at),
    store.derived.rows("agent_activity", lately, MAX_ROWS),
    store.derived.rows("agent_contact_state", lately, MAX_ROWS),
    store.derived.rows("agent_after_contact_work", lately, MAX_ROWS),
    store.derived.rows("agent_login_session", { from: at - settings.keep - HOUR_MS, to: at + 1 }, MAX_ROWS),
    store.derived.rows("agent_gap", now, MAX_ROWS),
  ]);
  const heard = new Map<string, (typeof events)[number]>();
  for (const event of events) {
    const id = persons.get(event.agent_id)?.personId ?? event.agent_id;
    heard.set(id, betterHeard(heard.get(id), event));
  }
  const [activityOf, statesOf, workOf] = [groupByAgent(activity), groupByAgent(states), groupByAgent(work)];
  const [sessionsOf, gapsOf] = [groupByAgent(sessions), groupByAgent(gaps)];
  return [...heard].map(([personId, event]) => ({
    at,
    personId,
    event,
    activity: activityOf.get(personId) ?? [],
    contactStates: statesOf.get(personId) ?? [],
    work: workOf.get(personId) ?? [],
    session: sessionsOf.get(personId)?.at(-1),
    // one that has no end is the silence that goes on, which the clock tells
    laterGap: gapsOf.get(personId)?.find((gap) => gap.end_time !== null),
  }));
}

type Heard = AgentEventRow & LastHeard;

/** Of several events of one instant the fold of the last minutes says which was the last, as it does live. */
async function readHeard(store: Store, from: number, at: number): Promise<readonly Heard[]> {
  const heard = await store.derived.lastSnapshots(from, at);
  const tied = heard.filter((event) => event.is_tied);
  if (tied.length === 0) return heard;
  const earliest = Math.min(...tied.map((event) => event.heard_time));
  const events = await store.derived.events(
    tied.map((event) => event.agent_id),
    Math.max(from, earliest - SILENCE_MS),
    at + 1,
  );
  const eventsOf = groupByAgent(events);
  return heard.map((event) => (event.is_tied ? lastByFold(event, eventsOf.get(event.agent_id) ?? []) : event));
}

function lastByFold(heard: Heard, events: readonly AgentEventRow[]): Heard {
  const fold = new AgentFold({ agentId: heard.agent_id });
  for (const event of events) fold.apply(event);
  const lastId = fold.stateAt(unixMillis(heard.heard_time)).last_record_id;
  const last = events.find((event) => event.record_id === lastId);
  if (last === undefined) return heard;
  const isTold = { heard_record_id: last.record_id, heard_type: last.event_type };
  return last.has_current_snapshot ? { ...heard, ...last, ...isTold } : { ...heard, ...isTold };
}

/** Of a person's two Regions the one the agent works in, as long as it is heard. */
function betterHeard(known: Heard | undefined, other: Heard): Heard {
  if (known === undefined) return other;
  const [older, newer] = known.heard_time <= other.heard_time ? [known, other] : [other, known];
  const isWorking = older.region != null && older.region === older.current_region;
  return isWorking && newer.region !== newer.current_region && newer.heard_time - older.heard_time <= SILENCE_MS
    ? older
    : newer;
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
