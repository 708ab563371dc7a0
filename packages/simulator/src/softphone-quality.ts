import { formatInstant, unixMillis, type UnixMillis } from "@fourwire/core";
import type { Random } from "./prng.ts";

/** One second of one direction. `input` is what the agent hears, `output` the agent's microphone. */
export interface QualitySecond {
  readonly packetsCount: number;
  readonly packetsLost: number | null;
  readonly audioLevel: number;
  /** RTP jitter, as Streams 2.28.4 and later report it. */
  readonly jitterMs: number;
  readonly roundTripMs: number | null;
}

export interface QualitySeconds {
  readonly time: UnixMillis;
  readonly input: QualitySecond;
  readonly output: QualitySecond;
}

/** Opus frames of 20 ms: 50 packets a second each way when healthy. */
const PACKETS_PER_SECOND = 50;
/** Audio levels are 0 to 32767. */
const QUIET_LEVEL = 140;

export interface QualityMoment {
  readonly time: UnixMillis;
  /** Seconds since the call was answered. */
  readonly second: number;
  /** Milliseconds since the ICE connection was lost; negative before, undefined where it never is. */
  readonly sinceIceLossMs: number | undefined;
  readonly isMuted: boolean;
}

export function drawQuality(random: Random, moment: QualityMoment): QualitySeconds {
  const trouble = troubleAt(moment.sinceIceLossMs);
  const isLost = trouble === "lost";
  const isDegraded = trouble === "degraded";
  const lost = isLost ? 0 : isDegraded ? random.integer(4, 14) : random.chance(0.03) ? 1 : 0;
  const jitterMs = isDegraded ? random.integer(38, 120) : isLost ? 0 : random.integer(1, 9);
  // no remote report has arrived in the first two seconds, so loss and round trip are null
  const hasRemoteReport = moment.second >= 2;
  const roundTripMs = isDegraded ? random.integer(210, 480) : random.integer(18, 46);
  return {
    time: moment.time,
    input: {
      packetsCount: isLost ? 0 : PACKETS_PER_SECOND - lost + random.integer(-1, 1),
      packetsLost: lost,
      audioLevel: isLost ? 0 : random.integer(QUIET_LEVEL, 11_000),
      jitterMs,
      roundTripMs: null,
    },
    output: {
      // the browser keeps sending into the void: only the inbound side shows the loss
      packetsCount: PACKETS_PER_SECOND + random.integer(-1, 1),
      packetsLost: hasRemoteReport ? (isDegraded ? random.integer(2, 9) : 0) : null,
      audioLevel: moment.isMuted ? 0 : random.integer(QUIET_LEVEL, 9_000),
      jitterMs,
      roundTripMs: hasRemoteReport && !isLost ? roundTripMs : null,
    },
  };
}

/** Loss and jitter rise shortly before the connection is lost and last a little after it is back. */
function troubleAt(sinceLossMs: number | undefined): "none" | "degraded" | "lost" {
  if (sinceLossMs === undefined || sinceLossMs < -3_000 || sinceLossMs >= 7_000) return "none";
  return sinceLossMs >= 0 && sinceLossMs < 3_500 ? "lost" : "degraded";
}

/** The elements of `sendSoftphoneMetrics`: input and output of each second. */
export function metricsWire(seconds: readonly QualitySeconds[]): object[] {
  return seconds.flatMap(({ time, input, output }) => [
    element("audio_input", formatInstant(time), input),
    // the library mixes ISO text and epoch numbers: output samples without a remote report carry the number
    element("audio_output", output.roundTripMs === null ? time + 2 : formatInstant(unixMillis(time + 2)), output),
  ]);
}

function element(softphoneStreamType: string, timestamp: string | number, second: QualitySecond): object {
  return {
    softphoneStreamType,
    timestamp,
    packetsLost: second.packetsLost,
    packetsCount: second.packetsCount,
    audioLevel: second.audioLevel,
    jitterBufferMillis: second.jitterMs,
    roundTripTimeMillis: second.roundTripMs,
  };
}

/** A call's samples as the report at its end gives them: column by column. */
export interface QualityColumns {
  readonly packetsCount: number[];
  readonly packetsLost: (number | null)[];
  readonly audioLevel: number[];
  readonly jitterBufferMillis: number[];
  readonly roundTripTimeMillis: (number | null)[];
}

export function createColumns(): QualityColumns {
  return { packetsCount: [], packetsLost: [], audioLevel: [], jitterBufferMillis: [], roundTripTimeMillis: [] };
}

export function addToColumns(columns: QualityColumns, second: QualitySecond): void {
  columns.packetsCount.push(second.packetsCount);
  columns.packetsLost.push(second.packetsLost);
  columns.audioLevel.push(second.audioLevel);
  columns.jitterBufferMillis.push(second.jitterMs);
  columns.roundTripTimeMillis.push(second.roundTripMs);
}
