import { spawn } from "node:child_process";
import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { openStore } from "../cli/open-store.ts";
import type { ImportReport } from "../import/import-files.ts";
import { measureAgents, type AgentBenchSize, type AgentFigure } from "./agent-figures.ts";
import { BENCH_SOURCES, writeBenchFiles, type BenchSource } from "./bench-files.ts";
import { deliveryTable, measureFirehose, type DeliveryFigure } from "./delivery-figures.ts";
import { httpTable, measureHttp, type HttpBenchSize } from "./http-figures.ts";
import { measureKinesis } from "./kinesis-figure.ts";
import { measureReceiving, type ReceiveFigure } from "./receive-figure.ts";
import { treeMemory } from "./process-memory.ts";
import { measureReads, type ReadFigure } from "./read-figures.ts";
import { measureSimulations, simulateTable } from "./simulate-figures.ts";

// `npm run bench`: imports through the command itself, then reads from what it stored. Figures are those of one run on
// one machine; run it twice before believing a difference.

interface ImportFigure {
  readonly source: BenchSource;
  readonly records: number;
  readonly megabytes: number;
  readonly seconds: number;
  readonly recordsPerSecond: number;
  readonly wanted: number;
  /** Resident memory of the command and its processes together, at its highest. */
  readonly peakMegabytes: number;
}

/** What each source has to reach on two cores. */
const WANTED: Readonly<Record<BenchSource, number>> = {
  ccp_log: 150_000,
  flow_log: 120_000,
  agent_event: 20_000,
  cloudtrail: 50_000,
};

/** Share of each source in the store that is read from. */
const SHARES: Readonly<Record<BenchSource, number>> = {
  ccp_log: 0.6,
  flow_log: 0.3,
  cloudtrail: 0.07,
  agent_event: 0.03,
};

const COMMAND = fileURLToPath(new URL("../../bin/fourwire.cjs", import.meta.url));
const DAY_MS = 86_400_000;
const DAYS = 10;
const CONTACT_MS = 120_000;
const RECORDS_PER_CONTACT = 30;
const MEMORY_SAMPLE_MS = 100;

const { values: flags } = parseArgs({
  options: {
    records: { type: "string", default: "10000000" },
    out: { type: "string", default: "bench.json" },
    // everything, or one part: `agents` (tables and live board), `http` (what is posted), `deliveries` (Firehose, Kinesis)
    only: { type: "string", default: "all" },
    // how long 1,000 collectors send; issue 3 promises flat memory over 600
    "collector-seconds": { type: "string", default: "60" },
    "http-seconds": { type: "string", default: "20" },
    "live-agents": { type: "string", default: "10000" },
  },
});

const agentSize: AgentBenchSize = {
  derivedAgents: 200,
  liveAgents: Number(flags["live-agents"]),
  tableAgents: 1000,
  tableDays: 30,
};

const httpSize: HttpBenchSize = {
  sustainedSeconds: Number(flags["http-seconds"]),
  collectorSeconds: Number(flags["collector-seconds"]),
};

if (flags.only === "all") await run(Number(flags.records), flags.out);
else await runOnly(flags.only);

