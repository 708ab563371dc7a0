import type { UnixMillis } from "../../record.ts";
import { compareText } from "../timeline-row.ts";
import { contactKindOf, isDialled } from "./fold/contact-kind.ts";
import { listStatusTimes, NO_SUMS, type IntervalSumKey } from "./interval-sums.ts";
import { mergeSpans, spanOverlap, type TimeSpan } from "./time-span.ts";
import type { AgentActivity, AgentActivityName } from "./types/agent-activity.ts";
import type { AgentContactState } from "./types/agent-contact-state.ts";
import type { AgentDerivation } from "./types/agent-derivation.ts";
import type { AgentInterval } from "./types/agent-interval.ts";
import type { AgentOffer } from "./types/agent-offer.ts";

type Sums = { -readonly [key in keyof AgentInterval]: AgentInterval[key] };

const ACTIVITY_KEYS: Readonly<Record<AgentActivityName, IntervalSumKey>> = {
  offline: "offline_ms",
  non_productive: "non_productive_ms",
  contact: "contact_ms",
  connecting: "connecting_ms",
  error: "error_ms",
  idle: "idle_ms",
  unknown: "unknown_ms",
};

/** The rows that intervals are made of; a derivation is one, and so are stored rows. */
export type IntervalRows = Pick<
  AgentDerivation,
  | "agent_id"
  | "agent_username"
  | "to_time"
  | "activity"
  | "after_contact_work"
  | "offers"
  | "contact_states"
  | "login_sessions"
>;

/**
 * One row an interval, for the intervals between the boundaries (ascending) in which anything is known of the agent. What
 * still goes on counts up to `to_time`.
 */
export function deriveIntervals(rows: IntervalRows, boundaries: readonly UnixMillis[]): AgentInterval[] {
  const grid = new Grid(rows, boundaries);
  // whose session is presumed over has no contacts and is not logged in, although no event took them away
  const known = mergeSpans(spansOf(rows, (row) => row.activity !== "unknown" && !row.is_presumed));
  const present = mergeSpans(spansOf(rows, (row) => !row.is_presumed));
  addActivity(grid, rows);
  addContactTimes(grid, rows, known);
  addAfterContactWork(grid, rows, known);
  for (const offer of rows.offers) addOffer(grid, offer);
  for (const session of rows.login_sessions) {
    const span = { from: session.start_time, to: session.end_time ?? rows.to_time };
    for (const part of spanOverlap(span, present)) grid.addTime("logged_in_ms", part);
    if (session.is_login_seen) grid.count("login_count", session.start_time);
  }
  return grid.finish();
}

/** The intervals, and where an instant falls among them. */
class Grid {
  readonly #boundaries: readonly UnixMillis[];
  readonly #sums: Sums[];
  readonly #statuses: Map<string, number>[];

  constructor(rows: IntervalRows, boundaries: readonly UnixMillis[]) {
    this.#boundaries = boundaries;
    this.#sums = boundaries
      .slice(0, -1)
      .map((start, index) => emptyInterval(rows, start, boundaries[index + 1] ?? start));
    this.#statuses = this.#sums.map(() => new Map());
  }

