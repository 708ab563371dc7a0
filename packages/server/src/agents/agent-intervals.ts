import {
  AppError,
  BASE_INTERVAL_MS,
  deriveMetrics,
  inIso,
  localBoundaries,
  unixMillis,
  zoneOffset,
  type AgentInterval,
  type AgentIntervalName,
  type AgentIntervalRow,
  type AgentIntervalsResponse,
  type UnixMillis,
} from "@fourwire/core";
import type { Store } from "@fourwire/store";
import type { AgentSettings } from "./agent-settings.ts";

const INTERVAL_MS: Readonly<Record<AgentIntervalName, number>> = {
  "15m": BASE_INTERVAL_MS,
  "30m": 2 * BASE_INTERVAL_MS,
  "1h": 4 * BASE_INTERVAL_MS,
  "1d": 96 * BASE_INTERVAL_MS,
};

/** Rows in one answer; a day of 1,000 agents in quarters of an hour has 96,000. */
const MAX_ROWS = 200_000;

/** How long everybody's figures wait for records that are not worked in, and those of a few agents. */
const SETTLE_ALL_MS = 500;
const SETTLE_SOME_MS = 5000;

export interface IntervalsRequest {
  readonly from: number;
  readonly to: number;
  readonly interval: AgentIntervalName;
  readonly zone: string;
  /** Persons; undefined: everybody. */
  readonly personIds: readonly string[] | undefined;
}

/** What agents did in each interval of a span, from the table of quarters of an hour. */
export async function readIntervals(
  store: Store,
  settings: AgentSettings,
  request: IntervalsRequest,
): Promise<AgentIntervalsResponse> {
  const started = performance.now();
  const { personIds } = request;
  const edges = edgesOf(request);
  const settled = await store.agentDays.settle({
    agentIds: personIds,
    lastDate: new Date(request.to - 1).toISOString().slice(0, 10),
    budgetMs: personIds === undefined ? SETTLE_ALL_MS : SETTLE_SOME_MS,
  });
  const [sums, profiles] = await Promise.all([
    store.derived.sums(edges, personIds),
    store.derived.configurations({ personIds, from: request.from, to: request.to }),
  ]);
  const localOf = localClock(request.zone);
  const rows = sums.slice(0, MAX_ROWS).map((sum): AgentIntervalRow => {
    const configuration = profiles.get(sum.agent_id);
    return {
      ...inIso(sum),
      ...figuresOf(sum, settings),
      local_start_time: localOf(sum.start_time),
      local_end_time: localOf(sum.end_time),
      routing_profile_name: configuration?.routing_profile_name ?? null,
      hierarchy: configuration?.hierarchy ?? [],
    };
  });
  return {
    from_time: new Date(request.from).toISOString(),
    to_time: new Date(request.to).toISOString(),
    interval: request.interval,
    zone: request.zone,
    intervals: rows,
    settings: settings.metrics,
    is_partial: settled.pendingDays > 0,
    pending_days: settled.pendingDays,
    is_truncated: sums.length > MAX_ROWS,
    took_ms: Math.round(performance.now() - started),
  };
}

function edgesOf(request: IntervalsRequest): readonly UnixMillis[] {
  const span = { from: unixMillis(request.from), to: unixMillis(request.to) };
  try {
    return localBoundaries(span, INTERVAL_MS[request.interval], zoneOffset(request.zone));
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new AppError("parameter_invalid", cause.message, { cause });
  }
}

function figuresOf(
  sum: AgentInterval,
  settings: AgentSettings,
): Pick<AgentIntervalRow, "online_ms" | "handle_ms" | "occupancy"> {
  const { figures } = deriveMetrics({
    intervals: [sum],
    from: sum.start_time,
    to: sum.end_time,
    settings: settings.metrics,
  });
  return {
    online_ms: figures.online_time.value ?? 0,
    handle_ms: figures.handle_time.value ?? 0,
    occupancy: figures.occupancy.value,
  };
}

/** An instant as the clock of a zone shows it, with its offset: 2026-11-20T10:15:00+01:00. */
export function localClock(zone: string): (time: number) => string {
  const offset = zoneOffset(zone);
  return (time) => {
    const offsetMs = offset(unixMillis(time));
    const minutes = Math.abs(Math.round(offsetMs / 60_000));
    const sign = offsetMs < 0 ? "-" : "+";
    const text = `${sign}${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
    return `${new Date(time + offsetMs).toISOString().slice(0, 19)}${text}`;
  };
}
