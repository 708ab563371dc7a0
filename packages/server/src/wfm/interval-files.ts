import {
  AppError,
  deriveContactMetrics,
  localBoundaries,
  newestRecords,
  unixMillis,
  zoneOffset,
  type AgentIntervalName,
  type ContactMetrics,
  type UnixMillis,
} from "@fourwire/core";
import type { QueueRecordRow, Store } from "@fourwire/store";
import { localClock, readIntervals } from "../agents/agent-intervals.ts";
import type { AgentSettings } from "../agents/agent-settings.ts";
import { csvText, intervalCsv } from "../agents/interval-csv.ts";

/** Intervals that planning tools read. */
export const FILE_INTERVALS = ["15m", "30m"] as const satisfies readonly AgentIntervalName[];

const INTERVAL_MS = { "15m": 900_000, "30m": 1_800_000 } as const;

/** Longest span of one file. */
const MAX_FILE_DAYS = 31;

/** How long a file waits for records that are not worked in yet. */
const SETTLE_MS = 60_000;

/** Contact records in one file. */
const MAX_RECORDS = 500_000;

export interface IntervalFileRequest {
  readonly from: number;
  /** Excluded. */
  readonly to: number;
  readonly interval: (typeof FILE_INTERVALS)[number];
  /** IANA name. */
  readonly zone: string;
}

/**
 * What agents did in each interval, as CSV. A file is whole or it is not made: throws `overload` while records of the
 * span are still being worked in, `parameter_invalid` where it has too many rows.
 */
export async function agentIntervalFile(
  store: Store,
  settings: AgentSettings,
  request: IntervalFileRequest,
): Promise<string> {
  requireSpan(request);
  await store.agentDays.settle({ lastDate: dateOf(request.to - 1), budgetMs: SETTLE_MS });
  const response = await readIntervals(store, settings, { ...request, personIds: undefined });
  if (response.is_partial) {
    throw new AppError("overload", `${response.pending_days} days of agents are still being worked in; ask again`, {
      retryable: true,
      details: { retryAfterS: 30 },
    });
  }
  if (response.is_truncated) throw tooMuch("rows");
  return intervalCsv(response);
}

export interface QueueFileRequest extends IntervalFileRequest {
  /** Seconds within which a contact must have left the queue. */
  readonly serviceLevelSeconds: number;
}

interface QueueInterval {
  readonly queueId: string;
  readonly queueName: string | null;
  readonly channel: string | null;
  readonly start: UnixMillis;
  readonly end: UnixMillis;
  readonly records: QueueRecordRow[];
}

/**
 * Volumes of each queue and channel in each interval, from contact records: as Amazon does, a contact counts, with its
 * whole durations, in the interval in which it was disconnected.
 */
export async function queueIntervalFile(
  store: Store,
  settings: AgentSettings,
  request: QueueFileRequest,
): Promise<string> {
  requireSpan(request);
  const edges = edgesOf(request);
  const range = { from: edges[0] ?? request.from, to: edges.at(-1) ?? request.to };
  const records = await store.wfm.queueRecords(range, MAX_RECORDS + 1);
  if (records.length > MAX_RECORDS) throw tooMuch("contact records");
  const localOf = localClock(request.zone);
  const rows = intervalsOf(records, edges).map((interval) => {
    const metrics = deriveContactMetrics({
      records: interval.records,
      settings: settings.metrics,
      serviceLevelSeconds: request.serviceLevelSeconds,
    });
    return [
      interval.queueId,
      interval.queueName,
      interval.channel,
      new Date(interval.start).toISOString(),
      new Date(interval.end).toISOString(),
      localOf(interval.start),
      localOf(interval.end),
      request.zone,
      ...QUEUE_FIGURES.map((name) => figureText(metrics, name)),
    ];
  });
  return csvText([[...QUEUE_HEAD, ...QUEUE_FIGURES.map(figureName)], ...rows]);
}

const QUEUE_HEAD = [
  "queue_id",
  "queue_name",
  "channel",
  "start_time_utc",
  "end_time_utc",
  "start_time_local",
  "end_time_local",
  "zone",
];

const QUEUE_FIGURES = [
  "contacts_queued",
  "contacts_handled",
  "contacts_abandoned",
  "contacts_answered_in_time",
  "contacts_abandoned_in_time",
  "service_level",
  "abandonment_rate",
  "average_queue_answer_time",
  "average_queue_abandon_time",
  "interaction_time",
  "hold_time",
  "after_contact_work_time",
  "handle_time",
  "average_handle_time",
] as const satisfies readonly (keyof ContactMetrics["figures"])[];

/** Times are in seconds, and say so. */
function figureName(name: (typeof QUEUE_FIGURES)[number]): string {
  return name.endsWith("_time") && !name.endsWith("in_time") ? `${name}_s` : name;
}

function figureText(metrics: ContactMetrics, name: (typeof QUEUE_FIGURES)[number]): string | number | null {
  const { value, unit } = metrics.figures[name];
  if (value === null) return null;
  if (unit === "ms") return (value / 1000).toFixed(3);
  return unit === "ratio" ? value.toFixed(4) : value;
}

/** Newest records by queue, channel and the interval of their end, in order of queue, channel and time. */
function intervalsOf(records: readonly QueueRecordRow[], edges: readonly UnixMillis[]): readonly QueueInterval[] {
  const newest = new Set(newestRecords(records).map((record) => record.record_id));
  const found = new Map<string, QueueInterval>();
  for (const record of records) {
    if (record.disconnect_time == null || !newest.has(record.record_id)) continue;
    const place = lastAtOrBefore(edges, record.disconnect_time);
    const [start, end] = [edges[place], edges[place + 1]];
    if (start === undefined || end === undefined) continue;
    const channel = record.channel ?? null;
    const queueId = record.queue_id ?? "";
    const key = JSON.stringify([queueId, channel, start]);
    const held = found.get(key);
    if (held === undefined)
      found.set(key, { queueId, queueName: record.queue_name, channel, start, end, records: [record] });
    else held.records.push(record);
  }
  return [...found.values()].sort(
    (left, right) =>
      compare(left.queueId, right.queueId) ||
      compare(left.channel ?? "", right.channel ?? "") ||
      left.start - right.start,
  );
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Index of the last edge at or before the instant; -1 before the first. */
function lastAtOrBefore(edges: readonly number[], time: number): number {
  let [low, high] = [0, edges.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((edges[middle] ?? 0) <= time) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function edgesOf(request: IntervalFileRequest): readonly UnixMillis[] {
  const span = { from: unixMillis(request.from), to: unixMillis(request.to) };
  try {
    return localBoundaries(span, INTERVAL_MS[request.interval], zoneOffset(request.zone));
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new AppError("parameter_invalid", cause.message, { cause });
  }
}

function requireSpan(request: IntervalFileRequest): void {
  if (request.to - request.from > MAX_FILE_DAYS * 86_400_000)
    throw new AppError("parameter_invalid", `the span is longer than ${MAX_FILE_DAYS} days; ask for less`);
}

function tooMuch(what: string): AppError {
  return new AppError("parameter_invalid", `the span has too many ${what} for one file; ask for less`);
}

function dateOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
