/** The levels the page tells apart; the record keeps its own number and word. */
export type Level = "critical" | "error" | "warning" | "notice" | "info" | "debug";

/** Level of an OpenTelemetry severity number (1-24). */
export function levelOf(severityNumber: number): Level {
  if (severityNumber >= 21) return "critical";
  if (severityNumber >= 17) return "error";
  if (severityNumber >= 13) return "warning";
  if (severityNumber >= 10) return "notice";
  return severityNumber >= 9 ? "info" : "debug";
}

export function isError(record: { readonly severity_number: number }): boolean {
  return record.severity_number >= 17;
}

/** Warnings only: an error is not a warning, so that `w` and `e` step through different records. */
export function isWarning(record: { readonly severity_number: number }): boolean {
  return record.severity_number >= 13 && record.severity_number < 17;
}

export function isLoud(level: Level): boolean {
  return level !== "info" && level !== "debug";
}
