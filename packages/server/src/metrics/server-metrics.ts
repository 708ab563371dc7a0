import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";
import type { SourceStatus, WfmStatusResponse } from "@fourwire/core";
import type { CanaryStatus } from "../receivers/canary/canary-watch.ts";
import type { ReceiverState, ReceiverStatus } from "../receivers/receiver.ts";
import { describeWfm } from "./wfm-metrics.ts";

/** What a scrape tells, read at that moment. */
export interface MetricFacts {
  readonly sources: readonly SourceStatus[];
  readonly receivers: readonly ReceiverStatus[];
  /** By receiver; those without canaries are not in it. */
  readonly canaries: ReadonlyMap<string, CanaryStatus>;
  /** True while the store asks callers to hold back. */
  readonly isStoreBusy: boolean;
  /** Records that live readers were not sent because they did not keep up, since the start. */
  readonly liveDropped: number;
  readonly wfm: WfmStatusResponse;
  readonly slowReadersClosed: number;
  /** Requests answered with 503 before their body was taken, since the start. */
  readonly refusedRequests: number;
  readonly waitingBytes: number;
  /** Agents that are logged in and not heard of any more, by wire. */
  readonly silentAgents: Readonly<Record<string, number>>;
}

const RECEIVER_STATES: readonly ReceiverState[] = [
  "starting",
  "waiting",
  "receiving",
  "behind",
  "failing",
  "denied",
  "stopped",
];

/** Seconds; ingest answers within milliseconds, look-ups within tens, queries within seconds. */
const DURATION_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/**
 * The server's metrics in Prometheus' text format, named and with base units as its conventions have it
 * (https://prometheus.io/docs/practices/naming/, read 2026-11-25). Labels come from the configuration, the six sources
 * and route patterns only, so their number is bounded; no personal data is among them.
 */
export class ServerMetrics {
  readonly #registry = new Registry();
  readonly #requests: Histogram;