  addTime(key: IntervalSumKey, span: TimeSpan): void {
    this.#eachPart(span, (sums, duration) => {
      sums[key] += duration;
    });
  }

  addStatus(name: string, span: TimeSpan): void {
    this.#eachPart(span, (_sums, duration, index) => {
      const statuses = this.#statuses[index];
      statuses?.set(name, (statuses.get(name) ?? 0) + duration);
    });
  }

  count(key: IntervalSumKey, time: UnixMillis, amount = 1): void {
    const sums = this.#sums[this.#indexOf(time)];
    if (sums !== undefined) sums[key] += amount;
  }

  finish(): AgentInterval[] {
    return this.#sums.flatMap((sums, index) => {
      sums.non_productive = listStatusTimes(this.#statuses[index] ?? new Map());
      const isHeard = Object.values(ACTIVITY_KEYS).some((key) => sums[key] > 0);
      return isHeard ? [sums] : [];
    });
  }

  #eachPart(span: TimeSpan, add: (sums: Sums, duration: number, index: number) => void): void {
    for (let index = Math.max(0, this.#indexOf(span.from)); index < this.#sums.length; index++) {
      const sums = this.#sums[index];
      if (sums === undefined || sums.start_time >= span.to) return;
      const duration = Math.min(sums.end_time, span.to) - Math.max(sums.start_time, span.from);
      if (duration > 0) add(sums, duration, index);
    }
  }

  /** Index of the interval that holds the instant; -1 before the first, the number of intervals after the last. */
  #indexOf(time: UnixMillis): number {
    let [low, high] = [0, this.#boundaries.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#boundaries[middle] ?? 0) <= time) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

function addActivity(grid: Grid, rows: IntervalRows): void {
  for (const row of rows.activity) {
    const span = { from: row.start_time, to: row.end_time };
    grid.addTime(ACTIVITY_KEYS[row.activity], span);
    if (row.is_presumed) grid.addTime("presumed_offline_ms", span);
    if (row.activity === "non_productive") grid.addStatus(row.status_name ?? "", span);
    if (!row.is_on_contact) continue;
    if (row.activity === "non_productive") grid.addTime("on_contact_non_productive_ms", span);
    if (row.activity === "offline") grid.addTime("on_contact_offline_ms", span);
  }
}

function addContactTimes(grid: Grid, rows: IntervalRows, known: readonly TimeSpan[]): void {
  const custom = mergeSpans(spansOf(rows, (row) => row.activity === "non_productive"));
  const engagedUntil = new Map<string, UnixMillis | null>();
  for (const row of [...rows.contact_states].sort(byContact)) {
    const key = timeKeyOf(row);
    const span = { from: row.start_time, to: row.end_time ?? rows.to_time };
    if (key !== undefined) for (const part of spanOverlap(span, known)) grid.addTime(key, part);
    if (key !== undefined && HANDLE_KEYS.has(key)) {
      for (const part of spanOverlap(span, custom)) grid.addTime("handle_custom_status_ms", part);
    }
    if (row.state === "CONNECTED_ONHOLD") grid.count("hold_count", row.start_time);
    if (!isConversation(row)) continue;
    if (engagedUntil.get(row.contact_id) !== row.start_time) grid.count("handled_count", row.start_time);
    engagedUntil.set(row.contact_id, row.end_time);
  }
}

function byContact(left: AgentContactState, right: AgentContactState): number {
  return compareText(left.contact_id, right.contact_id) || left.start_time - right.start_time;
}

function spansOf(rows: IntervalRows, isWanted: (row: AgentActivity) => boolean): TimeSpan[] {
  return rows.activity.filter(isWanted).map((row) => ({ from: row.start_time, to: row.end_time }));
}

const HANDLE_KEYS: ReadonlySet<IntervalSumKey> = new Set<IntervalSumKey>([
  "interaction_ms",
  "pause_ms",
  "hold_ms",
  "contact_after_contact_work_ms",
]);

function timeKeyOf(row: AgentContactState): IntervalSumKey | undefined {
  const { state, initiation_method } = row;
  const kind = contactKindOf({ state, initiation_method, connected_to_agent_time: null });
  if (kind === "offered") return "incoming_connecting_ms";
  if (kind === "ended") return "contact_after_contact_work_ms";
  if (kind !== "engaged") return undefined;
  if (row.state === "CONNECTING") return isDialled(row.initiation_method) ? "outbound_connecting_ms" : undefined;
  if (row.state === "CONNECTED_ONHOLD") return "hold_ms";
  return row.state === "PAUSED" ? "pause_ms" : "interaction_ms";
}

function isConversation(row: AgentContactState): boolean {
  const key = timeKeyOf(row);
  return key === "interaction_ms" || key === "hold_ms" || key === "pause_ms";
}

function addAfterContactWork(grid: Grid, rows: IntervalRows, known: readonly TimeSpan[]): void {
  const ended = rows.contact_states
    .filter((row) => timeKeyOf(row) === "contact_after_contact_work_ms")
    .map((row) => ({ from: row.start_time, to: row.end_time ?? rows.to_time }));
  for (const span of mergeSpans(ended)) {
    for (const part of spanOverlap(span, known)) grid.addTime("after_contact_work_ms", part);
  }
  for (const work of rows.after_contact_work) {
    if (work.end_time === null || work.duration_ms === null || work.is_inferred) continue;
    grid.count("after_contact_work_count", work.end_time);
    grid.count("after_contact_work_ended_ms", work.end_time, work.duration_ms);
  }
}

const OUTCOME_KEYS: Readonly<Record<NonNullable<AgentOffer["outcome"]>, IntervalSumKey>> = {
  answered: "answered_count",
  missed: "missed_count",
  rejected: "rejected_count",
  error: "error_count",
  withdrawn: "withdrawn_count",
  unknown: "unknown_offer_count",
};

function addOffer(grid: Grid, offer: AgentOffer): void {
  grid.count("offer_count", offer.offered_time);
  if (offer.end_time === null || offer.outcome === null) return;
  grid.count(OUTCOME_KEYS[offer.outcome], offer.end_time);
  if (offer.cause === "customer_abandoned") grid.count("customer_abandoned_count", offer.end_time);
}

function emptyInterval(rows: IntervalRows, start: UnixMillis, end: UnixMillis): Sums {
  return {
    agent_id: rows.agent_id,
    agent_username: rows.agent_username,
    start_time: start,
    end_time: end,
    non_productive: [],
    ...NO_SUMS,
  };
}
