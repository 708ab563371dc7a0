import { createWriteStream, type WriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import { placesOf, type Truth } from "@fourwire/simulator";
import type { Output } from "./output.ts";
import { createPace } from "./pace.ts";
import { runPlaces } from "./run-places.ts";
import { reportOf, type SimulateProgress, type SimulateReport, type SimulateSettings } from "./simulate-settings.ts";

export interface SimulateToOutputOptions {
  readonly settings: SimulateSettings;
  readonly open: (tell: (truth: Truth) => void) => Output;
  /** How many times as fast as the clock; undefined: as fast as possible. */
  readonly speed: number | undefined;
  /** A file for the truth; undefined: it is not kept. */
  readonly truthPath: string | undefined;
  readonly onProgress: (progress: SimulateProgress) => void;
}

/** Simulates all places in this process, in the order of time, into something that takes records. */
export async function simulateToOutput(options: SimulateToOutputOptions): Promise<SimulateReport> {
  const { settings, onProgress, speed } = options;
  const started = process.hrtime.bigint();
  const truth = options.truthPath === undefined ? undefined : createWriteStream(options.truthPath);
  const output = options.open((fact) => void truth?.write(`${JSON.stringify(fact)}\n`));
  const places = placesOf({ agents: settings.agents, preset: "centre" }).map((_, place) => place);
  const pace = speed === undefined ? undefined : createPace({ speed, startTime: settings.startTime });
  const { records, truthLines } = await runPlaces({ settings, places, output, onProgress, pace });
  await close(truth);
  const total = { records, truthLines, files: output.files, bytes: output.bytes };
  return reportOf(total, Number(process.hrtime.bigint() - started) / 1e9);
}

async function close(stream: WriteStream | undefined): Promise<void> {
  if (stream === undefined) return;
  stream.end();
  await finished(stream);
}
