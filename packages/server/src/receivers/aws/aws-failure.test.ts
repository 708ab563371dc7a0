import { describe, expect, test } from "vitest";
import {
  AccessDeniedException,
  KinesisClient,
  KMSThrottlingException,
  ListShardsCommand,
  ProvisionedThroughputExceededException,
  ResourceNotFoundException,
} from "@aws-sdk/client-kinesis";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { classifyAwsError, describeAwsFailure, type AwsFailureKind } from "./aws-failure.ts";
import { BackOff } from "./back-off.ts";

function named(name: string, status?: number, more: object = {}): Error {
  return Object.assign(new Error("said"), { name, $metadata: { httpStatusCode: status }, ...more });
}

const $metadata = { httpStatusCode: 400 };

describe("an error of an AWS client", () => {
  test.each<[AwsFailureKind, Error]>([
    ["throttled", new ProvisionedThroughputExceededException({ message: "", $metadata })],
    ["throttled", new KMSThrottlingException({ message: "", $metadata })],
    ["throttled", named("ThrottlingException", 400)],
    ["throttled", named("SlowDown", 503)],
    ["throttled", named("Whatever", 429)],
    ["throttled", named("NewThrottle", 400, { $retryable: { throttling: true } })],
    ["denied", new AccessDeniedException({ message: "", $metadata })],
    ["denied", named("UnrecognizedClientException", 400)],
    ["denied", named("CredentialsProviderError")],
    ["denied", named("KMSDisabledException", 400)],
    ["denied", named("Forbidden", 403)],
    ["missing", new ResourceNotFoundException({ message: "", $metadata })],
    ["missing", named("NoSuchBucket", 404)],
    ["missing", named("QueueDoesNotExist", 400)],
    ["refused", named("ValidationException", 400)],
    ["transient", named("InternalFailure", 500)],
    ["transient", named("ResourceInUseException", 400)],
    ["transient", named("RequestTimeout", 408)],
    ["transient", named("TimeoutError")],
    ["transient", Object.assign(new Error("getaddrinfo"), { code: "ENOTFOUND" })],
    ["transient", named("RequestTimeTooSkewed", 403, { $metadata: { httpStatusCode: 403, clockSkewCorrected: true } })],
  ])("is %s: %s", (kind, error) => {
    expect(classifyAwsError(error).kind).toBe(kind);
  });

  test("what is thrown without being an error may pass", () => {
    expect(classifyAwsError("torn")).toEqual({ kind: "transient", name: "Error", message: "torn" });
  });

  test("an error of a socket is named by its code", () => {
    const refused = new AggregateError([new Error("connect ECONNREFUSED ::1:1")], "");
    expect(classifyAwsError(Object.assign(refused, { name: "Error", code: "ECONNREFUSED" }))).toEqual({
      kind: "transient",
      name: "ECONNREFUSED",
      message: "connect ECONNREFUSED ::1:1",
    });
  });

  test("an answer that is a proxy's page may pass", async () => {
    const proxy = createServer((_, response) => response.writeHead(200).end("<html>login</html>"));
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    const client = new KinesisClient({
      endpoint: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
      region: "eu-west-2",
      credentials: { accessKeyId: "a", secretAccessKey: "b" },
      requestHandler: new NodeHttpHandler(),
      maxAttempts: 1,
    });
    const error: unknown = await client
      .send(new ListShardsCommand({ StreamName: "s" }))
      .catch((cause: unknown) => cause);
    client.destroy();
    proxy.close();
    expect(classifyAwsError(error)).toMatchObject({ kind: "transient", name: "SyntaxError" });
  });
});

describe("the message", () => {
  const call = {
    action: "kinesis:GetRecords",
    subject: 'stream "connect-agents" in eu-west-2',
    configKey: "receivers.agents",
    subjectKey: "stream",
  };

  test.each<[AwsFailureKind, string]>([
    ["denied", "allow it, or check receivers.agents.credentials"],
    ["missing", "check receivers.agents.stream and receivers.agents.region"],
    ["refused", "check receivers.agents"],
    ["throttled", "another consumer reads the same place"],
    ["transient", "check the network and receivers.agents.endpoint"],
  ])("of what is %s says what to do", (kind, remedy) => {
    const text = describeAwsFailure({ kind, name: "SomeException", message: "said" }, call);
    expect(text).toContain("kinesis:GetRecords");
    expect(text).toContain('stream "connect-agents" in eu-west-2');
    expect(text).toContain("SomeException: said");
    expect(text).toContain(remedy);
  });
});

describe("the back-off", () => {
  test("doubles up to the longest wait and begins again after a success", () => {
    const backOff = new BackOff(() => 1);
    expect([1, 2, 3, 4, 5, 6, 7].map(() => backOff.next("throttled"))).toEqual([
      1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000,
    ]);
    backOff.reset();
    expect(backOff.next("denied")).toBe(10_000);
  });

  test("leaves at least half of the wait to chance", () => {
    expect(new BackOff(() => 0).next("throttled")).toBe(500);
  });
});
