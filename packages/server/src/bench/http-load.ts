import { setTimeout as sleep } from "node:timers/promises";
import { CcpCollector } from "./ccp-collector.ts";
import { HttpConnection, type HttpAnswer } from "./http-connection.ts";
import { loadJobSchema, type LoadJob, type LoadResult } from "./load-job.ts";

// The load generator, a process of its own as a user's would be: `node http-load.js '<job as JSON>'`. It writes a line
// when the measured time begins, waits for nothing, and writes its result as JSON when it has ended.

/** What the measured time collects. */
class Measurement {
  readonly times: number[] = [];
  late = 0;
  isRunning = false;
  isOver = false;
}

if (process.argv[2] !== undefined) {
  const job = loadJobSchema.parse(JSON.parse(process.argv[2]));
  process.stdout.write(`${JSON.stringify(await runLoad(job))}\n`);
  process.exit(0);
}

async function runLoad(job: LoadJob): Promise<LoadResult> {
  const measurement = new Measurement();
  const connections: HttpConnection[] = [];
  for (let index = 0; index < job.collectors; index++) connections.push(await HttpConnection.open(job.port));
  const running = connections.map((connection, index) => {
    const collector = new CcpCollector(index, job);
    return job.everyMs === undefined
      ? sendAtOnce(connection, collector, job, measurement)
      : sendRegularly({ connection, collector, everyMs: job.everyMs, phase: index / job.collectors }, job, measurement);
  });
  const failed = Promise.all(running);
  await Promise.race([sleep(job.warmMs), failed]);
  process.stdout.write("measuring\n");
  measurement.isRunning = true;
  const cpuBefore = process.cpuUsage();
  const started = performance.now();
  await Promise.race([sleep(job.measuredMs), failed]);
  measurement.isRunning = false;
  const seconds = (performance.now() - started) / 1000;
  const cpu = process.cpuUsage(cpuBefore);
  process.stdout.write("measured\n");
  measurement.isOver = true;
  await failed;
  const times = measurement.times.toSorted((left, right) => left - right);
  return {
    requests: times.length,
    lines: times.length * job.linesPerRequest,
    seconds,
    p50Ms: quantile(times, 0.5),
    p99Ms: quantile(times, 0.99),
    maxMs: quantile(times, 1),
    cpuSeconds: (cpu.user + cpu.system) / 1e6,
    late: measurement.late,
  };
}

async function sendAtOnce(
  connection: HttpConnection,
  collector: CcpCollector,
  job: LoadJob,
  measurement: Measurement,
): Promise<void> {
  while (!measurement.isOver) {
    const started = performance.now();
    requireStored(await connection.send(collector.next(Date.now())), job.linesPerRequest);
    if (measurement.isRunning) measurement.times.push(performance.now() - started);
  }
  connection.close();
}

/** Measured from the moment a request was due: one that had to wait for the answer before it is not made to look quick. */
async function sendRegularly(
  sender: {
    readonly connection: HttpConnection;
    readonly collector: CcpCollector;
    readonly everyMs: number;
    readonly phase: number;
  },
  job: LoadJob,
  measurement: Measurement,
): Promise<void> {
  const { connection, collector, everyMs } = sender;
  let due = performance.now() + sender.phase * everyMs;
  while (!measurement.isOver) {
    const waitMs = due - performance.now();
    if (waitMs > 0) await sleep(waitMs);
    else measurement.late++;
    requireStored(await connection.send(collector.next(Date.now())), job.linesPerRequest);
    if (measurement.isRunning) measurement.times.push(performance.now() - due);
    due += everyMs;
  }
  connection.close();
}

function requireStored(answer: HttpAnswer, lines: number): void {
  if (answer.status === 200 && answer.text.includes(`"appended":${lines},`)) return;
  throw new Error(`expected ${lines} stored lines, got ${answer.status}: ${answer.text.slice(0, 300)}`);
}

/** Of sorted values. */
function quantile(sorted: readonly number[], share: number): number {
  return Math.round((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0) * 10) / 10;
}
