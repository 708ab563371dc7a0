import { spawn } from "node:child_process";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { SimulateReport } from "../simulate/simulate-settings.ts";
import { treeMemory } from "./process-memory.ts";

/** What `fourwire simulate` did in one run, through the command itself. */
export interface SimulateFigure {
  readonly name: string;
  readonly records: number;
  readonly megabytes: number;
  readonly seconds: number;
  readonly recordsPerSecond: number;
  /** Resident memory of the command and its processes together, at its highest. */
  readonly peakMegabytes: number;
  readonly wanted: string;
}

interface SimulateRun {
  readonly name: string;
  readonly flags: readonly string[];
  readonly wanted: string;
}

const MEMORY_SAMPLE_MS = 200;
/** Below so many records in all, the bench is a quick one. */
const FULL_RECORDS = 10_000_000;

/** The large run takes minutes and some 10 GB of disk; a quick bench takes an hour of it. */
function runsFor(total: number): readonly SimulateRun[] {
  const span = total >= FULL_RECORDS ? ["--days", "1"] : ["--duration", "1h"];
  return [
    {
      name: `1,000 agents, INFO, ${span.join(" ")}`,
      flags: ["--agents", "1000", "--level", "INFO", ...span],
      wanted: "50,000 records/s; a day within 300 s",
    },
    { name: "100 agents, TRACE, 1 h", flags: ["--agents", "100", "--duration", "1h"], wanted: "50,000 records/s" },
    { name: "8 agents, INFO, a day", flags: ["--agents", "8", "--level", "INFO", "--days", "1"], wanted: "" },
    {
      name: "8 agents, INFO, a week",
      flags: ["--agents", "8", "--level", "INFO", "--days", "7"],
      wanted: "the memory of a day",
    },
  ];
}

export async function measureSimulations(command: string, folder: string, total: number): Promise<SimulateFigure[]> {
  const figures: SimulateFigure[] = [];
  for (const { name, flags, wanted } of runsFor(total)) {
    const out = join(folder, "simulated");
    const { report, peakMegabytes } = await simulate(command, [...flags, "--out", out]);
    await rm(out, { recursive: true });
    figures.push({
      name,
      records: Object.values(report.records).reduce((sum, count) => sum + count, 0),
      megabytes: Math.round(report.bytes / 1e6),
      seconds: report.seconds,
      recordsPerSecond: report.records_per_second,
      peakMegabytes,
      wanted,
    });
  }
  return figures;
}

async function simulate(
  command: string,
  flags: readonly string[],
): Promise<{ report: SimulateReport; peakMegabytes: number }> {
  const child = spawn(process.execPath, [command, "simulate", ...flags, "--json"], {
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
  if (code !== 0) throw new Error(`the simulation ended with code ${code ?? "?"}`);
  const report: SimulateReport = JSON.parse(output);
  return { report, peakMegabytes: peak };
}

export function simulateTable(figures: readonly SimulateFigure[]): string {
  const lines = figures.map((figure) =>
    [
      figure.name.padEnd(34),
      figure.records.toLocaleString("en-US").padStart(11),
      String(figure.megabytes).padStart(7),
      figure.seconds.toFixed(1).padStart(8),
      figure.recordsPerSecond.toLocaleString("en-US").padStart(10),
      String(figure.peakMegabytes).padStart(8),
      figure.wanted,
    ].join(" "),
  );
  const head = "simulate                               records      MB  seconds  records/s  peak MB wanted";
  return [head, ...lines].join("\n");
}
