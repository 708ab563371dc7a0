import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { loadResultSchema, type LoadJob, type LoadResult } from "./load-job.ts";
import { processCpuSeconds, treeMemory } from "./process-memory.ts";
import { startServed } from "./served.ts";

/** What a server takes by HTTP, from the first byte of a request to the answer that its lines are on disk. */
export interface HttpFigure extends LoadResult {
  readonly name: string;
  readonly wanted: string;
  readonly linesPerSecond: number;
  /** Of the server's process alone. */
  readonly serverCpuSeconds: number;
  readonly linesPerServerCpuSecond: number;
  /** Resident memory of the server: at the end of the first fifth of the measured time, at its end, and at most. */
  readonly memory: { readonly earlyMegabytes: number; readonly lateMegabytes: number; readonly peakMegabytes: number };
}

export interface HttpBenchSize {
  readonly sustainedSeconds: number;
  readonly collectorSeconds: number;
}

const LINES_PER_REQUEST = 50;

/** Requests under way at once when as much is sent as is taken. */
const CONCURRENT = 256;

const COLLECTORS = 1000;
const COLLECTOR_EVERY_MS = 5000;
const WARM_MS = 5000;

const LOAD = fileURLToPath(new URL("./http-load.js", import.meta.url));

/** Posts CCP lines to a server process, from a load generator that is another. */
export async function measureHttp(
  command: string,
  folder: string,
  size: HttpBenchSize,
): Promise<readonly HttpFigure[]> {
  const job = { path: "/v1/ccp-logs", linesPerRequest: LINES_PER_REQUEST, warmMs: WARM_MS };
  return [
    await measure(command, join(folder, "sustained"), {
      name: `CCP lines by HTTP, ${LINES_PER_REQUEST} a request, ${CONCURRENT} at once`,
      wanted: "80,000 lines/s, p99 250 ms",
      job: { ...job, collectors: CONCURRENT, measuredMs: size.sustainedSeconds * 1000 },
    }),
    await measure(command, join(folder, "collectors"), {
      name: `${COLLECTORS} collectors, ${LINES_PER_REQUEST} lines every ${COLLECTOR_EVERY_MS / 1000} s, ${size.collectorSeconds} s`,
      wanted: "p99 150 ms, flat memory",
      job: {
        ...job,
        collectors: COLLECTORS,
        everyMs: COLLECTOR_EVERY_MS,
        warmMs: Math.max(WARM_MS, 2 * COLLECTOR_EVERY_MS),
        measuredMs: size.collectorSeconds * 1000,
      },
    }),
  ];
}

interface Measured {
  readonly name: string;
  readonly wanted: string;
  readonly job: Omit<LoadJob, "port" | "token">;
}

async function measure(command: string, data: string, what: Measured): Promise<HttpFigure> {
  const server = await startServed(command, data);
  try {
    const load = await runLoad(server.pid, { ...what.job, port: server.port, token: server.token });
    return {
      name: what.name,
      wanted: what.wanted,
      ...load,
      linesPerSecond: Math.round(load.lines / load.seconds),
      linesPerServerCpuSecond: Math.round(load.lines / load.serverCpuSeconds),
    };
  } finally {
    await server.stop();
  }
}

type ServedLoad = LoadResult & Pick<HttpFigure, "memory" | "serverCpuSeconds">;

async function runLoad(pid: number, job: LoadJob): Promise<ServedLoad> {
  const load = spawn(process.execPath, [LOAD, JSON.stringify(job)], { stdio: ["ignore", "pipe", "inherit"] });
  const samples: number[] = [];
  const sampler = setInterval(() => {
    void treeMemory(pid).then((megabytes) => samples.push(megabytes));
  }, 1000);
  let cpuBefore = 0;
  let serverCpuSeconds = 0;
  let measuredFrom = 0;
  let result: LoadResult | undefined;
  try {
    for await (const line of createInterface({ input: load.stdout })) {
      if (line === "measuring") {
        cpuBefore = await processCpuSeconds(pid);
        measuredFrom = samples.length;
      } else if (line === "measured") serverCpuSeconds = (await processCpuSeconds(pid)) - cpuBefore;
      else result = loadResultSchema.parse(JSON.parse(line));
    }
  } finally {
    clearInterval(sampler);
  }
  if (result === undefined) throw new Error("the load generator ended without a result");
  const measured = samples.slice(measuredFrom);
  const memory = {
    earlyMegabytes: measured[Math.floor(measured.length / 5)] ?? 0,
    lateMegabytes: measured.at(-1) ?? 0,
    peakMegabytes: Math.max(0, ...measured),
  };
  return { ...result, serverCpuSeconds, memory };
}

/** One line a figure. */
export function httpTable(figures: readonly HttpFigure[]): string {
  return figures
    .map(({ memory, ...figure }) =>
      [
        figure.name,
        `${count(figure.linesPerSecond)} lines/s`,
        `p50 ${figure.p50Ms} ms`,
        `p99 ${figure.p99Ms} ms`,
        `max ${figure.maxMs} ms`,
        `server ${figure.serverCpuSeconds.toFixed(1)} CPU s`,
        `client ${figure.cpuSeconds.toFixed(1)} CPU s`,
        `${count(figure.linesPerServerCpuSecond)} lines/server CPU s`,
        `memory ${memory.earlyMegabytes} -> ${memory.lateMegabytes} MB, peak ${memory.peakMegabytes}`,
        `wanted ${figure.wanted}`,
      ].join("   "),
    )
    .join("\n");
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}
