import { gzipSync } from "node:zlib";
import type { JsonObject, SourceName } from "@fourwire/core";
import { describe, expect, test } from "vitest";
import { MAX_DEPTH, MAX_WRAPPERS } from "./limits.ts";
import { recognizeSource, unwrap } from "./unwrap.ts";

const FLOW_LOG = {
  ContactId: "f0b21968-952b-47ba-b764-f29a57bcf626",
  ContactFlowId: "arn:aws:connect:us-east-2:0123456789012:instance/d-92673ef055/contact-flow/8a9b",
  ContactFlowModuleType: "SetQueue",
  Timestamp: "2021-04-13T00:14:31.581Z",
};
const CCP_LOG = {
  component: "ccp",
  level: "INFO",
  text: "Agent initialized",
  time: "2026-11-20T12:08:10.255Z",
  loggerId: "1-a",
};
const CLOUDTRAIL = {
  eventVersion: "1.08",
  eventTime: "2026-11-20T10:00:00Z",
  eventSource: "connect.amazonaws.com",
  eventName: "CreateUser",
  awsRegion: "eu-west-2",
  userIdentity: { type: "Root" },
  eventID: "e-1",
};
const AGENT_EVENT = {
  AWSAccountId: "1",
  AgentARN: "arn:aws:connect:a:1:instance/i/agent/a",
  EventId: "v",
  EventTimestamp: "2026-11-20T10:00:00.000Z",
  EventType: "LOGIN",
  Version: "2017-10-01",
  InstanceARN: "arn:aws:connect:a:1:instance/i",
};

interface Found {
  readonly records: { source: SourceName; value: JsonObject; carrier: object | undefined }[];
  readonly unknown: unknown[];
  readonly faults: { reason: string; detail: string }[];
  readonly dropped: string[];
}

function open(value: unknown): Found {
  const found: Found = { records: [], unknown: [], faults: [], dropped: [] };
  const text = JSON.stringify(value);
  unwrap(
    { value: JSON.parse(text), text },
    {
      record: (source, { value: record, carrier }) => found.records.push({ source, value: record, carrier }),
      unknown: (unknownValue) => found.unknown.push(unknownValue),
      fault: (reason, detail) => found.faults.push({ reason, detail }),
      dropped: (reason) => found.dropped.push(reason),
      canary: ({ receiver }) => found.dropped.push(`canary of ${receiver}`),
    },
  );
  return found;
}

function base64(value: unknown): string {
  return Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64");
}

function gzipBase64(value: unknown): string {
  return gzipSync(JSON.stringify(value)).toString("base64");
}

function only(source: SourceName, value: unknown, carrier?: object): Found {
  return { records: [{ source, value: value as JsonObject, carrier }], unknown: [], faults: [], dropped: [] };
}

const CLOUDWATCH = {
  messageType: "DATA_MESSAGE",
  owner: "111122223333",
  logGroup: "/aws/connect/example",
  logStream: "2021/04/13/stream",
  subscriptionFilters: ["all"],
  logEvents: [{ id: "373", timestamp: 1_618_272_871_581, message: JSON.stringify(FLOW_LOG) }],
};
const CLOUDWATCH_CARRIER = {
  time: 1_618_272_871_581,
  id: "373",
  accountId: "111122223333",
  origin: "/aws/connect/example",
};

describe("what was posted or could not be", () => {
  test("a batch of CCP logs is opened; its group is kept, entries that are none are told", () => {
    const found = open({ group: "support", time: "2026-11-20T12:00:00Z", logs: [CCP_LOG, 7, { level: "INFO" }] });
    expect(found.records).toMatchObject([{ source: "ccp_log", carrier: { origin: "support" } }]);
    expect(found.unknown).toHaveLength(2);
  });

  test("an entry of Firehose's error bucket is the record that could not be delivered", () => {
    const entry = (data: string | Buffer): object => ({
      attemptsMade: 9,
      arrivalTimestamp: 1_763_629_200_000,
      errorCode: "HttpEndpoint.DestinationException",
      errorMessage: "The following response was received from the endpoint destination. 503: ...",
      attemptEndingTimestamp: 1_763_636_400_000,
      rawData: Buffer.from(data).toString("base64"),
    });
    expect(open(entry(JSON.stringify(AGENT_EVENT))).records).toMatchObject([{ source: "agent_event" }]);
    expect(open(entry(gzipSync(JSON.stringify(FLOW_LOG)))).records).toMatchObject([{ source: "flow_log" }]);
    expect(open(entry("no JSON")).faults).toMatchObject([{ reason: "invalid_json" }]);
  });
});

