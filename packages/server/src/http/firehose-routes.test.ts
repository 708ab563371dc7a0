import { gzipSync } from "node:zlib";
import { array, assert, asyncProperty, boolean, shuffledSubarray, tuple } from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ccpLine, flowEntry, NINE, TemporaryServer, TOKEN, toLines } from "../../test/temporary-server.ts";
import { defaultConfig } from "../config/config.ts";

const REQUEST_ID = "ed4acda5-034f-9f42-bba1-f29aea6d7d8f";
const STREAM_ARN = "arn:aws:firehose:us-east-1:123456789012:deliverystream/connect-agents";

let server: TemporaryServer;

beforeAll(async () => {
  server = await TemporaryServer.create();
});

afterAll(() => server.remove());

interface Answer {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  readonly body: { readonly requestId: unknown; readonly timestamp: unknown; readonly errorMessage?: string };
}

/** A delivery that is refused, and with what; the rest is as it should be. */
interface Refused {
  readonly path?: string;
  readonly payload?: string | Buffer;
  readonly headers?: Record<string, string>;
  readonly says: readonly [number, RegExp];
}

/** Headers as Firehose sends them. */
function firehoseHeaders(more: Record<string, string> = {}): Record<string, string> {
  return {
    "content-type": "application/json",
    "x-amz-firehose-protocol-version": "1.0",
    "x-amz-firehose-request-id": REQUEST_ID,
    "x-amz-firehose-source-arn": STREAM_ARN,
    "x-amz-firehose-access-key": TOKEN,
    ...more,
  };
}

async function post(
  path: string,
  payload: string | Buffer,
  headers: Record<string, string> = firehoseHeaders(),
): Promise<Answer> {
  const response = await server.app.inject({ method: "POST", url: `/v1/firehose/${path}`, payload, headers });
  return { status: response.statusCode, headers: response.headers, body: JSON.parse(response.body) as Answer["body"] };
}

const base64 = (data: string | Buffer): string => Buffer.from(data).toString("base64");

function delivery(records: readonly (string | Buffer)[], requestId = REQUEST_ID): string {
  return JSON.stringify({
    requestId,
    timestamp: 1_578_090_901_599,
    records: records.map((data) => ({ data: base64(data) })),
  });
}

async function messagesOf(text: string): Promise<readonly unknown[]> {
  const { rows } = await server.context.store.query({
    sql: `select message from ccp_log where message like '%${text}%' order by event_time, message`,
    limit: 10_000,
    timeoutMs: 5000,
  });
  return rows.map((row) => row[0]);
}

/** What the receivers' page shows of this stream. */
async function statusOf(name: string): Promise<unknown> {
  const { body } = await server.get("/v1/receivers");
  return (body["receivers"] as unknown as { name: string }[]).find((receiver) => receiver.name === name);
}

