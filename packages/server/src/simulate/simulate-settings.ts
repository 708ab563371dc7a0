import type { CcpLevel } from "@fourwire/simulator";

/** What is simulated; the same settings give the same bytes. */
export interface SimulateSettings {
  readonly seed: number;
  readonly agents: number;
  /** Unix milliseconds. */
  readonly startTime: number;
  readonly durationMs: number;
  readonly incidents: readonly string[];
  readonly level: CcpLevel;
}

/** Records written so far, and how far simulated time has come, in milliseconds since the start. */
export interface SimulateProgress {
  readonly records: number;
  readonly simulatedMs: number;
}

export interface SimulateReport {
  readonly records: Readonly<Record<string, number>>;
  readonly truth_lines: number;
  /** Complete files or objects; 0 where records go elsewhere. */
  readonly files: number;
  readonly bytes: number;
  readonly seconds: number;
  readonly records_per_second: number;
}

export interface SimulateTotal {
  readonly records: Readonly<Record<string, number>>;
  readonly truthLines: number;
  readonly files: number;
  readonly bytes: number;
}

export function reportOf({ records, truthLines, files, bytes }: SimulateTotal, seconds: number): SimulateReport {
  const total = Object.values(records).reduce((sum, count) => sum + count, 0);
  return {
    records,
    truth_lines: truthLines,
    files,
    bytes,
    seconds: Number(seconds.toFixed(2)),
    records_per_second: Math.round(total / Math.max(seconds, 0.001)),
  };
}