describe("CloudWatch", () => {
  test("a subscription's DATA_MESSAGE is opened, and its facts go with each record", () => {
    expect(open(CLOUDWATCH)).toEqual(only("flow_log", FLOW_LOG, CLOUDWATCH_CARRIER));
  });

  test("a CONTROL_MESSAGE carries nothing, is no fault and is counted", () => {
    const probe = {
      ...CLOUDWATCH,
      messageType: "CONTROL_MESSAGE",
      logEvents: [{ id: "", timestamp: 1, message: "CWL CONTROL MESSAGE: Checking health" }],
    };
    expect(open(probe)).toEqual({ records: [], unknown: [], faults: [], dropped: ["control_message"] });
  });

  test("a message that is not JSON is a fault, its neighbours are not", () => {
    const { records, faults } = open({
      ...CLOUDWATCH,
      logEvents: [{ id: "1", timestamp: 1, message: "START" }, ...CLOUDWATCH.logEvents],
    });
    expect(records.length).toBe(1);
    expect(faults).toEqual([{ reason: "invalid_json", detail: "the message of a log event is not JSON" }]);
  });

  test("Lambda's awslogs is opened", () => {
    expect(open({ awslogs: { data: gzipBase64(CLOUDWATCH) } })).toEqual(only("flow_log", FLOW_LOG, CLOUDWATCH_CARRIER));
  });

  test("awslogs without data is a fault", () => {
    expect(open({ awslogs: {} }).faults).toEqual([{ reason: "missing_field", detail: "the wrapper has no data" }]);
  });

  test("the answers of GetLogEvents and FilterLogEvents are opened", () => {
    const event = { timestamp: 1_618_272_871_581, message: JSON.stringify(FLOW_LOG), ingestionTime: 1, eventId: "373" };
    expect(open({ events: [event], nextForwardToken: "f" })).toEqual(
      only("flow_log", FLOW_LOG, { time: 1_618_272_871_581, id: "373" }),
    );
    expect(open(event)).toEqual(only("flow_log", FLOW_LOG, { time: 1_618_272_871_581, id: "373" }));
  });
});

describe("Lambda's and Firehose's events", () => {
  test.each([
    ["base64", base64(AGENT_EVENT)],
    ["gzip in base64", gzipBase64(AGENT_EVENT)],
    ["gzip in gzip in base64", gzipSync(gzipSync(JSON.stringify(AGENT_EVENT))).toString("base64")],
  ])("Kinesis data in %s is opened", (_, data) => {
    expect(
      open({ Records: [{ eventSource: "aws:kinesis", kinesis: { data, partitionKey: "p", sequenceNumber: "1" } }] }),
    ).toEqual(only("agent_event", AGENT_EVENT));
  });

  test("Kinesis data may hold several values after one another", () => {
    const data = base64(`${JSON.stringify(AGENT_EVENT)}${JSON.stringify(FLOW_LOG)}\n${JSON.stringify(CCP_LOG)}`);
    expect(open({ Records: [{ kinesis: { data } }] }).records.map(({ source }) => source)).toEqual([
      "agent_event",
      "flow_log",
      "ccp_log",
    ]);
  });

  test("a Firehose transformation's records are opened, a subscription's payload in them too", () => {
    const event = {
      invocationId: "i",
      deliveryStreamArn: "arn",
      region: "eu-west-2",
      records: [
        { recordId: "1", data: base64(AGENT_EVENT) },
        { recordId: "2", data: gzipBase64(CLOUDWATCH) },
      ],
    };
    expect(open(event).records.map(({ source, carrier }) => [source, carrier])).toEqual([
      ["agent_event", undefined],
      ["flow_log", CLOUDWATCH_CARRIER],
    ]);
  });

  test("the body of an SQS message is opened, also when it is an EventBridge event", () => {
    const event = {
      "detail-type": "AWS API Call via CloudTrail",
      source: "aws.connect",
      detail: CLOUDTRAIL,
      id: "e",
      time: "2026-11-20T10:00:01Z",
      account: "1",
      region: "eu-west-2",
    };
    const { records } = open({
      Records: [
        { messageId: "m", body: JSON.stringify(CCP_LOG), eventSource: "aws:sqs" },
        { messageId: "n", body: JSON.stringify(event) },
      ],
    });
    expect(records.map(({ source }) => source)).toEqual(["ccp_log", "cloudtrail"]);
  });

  test.each([
    [
      "damaged gzip",
      gzipSync("{}").subarray(0, 12).toString("base64"),
      "corrupt_gzip",
      /damaged or larger than \d+ bytes/,
    ],
    ["no JSON", base64("hello"), "invalid_json", /not JSON/],
    ["torn JSON", base64('{"a":'), "invalid_json", /not JSON/],
    [
      "bytes that are not UTF-8",
      Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]).toString("base64"),
      "invalid_utf8",
      /not UTF-8/,
    ],
    ["deep JSON", base64("[".repeat(10_000) + "]".repeat(10_000)), "too_deep", new RegExp(String(MAX_DEPTH))],
  ])("%s inside is a fault, the next record is not", (_, data, reason, detail) => {
    const { records, faults } = open({ Records: [{ kinesis: { data } }, { kinesis: { data: base64(AGENT_EVENT) } }] });
    expect(records.length).toBe(1);
    expect(faults).toEqual([{ reason, detail: expect.stringMatching(detail) }]);
  });
});

