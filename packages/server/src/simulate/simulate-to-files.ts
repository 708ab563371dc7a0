import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { AppError } from "@fourwire/core";
import { placesOf } from "@fourwire/simulator";
import { digestKeyOf } from "./digest-key.ts";
import { simulatePlaces } from "./place-pool.ts";
import type { PlaceResult } from "./simulate-place.ts";
import { reportOf, type SimulateProgress, type SimulateReport, type SimulateSettings } from "./simulate-settings.ts";
import { publicKeyList } from "./trail-digests.ts";

export interface SimulateToFilesOptions {
  readonly settings: SimulateSettings;
  readonly directory: string;
  readonly onProgress: (progress: SimulateProgress) => void;
  /** How many processes at most; absent: as many as there are cores, where there is enough to do. */
  readonly processes?: number;
}

const TRUTH_FILE = "truth.ndjson";
/** Below this much work a second process is not worth its start. */
const AGENT_HOURS_FOR_PROCESSES = 100;
const HOUR_MS = 3_600_000;

/** Simulates into an empty directory. */
export async function simulateToFiles(options: SimulateToFilesOptions): Promise<SimulateReport> {
  const { settings, directory, onProgress } = options;
  await makeEmpty(directory);
  const started = process.hrtime.bigint();
  const tasks = placesOf({ agents: settings.agents, preset: "centre" }).map((_, place) => ({
    settings,
    directory,
    place,
    truthPath: `${TRUTH_FILE}.${place}.part`,
  }));
  const results = await simulatePlaces(tasks, options.processes ?? processesFor(settings), onProgress);
  await joinTruth(
    directory,
    tasks.map(({ truthPath }) => truthPath),
  );
  const { startTime, durationMs, seed } = settings;
  const keys = publicKeyList(digestKeyOf(seed), startTime, startTime + durationMs);
  await writeJson(directory, "cloudtrail-public-keys.json", keys);
  const total = sumOf(results);
  await writeJson(directory, "simulation.json", descriptionOf(settings, total));
  return reportOf(total, Number(process.hrtime.bigint() - started) / 1e9);
}

function processesFor({ agents, durationMs }: SimulateSettings): number {
  return (agents * durationMs) / HOUR_MS < AGENT_HOURS_FOR_PROCESSES ? 1 : availableParallelism();
}

function sumOf(results: readonly PlaceResult[]): PlaceResult {
  const records: Record<string, number> = {};
  for (const result of results) {
    for (const [source, count] of Object.entries(result.records)) records[source] = (records[source] ?? 0) + count;
  }
  return {
    records,
    truthLines: results.reduce((sum, { truthLines }) => sum + truthLines, 0),
    files: results.reduce((sum, { files }) => sum + files, 0),
    bytes: results.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

/** What was simulated: nothing here depends on when, where or by how many processes. */
function descriptionOf(settings: SimulateSettings, { records, truthLines }: PlaceResult): object {
  return {
    seed: settings.seed,
    agents: settings.agents,
    start_time: new Date(settings.startTime).toISOString(),
    duration_ms: settings.durationMs,
    scenarios: settings.incidents,
    level: settings.level,
    records,
    truth_lines: truthLines,
  };
}

async function joinTruth(directory: string, parts: readonly string[]): Promise<void> {
  for (const part of parts) {
    await pipeline(
      createReadStream(join(directory, part)),
      createWriteStream(join(directory, TRUTH_FILE), { flags: "a" }),
    );
    await rm(join(directory, part));
  }
}

async function writeJson(directory: string, name: string, value: object): Promise<void> {
  await writeFile(join(directory, name), `${JSON.stringify(value, undefined, 2)}\n`);
}

async function makeEmpty(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  if ((await readdir(directory)).length === 0) return;
  throw new AppError(
    "output_not_empty",
    `${directory} is not empty; give --out a new directory, so that two simulations are not mixed`,
  );
}
