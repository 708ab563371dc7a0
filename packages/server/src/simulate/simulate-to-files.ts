import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "@fourwire/core";
import { placesOf } from "@fourwire/simulator";
import { FileOutput } from "./file-output.ts";
import { runPlaces, type RunCounts } from "./run-places.ts";
import type { SimulateProgress, SimulateReport, SimulateSettings } from "./simulate-settings.ts";

export interface SimulateToFilesOptions {
  readonly settings: SimulateSettings;
  readonly directory: string;
  readonly onProgress: (progress: SimulateProgress) => void;
}

const TRUTH_FILE = "truth.ndjson";

/** Simulates into an empty directory. */
export async function simulateToFiles({
  settings,
  directory,
  onProgress,
}: SimulateToFilesOptions): Promise<SimulateReport> {
  await makeEmpty(directory);
  const started = process.hrtime.bigint();
  const places = placesOf({ agents: settings.agents, preset: "centre" }).map((_, index) => index);
  const output = new FileOutput({ directory, seed: settings.seed, truthPath: TRUTH_FILE, digests: undefined });
  const counts = await runPlaces({ settings, places, output, onProgress });
  await writeFile(
    join(directory, "simulation.json"),
    `${JSON.stringify(descriptionOf(settings, counts), undefined, 2)}\n`,
  );
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  const total = Object.values(counts.records).reduce((sum, count) => sum + count, 0);
  return {
    records: counts.records,
    truth_lines: counts.truthLines,
    files: output.files,
    bytes: output.bytes,
    seconds: Number(seconds.toFixed(2)),
    records_per_second: Math.round(total / seconds),
  };
}

/** What was simulated: nothing here depends on when or where it ran. */
function descriptionOf(settings: SimulateSettings, counts: RunCounts): object {
  return {
    seed: settings.seed,
    agents: settings.agents,
    start_time: new Date(settings.startTime).toISOString(),
    duration_ms: settings.durationMs,
    scenarios: settings.incidents,
    level: settings.level,
    records: counts.records,
    truth_lines: counts.truthLines,
  };
}

async function makeEmpty(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  if ((await readdir(directory)).length === 0) return;
  throw new AppError(
    "output_not_empty",
    `${directory} is not empty; give --out a new directory, so that two simulations are not mixed`,
  );
}