describe("the answer", () => {
  test("to a delivery is 200 with its id and a time, as JSON with a length and without a coding", async () => {
    const before = Date.now();
    const answer = await post("auto", delivery([JSON.stringify(ccpLine("answered"))]));
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ requestId: REQUEST_ID, timestamp: expect.any(Number) });
    expect(answer.body.timestamp).toBeGreaterThanOrEqual(before);
    expect(answer.headers["content-type"]).toBe("application/json");
    expect(answer.headers["content-encoding"]).toBeUndefined();
    expect(Number(answer.headers["content-length"])).toBeGreaterThan(0);
    expect(await messagesOf("answered")).toEqual(["answered"]);
  });

  test("is the same at an endpoint that was typed without a source", async () => {
    const payload = delivery([JSON.stringify(ccpLine("no source in the path"))]);
    const answer = await server.app.inject({
      method: "POST",
      url: "/v1/firehose",
      payload,
      headers: firehoseHeaders(),
    });
    expect(answer.statusCode).toBe(200);
    expect(await messagesOf("no source in the path")).toEqual(["no source in the path"]);
  });

  test("takes the id from the body where the header is missing", async () => {
    const { "x-amz-firehose-request-id": _, ...headers } = firehoseHeaders();
    expect((await post("auto", delivery([], "only-in-the-body"), headers)).body.requestId).toBe("only-in-the-body");
    expect(await post("auto", '{"records":[]}', headers)).toMatchObject({ status: 400, body: { requestId: "" } });
  });

  // Amazon: everything but 413 is tried again and ends in the error bucket; 413 is final and the batch is in no bucket.
  test.each<[string, Refused]>([
    ["without an access key", { headers: { "x-amz-firehose-access-key": "" }, says: [401, /^unauthorized: /] }],
    ["with another key", { headers: { "x-amz-firehose-access-key": "fw_x" }, says: [401, /^unauthorized: /] }],
    ["to an unknown source", { path: "nosuch", says: [404, /^not_found: no source "nosuch"/] }],
    ["of another version", { headers: { "x-amz-firehose-protocol-version": "2.0" }, says: [400, /version "2.0"/] }],
    ["that is no JSON", { payload: "records", says: [400, /^parameter_invalid: the body is not the JSON/] }],
    ["that is no delivery", { payload: '{"requestId":"x"}', says: [400, /^parameter_invalid: records: /] }],
    ["that is an array", { payload: "[]", says: [400, /^parameter_invalid: body: /] }],
    ["whose gzip is damaged", { headers: { "content-encoding": "gzip" }, says: [400, /^parameter_invalid: /] }],
    ["in another coding", { headers: { "content-encoding": "br" }, says: [415, /^encoding_unsupported: /] }],
    ["with another host", { headers: { host: "evil.example" }, says: [403, /^host_not_allowed: /] }],
    ["beyond the size", { headers: { "content-length": String(200 * 1024 ** 2) }, says: [400, /^body_too_large: /] }],
    [
      "that is a bomb",
      {
        payload: gzipSync(Buffer.alloc(120 * 1024 ** 2)),
        headers: { "content-encoding": "gzip" },
        says: [400, /^body_too_large: /],
      },
    ],
  ])("to a delivery %s says why in Amazon's form", async (_, { path, payload, headers, says: [status, message] }) => {
    const answer = await post(path ?? "auto", payload ?? delivery([]), firehoseHeaders(headers));
    expect(answer.status).toBe(status);
    expect(answer.body).toEqual({
      requestId: REQUEST_ID,
      timestamp: expect.any(Number),
      errorMessage: expect.stringMatching(message),
    });
    expect(answer.headers["content-type"]).toBe("application/json");
  });

  test("is never longer than Amazon takes", async () => {
    const answer = await post(`x${"y".repeat(5000)}`, delivery([]));
    expect((answer.body.errorMessage ?? "").length).toBeLessThanOrEqual(8192);
  });
});

