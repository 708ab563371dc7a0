import { unixMillis } from "../../instant.ts";
import type { UnixMillis } from "../../record.ts";
import type { AgentActivity } from "./types/agent-activity.ts";
import type {
  Adherence,
  AdherenceName,
  AdherenceSettings,
  AdherenceShift,
  AdherenceStretch,
  LiveAdherence,
} from "./types/adherence.ts";

/** The edition of 2026. */
export const DEFAULT_ADHERENCE_SETTINGS: AdherenceSettings = { offline_is_non_productive: true, formula: "2026" };

/** What adherence is judged by: the status alone. An agent on a long call past the start of lunch is not adherent. */
type StatusStretch = Pick<
  AgentActivity,
  "start_time" | "end_time" | "activity" | "status_name" | "status_type" | "is_unknown" | "record_ids"
>;

interface AdherenceInput {
  readonly agentId: string;
  /** The agent's activity over the span; time it does not cover is unknown. */
  readonly activity: readonly StatusStretch[];
  readonly shifts: readonly AdherenceShift[];
  readonly from: UnixMillis;
  readonly to: UnixMillis;
  readonly settings: AdherenceSettings;
}

/**
 * How far an agent kept to the plan (Amazon Connect, schedule adherence, read 2026-11-25). Each instant is judged alone,
 * a threshold too: who begins within it and who has not yet begun are treated alike, so that the live view and the report
 * agree. Nothing is remembered: an edited plan is derived again.
 */
export function deriveAdherence(input: AdherenceInput): Adherence {
  const { settings } = input;
  const stretches = mergeStretches(listStretches(input));
  const total = (isWanted: (stretch: AdherenceStretch) => boolean) =>
    stretches.filter(isWanted).reduce((sum, stretch) => sum + stretch.duration_ms, 0);
  const isPlanned = (stretch: AdherenceStretch) => isWithinPlan(input.shifts, stretch.start_time);
  const sums = {
    scheduled_ms: total(isPlanned),
    adherent_ms: total((stretch) => stretch.adherence === "adherent"),
    threshold_ms: total((stretch) => stretch.adherence === "using_thresholds"),
    threshold_outside_ms: total((stretch) => stretch.adherence === "using_thresholds" && !isPlanned(stretch)),
    non_adherent_ms: total((stretch) => stretch.adherence === "non_adherent"),
    unknown_ms: total((stretch) => stretch.adherence === "unknown" && isPlanned(stretch)),
  };
  return {
    agent_id: input.agentId,
    settings,
    stretches,
    ...sums,
    adherence: ratioOf(sums, settings),
    how:
      settings.formula === "2026"
        ? "adherent time, thresholds included, over adherent and non-adherent time; gaps left out; null without any"
        : "adherent time without thresholds over scheduled time; gaps left out; null without any",
  };
}

type Sums = Pick<Adherence, "scheduled_ms" | "adherent_ms" | "threshold_ms" | "non_adherent_ms" | "unknown_ms">;

function ratioOf(sums: Sums, settings: AdherenceSettings): number | null {
  const adherent = settings.formula === "2026" ? sums.adherent_ms + sums.threshold_ms : sums.adherent_ms;
  const whole = settings.formula === "2026" ? adherent + sums.non_adherent_ms : sums.scheduled_ms - sums.unknown_ms;
  return whole <= 0 ? null : adherent / whole;
}

interface LiveInput {
  /** The status at the instant and since when it lasts. */
  readonly status: StatusStretch;
  readonly shifts: readonly AdherenceShift[];
  readonly settings: AdherenceSettings;
}

/** Whether the agent keeps to the plan at the end of the status' stretch so far, and since when. */
export function deriveLiveAdherence({ status, shifts, settings }: LiveInput): LiveAdherence {
  // one millisecond more, so that what begins at this very instant counts
  const at = status.end_time;
  const until = unixMillis(at + 1);
  const input = { agentId: "", activity: [{ ...status, end_time: until }], shifts, settings };
  const judged = listStretches({ ...input, from: status.start_time, to: until }, true);
  const last = judged.at(-1);
  if (last === undefined) {
    return { adherence: "unscheduled", since_time: at, activity_name: null, is_productive: null };
  }
  let since = last.start_time;
  for (const stretch of judged.toReversed()) {
    if (stretch.adherence !== last.adherence || stretch.activity_name !== last.activity_name) break;
    since = stretch.start_time;
  }
  const { adherence, activity_name, is_productive } = last;
  return { adherence, since_time: since, activity_name, is_productive };
}

/** The span cut wherever the judgement could change. */
function listStretches(input: Omit<AdherenceInput, "agentId">, isWithUnscheduled = false): AdherenceStretch[] {
  const times = cutTimes(input);
  const stretches: AdherenceStretch[] = [];
  let next = 0;
  times.slice(0, -1).forEach((start, index) => {
    while ((input.activity[next]?.end_time ?? Number.POSITIVE_INFINITY) <= start) next++;
    const row = input.activity[next];
    const status = row !== undefined && row.start_time <= start ? row : undefined;
    const stretch = judge({ start, end: times[index + 1] ?? start }, status, input);
    if (stretch.adherence !== "unscheduled" || isWithUnscheduled) stretches.push(stretch);
  });
  return stretches;
}

