import type { ImportReport, SourceTotals } from "./import-files.ts";

export interface Failure {
  readonly path: string;
  readonly reason: string;
}

/** The reports of several imports as one. */
export interface ReportSum extends ImportReport {
  files: number;
  readonly records: Record<string, SourceTotals>;
  readonly skipped: Failure[];
  readonly failed: Failure[];
  seconds: number;
}

export function emptyReport(): ReportSum {
  return { files: 0, records: {}, skipped: [], failed: [], seconds: 0 };
}

export function addReport(sum: ReportSum, report: ImportReport): void {
  sum.files += report.files;
  sum.seconds = Number((sum.seconds + report.seconds).toFixed(3));
  sum.skipped.push(...report.skipped);
  sum.failed.push(...report.failed);
  for (const [source, counts] of Object.entries(report.records)) {
    const totals = (sum.records[source] ??= { appended: 0, duplicate: 0, rejected: 0 });
    totals.appended += counts.appended;
    totals.duplicate += counts.duplicate;
    totals.rejected += counts.rejected;
  }
}