describe("a delivery", () => {
  test("of Amazon's own example is taken: two records that are no logs are kept as rejected", async () => {
    const body = JSON.stringify({
      requestId: REQUEST_ID,
      timestamp: 1_578_090_901_599,
      records: [{ data: "aGVsbG8=" }, { data: "aGVsbG8gd29ybGQ=" }],
    });
    expect((await post("auto", body)).status).toBe(200);
    const { body: page } = await server.get("/v1/rejected?limit=2");
    expect((page["rejected"] as unknown as { body: string }[]).map((rejected) => rejected.body).toSorted()).toEqual([
      "hello",
      "hello world",
    ]);
  });

  test("compressed with gzip is taken", async () => {
    const body = gzipSync(delivery([JSON.stringify(ccpLine("packed one")), JSON.stringify(ccpLine("packed two"))]));
    expect((await post("ccp_log", body, firehoseHeaders({ "content-encoding": "gzip" }))).status).toBe(200);
    expect(await messagesOf("packed")).toEqual(["packed one", "packed two"]);
  });

  test("of CloudWatch subscription payloads is opened; control messages are counted and not kept", async () => {
    const contactId = "eeeeeeee-1111-4111-8111-111111111111";
    const payload = (messageType: string, messages: readonly unknown[]): string =>
      JSON.stringify({
        messageType,
        owner: "123456789012",
        logGroup: "/aws/connect/example",
        logStream: "2026/11/20/09/stream",
        subscriptionFilters: ["to-fourwire"],
        logEvents: messages.map((message, index) => ({
          id: `3195310660696698337880902507980421114328961542429${JSON.stringify(message).length}${index}`,
          timestamp: NINE + index,
          message: typeof message === "string" ? message : JSON.stringify(message),
        })),
      });
    const data = payload("DATA_MESSAGE", [flowEntry(contactId), flowEntry(contactId, 5)]);
    const records = [
      gzipSync(data),
      gzipSync(payload("CONTROL_MESSAGE", ["CWL CONTROL MESSAGE: Checking health of destination Firehose."])),
      // as Firehose's own decompression leaves it: two payloads in one record, the first of them for the second time
      data + payload("DATA_MESSAGE", [flowEntry(contactId, 10, { ContactFlowName: "Other" })]),
    ];
    expect((await post("flow_log", delivery(records))).status).toBe(200);
    const { rows } = await server.context.store.query({
      sql: `select count(*), any_value(log_group) from flow_log where contact_id = '${contactId}'`,
      limit: 1,
      timeoutMs: 5000,
    });
    expect([Number(rows[0]?.[0]), rows[0]?.[1]]).toEqual([3, "/aws/connect/example"]);
    expect(await statusOf("firehose/flow_log connect-agents (this run)")).toMatchObject({
      type: "firehose",
      state: "receiving",
      appended: 3,
      duplicate: 2,
      dropped: { control_message: 1 },
    });
  });

  test("with bad records among good ones stores the good and keeps the bad", async () => {
    const body = JSON.stringify({
      requestId: REQUEST_ID,
      records: [
        { data: base64(JSON.stringify(ccpLine("beside one"))) },
        { data: "not base64!" },
        { data: "" },
        {},
        null,
        { data: base64(gzipSync("x").subarray(0, 12)) },
        { data: base64('{"torn":') },
        { data: base64('{"no":"record"}') },
        { data: { messageType: "DATA_MESSAGE", logEvents: [{ id: "1", timestamp: NINE, message: "log message 1" }] } },
        { data: base64(toLines([ccpLine("beside two"), ccpLine("beside three")])) },
      ],
    });
    expect((await post("auto", body, firehoseHeaders({ "x-amz-firehose-source-arn": "nonsense" }))).status).toBe(200);
    expect(await messagesOf("beside")).toEqual(["beside one", "beside three", "beside two"]);
    expect(await statusOf("firehose/auto (this run)")).toMatchObject({
      appended: 3,
      rejected: 7,
      dropped: { empty_record: 1 },
    });
    const { body: page } = await server.get("/v1/rejected?limit=7");
    const reasons = (page["rejected"] as unknown as { reason: string; origin: string }[]).map(({ reason }) => reason);
    expect(reasons.toSorted()).toEqual([
      "bad_type",
      "corrupt_gzip",
      "invalid_json",
      "invalid_json",
      "missing_field",
      "missing_field",
      "unknown_shape",
    ]);
    expect(JSON.stringify(page)).toContain(`firehose:auto/${REQUEST_ID}[1]`);
  });

  test("names the group of CCP logs by a common attribute", async () => {
    const headers = firehoseHeaders({
      "x-amz-firehose-common-attributes": '{"commonAttributes":{"group":"support","other":""}}',
    });
    await post("ccp_log", delivery([JSON.stringify(ccpLine("of a group"))]), headers);
    await post("ccp_log", delivery([JSON.stringify(ccpLine("of no group"))]), {
      ...headers,
      "x-amz-firehose-common-attributes": "not JSON",
    });
    const { rows } = await server.context.store.query({
      sql: "select message, group_id from ccp_log where message like 'of % group' order by message",
      limit: 10,
      timeoutMs: 5000,
    });
    expect(rows).toEqual([
      ["of a group", "support"],
      ["of no group", null],
    ]);
  });

  test("delivered again, in any split and order, is stored once", async () => {
    const lines = Array.from({ length: 30 }, (_, index) => JSON.stringify(ccpLine(`again ${index}`, index)));
    await assert(
      asyncProperty(
        array(tuple(shuffledSubarray(lines, { minLength: 1 }), boolean()), { minLength: 1, maxLength: 3 }),
        async (deliveries) => {
          const answers = await Promise.all(
            deliveries.map(([records, isPacked]) =>
              isPacked
                ? post("auto", gzipSync(delivery(records)), firehoseHeaders({ "content-encoding": "gzip" }))
                : post("ccp_log", delivery([gzipSync(records.join("")), ...records])),
            ),
          );
          expect(answers.map(({ status }) => status)).toEqual(deliveries.map(() => 200));
        },
      ),
      { numRuns: 15 },
    );
    await post("auto", delivery(lines));
    expect(await messagesOf("again %")).toHaveLength(30);
  });
});

describe("a server that has no room", () => {
  test("answers 503 in Amazon's form, so that the delivery comes again", async () => {
    const { limits } = defaultConfig();
    const small = await TemporaryServer.create({ limits: { ...limits, max_waiting: 1_000_000 } });
    const share = small.context.intake.open();
    share.hold(1_000_000);
    const refused = await small.app.inject({
      method: "POST",
      url: "/v1/firehose/auto",
      payload: delivery([JSON.stringify(ccpLine("waiting"))]),
      headers: firehoseHeaders(),
    });
    expect(refused.statusCode).toBe(503);
    expect(refused.headers["retry-after"]).toBe("1");
    expect(JSON.parse(refused.body)).toMatchObject({ requestId: REQUEST_ID, errorMessage: expect.any(String) });
    share.release();
    const taken = await small.app.inject({
      method: "POST",
      url: "/v1/firehose/auto",
      payload: delivery([JSON.stringify(ccpLine("waiting"))]),
      headers: firehoseHeaders(),
    });
    expect(taken.statusCode).toBe(200);
    expect(small.context.intake.waitingBytes).toBe(0);
    await small.remove();
  });
});
