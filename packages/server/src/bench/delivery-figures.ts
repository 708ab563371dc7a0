import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { benchRecords, WRITERS } from "./bench-records.ts";
import { headOf } from "./ccp-collector.ts";
import { HttpConnection } from "./http-connection.ts";
import { processCpuSeconds } from "./process-memory.ts";
import { startServed } from "./served.ts";

/** What a server takes of agent events that Amazon delivers. */
export interface DeliveryFigure {
  readonly name: string;
  readonly records: number;
  readonly recordsPerSecond: number;
  /** As sent: JSON and base64 included. */
  readonly megabytesPerSecond: number;
  readonly recordsPerServerCpuSecond: number;
  /** Of a delivery, from its first byte to the answer; undefined where nothing is answered. */
  readonly p50Ms?: number;
  readonly p99Ms?: number;
}

const DELIVERY_BYTES = 1024 * 1024;
const DELIVERIES = 48;

/** Firehose sends several deliveries of one stream at once. */
const CONNECTIONS = 4;

const EVENT_STEP_MS = 20;

/** Firehose deliveries of 1 MiB to its HTTP endpoint. */
export async function measureFirehose(command: string, folder: string): Promise<DeliveryFigure> {
  const server = await startServed(command, join(folder, "firehose"));
  try {
    const target = { path: "/v1/firehose/agent_event", token: server.token };
    const { requests, records } = deliveries(target);
    const connections: HttpConnection[] = [];
    for (let index = 0; index < CONNECTIONS; index++) connections.push(await HttpConnection.open(server.port));
    const bytes = requests.reduce((sum, request) => sum + request.length, 0);
    const times: number[] = [];
    const cpuBefore = await processCpuSeconds(server.pid);
    const started = performance.now();
    await Promise.all(
      connections.map(async (connection) => {
        for (let request = requests.pop(); request !== undefined; request = requests.pop()) {
          const sent = performance.now();
          const answer = await connection.send(request);
          if (answer.status !== 200) throw new Error(`a delivery was answered ${answer.status}: ${answer.text}`);
          times.push(performance.now() - sent);
        }
        connection.close();
      }),
    );
    const seconds = (performance.now() - started) / 1000;
    const cpu = (await processCpuSeconds(server.pid)) - cpuBefore;
    times.sort((left, right) => left - right);
    return {
      name: `Firehose, agent events, deliveries of 1 MiB, ${CONNECTIONS} at once`,
      records,
      recordsPerSecond: Math.round(records / seconds),
      megabytesPerSecond: Math.round(bytes / 1e5 / seconds) / 10,
      recordsPerServerCpuSecond: Math.round(records / cpu),
      p50Ms: Math.round(times[Math.floor(times.length * 0.5)] ?? 0),
      p99Ms: Math.round(times[Math.floor(times.length * 0.99)] ?? 0),
    };
  } finally {
    await server.stop();
  }
}

function deliveries(target: { readonly path: string; readonly token: string }): {
  readonly requests: Buffer[];
  readonly records: number;
} {
  const requests: Buffer[] = [];
  let records = 0;
  for (let delivery = 0; delivery < DELIVERIES; delivery++) {
    const from = Date.now() - (DELIVERIES - delivery) * 1000;
    const span = { count: DELIVERY_BYTES, from, stepMs: EVENT_STEP_MS, contacts: 200 };
    const encoded: { readonly data: string }[] = [];
    let bytes = 0;
    for (const text of benchRecords(WRITERS.agent_event, span, records)) {
      const data = Buffer.from(text).toString("base64");
      bytes += data.length;
      if (bytes > DELIVERY_BYTES) break;
      encoded.push({ data });
    }
    records += encoded.length;
    const body = JSON.stringify({ requestId: randomUUID(), timestamp: Date.now(), records: encoded });
    requests.push(Buffer.from(headOf(target, body.length) + body));
  }
  return { requests, records };
}

/** One line a figure. */
export function deliveryTable(figures: readonly DeliveryFigure[]): string {
  return figures
    .map((figure) =>
      [
        figure.name,
        `${figure.recordsPerSecond.toLocaleString("en-US")} records/s`,
        `${figure.megabytesPerSecond} MB/s`,
        `${figure.recordsPerServerCpuSecond.toLocaleString("en-US")} records/server CPU s`,
        ...(figure.p99Ms === undefined ? [] : [`p50 ${figure.p50Ms} ms`, `p99 ${figure.p99Ms} ms`]),
      ].join("   "),
    )
    .join("\n");
}