function cutTimes({ from, to, activity, shifts }: Omit<AdherenceInput, "agentId">): UnixMillis[] {
  const cuts = [from, to, ...activity.flatMap((row) => [row.start_time, row.end_time]), ...shifts.flatMap(edgesOf)];
  return [...new Set(cuts)].filter((time) => time >= from && time <= to).sort((left, right) => left - right);
}

function edgesOf(shift: AdherenceShift): UnixMillis[] {
  return [
    shift.start_time,
    shift.end_time,
    unixMillis(shift.start_time - shift.start_early_ms),
    unixMillis(shift.start_time + shift.start_late_ms),
    unixMillis(shift.end_time - shift.end_early_ms),
    unixMillis(shift.end_time + shift.end_late_ms),
  ];
}

function judge(
  span: { readonly start: UnixMillis; readonly end: UnixMillis },
  status: StatusStretch | undefined,
  input: Pick<AdherenceInput, "shifts" | "settings">,
): AdherenceStretch {
  const { adherence, shift } = judgeAt(span.start, status, input);
  return {
    start_time: span.start,
    end_time: span.end,
    duration_ms: span.end - span.start,
    adherence,
    activity_name: shift?.activity_name ?? null,
    is_productive: shift?.is_productive ?? null,
    status_name: status?.status_name ?? null,
    record_ids: status?.record_ids ?? [],
  };
}

interface Judgement {
  readonly adherence: AdherenceName;
  readonly shift: AdherenceShift | undefined;
}

function judgeAt(
  time: UnixMillis,
  status: StatusStretch | undefined,
  { shifts, settings }: Pick<AdherenceInput, "shifts" | "settings">,
): Judgement {
  const planned = shifts.filter((shift) => shift.start_time <= time && time < shift.end_time);
  if (status === undefined || status.is_unknown) {
    return { adherence: planned.length === 0 ? "unscheduled" : "unknown", shift: planned[0] };
  }
  const kept = planned.find((shift) => isKept(shift, status, settings));
  if (kept !== undefined) return { adherence: "adherent", shift: kept };
  const overrun = shifts.find((shift) => isAround(shift, time) && isKept(shift, status, settings));
  const excused = overrun ?? planned.find((shift) => isExcused(shift, time));
  if (excused !== undefined) return { adherence: "using_thresholds", shift: planned[0] ?? excused };
  return { adherence: planned.length === 0 ? "unscheduled" : "non_adherent", shift: planned[0] };
}

/** Begun early or ended late, within the threshold. */
function isAround(shift: AdherenceShift, time: UnixMillis): boolean {
  const isEarly = time >= shift.start_time - shift.start_early_ms && time < shift.start_time;
  return isEarly || (time >= shift.end_time && time < shift.end_time + shift.end_late_ms);
}

/** Not yet begun or ended already, within the threshold. */
function isExcused(shift: AdherenceShift, time: UnixMillis): boolean {
  return time < shift.start_time + shift.start_late_ms || time >= shift.end_time - shift.end_early_ms;
}

function isKept(shift: AdherenceShift, status: StatusStretch, settings: AdherenceSettings): boolean {
  const isOffline = status.activity === "offline";
  if (shift.statuses.length > 0) {
    const name = isOffline && status.status_type !== "OFFLINE" ? "Offline" : status.status_name;
    return name !== null && shift.statuses.includes(name);
  }
  if (shift.is_productive) return !isOffline && status.status_type === "ROUTABLE";
  return isOffline ? settings.offline_is_non_productive : status.status_type !== "ROUTABLE";
}

function isWithinPlan(shifts: readonly AdherenceShift[], time: UnixMillis): boolean {
  return shifts.some((shift) => shift.start_time <= time && time < shift.end_time);
}

function mergeStretches(stretches: readonly AdherenceStretch[]): AdherenceStretch[] {
  const merged: AdherenceStretch[] = [];
  for (const stretch of stretches) {
    const last = merged.at(-1);
    if (last === undefined || !isContinued(last, stretch)) merged.push(stretch);
    else {
      const record_ids = [...new Set([...last.record_ids, ...stretch.record_ids])];
      const duration_ms = stretch.end_time - last.start_time;
      merged[merged.length - 1] = { ...last, end_time: stretch.end_time, duration_ms, record_ids };
    }
  }
  return merged;
}

function isContinued(last: AdherenceStretch, next: AdherenceStretch): boolean {
  return (
    last.end_time === next.start_time &&
    last.adherence === next.adherence &&
    last.activity_name === next.activity_name &&
    last.status_name === next.status_name
  );
}
