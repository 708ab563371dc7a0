import { SEVERITY } from "../../severity.ts";

/**
 * Streams' levels, in its own order: LOG stands above INFO (amazon-connect-streams src/log.js:27-62, read 2026-11-20).
 * `critical()` writes ERROR, so CRITICAL hardly occurs.
 */
const SEVERITY_BY_LEVEL: ReadonlyMap<string, number> = new Map([
  ["TEST", SEVERITY.trace],
  ["TRACE", SEVERITY.trace],
  ["DEBUG", SEVERITY.debug],
  ["INFO", SEVERITY.info],
  ["LOG", SEVERITY.notice],
  ["WARN", SEVERITY.warn],
  ["ERROR", SEVERITY.error],
  ["CRITICAL", SEVERITY.critical],
]);

/** OpenTelemetry severity of a level; a level that is absent or unknown counts as INFO, the library's default. */
export function severityOfLevel(level: string | undefined): number {
  if (level === undefined) return SEVERITY.info;
  return SEVERITY_BY_LEVEL.get(level) ?? SEVERITY_BY_LEVEL.get(level.toUpperCase()) ?? SEVERITY.info;
}