async function runOnly(part: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "fourwire-bench-"));
  try {
    if (part === "agents") print(agentTable(await measureAgents(folder, agentSize)));
    else if (part === "http") print(httpTable(await measureHttp(COMMAND, folder, httpSize)));
    else if (part === "deliveries") print(deliveryTable(await measureDeliveries(folder)));
    else throw new Error(`--only ${part} is not known; all, agents, http and deliveries are`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Firehose, and Kinesis where its emulator is installed. */
async function measureDeliveries(folder: string): Promise<readonly DeliveryFigure[]> {
  const kinesis = await measureKinesis(COMMAND, join(folder, "kinesis"));
  return [await measureFirehose(COMMAND, folder), ...(kinesis === undefined ? [] : [kinesis])];
}

async function run(total: number, outPath: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "fourwire-bench-"));
  try {
    const data = join(folder, "data");
    const imports: ImportFigure[] = [];
    // about 30 records a contact, each of two minutes
    const contacts = Math.max(1, Math.round(total / RECORDS_PER_CONTACT / ((DAYS * DAY_MS) / CONTACT_MS)));
    for (const source of BENCH_SOURCES) {
      imports.push(await importSource({ folder, data, source, count: Math.round(total * SHARES[source]), contacts }));
      print(importTable(imports.slice(-1), imports.length === 1));
    }
    const store = await openStore({ path: data, command: "bench" });
    const from = firstTime();
    const reads = await measureReads(store, { from, to: from + DAYS * DAY_MS }, contacts);
    const receive = await measureReceiving(store, from + DAYS * DAY_MS);
    await store.close();
    print(readTable(reads, total));
    await rm(data, { recursive: true });
    const simulations = await measureSimulations(COMMAND, folder, total);
    print(simulateTable(simulations));
    print(receiveLine(receive));
    const agents = await measureAgents(join(folder, "agents"), agentSize);
    print(agentTable(agents));
    const http = await measureHttp(COMMAND, join(folder, "http"), httpSize);
    print(httpTable(http));
    const deliveries = await measureDeliveries(join(folder, "deliveries"));
    print(deliveryTable(deliveries));
    const machine = {
      cores: cpus().length,
      model: cpus()[0]?.model ?? "unknown",
      memoryGigabytes: Math.round(totalmem() / 2 ** 30),
      node: process.version,
    };
    await writeFile(
      outPath,
      `${JSON.stringify({ time: new Date().toISOString(), machine, imports, reads, receive, agents, http, deliveries }, undefined, 2)}\n`,
    );
    print(`written to ${outPath}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The records lie in closed days, as those of an import mostly do. */
function firstTime(): number {
  return Math.floor(Date.now() / DAY_MS) * DAY_MS - (DAYS + 3) * DAY_MS;
}

interface SourceRun {
  readonly folder: string;
  readonly data: string;
  readonly source: BenchSource;
  readonly count: number;
  readonly contacts: number;
}

async function importSource(part: SourceRun): Promise<ImportFigure> {
  const files = join(part.folder, part.source);
  const stepMs = (DAYS * DAY_MS) / part.count;
  await writeBenchFiles(files, part.source, { count: part.count, from: firstTime(), stepMs, contacts: part.contacts });
  const megabytes = await sizeOf(files);
  const { report, peakMegabytes } = await runImport(files, part.data);
  await rm(files, { recursive: true });
  const appended = report.records[part.source]?.appended ?? 0;
  if (appended !== part.count)
    throw new Error(`expected ${part.count} ${part.source} records, ${appended} were stored`);
  return {
    source: part.source,
    records: part.count,
    megabytes,
    seconds: report.seconds,
    recordsPerSecond: Math.round(appended / report.seconds),
    wanted: WANTED[part.source],
    peakMegabytes,
  };
}

async function sizeOf(folder: string): Promise<number> {
  let bytes = 0;
  for (const name of await readdir(folder)) bytes += (await stat(join(folder, name))).size;
  return Math.round(bytes / 1e6);
}

async function runImport(path: string, data: string): Promise<{ report: ImportReport; peakMegabytes: number }> {
  const child = spawn(process.execPath, [COMMAND, "import", path, "--data", data, "--json"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  let peak = 0;
  const sampler = setInterval(() => {
    void treeMemory(child.pid ?? 0).then((megabytes) => (peak = Math.max(peak, megabytes)));
  }, MEMORY_SAMPLE_MS);
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  clearInterval(sampler);
  if (code !== 0) throw new Error(`the import ended with code ${code ?? "?"}`);
  return { report: JSON.parse(output) as ImportReport, peakMegabytes: peak };
}

function importTable(figures: readonly ImportFigure[], withHead: boolean): string {
  const head = "source          records        MB   seconds   records/s    wanted   peak MB";
  const lines = figures.map((figure) =>
    [
      figure.source.padEnd(12),
      figure.records.toLocaleString("en-US").padStart(11),
      String(figure.megabytes).padStart(9),
      figure.seconds.toFixed(1).padStart(9),
      figure.recordsPerSecond.toLocaleString("en-US").padStart(11),
      figure.wanted.toLocaleString("en-US").padStart(9),
      String(figure.peakMegabytes).padStart(9),
    ].join(" "),
  );
  return [...(withHead ? [head] : []), ...lines].join("\n");
}

function readTable(figures: readonly ReadFigure[], total: number): string {
  const lines = figures.map(
    (figure) =>
      `${figure.name.padEnd(34)} p50 ${figure.p50Ms.toFixed(1).padStart(8)} ms   p99 ${figure.p99Ms.toFixed(1).padStart(8)} ms   wanted ${figure.wantedMs} ms`,
  );
  return [`reads among ${total.toLocaleString("en-US")} records, warm`, ...lines].join("\n");
}

function receiveLine(figure: ReceiveFigure): string {
  const records = figure.recordsPerSecond.toLocaleString("en-US");
  return `receiving agent events, full batches   ${records} records/s   ${figure.megabytesPerSecond} MB/s   longest turn ${figure.longestTurnMs} ms`;
}

function agentTable(figures: readonly AgentFigure[]): string {
  return figures
    .map(
      (figure) =>
        `${figure.name.padEnd(60)} ${figure.value.toLocaleString("en-US").padStart(9)} ${figure.unit.padEnd(8)} wanted ${figure.wanted.toLocaleString("en-US")}`,
    )
    .join("\n");
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
