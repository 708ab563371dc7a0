import { formatInstant, type UnixMillis } from "@fourwire/core";

/** Levels of the Streams logger; LOG ranks above INFO. */
export type CcpLevel = "TRACE" | "DEBUG" | "INFO" | "LOG" | "WARN" | "ERROR";

/** What a log call says; the page adds the rest. */
export interface CcpLine {
  readonly component?: "ccp" | "softphone";
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
  /** Entries written so far by this page load, of every level. */
  entryCount: number;
  /** Entries at INFO and above: the logger's own counter. */
  lineCount: number;
}

/** The first entries of a page precede its tab id, and more precede its agent (9 and 18 in a full start; ours is short). */
const ENTRIES_BEFORE_TAB_ID = 2;
const ENTRIES_BEFORE_AGENT = 18;

/**
 * One entry as the Streams library writes it, keys in its order. Below INFO and in the SharedWorker `line` is 0; the
 * worker has a null `tabId`, a new page none at all.
 * https://github.com/amazon-connect/amazon-connect-streams src/log.js (read 2026-11-20)
 */
export function writeCcpLog(page: CcpPage, line: CcpLine, browserTime: UnixMillis): string {
  const isWorker = line.contextLayer === "SharedWorker";
  page.entryCount += 1;
  return JSON.stringify({
    component: line.component ?? "ccp",
    level: line.level,
    text: line.text,
    time: formatInstant(browserTime),
    tabId: isWorker ? null : tabIdOf(page),
    exception: line.exception ?? null,
    objects: line.objects ?? [],
    line: isWorker ? 0 : countLine(page, line.level),
    agentResourceId: page.entryCount <= ENTRIES_BEFORE_AGENT ? null : page.agentId,
    loggerId: isWorker ? page.workerLoggerId : page.loggerId,
    contextLayer: line.contextLayer ?? "CCP",
  });
}

function tabIdOf(page: CcpPage): string | undefined {
  return page.entryCount <= ENTRIES_BEFORE_TAB_ID ? undefined : page.tabId;
}

/** The number of an entry among those at INFO and above; 0 for lesser ones. */
function countLine(page: CcpPage, level: CcpLevel): number {
  if (level === "TRACE" || level === "DEBUG") return 0;
  page.lineCount += 1;
  return page.lineCount - 1;
}
