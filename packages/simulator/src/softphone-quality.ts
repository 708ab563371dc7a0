import { unixMillis, type UnixMillis } from "@fourwire/core";
import { instantText } from "./instant-text.ts";
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
  /** Whether it stays lost. */
  readonly isDead: boolean;
  readonly isMuted: boolean;
}

export function drawQuality(random: Random, moment: QualityMoment): QualitySeconds {
  const trouble = troubleAt(moment);
  const input = drawInput(random, trouble);
  return { time: moment.time, input, output: drawOutput(random, moment, { trouble, jitterMs: input.jitterMs }) };
}

type Trouble = "none" | "degraded" | "lost";

function drawInput(random: Random, trouble: Trouble): QualitySecond {
  // nothing arrives, so nothing is counted as lost either: a gap is not a zero
  if (trouble === "lost") return { packetsCount: 0, packetsLost: 0, audioLevel: 0, jitterMs: 0, roundTripMs: null };
  const isDegraded = trouble === "degraded";
  const stray = random.chance(0.03) ? 1 : 0;
  const packetsLost = isDegraded ? random.integer(4, 14) : stray;
  return {
    packetsCount: PACKETS_PER_SECOND - packetsLost + random.integer(-1, 1),
    packetsLost,
    audioLevel: random.integer(QUIET_LEVEL, 11_000),
    jitterMs: isDegraded ? random.integer(38, 120) : random.integer(1, 9),
    roundTripMs: null,
  };
}

/** The browser keeps sending into the void: only the inbound side shows the loss. */
function drawOutput(
  random: Random,
  moment: QualityMoment,
  line: { trouble: Trouble; jitterMs: number },
): QualitySecond {
  const isDegraded = line.trouble === "degraded";
  const sent = {
    packetsCount: PACKETS_PER_SECOND + random.integer(-1, 1),
    audioLevel: moment.isMuted ? 0 : random.integer(QUIET_LEVEL, 9_000),
    jitterMs: line.jitterMs,
  };
  // no report from the other side has arrived in the first two seconds, and none arrives while the line is dead
  if (moment.second < 2 || line.trouble === "lost") return { ...sent, packetsLost: null, roundTripMs: null };
  return {
    ...sent,
    packetsLost: isDegraded ? random.integer(2, 9) : 0,
    roundTripMs: isDegraded ? random.integer(210, 480) : random.integer(18, 46),
  };
}

/** Loss and jitter rise shortly before the connection is lost and last a little after it is back. */
function troubleAt({ sinceIceLossMs: sinceLossMs, isDead }: QualityMoment): Trouble {
  if (isDead && sinceLossMs !== undefined && sinceLossMs >= 0) return "lost";
  if (sinceLossMs === undefined || sinceLossMs < -3_000 || sinceLossMs >= 7_000) return "none";
  return sinceLossMs >= 0 && sinceLossMs < 3_500 ? "lost" : "degraded";
}

/**
 * The elements of `sendSoftphoneMetrics`, input and output of each second, as JSON. Put together by hand: these texts are
 * most of what a busy browser writes.
 */
export function metricsText(seconds: readonly QualitySeconds[]): string {
  const elements = seconds.map(({ time, input, output }) => {
    const outputTime = unixMillis(time + 2);
    // the library mixes ISO text and epoch numbers: output samples without a remote report carry the number
    const outputStamp = output.roundTripMs === null ? String(outputTime) : `"${instantText(outputTime)}"`;
    return `${element("audio_input", `"${instantText(time)}"`, input)},${element("audio_output", outputStamp, output)}`;
  });
  return `[${elements.join(",")}]`;
}

function element(streamType: string, stamp: string, second: QualitySecond): string {
  return (
    `{"softphoneStreamType":"${streamType}","timestamp":${stamp},"packetsLost":${second.packetsLost},` +
    `"packetsCount":${second.packetsCount},"audioLevel":${second.audioLevel},` +
    `"jitterBufferMillis":${second.jitterMs},"roundTripTimeMillis":${second.roundTripMs}}`
  );
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
