import { parseInstant } from "../../instant.ts";
import type { JsonObject, JsonValue } from "../../json.ts";
import { isObject, numberAt, textAt } from "../../json.ts";
import type { UnixMillis } from "../../record.ts";

/** One second of one direction of a call's sound. The first sample of a stream holds totals, later ones differences. */
export interface SoftphoneSample {
  readonly time: UnixMillis;
  /** `audio_input` is what the agent hears (inbound RTP), `audio_output` is the agent's microphone. */
  readonly stream: "audio_input" | "audio_output";
  /** Of `audio_output` as the far end reports it; absent until its first report. */
  readonly packets_lost: number | undefined;
  /** About 50 a second in a healthy call. */
  readonly packets_count: number | undefined;
  /** 0-32767; 0 and 1 are silence. */
  readonly audio_level: number | undefined;
  /** RTP jitter; absent where the library wrote something else under that name. */
  readonly jitter_ms: number | undefined;
  readonly round_trip_ms: number | undefined;
}

const SUCCESS = "sendSoftphoneMetrics success";
/** 30 s of two streams are 60; a call that was reported late may have more. */
const SAMPLE_LIMIT = 21_600;
/** Real RTP jitter of a call that can be understood at all is far below. */
const JITTER_LIMIT_MS = 1_000;
/** Fewer samples that happen to rise prove nothing. */
const RISING_MIN_SAMPLES = 4;

/**
 * The samples of a "sendSoftphoneMetrics success[…]" entry, from its text or (native CCP) its objects; [] when there
 * are none, or when the library's redaction broke their JSON.
 */
export function readSoftphoneSamples(text: string, objects: JsonValue | undefined): readonly SoftphoneSample[] {
  const at = text.indexOf(SUCCESS);
  if (at === -1) return [];
  const listed = parseArray(text.slice(at + SUCCESS.length).trim()) ?? samplesInObjects(objects);
  const samples = listed.slice(0, SAMPLE_LIMIT).flatMap((value) => (isObject(value) ? readSample(value) : []));
  return withoutFalseJitter(samples);
}

function parseArray(json: string): readonly JsonValue[] | undefined {
  if (!json.startsWith("[")) return undefined;
  try {
    const value: JsonValue = JSON.parse(json);
    return Array.isArray(value) ? value : undefined;
  } catch {
    // Redaction cuts lines ("phone number[redacted]"), so broken JSON is an ordinary answer here.
    return undefined;
  }
}

/** Samples stand in `objects` directly, or in one array in it, or the objects are the JSON text of an array. */
function samplesInObjects(objects: JsonValue | undefined): readonly JsonValue[] {
  if (typeof objects === "string") return parseArray(objects.trim()) ?? [];
  return Array.isArray(objects) ? objects.flat() : [];
}

function readSample(value: JsonObject): SoftphoneSample[] {
  const stream = textAt(value, "softphoneStreamType");
  if (stream !== "audio_input" && stream !== "audio_output") return [];
  // One array mixes ISO texts and epoch milliseconds.
  const time = parseInstant(value.timestamp);
  if (time === undefined) return [];
  return [
    {
      time,
      stream,
      packets_lost: numberAt(value, "packetsLost"),
      packets_count: numberAt(value, "packetsCount"),
      audio_level: numberAt(value, "audioLevel"),
      jitter_ms: numberAt(value, "jitterBufferMillis"),
      round_trip_ms: numberAt(value, "roundTripTimeMillis"),
    },
  ];
}

/**
 * `jitterBufferMillis` is RTP jitter up to connect-rtc-js 1.2 and again from Streams 2.28.4; between them it is the
 * jitter buffer's delay summed up since the call began (47,481,600 after 30 s). The sum only ever rises.
 */
function withoutFalseJitter(samples: readonly SoftphoneSample[]): readonly SoftphoneSample[] {
  const isFalse = {
    audio_input: isSummedUp(samples, "audio_input"),
    audio_output: isSummedUp(samples, "audio_output"),
  };
  if (!isFalse.audio_input && !isFalse.audio_output) return samples;
  return samples.map((sample) => (isFalse[sample.stream] ? { ...sample, jitter_ms: undefined } : sample));
}

function isSummedUp(samples: readonly SoftphoneSample[], stream: SoftphoneSample["stream"]): boolean {
  const values = samples
    .filter((sample) => sample.stream === stream)
    .sort((a, b) => a.time - b.time)
    .flatMap((sample) => sample.jitter_ms ?? []);
  if (values.some((value) => value > JITTER_LIMIT_MS)) return true;
  if (values.length < RISING_MIN_SAMPLES || values.at(-1) === values[0]) return false;
  return values.every((value, i) => i === 0 || value >= (values[i - 1] ?? value));
}
