import { unixMillis, type UnixMillis } from "@fourwire/core";
import { ACCEPT_TOOK_MS, HOLD_TOOK_MS } from "./agent-leg-times.ts";
import { apiCallLines, eventLine, softphoneLine } from "./browser-lines.ts";
import { browserTime, log, logLater, type Browser } from "./browser.ts";
import { METRICS_PERIOD_MS, type ContactPlan } from "./contact-plan.ts";
import type { Contact } from "./contact.ts";
import {
  acceptFailureLines,
  iceDeathLines,
  iceLossLines,
  mediaEndLines,
  mediaSetUpLines,
  talkingLines,
  type MediaSession,
} from "./softphone-lines.ts";
import { iceCollectionFailureLines, microphoneFailureLines } from "./softphone-failure-lines.ts";
import { addToColumns, createColumns, drawQuality, metricsText, type QualityColumns } from "./softphone-quality.ts";
import { telemetryReport, type CallFigures } from "./softphone-report.ts";
import type { Stage } from "./stage.ts";

/** A softphone call as the agent's browser lives it. */
export interface SoftphoneCall {
  readonly browser: Browser;
  readonly contactId: string;
  readonly connectionId: string;
  answerTime: UnixMillis | undefined;
  sentSeconds: number;
  iceLossTime: UnixMillis | undefined;
  iceRestartMs: number | undefined;
  /** The media never came back. */
  isDead: boolean;
  readonly mute: ContactPlan["mute"];
  isOver: boolean;
  readonly input: QualityColumns;
  readonly output: QualityColumns;
}

/** A report keeps at most so many seconds (the library's own limit). */
const REPORT_LIMIT_SECONDS = 10_800;

/** The contact shows up in the CCP: it rings, and the media session is prepared. */
export function ring(stage: Stage, browser: Browser, contact: Contact): SoftphoneCall {
  const call: SoftphoneCall = {
    browser,
    contactId: contact.id,
    connectionId: stage.browserRandom.uuid(),
    answerTime: undefined,
    sentSeconds: 0,
    iceLossTime: undefined,
    iceRestartMs: undefined,
    isDead: false,
    mute: contact.plan.mute,
    isOver: false,
    input: createColumns(),
    output: createColumns(),
  };
  const ids = `contactId ${contact.id} agent connectionId ${call.connectionId}`;
  logLater(stage, browser, [
    ...contactEventLines(130, "init", contact.id),
    ...contactEventLines(132, "connecting", contact.id),
    softphoneLine(136, "INFO", `Contact detected: ${ids}`),
    softphoneLine(137, "INFO", `Softphone call detected: ${ids}`),
    ...mediaSetUpLines(mediaOf(call), 140),
  ]);
  return call;
}

/** The agent clicks accept: the call is connected once the CTI service has been told. */
export function accept(stage: Stage, call: SoftphoneCall): void {
  logLater(stage, call.browser, apiCallLines("acceptContact", 0, ACCEPT_TOOK_MS));
}

/** The call is connected, at the clock's instant. */
export function answer(stage: Stage, call: SoftphoneCall, contact: Contact): void {
  call.answerTime = stage.clock.now;
  logLater(stage, call.browser, [
    ...contactEventLines(110, "accepted", call.contactId),
    ...contactEventLines(122, "connected", call.contactId),
    ...talkingLines(mediaOf(call), 130),
  ]);
  stage.clock.after(contact.plan.firstMetricsMs, () => sendMetrics(stage, call));
  const { mute } = call;
  if (mute === undefined) return;
  stage.clock.after(mute.atMs, () => logMuted(stage, call, true));
  stage.clock.after(mute.atMs + mute.forMs, () => logMuted(stage, call, false));
}

/** acceptContact got a 500: the contact will be missed. */
export function failToAccept(stage: Stage, call: SoftphoneCall): void {
  logLater(stage, call.browser, acceptFailureLines(stage.browserRandom.uuid(), call.contactId));
}

export function miss(stage: Stage, call: SoftphoneCall): void {
  logLater(stage, call.browser, [...contactEventLines(40, "missed", call.contactId)]);
  call.isOver = true;
}

/** The contact leaves the page: cleared by the agent, or taken off by Connect. */
export function clear(stage: Stage, call: SoftphoneCall, isByAgent: boolean): void {
  logLater(stage, call.browser, [
    ...(isByAgent ? apiCallLines("clearContact", 1, stage.browserRandom.integer(60, 160)) : []),
    ...contactEventLines(170, "destroyed", call.contactId),
  ]);
}

export function setHeld(stage: Stage, call: SoftphoneCall, isHeld: boolean): void {
  const operation = isHeld ? "holdConnection" : "resumeConnection";
  logLater(stage, call.browser, [
    ...apiCallLines(operation, 0, HOLD_TOOK_MS),
    ...contactEventLines(HOLD_TOOK_MS + 60, "refresh", call.contactId),
  ]);
}

/** The ICE connection is lost; restarted after 3 s and recovered, or dead for good. The first path cannot restart. */
export function loseIce(stage: Stage, call: SoftphoneCall, isDead: boolean): void {
  call.iceLossTime = stage.clock.now;
  call.isDead = isDead;
  if (isDead) return logLater(stage, call.browser, iceDeathLines(mediaOf(call)));
  call.iceRestartMs = stage.browserRandom.integer(260, 480);
  logLater(stage, call.browser, iceLossLines(mediaOf(call), call.iceRestartMs));
}

