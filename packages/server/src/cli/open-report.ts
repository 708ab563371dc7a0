import type { OpenReport, WalReport } from "@fourwire/store";

/** What an operator should know of how the data directory was found; nothing when all was well. */
export function describeOpening(report: OpenReport): readonly string[] {
  return [...describeLog(report.wal), ...describeLake(report)];
}

function describeLog(wal: WalReport | undefined): readonly string[] {
  if (wal === undefined || wal.droppedBytes === 0) return [];
  const kept = wal.keptPath === undefined ? [] : [`the log as it was is kept in ${wal.keptPath}`];
  if (wal.state === "torn") {
    return [
      `the write-ahead log ended in an unfinished commit of ${wal.droppedBytes} bytes, which nobody was told is stored; ${wal.commits} commits were replayed`,
      ...kept,
    ];
  }
  return [
    `the write-ahead log is damaged at byte ${wal.faultPosition ?? 0}: ${wal.commits} commits before it were replayed, of at least ${wal.laterCommits} behind it every readable piece of records (${wal.salvagedPieces}); ${wal.damagedBytes} bytes are lost`,
    ...kept,
  ];
}

function describeLake(report: OpenReport): readonly string[] {
  const { reconciled, adoptedFiles } = report;
  return [
    ...(reconciled === undefined
      ? []
      : [`put in order after damage: every record is there once (${reconciled.repeatedRows} repeated rows removed)`]),
    ...(adoptedFiles.length === 0 ? [] : [`${adoptedFiles.length} lake files were in no list, and are listed again`]),
    ...report.setAsideFiles.map(
      (path) => `lake file ${path} was in no list and cannot be read; it is kept under broken-<time>/`,
    ),
    ...report.unreadableFiles.map(
      (file) =>
        `lake file cannot be read (${file.reason}): ${file.path}; its ${file.rowCount} records are left out until it is back, or until fourwire repair`,
    ),
  ];
}