  constructor() {
    collectDefaultMetrics({ register: this.#registry, prefix: "fourwire_" });
    this.#requests = new Histogram({
      name: "fourwire_http_request_duration_seconds",
      help: "Time from a request to the end of its answer, by route pattern.",
      labelNames: ["method", "route", "status"],
      buckets: DURATION_BUCKETS,
      registers: [this.#registry],
    });
  }

  /** `route` is the pattern, such as `/v1/contacts/:id`, never the address asked for. */
  observeRequest(request: {
    readonly method: string;
    readonly route: string;
    readonly status: number;
    readonly seconds: number;
  }): void {
    const { method, route, status, seconds } = request;
    this.#requests.observe({ method, route, status: String(status) }, seconds);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** Everything as text; figures of sources and receivers are those of `facts`. */
  async render(facts: MetricFacts): Promise<string> {
    // made anew at each scrape, so that a receiver or reason that is gone leaves no stale figure behind
    const registry = new Registry();
    describeSources(registry, facts.sources);
    describeReceivers(registry, facts.receivers);
    describeLiveTails(registry, facts.receivers);
    describeCanaries(registry, facts.canaries);
    describeStore(registry, facts);
    describeWfm(registry, facts.wfm);
    return `${await this.#registry.metrics()}\n${await registry.metrics()}`;
  }
}

function describeSources(registry: Registry, sources: readonly SourceStatus[]): void {
  const records = gauge(registry, "fourwire_source_records", "Records stored, by source.", ["source"]);
  const rejected = gauge(registry, "fourwire_source_rejected_records", "Rejected records kept, by source.", ["source"]);
  const lastEvent = gauge(
    registry,
    "fourwire_source_last_event_timestamp_seconds",
    "Event time of the newest record, by source; absent before the first.",
    ["source"],
  );
  const lastIngested = gauge(
    registry,
    "fourwire_source_last_ingested_timestamp_seconds",
    "When the newest record was stored, by source; absent before the first.",
    ["source"],
  );
  for (const status of sources) {
    const labels = { source: status.source };
    records.set(labels, status.record_count);
    rejected.set(labels, status.rejected_count);
    if (status.last_event_time !== null) lastEvent.set(labels, Date.parse(status.last_event_time) / 1000);
    if (status.last_ingested_time !== null) lastIngested.set(labels, Date.parse(status.last_ingested_time) / 1000);
  }
}

function describeReceivers(registry: Registry, receivers: readonly ReceiverStatus[]): void {
  const labelNames = ["receiver", "type"] as const;
  const records = counter(
    registry,
    "fourwire_receiver_records_total",
    "Records a receiver took, by what became of them.",
    [...labelNames, "outcome"],
  );
  const dropped = counter(
    registry,
    "fourwire_receiver_dropped_total",
    "What a receiver left out on purpose, by reason.",
    [...labelNames, "reason"],
  );
  const gaps = counter(registry, "fourwire_receiver_gaps_total", "Holes that can no longer be filled.", labelNames);
  const lag = gauge(registry, "fourwire_receiver_lag_seconds", "How far a receiver is behind its source.", labelNames);
  const last = gauge(
    registry,
    "fourwire_receiver_last_record_timestamp_seconds",
    "When a receiver last took a record; absent before the first.",
    labelNames,
  );
  const state = gauge(registry, "fourwire_receiver_state", "1 for the state a receiver is in, 0 for the others.", [
    ...labelNames,
    "state",
  ]);
  for (const status of receivers) {
    const labels = { receiver: status.name, type: status.type };
    records.inc({ ...labels, outcome: "appended" }, status.appended);
    records.inc({ ...labels, outcome: "duplicate" }, status.duplicate);
    records.inc({ ...labels, outcome: "rejected" }, status.rejected);
    for (const [reason, count] of Object.entries(status.dropped)) dropped.inc({ ...labels, reason }, count);
    gaps.inc(labels, status.gaps.length);
    if (status.lagMs !== null) lag.set(labels, status.lagMs / 1000);
    if (status.lastRecordTime !== null) last.set(labels, status.lastRecordTime / 1000);
    for (const one of RECEIVER_STATES) state.set({ ...labels, state: one }, one === status.state ? 1 : 0);
  }
}

/** Receivers without Live Tail are not among them. */
function describeLiveTails(registry: Registry, receivers: readonly ReceiverStatus[]): void {
  const labelNames = ["receiver", "type"] as const;
  const connected = gauge(
    registry,
    "fourwire_receiver_live_tail_connected",
    "1 while a Live Tail session tells the receiver when to read.",
    labelNames,
  );
  const sessions = counter(
    registry,
    "fourwire_receiver_live_tail_sessions_total",
    "Live Tail sessions that were begun.",
    labelNames,
  );
  const wakes = counter(
    registry,
    "fourwire_receiver_live_tail_wakes_total",
    "How often Live Tail told that there is something to read.",
    labelNames,
  );
  for (const { name, type, liveTail } of receivers) {
    if (liveTail === undefined) continue;
    const labels = { receiver: name, type };
    connected.set(labels, liveTail.isConnected ? 1 : 0);
    sessions.inc(labels, liveTail.sessionCount);
    wakes.inc(labels, liveTail.wakeCount);
  }
}

function describeCanaries(registry: Registry, canaries: ReadonlyMap<string, CanaryStatus>): void {
  const total = counter(registry, "fourwire_canary_total", "Canaries of a receiver, by what became of them.", [
    "receiver",
    "outcome",
  ]);
  const lost = gauge(registry, "fourwire_canary_lost", "Canaries sent and not back in time.", ["receiver"]);
  const latency = gauge(registry, "fourwire_canary_latency_seconds", "From sending to storing, of the last one back.", [
    "receiver",
  ]);
  const last = gauge(
    registry,
    "fourwire_canary_last_arrived_timestamp_seconds",
    "When the last canary came back; absent before the first.",
    ["receiver"],
  );
  for (const [receiver, canary] of canaries) {
    total.inc({ receiver, outcome: "sent" }, canary.sent);
    total.inc({ receiver, outcome: "arrived" }, canary.arrived);
    lost.set({ receiver }, canary.lost);
    if (canary.lastLatencyMs !== null) latency.set({ receiver }, canary.lastLatencyMs / 1000);
    if (canary.lastArrivedTime !== null) last.set({ receiver }, canary.lastArrivedTime / 1000);
  }
}

function describeStore(registry: Registry, facts: MetricFacts): void {
  gauge(registry, "fourwire_store_busy", "1 while more waits to be stored than one commit takes.", []).set(
    facts.isStoreBusy ? 1 : 0,
  );
  counter(
    registry,
    "fourwire_live_dropped_records_total",
    "Records not sent to live readers that fell behind.",
    [],
  ).inc(facts.liveDropped);
  counter(registry, "fourwire_live_slow_readers_total", "Live readers cut off because they did not keep up.", []).inc(
    facts.slowReadersClosed,
  );
  counter(registry, "fourwire_refused_requests_total", "Requests refused for overload or a full disk.", []).inc(
    facts.refusedRequests,
  );
  gauge(registry, "fourwire_waiting_bytes", "Bytes of requests that are being received or stored.", []).set(
    facts.waitingBytes,
  );
  const silent = gauge(
    registry,
    "fourwire_silent_agents",
    "Agents that are logged in and are not heard of any more, by wire.",
    ["source"],
  );
  for (const [source, count] of Object.entries(facts.silentAgents)) silent.set({ source }, count);
}

function gauge<Label extends string>(
  registry: Registry,
  name: string,
  help: string,
  labelNames: readonly Label[],
): Gauge<Label> {
  return new Gauge({ name, help, labelNames, registers: [registry] });
}

function counter<Label extends string>(
  registry: Registry,
  name: string,
  help: string,
  labelNames: readonly Label[],
): Counter<Label> {
  return new Counter({ name, help, labelNames, registers: [registry] });
}
