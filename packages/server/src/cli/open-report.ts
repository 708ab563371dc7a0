import type { OpenReport } from "@fourwire/store";

/** What an operator should know of how the data directory was found; nothing when all was well. */
export function describeOpening(report: OpenReport): readonly string[] {
  const lines: string[] = [];
  const { wal, reconciled } = report;
  if (wal?.state === "torn" && wal.droppedBytes > 0) {
    lines.push(
      `the write-ahead log ended in an unfinished commit of ${wal.droppedBytes} bytes, which nobody was told is stored; ${wal.commits} commits were replayed`,
    );
  }
  if (wal?.state === "damaged") {
    lines.push(
      `the write-ahead log is damaged at byte ${wal.faultPosition ?? 0}: ${wal.commits} commits before it were replayed, of at least ${wal.laterCommits} behind it every readable piece of records (${wal.salvagedPieces}); ${wal.damagedBytes} bytes are lost`,
    );
  }
  if (wal?.keptPath !== undefined) lines.push(`the log as it was is kept in ${wal.keptPath}`);
  if (reconciled !== undefined) {
    lines.push(
      `put in order after damage: every record is there once (${reconciled.repeatedRows} repeated rows removed)`,
    );
  }
  if (report.adoptedFiles.length > 0)
    lines.push(`${report.adoptedFiles.length} lake files were in no list, and are listed again`);
  for (const path of report.setAsideFiles)
    lines.push(`lake file ${path} was in no list and cannot be read; it is kept under broken-<time>/`);
  for (const file of report.unreadableFiles)
    lines.push(
      `lake file cannot be read (${file.reason}): ${file.path}; its ${file.rowCount} records are left out until it is back, or until fourwire repair`,
    );
  return lines;
}
