import { formatInstant, unixMillis, type UnixMillis } from "@fourwire/core";
import type { AgentSession } from "./agent-session.ts";
import { BASE36 } from "./prng.ts";
import type { Stage } from "./stage.ts";
import { idleLines, startUpLines, webSocketDropLines, type TimedLine } from "./browser-lines.ts";
import { isAtLeast, writeCcpLog, type CcpLine, type CcpPage } from "./wires/ccp-log.ts";
import type { AgentProfile } from "./world.ts";

/** `getAgentSnapshot` is a long poll: it returns on a change, else after 30 s. */
const LONG_POLL_MS = 30_000;
const LOG_ROLL_MS = 1_800_000;
const MEAN_WEBSOCKET_LIFE_MS = 2_400_000;
const IDLE_PERIOD_MS = 30_000;
const LONGEST_REPEATED = 400;

/** The CCP in an agent's browser, which writes the CCP log. */
export interface Browser extends CcpPage {
  readonly username: string;
  /** Which of the two ways of connect-rtc-js the page's media go. */
  readonly mediaPath: "V1" | "V2";
  /** How far its clock is ahead of the true time. */
  clockAheadMs: number;
  isOpen: boolean;
  /** The tab is throttled to nothing: it writes no entry until it wakes. */
  isAsleep: boolean;
  /** The texts written in the latest millisecond. */
  readonly lastTexts: Set<string>;
  lastTime: UnixMillis;
  /** Counts page loads, so that what an earlier page still had planned is dropped. */
  loadCount: number;
  /** Counts long polls: only the newest one may time out. */
  pollCount: number;
  /** A reply is on its way; what changes before it arrives comes with it. */
  isReplyPending: boolean;
}

export function createBrowser(profile: AgentProfile): Browser {
  const ids = { agentId: profile.id, loggerId: "", workerLoggerId: "", tabId: "" };
  return {
    ...ids,
    username: profile.username,
    mediaPath: profile.mediaPath,
    clockAheadMs: profile.clockAheadMs,
    loadTime: unixMillis(0),
    lineCount: 0,
    isOpen: false,
    isAsleep: false,
    lastTexts: new Set(),
    lastTime: unixMillis(0),
    loadCount: 0,
    pollCount: 0,
    isReplyPending: false,
  };
}

export function log(stage: Stage, browser: Browser, line: CcpLine): void {
  if (browser.isAsleep || !isAtLeast(line.level, stage.level) || isRepeated(stage, browser, line)) return;
  stage.emit("ccp_log", writeCcpLog(browser, line, browserTime(stage, browser)), { key: browser.username });
}

/** Two entries of one text in one millisecond cannot be told from one that was delivered twice: the second is left out. */
function isRepeated(stage: Stage, browser: Browser, { text }: CcpLine): boolean {
  // long texts hold measurements, which are never the same
  if (text.length > LONGEST_REPEATED) return false;
  if (browser.lastTime !== stage.clock.now) {
    browser.lastTime = stage.clock.now;
    browser.lastTexts.clear();
  }
  const { size } = browser.lastTexts;
  return browser.lastTexts.add(text).size === size;
}

/** The time on the computer's own clock. */
export function browserTime(stage: Stage, browser: Browser): UnixMillis {
  return unixMillis(stage.clock.now + browser.clockAheadMs);
}

/** Writes lines at their offsets from now, as long as the page lives. */
export function logLater(stage: Stage, browser: Browser, lines: readonly TimedLine[]): void {
  const { loadCount } = browser;
  for (const { afterMs, line } of lines) {
    if (!isAtLeast(line.level, stage.level)) continue;
    stage.clock.after(afterMs, () => {
      if (browser.isOpen && browser.loadCount === loadCount) log(stage, browser, line);
    });
  }
}

export function openBrowser(stage: Stage, browser: Browser): void {
  const { browserRandom: random } = stage;
  const now = browserTime(stage, browser);
  browser.loggerId = `${now}-${random.token(BASE36, 11)}`;
  browser.workerLoggerId = `${now + 214}-${random.token(BASE36, 11)}`;
  browser.tabId = `${now + 267}-${random.token(BASE36, 11)}`;
  browser.loadTime = now;
  browser.lineCount = 0;
  browser.isOpen = true;
  browser.isAsleep = false;
  browser.loadCount += 1;
  logLater(stage, browser, startUpLines(now));
  repeat(
    stage,
    browser,
    () => LOG_ROLL_MS,
    () => [LOG_ROLL],
  );
  repeat(stage, browser, () => random.exponential(MEAN_WEBSOCKET_LIFE_MS), webSocketDropLines);
  // a demo shows what happens; that nothing does would be most of its records
  if (!stage.world.isDemo) repeat(stage, browser, () => IDLE_PERIOD_MS, idleLines);
}

const LOG_ROLL: TimedLine = { afterMs: 0, line: { level: "INFO", text: "Log roll interval occurred." } };

