import { formatInstant, type UnixMillis } from "@fourwire/core";
import type { Random } from "./prng.ts";
import type { QualityColumns } from "./softphone-quality.ts";

export interface CallFigures {
  /** On the browser's clock. */
  readonly startTime: UnixMillis;
  readonly endTime: UnixMillis;
  readonly input: QualityColumns;
  readonly output: QualityColumns;
  /** How long the one ICE restart took; undefined where the connection was never lost. */
  readonly iceRestartMs: number | undefined;
  /** Lost for good. */
  readonly isDead: boolean;
  readonly path: "V1" | "V2";
  /** Why the media session was never there. */
  readonly failure: "turn_blocked" | "mic_denied" | undefined;
  /** Server clock minus browser clock. */
  readonly skewMs: number;
}

/** The report at the end of a call: `sendSoftphoneReport` repeats the first part of the telemetry report. */
export function telemetryReport(random: Random, figures: CallFigures): { report: object; telemetry: object } {
  const report = {
    callStartTime: formatInstant(figures.startTime),
    callEndTime: formatInstant(figures.endTime),
    gumTimeMillis: figures.failure === "mic_denied" ? null : random.integer(8, 30),
    initializationTimeMillis: random.integer(18, 40),
    iceCollectionTimeMillis: figures.failure === "turn_blocked" ? 8_004 : random.integer(3, 60),
    signallingConnectTimeMillis: 1,
    handshakingTimeMillis: figures.failure === undefined ? random.integer(120, 260) : null,
    preTalkingTimeMillis: figures.failure === undefined ? random.integer(180, 400) : null,
    talkingTimeMillis: figures.failure === undefined ? figures.endTime - figures.startTime : null,
    cleanupTimeMillis: null,
    iceCollectionFailure: figures.failure === "turn_blocked",
    signallingConnectionFailure: false,
    handshakingFailure: false,
    gumOtherFailure: figures.failure === "mic_denied",
    gumTimeoutFailure: false,
    createOfferFailure: false,
    setLocalDescriptionFailure: false,
    userBusyFailure: false,
    invalidRemoteSDPFailure: false,
    noRemoteIceCandidateFailure: false,
    setRemoteDescriptionFailure: false,
    softphoneStreamStatistics: [
      totals("audio_input", figures.input, figures.endTime),
      totals("audio_output", figures.output, figures.endTime),
    ],
  };
  return { report, telemetry: { ...report, ...telemetryOnly(figures) } };
}

function telemetryOnly(figures: CallFigures): object {
  const { input, output, iceRestartMs, isDead, skewMs, path, failure } = figures;
  const iceLosses = iceRestartMs === undefined && !isDead ? 0 : 1;
  const { roundTripTimeMillis: _inputHasNone, ...inputColumns } = input;
  return {
    softphoneStreamPerSecondStatistics: { AUDIO_INPUT: inputColumns, AUDIO_OUTPUT: output },
    iceConnectionsLost: iceLosses,
    iceConnectionsFailed: null,
    peerConnectionFailed: isDead ? true : null,
    rtcJsVersion: path === "V2" ? "1.3.2" : "1.2.1",
    firstRTPTimeMillis: failure === undefined ? 298 : null,
    isMediaClusterPath: true,
    isExistingPersistentPeerConnection: false,
    consecutiveNoAudioInputPackets: longestRun(input.packetsCount, (count) => count === 0),
    consecutiveLowInputAudioLevel: longestRun(input.audioLevel, (level) => level <= 1),
    consecutiveNoAudioOutputPackets: 0,
    consecutiveLowOutputAudioLevel: longestRun(output.audioLevel, (level) => level <= 1),
    audioInputConnectedDurationSeconds: input.packetsCount.filter((count) => count > 0).length,
    ccpMediaReadyLatencyMillis: 0,
    contactSubtype: null,
    vdiPlatform: null,
    vdiMetadata: null,
    vdiClientVersion: null,
    userAgentData: JSON.stringify({ _platform: "Windows", _mobile: false }),
    isConnected: false,
    consecutiveAudioOutputMuteDurationSeconds: output.packetsCount.length,
    streamJsVersion: "2.28.4",
    skewTimeMillis: skewMs,
    activePeerConnectionCount: 1,
    ...(path === "V1" ? { isPersistentPeerConnection: false } : secondPathOnly(figures, iceLosses)),
  };
}

/** What the first path's report lacks. */
function secondPathOnly({ iceRestartMs, isDead }: CallFigures, iceLosses: number): object {
  return {
    isPCMv2Path: true,
    iceCredentialSource: "api-fetched",
    isContactCredentialsDifferentRegion: null,
    iceRestartAttempts: iceLosses,
    iceRestartSuccesses: isDead ? 0 : iceLosses,
    iceRestartInviteRetries: 0,
    iceRestartTimeMillis: isDead ? 8_018 : (iceRestartMs ?? null),
    iceRestartFailed: isDead,
  };
}

function totals(softphoneStreamType: string, columns: QualityColumns, endTime: UnixMillis): object {
  return {
    softphoneStreamType,
    timestamp: formatInstant(endTime),
    packetsLost: sum(columns.packetsLost),
    packetsCount: sum(columns.packetsCount),
    audioLevel: columns.audioLevel.at(-1) ?? 0,
  };
}

function sum(values: readonly (number | null)[]): number {
  let total = 0;
  for (const value of values) total += value ?? 0;
  return total;
}

function longestRun(values: readonly number[], matches: (value: number) => boolean): number {
  let longest = 0;
  let run = 0;
  for (const value of values) {
    run = matches(value) ? run + 1 : 0;
    if (run > longest) longest = run;
  }
  return longest;
}
