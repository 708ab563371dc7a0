import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readSoftphoneSamples } from "./softphone-samples.ts";

const PREFIX = " sendSoftphoneMetrics success";

function sample(second: number, jitter: number | null, stream = "audio_input") {
  return { softphoneStreamType: stream, timestamp: 1_795_176_494_000 + second * 1_000, jitterBufferMillis: jitter };
}

function jittersOf(samples: readonly object[]) {
  return readSoftphoneSamples(PREFIX + JSON.stringify(samples), undefined).map((read) => read.jitter_ms);
}

describe("softphone samples", () => {
  test("times are ISO texts or numbers, and the summed-up jitter of rtc 1.3 is dropped", () => {
    const body = readFileSync(new URL("fixtures/softphone-metrics.ndjson", import.meta.url), "utf8");
    expect(readSoftphoneSamples(JSON.parse(body).text, [])).toEqual([
      {
        time: Date.parse("2026-11-20T12:08:14.608Z"),
        stream: "audio_input",
        packets_lost: 0,
        packets_count: 48,
        audio_level: 9982,
        jitter_ms: undefined,
        round_trip_ms: undefined,
      },
      {
        time: 1_795_176_494_610,
        stream: "audio_output",
        packets_lost: undefined,
        packets_count: 48,
        audio_level: 8191,
        jitter_ms: undefined,
        round_trip_ms: undefined,
      },
    ]);
  });

  test("samples stand in the objects where the text has none", () => {
    const values = [sample(0, 4), sample(1, 3)];
    const times = [1_795_176_494_000, 1_795_176_495_000];
    expect(readSoftphoneSamples(`${PREFIX} `, values).map((read) => read.time)).toEqual(times);
    expect(readSoftphoneSamples(PREFIX, [values]).map((read) => read.time)).toEqual(times);
    expect(readSoftphoneSamples(PREFIX, JSON.stringify(values)).map((read) => read.time)).toEqual(times);
  });

  test.each([
    [
      "JSON cut by redaction",
      `${PREFIX}[{"softphoneStreamType":"audio_input","timestamp":"phone number[redacted]`,
      undefined,
    ],
    ["an object instead of an array", `${PREFIX}{"softphoneStreamType":"audio_input"}`, undefined],
    ["a failure", " sendSoftphoneMetrics failure", [sample(0, 1)]],
    ["another text", " sendSoftphoneReport success{}", [sample(0, 1)]],
    ["objects that are broken text", PREFIX, "[{"],
    [
      "unknown streams and times",
      `${PREFIX}[{"softphoneStreamType":"video","timestamp":1795176494610},{"softphoneStreamType":"audio_input"},null,7]`,
      undefined,
    ],
  ])("%s gives no samples", (_, text, objects) => {
    expect(readSoftphoneSamples(text, objects)).toEqual([]);
  });

  test("real jitter goes up and down and is kept", () => {
    expect(jittersOf([sample(0, 4), sample(1, 9), sample(2, 3), sample(3, 12)])).toEqual([4, 9, 3, 12]);
  });

  test("a jitter that only rises is a sum and dropped, also below the limit", () => {
    expect(jittersOf([sample(0, 10), sample(1, 20), sample(2, 20), sample(3, 40)])).toEqual(Array(4).fill(undefined));
  });

  test("one value above a second spoils its stream, not the other", () => {
    expect(
      jittersOf([sample(0, 5), sample(1, 1_001), sample(0, 7, "audio_output"), sample(1, 6, "audio_output")]),
    ).toEqual([undefined, undefined, 7, 6]);
  });

  test("a steady jitter, a gap and a few rising values are kept", () => {
    expect(jittersOf([sample(0, 5), sample(1, 5), sample(2, 5), sample(3, 5)])).toEqual([5, 5, 5, 5]);
    expect(jittersOf([sample(0, 1), sample(1, null), sample(2, 2), sample(3, 3)])).toEqual([1, undefined, 2, 3]);
  });

  test("nothing throws", () => {
    fc.assert(
      fc.property(fc.string(), fc.jsonValue(), (tail, objects) => {
        expect(readSoftphoneSamples(PREFIX + tail, JSON.parse(JSON.stringify(objects)))).toBeInstanceOf(Array);
        expect(readSoftphoneSamples(PREFIX + JSON.stringify(objects), undefined)).toBeInstanceOf(Array);
      }),
    );
  });
});
