import { describe, expect, test } from "vitest";
import { readNotification } from "./notification.ts";

const KEY = "AWSLogs/123456789012/CloudTrail/eu-west-2/2026/11/20/a.json.gz";
const FOUND = { kind: "objects", objects: [{ bucket: "trail", key: KEY }] };

function s3Event(name: string, key: string, bucket = "trail"): object {
  return {
    eventVersion: "2.1",
    eventSource: "aws:s3",
    awsRegion: "eu-west-2",
    eventName: name,
    s3: { s3SchemaVersion: "1.0", bucket: { name: bucket }, object: { key, size: 1, eTag: "x", sequencer: "1" } },
  };
}

function fromSns(message: unknown): string {
  const text = typeof message === "string" ? message : JSON.stringify(message);
  return JSON.stringify({ Type: "Notification", MessageId: "m", TopicArn: "arn:aws:sns:a:1:t", Message: text });
}

const S3_EVENT = { Records: [s3Event("ObjectCreated:Put", KEY)] };
const TRAIL_KEYS = { s3Bucket: "trail", s3ObjectKey: [KEY] };
const EVENT_BRIDGE = {
  version: "0",
  id: "1",
  "detail-type": "Object Created",
  source: "aws.s3",
  detail: { version: "0", bucket: { name: "trail" }, object: { key: KEY, size: 1 }, reason: "PutObject" },
};

describe("a notification", () => {
  test.each([
    ["S3's own", S3_EVENT],
    ["CloudTrail's", TRAIL_KEYS],
    ["EventBridge's", EVENT_BRIDGE],
  ])("%s is read raw and from SNS", (_, value) => {
    expect(readNotification(JSON.stringify(value))).toEqual(FOUND);
    expect(readNotification(fromSns(value))).toEqual(FOUND);
  });

  test("of S3 has encoded keys, of EventBridge plain ones", () => {
    const encoded = { Records: [s3Event("ObjectCreated:CompleteMultipartUpload", "my+trail%2Ba/%C3%A9%3D1.json.gz")] };
    expect(readNotification(JSON.stringify(encoded))).toMatchObject({ objects: [{ key: "my trail+a/é=1.json.gz" }] });
    const plain = { ...EVENT_BRIDGE, detail: { bucket: { name: "trail" }, object: { key: "a+b%20c" } } };
    expect(readNotification(JSON.stringify(plain))).toMatchObject({ objects: [{ key: "a+b%20c" }] });
  });

  test("may name several files", () => {
    const keys = { s3Bucket: "trail", s3ObjectKey: ["a", "b"] };
    expect(readNotification(JSON.stringify(keys))).toMatchObject({ objects: [{ key: "a" }, { key: "b" }] });
    const events = { Records: [s3Event("s3:ObjectCreated:Put", "a"), s3Event("ObjectRemoved:Delete", "b")] };
    expect(readNotification(JSON.stringify(events))).toMatchObject({ objects: [{ key: "a" }] });
  });

  test.each([
    ['{"Service":"Amazon S3","Event":"s3:TestEvent","Bucket":"trail"}', "test_message"],
    [fromSns("CloudTrail validation message."), "test_message"],
    ["CloudTrail validation message.", "test_message"],
    [JSON.stringify({ Records: [s3Event("ObjectRemoved:Delete", KEY)] }), "other_notification"],
    [JSON.stringify({ ...EVENT_BRIDGE, "detail-type": "Object Deleted" }), "other_notification"],
  ])("%s tells of nothing to read", (body, reason) => {
    expect(readNotification(body)).toEqual({ kind: "nothing", reason });
  });

  test.each([
    "hello",
    "[]",
    "{}",
    '{"Records":[]}',
    '{"s3Bucket":"trail","s3ObjectKey":"not a list"}',
    JSON.stringify({ Records: [s3Event("ObjectCreated:Put", "%E0%A4%A")] }),
    JSON.stringify({ ...EVENT_BRIDGE, detail: {} }),
  ])("%s is unknown", (body) => {
    expect(readNotification(body)).toEqual({ kind: "unknown" });
  });
});
