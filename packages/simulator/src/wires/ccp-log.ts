import type { UnixMillis } from "@fourwire/core";
import { instantText } from "../instant-text.ts";

/** Levels of the Streams logger in its order: LOG ranks above INFO. */
export const CCP_LEVELS = ["TRACE", "DEBUG", "INFO", "LOG", "WARN", "ERROR"] as const;

export type CcpLevel = (typeof CCP_LEVELS)[number];

export function isAtLeast(level: CcpLevel, least: CcpLevel): boolean {
  return CCP_LEVELS.indexOf(level) >= CCP_LEVELS.indexOf(least);
}

/** What a log call says; the page adds the rest. */
export interface CcpLine {
  readonly component?: "ccp" | "softphone" | "chat" | "task";
  readonly level: CcpLevel;
  readonly text: string;
  readonly objects?: readonly object[];
  readonly exception?: { readonly type: string; readonly message?: string; readonly stack: readonly string[] };
  readonly contextLayer?: "CCP" | "SharedWorker";
}

/** The page that writes the line. */
export interface CcpPage {
  readonly agentId: string;
  loggerId: string;
  workerLoggerId: string;
  tabId: string;
  /** On the browser's clock. */
  loadTime: UnixMillis;
  /** Entries at INFO and above: the logger's own counter. */
  lineCount: number;
}

/** The first entries of a page precede its tab id, and more precede its agent (9 and 18 in a captured start). */
const TAB_ID_AFTER_MS = 150;
const AGENT_AFTER_MS = 384;

/**
 * One entry as the Streams library writes it, keys in its order. Below INFO and in the SharedWorker `line` is 0; the
 * worker has a null `tabId`, a new page none at all.
 * https://github.com/amazon-connect/amazon-connect-streams src/log.js (read 2026-11-20)
 */
export function writeCcpLog(page: CcpPage, line: CcpLine, browserTime: UnixMillis): string {
  const isWorker = line.contextLayer === "SharedWorker";
  const ageMs = browserTime - page.loadTime;
  return JSON.stringify({
    component: line.component ?? "ccp",
    level: line.level,
    text: line.text,
    time: instantText(browserTime),
    tabId: isWorker ? null : ageMs < TAB_ID_AFTER_MS ? undefined : page.tabId,
    exception: line.exception ?? null,
    objects: line.objects ?? [],
    line: isWorker ? 0 : countLine(page, line.level),
    agentResourceId: ageMs < AGENT_AFTER_MS ? null : page.agentId,
    loggerId: isWorker ? page.workerLoggerId : page.loggerId,
    contextLayer: line.contextLayer ?? "CCP",
  });
}

/** The number of an entry among those at INFO and above; 0 for lesser ones. */
function countLine(page: CcpPage, level: CcpLevel): number {
  if (level === "TRACE" || level === "DEBUG") return 0;
  page.lineCount += 1;
  return page.lineCount - 1;
}
