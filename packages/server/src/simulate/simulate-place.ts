import { digestKeyOf } from "./digest-key.ts";
import { FileOutput } from "./file-output.ts";
import { runPlaces } from "./run-places.ts";
import type { SimulateProgress, SimulateSettings } from "./simulate-settings.ts";
import { TrailDigests } from "./trail-digests.ts";

/** The bucket that digests name; a copy of the files elsewhere needs to be told so. */
const TRAIL_BUCKET = "fourwire-simulated-trail";

export interface PlaceTask {
  readonly settings: SimulateSettings;
  readonly directory: string;
  /** Its number. */
  readonly place: number;
  /** Where its truth goes, relative to the directory. */
  readonly truthPath: string;
}

export interface PlaceResult {
  readonly records: Readonly<Record<string, number>>;
  readonly truthLines: number;
  readonly files: number;
  readonly bytes: number;
}

/** Simulates one place into files. Places share nothing, so any number of processes gives the same bytes. */
export async function simulatePlace(
  task: PlaceTask,
  onProgress: (progress: SimulateProgress) => void,
): Promise<PlaceResult> {
  const { settings, directory, place, truthPath } = task;
  const { startTime, durationMs, seed } = settings;
  const digests = new TrailDigests({
    bucket: TRAIL_BUCKET,
    key: digestKeyOf(seed),
    startTime,
    endTime: startTime + durationMs,
  });
  const output = new FileOutput({ directory, seed, truthPath, digests });
  const { records, truthLines } = await runPlaces({ settings, places: [place], output, onProgress });
  return { records, truthLines, files: output.files, bytes: output.bytes };
}
