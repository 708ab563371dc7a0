import { expect, test } from "vitest";
import type { ReceiverStatus } from "../receivers/receiver.ts";
import { ServerMetrics, type MetricFacts } from "./server-metrics.ts";

const RECEIVER: ReceiverStatus = {
  name: "agent events",
  type: "kinesis",
  state: "behind",
  detail: null,
  lastRecordTime: 1_763_629_200_000,
  lagMs: 61_500,
  recordsPerMinute: 16,
  appended: 12,
  duplicate: 3,
  rejected: 1,
  dropped: { control_message: 2 },
  gaps: [{ from: 1, to: 2, reason: "expired" }],
};

const FACTS: MetricFacts = {
  sources: [
    {
      source: "agent_event",
      record_count: 12,
      first_event_time: null,
      last_event_time: "2025-11-20T09:00:00.000Z",
      last_ingested_time: null,
      rejected_count: 1,
      state: "receiving",
    },
  ],
  receivers: [RECEIVER],
  canaries: new Map([
    [
      "agent events",
      {
        sent: 9,
        arrived: 7,
        lost: 1,
        lastSentTime: 1,
        lastArrivedTime: 1_763_629_200_000,
        lastLatencyMs: 1250,
        sendError: null,
      },
    ],
  ]),
  isStoreBusy: true,
  liveDropped: 7,
  wfm: { webhooks: [], feed: { readers: 0, slow_readers_closed: 0, sequence: 0, kept_events: 0, beat_ms: 15_000 } },
  slowReadersClosed: 2,
  refusedRequests: 3,
  waitingBytes: 4096,
  silentAgents: { agent_event: 1, ccp_log: 0 },
};

/** The lines of one metric, without its help. */
async function linesOf(metrics: ServerMetrics, facts: MetricFacts, name: string): Promise<readonly string[]> {
  return (await metrics.render(facts)).split("\n").filter((line) => line.startsWith(name));
}

test("a scrape tells each receiver's counts, lag, gaps and state", async () => {
  const metrics = new ServerMetrics();
  expect(await linesOf(metrics, FACTS, "fourwire_receiver_")).toEqual([
    'fourwire_receiver_records_total{receiver="agent events",type="kinesis",outcome="appended"} 12',
    'fourwire_receiver_records_total{receiver="agent events",type="kinesis",outcome="duplicate"} 3',
    'fourwire_receiver_records_total{receiver="agent events",type="kinesis",outcome="rejected"} 1',
    'fourwire_receiver_dropped_total{receiver="agent events",type="kinesis",reason="control_message"} 2',
    'fourwire_receiver_gaps_total{receiver="agent events",type="kinesis"} 1',
    'fourwire_receiver_lag_seconds{receiver="agent events",type="kinesis"} 61.5',
    'fourwire_receiver_last_record_timestamp_seconds{receiver="agent events",type="kinesis"} 1763629200',
    ...["starting", "waiting", "receiving", "behind", "failing", "denied", "stopped"].map(
      (state) =>
        `fourwire_receiver_state{receiver="agent events",type="kinesis",state="${state}"} ${state === "behind" ? 1 : 0}`,
    ),
  ]);
});

test("a scrape tells which canaries came back, how fast, and which did not", async () => {
  expect(await linesOf(new ServerMetrics(), FACTS, "fourwire_canary_")).toEqual([
    'fourwire_canary_total{receiver="agent events",outcome="sent"} 9',
    'fourwire_canary_total{receiver="agent events",outcome="arrived"} 7',
    'fourwire_canary_lost{receiver="agent events"} 1',
    'fourwire_canary_latency_seconds{receiver="agent events"} 1.25',
    'fourwire_canary_last_arrived_timestamp_seconds{receiver="agent events"} 1763629200',
  ]);
});

test("a second scrape repeats the counts, it does not add to them", async () => {
  const metrics = new ServerMetrics();
  await metrics.render(FACTS);
  expect(await linesOf(metrics, FACTS, "fourwire_live_dropped_records_total")).toEqual([
    "fourwire_live_dropped_records_total 7",
  ]);
});

test("a source that never had a record has no last time", async () => {
  expect(await linesOf(new ServerMetrics(), FACTS, "fourwire_source_")).toEqual([
    'fourwire_source_records{source="agent_event"} 12',
    'fourwire_source_rejected_records{source="agent_event"} 1',
    'fourwire_source_last_event_timestamp_seconds{source="agent_event"} 1763629200',
  ]);
});

test("requests are counted by route pattern and status", async () => {
  const metrics = new ServerMetrics();
  metrics.observeRequest({ method: "GET", route: "/v1/contacts/:id", status: 404, seconds: 0.02 });
  expect(await linesOf(metrics, FACTS, "fourwire_http_request_duration_seconds_count")).toEqual([
    'fourwire_http_request_duration_seconds_count{method="GET",route="/v1/contacts/:id",status="404"} 1',
  ]);
});

test("a scrape tells whether Live Tail is connected, of receivers that have it", async () => {
  const liveTail = { isConnected: true, sessionCount: 2, wakeCount: 40 };
  const facts = { ...FACTS, receivers: [RECEIVER, { ...RECEIVER, name: "flow logs", liveTail }] };
  expect(await linesOf(new ServerMetrics(), facts, "fourwire_receiver_live_tail_")).toEqual([
    'fourwire_receiver_live_tail_connected{receiver="flow logs",type="kinesis"} 1',
    'fourwire_receiver_live_tail_sessions_total{receiver="flow logs",type="kinesis"} 2',
    'fourwire_receiver_live_tail_wakes_total{receiver="flow logs",type="kinesis"} 40',
  ]);
});