function repeat(
  stage: Stage,
  browser: Browser,
  periodMs: () => number,
  lines: (time: UnixMillis) => TimedLine[],
): void {
  const { loadCount } = browser;
  stage.clock.after(periodMs(), () => {
    if (!browser.isOpen || browser.loadCount !== loadCount) return;
    logLater(stage, browser, lines(browserTime(stage, browser)));
    repeat(stage, browser, periodMs, lines);
  });
}

export function closeBrowser(stage: Stage, browser: Browser): void {
  log(stage, browser, { level: "TRACE", text: "Publishing event: terminate" });
  log(stage, browser, { level: "TRACE", text: "Publishing event: terminated" });
  browser.isOpen = false;
}

/** The long poll returns because something changed; the page takes the snapshot in and polls again. */
export function showSnapshot(stage: Stage, browser: Browser, agent: AgentSession): void {
  // the reply is on the way, or nobody asked for it, or nothing of it would be written
  if (browser.isReplyPending || !isAtLeast("TRACE", stage.level)) return;
  browser.isReplyPending = true;
  browser.pollCount += 1;
  const { pollCount, loadCount } = browser;
  stage.clock.after(stage.browserRandom.integer(35, 120), () => {
    browser.isReplyPending = false;
    if (browser.isOpen && browser.loadCount === loadCount) logSnapshot(stage, browser, agent);
    waitForSnapshot(stage, browser, agent, pollCount);
  });
}

function waitForSnapshot(stage: Stage, browser: Browser, agent: AgentSession, pollCount: number): void {
  stage.clock.after(LONG_POLL_MS, () => {
    if (!browser.isOpen || browser.pollCount !== pollCount) return;
    logSnapshot(stage, browser, agent);
    waitForSnapshot(stage, browser, agent, pollCount);
  });
}

function logSnapshot(stage: Stage, browser: Browser, agent: AgentSession): void {
  const nextToken = stage.browserRandom.token(BASE36, 8);
  // the reply is on its way for some milliseconds, so the skew is never purely the clock's
  const travelMs = stage.browserRandom.integer(4, 22);
  const snapshot = snapshotWire(agent, unixMillis(stage.clock.now - travelMs));
  const localTime = browserTime(stage, browser);
  const measured = { localTimestamp: localTime, skew: -(browser.clockAheadMs + travelMs), contentLength: 370 };
  const worker = { contextLayer: "SharedWorker", level: "TRACE" } as const;
  log(stage, browser, {
    ...worker,
    text: "AWSClient: <-- Operation 'getAgentSnapshot' succeeded.",
    objects: [{ snapshot, nextToken }],
  });
  log(stage, browser, {
    ...worker,
    text: "GET_AGENT_SNAPSHOT succeeded.",
    objects: [{ snapshot: { ...snapshot, ...measured }, nextToken }],
  });
  log(stage, browser, { level: "TRACE", text: "Publishing event: agent::update" });
  log(stage, browser, { ...worker, text: "AWSClient: --> Calling operation 'getAgentSnapshot'" });
}

const STATE_TYPES = { ROUTABLE: "routable", CUSTOM: "not_routable", OFFLINE: "offline" } as const;

/** The snapshot as the log shows it: names other than the state's are redacted by the library itself. */
function snapshotWire(agent: AgentSession, time: UnixMillis): object {
  const { status } = agent;
  const held = agent.contacts[0];
  const availability = {
    state: held === undefined ? status.name : AVAILABILITY[held.state],
    timeStamp: formatInstant(held?.stateStartTime ?? agent.statusStartTime),
  };
  return {
    state: {
      agentStateARN: status.arn,
      type: STATE_TYPES[status.type],
      name: status.name,
      startTimestamp: formatInstant(agent.statusStartTime),
    },
    agentAvailabilityState: availability,
    contacts: agent.contacts.map(({ contact, state, stateStartTime }) => ({
      contactId: contact.id,
      initialContactId: contact.initialId ?? null,
      type: contact.channel.toLowerCase(),
      initiationMethod: contact.initiationMethod.toLowerCase(),
      state: { type: CONTACT_STATES[state], timestamp: formatInstant(stateStartTime) },
      queue: { queueARN: contact.queue?.arn, name: "[redacted]" },
      attributes: "[redacted]",
    })),
    snapshotTimestamp: formatInstant(time),
  };
}

const AVAILABILITY = {
  INCOMING: "PendingBusy",
  CONNECTING: "PendingBusy",
  CONNECTED: "Busy",
  CONNECTED_ONHOLD: "Busy",
  PAUSED: "Busy",
  MISSED: "MissedCallAgent",
  REJECTED: "MissedCallAgent",
  ERROR: "FailedConnectCustomer",
  ENDED: "AfterCallWork",
} as const;

const CONTACT_STATES = {
  INCOMING: "incoming",
  CONNECTING: "connecting",
  CONNECTED: "connected",
  CONNECTED_ONHOLD: "connected",
  PAUSED: "paused",
  MISSED: "missed",
  REJECTED: "rejected",
  ERROR: "error",
  ENDED: "ended",
} as const;