/** The media session cannot be set up: the servers that relay it do not answer, or the microphone may not be used. */
export function failMedia(stage: Stage, call: SoftphoneCall, cause: "turn_blocked" | "mic_denied"): void {
  const lines = cause === "turn_blocked" ? iceCollectionFailureLines : microphoneFailureLines;
  logLater(stage, call.browser, lines(mediaOf(call)));
  const figures = { ...figuresOf(stage, call), failure: cause };
  const { report, telemetry } = telemetryReport(stage.browserRandom, figures);
  const afterMs = cause === "turn_blocked" ? 8_300 : 320;
  logLater(stage, call.browser, [
    softphoneLine(afterMs, "INFO", `sent TelemetryCallReport ${JSON.stringify(telemetry)}`),
    softphoneLine(afterMs + 80, "INFO", `sendSoftphoneReport success${JSON.stringify(report)}`),
  ]);
}

function mediaOf({ contactId, browser }: SoftphoneCall): MediaSession {
  return { contactId, path: browser.mediaPath };
}

/** The leg is over: the last samples, the report, the media session's end. */
export function hangUp(stage: Stage, call: SoftphoneCall, isByAgent: boolean): void {
  if (isByAgent) logLater(stage, call.browser, apiCallLines("destroyConnection", 0, 0));
  sendSamples(stage, call);
  call.isOver = true;
  const figures = figuresOf(stage, call);
  const { report, telemetry } = telemetryReport(stage.browserRandom, figures);
  logLater(stage, call.browser, [
    ...contactEventLines(60, "ended", call.contactId),
    ...mediaEndLines(mediaOf(call), 62),
    softphoneLine(140, "INFO", `sent TelemetryCallReport ${JSON.stringify(telemetry)}`),
    softphoneLine(221, "INFO", `sendSoftphoneReport success${JSON.stringify(report)}`),
    ...contactEventLines(230, "acw", call.contactId),
  ]);
}

function figuresOf(stage: Stage, call: SoftphoneCall): CallFigures {
  return {
    startTime: unixMillis((call.answerTime ?? stage.clock.now) + call.browser.clockAheadMs),
    endTime: browserTime(stage, call.browser),
    input: call.input,
    output: call.output,
    iceRestartMs: call.iceRestartMs,
    isDead: call.isDead,
    path: call.browser.mediaPath,
    failure: undefined,
    skewMs: -call.browser.clockAheadMs,
  };
}

function logMuted(stage: Stage, call: SoftphoneCall, isMuted: boolean): void {
  if (call.isOver || !call.browser.isOpen) return;
  // the library writes two spaces after the dash when muting and one when unmuting
  const text = isMuted
    ? "Agent has muted the contact, connectionId -  "
    : "Agent has unmuted the contact, connectionId - ";
  log(stage, call.browser, softphoneLine(0, "INFO", `[Softphone Manager] ${text}${call.connectionId}`).line);
}

function sendMetrics(stage: Stage, call: SoftphoneCall): void {
  if (call.isOver) return;
  sendSamples(stage, call);
  stage.clock.after(METRICS_PERIOD_MS, () => sendMetrics(stage, call));
}

/** Writes the seconds not yet sent. */
function sendSamples(stage: Stage, call: SoftphoneCall): void {
  const { answerTime, browser } = call;
  if (answerTime === undefined || !browser.isOpen) return;
  const until = Math.floor((stage.clock.now - answerTime) / 1000);
  const seconds = [];
  for (let second = call.sentSeconds; second < until; second += 1) {
    const time = answerTime + (second + 1) * 1000;
    const sinceIceLossMs = call.iceLossTime === undefined ? undefined : time - call.iceLossTime;
    // on the second path the statistics stop with the media: a gap, and not a row of zeros
    if (call.isDead && browser.mediaPath === "V2" && (sinceIceLossMs ?? 0) > 3_700) break;
    const moment = {
      time: unixMillis(time + browser.clockAheadMs),
      second,
      sinceIceLossMs,
      isDead: call.isDead,
      isMuted: isMutedAt(call, second),
    };
    const sample = drawQuality(stage.browserRandom, moment);
    if (call.input.packetsCount.length < REPORT_LIMIT_SECONDS) {
      addToColumns(call.input, sample.input);
      addToColumns(call.output, sample.output);
    }
    seconds.push(sample);
  }
  call.sentSeconds = until;
  if (seconds.length === 0) return;
  const text = `sendSoftphoneMetrics success${metricsText(seconds)}`;
  log(stage, browser, softphoneLine(0, "INFO", text).line);
}

function isMutedAt({ mute }: SoftphoneCall, second: number): boolean {
  return mute !== undefined && second * 1000 >= mute.atMs && second * 1000 < mute.atMs + mute.forMs;
}

/** Each contact event is published twice: once for all, once with the contact's id. */
function contactEventLines(afterMs: number, event: string, contactId: string) {
  return [eventLine(afterMs, `contact::${event}`), eventLine(afterMs, `contact::${event}::${contactId}`)];
}
