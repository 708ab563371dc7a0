import { unixMillis } from "@fourwire/core";
import { createSimulation, type Truth } from "@fourwire/simulator";
import type { Output } from "./output.ts";
import type { SimulateProgress, SimulateSettings } from "./simulate-settings.ts";

/** Records between two looks at the clock and at whoever wants to know how far it is. */
const PROGRESS_RECORDS = 8_000;

export interface RunOptions {
  readonly settings: SimulateSettings;
  readonly places: readonly number[];
  readonly output: Output;
  readonly onProgress: (progress: SimulateProgress) => void;
  /** Waits until it is time for a record; absent: as fast as possible. */
  readonly pace?: ((time: number) => Promise<void>) | undefined;
}

export interface RunCounts {
  readonly records: Record<string, number>;
  readonly truthLines: number;
}

/** Simulates some places of a centre from start to end into one output. */
export async function runPlaces({ settings, places, output, onProgress, pace }: RunOptions): Promise<RunCounts> {
  const counts = { records: {} as Record<string, number>, truthLines: 0 };
  const simulation = createSimulation({
    ...settings,
    preset: "centre",
    startTime: unixMillis(settings.startTime),
    places,
    tell: (truth: Truth) => {
      counts.truthLines += 1;
      output.tell(truth);
    },
  });
  let total = 0;
  for (const emission of simulation.emissionsUntil(unixMillis(settings.startTime + settings.durationMs))) {
    if (pace !== undefined) await pace(emission.time);
    counts.records[emission.source] = (counts.records[emission.source] ?? 0) + 1;
    total += 1;
    const written = output.accept(emission);
    if (written !== undefined) await written;
    if (total % PROGRESS_RECORDS === 0) {
      onProgress({ records: total, simulatedMs: emission.time - settings.startTime });
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
  }
  simulation.finish();
  await output.finish();
  onProgress({ records: total, simulatedMs: settings.durationMs });
  return counts;
}
