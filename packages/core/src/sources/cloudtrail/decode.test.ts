import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseInstant } from "../../instant.ts";
import type { JsonObject } from "../../json.ts";
import type { Carrier } from "../../source.ts";
import { decodeCloudTrail, recognizeCloudTrail } from "./decode.ts";

const RECORD: JsonObject = {
  eventVersion: "1.11",
  userIdentity: { type: "IAMUser", arn: "arn:aws:iam::111122223333:user/ana" },
  eventTime: "2026-11-20T10:00:00Z",
  eventSource: "connect.amazonaws.com",
  eventName: "DescribeUser",
  awsRegion: "eu-west-2",
  sourceIPAddress: "192.0.2.1",
};

function decode(value: JsonObject, carrier?: Carrier) {
  return decodeCloudTrail({ value, body: JSON.stringify(value), carrier });
}

function without(...keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(RECORD).filter(([key]) => !keys.includes(key)));
}

function fixtureRecords(name: string): readonly JsonObject[] {
  return JSON.parse(readFileSync(new URL(`fixtures/${name}`, import.meta.url), "utf8")).Records;
}

const VERSION_FIXTURES = readdirSync(new URL("fixtures/", import.meta.url)).filter((name) =>
  /^umccr_.*\.json$/.test(name),
);

test("there is a fixture of every event version from 1.0 to 1.11", () => {
  const versions = VERSION_FIXTURES.flatMap((name) => fixtureRecords(name)).map((record) =>
    typeof record.eventVersion === "string" ? record.eventVersion : JSON.stringify(record.eventVersion),
  );
  const expected = ["1.0", "1.01", "1.02", "1.03", "1.04", "1.05", "1.06", "1.07", "1.08", "1.09", "1.10", "1.11"];
  expect(new Set(versions)).toEqual(new Set(expected));
});

test.each(VERSION_FIXTURES)("every record of %s is recognized and decoded", (name) => {
  for (const record of fixtureRecords(name)) {
    expect(recognizeCloudTrail(record)).toBe(true);
    expect(decode(record)).toMatchObject({
      ok: true,
      value: { eventName: record.eventName, eventVersion: record.eventVersion },
    });
  }
});

test.each(["1.0", "1.02", "1.99", "2.0", "next", undefined])(
  "event version %s is accepted and kept",
  (eventVersion) => {
    const value = { ...RECORD, eventVersion };
    expect(recognizeCloudTrail(value)).toBe(true);
    expect(decode(value)).toMatchObject({ ok: true, value: { eventVersion } });
  },
);

test("a fragment of identity and address is recognized, and rejected for its missing time", () => {
  const fragment: JsonObject = JSON.parse(
    readFileSync(new URL("fixtures/shape_admin_website_change_identity.json", import.meta.url), "utf8"),
  );
  expect(recognizeCloudTrail(fragment)).toBe(true);
  expect(decode(fragment)).toEqual({ ok: false, rejected: { reason: "missing_field", detail: "eventTime" } });
});

test("a record without a time takes the carrier's", () => {
  const time = parseInstant("2026-11-20T10:00:05Z");
  if (time === undefined) throw new Error("the instant of this test cannot be read");
  expect(decode(without("eventTime"), { time })).toMatchObject({ ok: true, value: { eventTime: time } });
  expect(decode({ ...RECORD, eventTime: null }, { time })).toMatchObject({ ok: true, value: { eventTime: time } });
});

test.each([
  ["2026-11-20", '"2026-11-20"'],
  ["Aug 17, 2021, 1:55:40 AM", '"Aug 17, 2021, 1:55:40 AM"'],
  [-5, "-5"],
  [{}, "object"],
])("the unreadable time %j is rejected, not guessed at", (eventTime, shown) => {
  const detail = `eventTime: ${shown}`;
  expect(decode({ ...RECORD, eventTime })).toEqual({ ok: false, rejected: { reason: "bad_time", detail } });
});

test("a record without any name is rejected, one with a name of the wrong type too", () => {
  expect(decode(without("eventName"))).toEqual({
    ok: false,
    rejected: { reason: "missing_field", detail: "eventName" },
  });
  const detail = "eventName: number instead of text";
  expect(decode({ ...RECORD, eventName: 7 })).toEqual({ ok: false, rejected: { reason: "bad_type", detail } });
});

test("an Insight record is named after the API it is about, else after its type", () => {
  const insight = {
    eventSource: "connect.amazonaws.com",
    eventName: "StopContact",
    insightType: "ApiCallRateInsight",
    state: "Start",
  };
  const record: JsonObject = {
    eventVersion: "1.08",
    eventTime: "2026-11-20T10:00:00Z",
    awsRegion: "eu-west-2",
    eventID: "id",
    eventType: "AwsCloudTrailInsight",
    insightDetails: insight,
  };
  expect(recognizeCloudTrail(record)).toBe(true);
  expect(decode(record)).toMatchObject({
    ok: true,
    value: { eventName: "StopContact", eventSource: "connect.amazonaws.com" },
  });
  const nameless = { ...record, insightDetails: { state: "End" } };
  expect(decode(nameless)).toMatchObject({ ok: true, value: { eventName: "AwsCloudTrailInsight" } });
});

test.each([
  [
    "an S3 notification",
    {
      eventVersion: "2.1",
      eventSource: "aws:s3",
      awsRegion: "eu-west-2",
      eventTime: "x",
      eventName: "y",
      userIdentity: {},
    },
  ],
  [
    "a Kinesis record of Lambda",
    { eventSource: "aws:kinesis", eventVersion: "1.0", eventName: "aws:kinesis:record", awsRegion: "eu-west-2" },
  ],
  ["a flow log entry", { ContactId: "c", ContactFlowId: "f", ContactFlowModuleType: "SetQueue", Timestamp: "t" }],
  ["an agent event", { AgentARN: "arn", EventType: "LOGIN", EventTimestamp: "t", Version: "2017-10-01" }],
  [
    "an EventBridge envelope",
    { version: "0", "detail-type": "AWS API Call via CloudTrail", detail: RECORD, region: "eu-west-2" },
  ],
  ["a file of records", { Records: [RECORD] }],
  ["nothing", {}],
])("%s is not taken for a CloudTrail record", (_, value) => {
  expect(recognizeCloudTrail(value)).toBe(false);
});
