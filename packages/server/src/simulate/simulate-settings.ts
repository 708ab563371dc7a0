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
  readonly files: number;
  readonly bytes: number;
  readonly seconds: number;
  readonly records_per_second: number;
}