describe("EventBridge", () => {
  test("a CloudTrail event is taken out of its envelope", () => {
    const event = {
      version: "0",
      id: "e-2",
      "detail-type": "AWS API Call via CloudTrail",
      source: "aws.connect",
      account: "111122223333",
      time: "2026-11-20T10:00:05Z",
      region: "eu-west-2",
      resources: [],
      detail: CLOUDTRAIL,
    };
    expect(open(event)).toEqual(
      only("cloudtrail", CLOUDTRAIL, {
        time: Date.parse("2026-11-20T10:00:05Z"),
        id: "e-2",
        accountId: "111122223333",
        region: "eu-west-2",
        origin: "aws.connect",
      }),
    );
  });

  test("the CCP logs of an AgentCCPLogs event are taken one by one, with their group", () => {
    const event = {
      version: "0",
      id: "e-3",
      "detail-type": "AgentCCPLogs",
      source: "aws.partner/operata.com/x",
      account: "1",
      time: "2025-11-26T22:42:13Z",
      region: "ap-southeast-2",
      detail: { groupId: "g-1", logs: [CCP_LOG, { ...CCP_LOG, text: "second" }] },
    };
    const { records, faults } = open(event);
    expect(faults).toEqual([]);
    expect(records.map(({ source, value, carrier }) => [source, value["text"], carrier])).toMatchObject([
      ["ccp_log", "Agent initialized", { origin: "g-1", accountId: "1" }],
      ["ccp_log", "second", { origin: "g-1", accountId: "1" }],
    ]);
  });

  test("any other event is left to the sources, and unknown when none takes it", () => {
    const event = {
      "detail-type": "EC2 Instance State-change Notification",
      source: "aws.ec2",
      detail: { state: "running" },
    };
    expect(open(event)).toEqual({ records: [], unknown: [event], faults: [], dropped: [] });
  });
});

describe("SNS", () => {
  const notification = {
    Type: "Notification",
    MessageId: "m-1",
    TopicArn: "arn:aws:sns:eu-west-2:111122223333:connect",
    Message: JSON.stringify(CLOUDTRAIL),
    Timestamp: "2026-11-20T10:00:00.000Z",
  };

  test("a notification and a Lambda event of notifications are opened", () => {
    expect(open(notification)).toEqual(only("cloudtrail", CLOUDTRAIL));
    expect(open({ Records: [{ EventSource: "aws:sns", EventVersion: "1.0", Sns: notification }] })).toEqual(
      only("cloudtrail", CLOUDTRAIL),
    );
  });

  test("a message that is not JSON is a fault", () => {
    expect(open({ ...notification, Message: "CloudTrail validation message." }).faults).toEqual([
      { reason: "invalid_json", detail: "the message of an SNS notification is not JSON" },
    ]);
  });
});

describe("arrays and depth", () => {
  test("the elements of arrays and of Records are looked at one by one", () => {
    expect(open([CCP_LOG, [FLOW_LOG], { Records: [CLOUDTRAIL, 7] }]).records.map(({ source }) => source)).toEqual([
      "ccp_log",
      "flow_log",
      "cloudtrail",
    ]);
    expect(open([CCP_LOG, 7, null, "x"]).unknown).toEqual([7, null, "x"]);
  });

  test("empty Records carry nothing", () => {
    expect(open({ Records: [] })).toEqual({ records: [], unknown: [], faults: [], dropped: [] });
  });

  test("wrappers inside each other end at the limit, which is named", () => {
    const wrap = (value: unknown): unknown => ({ Records: [{ kinesis: { data: base64(value) } }] });
    let value: unknown = CCP_LOG;
    for (let depth = 0; depth < MAX_WRAPPERS; depth++) value = wrap(value);
    expect(open(value)).toEqual(only("ccp_log", CCP_LOG));
    expect(open(wrap(value)).faults).toEqual([
      { reason: "too_deep", detail: `more than ${MAX_WRAPPERS} wrappers inside each other` },
    ]);
  });

  test("a record is recognized by its shape", () => {
    expect([FLOW_LOG, CCP_LOG, CLOUDTRAIL, AGENT_EVENT, { a: 1 }].map((value) => recognizeSource(value))).toEqual([
      "flow_log",
      "ccp_log",
      "cloudtrail",
      "agent_event",
      undefined,
    ]);
  });
});
