import { once } from "node:events";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { readFileSync } from "node:fs";
import { deflateSync, gzipSync } from "node:zlib";
import { array, assert, asyncProperty, constantFrom, shuffledSubarray, tuple } from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ccpLine, flowEntry, NINE, TemporaryServer, toLines } from "../../test/temporary-server.ts";
import { defaultConfig } from "../config/config.ts";
import type { TokenRequest } from "../access/token-registry.ts";

let server: TemporaryServer;
let now = NINE;
let port = 0;

beforeAll(async () => {
  const { limits } = defaultConfig();
  server = await TemporaryServer.create(
    { limits: { ...limits, token_requests_per_second: 1, token_bytes_per_second: 100_000 } },
    () => now,
  );
  await server.app.listen({ host: "127.0.0.1", port: 0 });
  port = (server.app.server.address() as AddressInfo).port;
});

afterAll(() => server.remove());

async function tokenFor(name: string, more: Partial<TokenRequest> = {}): Promise<string> {
  const request = { name, scope: "ingest" as const, sources: null, groups: null, expiresTime: null, ...more };
  return (await server.context.access.registry.create(request)).token;
}

const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });

async function rowsOf(sql: string): Promise<readonly (readonly unknown[])[]> {
  return (await server.context.store.query({ sql, limit: 1000, timeoutMs: 5000 })).rows;
}

describe("CCP batches", () => {
  const entries = (name: string): readonly unknown[] => [ccpLine(`${name} a`), ccpLine(`${name} b`, 1)];

  test.each<[string, (values: readonly unknown[]) => string | Buffer, Record<string, string>]>([
    ["lines", toLines, { "content-type": "application/x-ndjson" }],
    ["an array", (values) => JSON.stringify(values), { "content-type": "application/json" }],
    ["an envelope", (values) => JSON.stringify({ group: "g", logs: values }), { "content-type": "text/plain" }],
    ["envelopes in lines", (values) => toLines(values.map((value) => ({ logs: [value] }))), {}],
    ["a printed envelope", (values) => JSON.stringify({ logs: values }, undefined, 2), { "content-type": "" }],
    ["gzip", (values) => gzipSync(toLines(values)), { "content-encoding": "gzip", "content-type": "no type at all" }],
    ["two layers", (values) => gzipSync(deflateSync(toLines(values))), { "content-encoding": "deflate, gzip" }],
  ])("come as %s; the content type says nothing", async (name, pack, headers) => {
    const token = await tokenFor(`batches ${name}`);
    const answer = await server.post("/v1/ccp-logs", pack(entries(name)), { ...headers, ...bearer(token) });
    expect([answer.status, answer.body]).toEqual([200, { appended: 2, duplicate: 0, rejected: 0 }]);
  });

  test("made with zstd are taken", async () => {
    const fixtures = JSON.parse(
      readFileSync(new URL("../receive/fixtures/zstd.json", import.meta.url), "utf8"),
    ) as Record<"streamed", string>;
    const answer = await server.post("/v1/ccp-logs", Buffer.from(fixtures.streamed, "base64"), {
      "content-encoding": "zstd",
      ...bearer(await tokenFor("zstd")),
    });
    expect([answer.status, answer.body]).toEqual([200, { appended: 3, duplicate: 0, rejected: 0 }]);
  });

  test("carry their group, and a forwarder's envelope its own name for it", async () => {
    const headers = bearer(await tokenFor("groups"));
    await server.post("/v1/ccp-logs", JSON.stringify({ group: "north", logs: [ccpLine("in north")] }), headers);
    await server.post("/v1/ccp-logs", JSON.stringify({ groupId: "south", logs: [ccpLine("in south")] }), headers);
    expect(await rowsOf("select message, group_id from ccp_log where message like 'in %' order by 1")).toEqual([
      ["in north", "north"],
      ["in south", "south"],
    ]);
  });

  test("keep what is bad in an envelope and store the rest", async () => {
    const body = JSON.stringify({ logs: [ccpLine("beside bad"), { level: "INFO" }, 7, null] });
    const answer = await server.post("/v1/ccp-logs", body, bearer(await tokenFor("bad in envelope")));
    expect(answer.body).toEqual({ appended: 1, duplicate: 0, rejected: 3 });
  });
});

describe("EventBridge's requests", () => {
  const contactEvent = {
    version: "0",
    id: "11111111-0000-4000-8000-000000000001",
    "detail-type": "Amazon Connect Contact Event",
    source: "aws.connect",
    account: "123456789012",
    time: "2026-11-20T09:00:00Z",
    region: "eu-west-2",
    resources: [],
    detail: {
      eventType: "INITIATED",
      contactId: "22222222-0000-4000-8000-000000000001",
      initialContactId: "22222222-0000-4000-8000-000000000001",
      channel: "VOICE",
      instanceArn: "arn:aws:connect:eu-west-2:123456789012:instance/33333333-0000-4000-8000-000000000001",
      initiationMethod: "INBOUND",
      eventTime: "2026-11-20T09:00:00Z",
    },
  };
  const apiCall = {
    version: "0",
    id: "11111111-0000-4000-8000-000000000002",
    "detail-type": "AWS API Call via CloudTrail",
    source: "aws.connect",
    account: "123456789012",
    time: "2026-11-20T09:00:01Z",
    region: "eu-west-2",
    resources: [],
    detail: {
      eventVersion: "1.08",
      userIdentity: { type: "Root", accountId: "123456789012" },
      eventTime: "2026-11-20T09:00:01Z",
      eventSource: "connect.amazonaws.com",
      eventName: "DeleteInstance",
      awsRegion: "eu-west-2",
      eventID: "44444444-0000-4000-8000-000000000001",
    },
  };

  test.each<[string, (token: string) => Record<string, string>]>([
    ["an API key", (token) => ({ "x-api-key": token })],
    ["basic authentication", (token) => ({ authorization: `Basic ${Buffer.from(`any:${token}`).toString("base64")}` })],
  ])("are taken with %s, as EventBridge sends them", async (how, headersOf) => {
    const headers = {
      "user-agent": "Amazon/EventBridge/ApiDestinations",
      "content-type": "application/json; charset=utf-8",
      range: "bytes=0-1048575",
      "accept-encoding": "gzip,deflate",
      ...headersOf(await tokenFor(`eventbridge ${how}`, { sources: ["contact_event", "cloudtrail"] })),
    };
    const answers = [contactEvent, apiCall].map((event) =>
      server.post("/v1/eventbridge", JSON.stringify(event), headers),
    );
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200]);
    expect(await rowsOf("select count(*) from contact_event")).toEqual([[1]]);
    expect(await rowsOf("select event_name from cloudtrail")).toEqual([["DeleteInstance"]]);
  });
});

describe("a token", () => {
  test("revoked is refused with the next request", async () => {
    const token = await tokenFor("to be revoked");
    expect((await server.post("/v1/records/ccp_log", toLines([ccpLine("ok")]), bearer(token))).status).toBe(200);
    await server.context.access.registry.revoke("to be revoked");
    expect((await server.post("/v1/records/ccp_log", toLines([ccpLine("no")]), bearer(token))).status).toBe(401);
  });

  test("to read may not post, and one to post may not manage tokens or import", async () => {
    const reading = await server.post("/v1/ccp-logs", "{}", bearer(await tokenFor("reader", { scope: "read" })));
    expect(reading).toMatchObject({ status: 403, body: { code: "forbidden" } });
    const headers = { ...bearer(await tokenFor("poster")), "content-type": "application/json" };
    for (const [url, body] of [
      ["/v1/tokens", '{"name":"x"}'],
      ["/v1/tokens/reader/revoke", "{}"],
      ["/v1/imports", '{"paths":["/"]}'],
    ] as const)
      expect((await server.post(url, body, headers)).status, url).toBe(403);
    expect((await server.get("/v1/tokens", headers)).status).toBe(403);
  });

  test("for some sources keeps to them, record by record", async () => {
    const headers = bearer(await tokenFor("flow logs only", { sources: ["flow_log"] }));
    const contactId = "aaaaaaaa-1111-4111-8111-111111111111";
    const mixed = toLines([flowEntry(contactId), ccpLine("smuggled")]);
    expect((await server.post("/v1/records/ccp_log", mixed, headers)).status).toBe(403);
    expect((await server.post("/v1/ccp-logs", mixed, headers)).status).toBe(403);
    expect((await server.post("/v1/records/auto", mixed, headers)).body).toEqual({
      appended: 1,
      duplicate: 0,
      rejected: 1,
    });
    expect((await server.post("/v1/records/flow_log", mixed, headers)).body).toMatchObject({
      duplicate: 1,
      rejected: 1,
    });
    expect(await rowsOf("select count(*) from ccp_log where message = 'smuggled'")).toEqual([[0]]);
    expect((await server.get("/v1/rejected?limit=1")).body["rejected"]).toMatchObject([
      { reason: "not_allowed", detail: "the token is for flow_log, not for ccp_log", source: "ccp_log" },
    ]);
  });

  test("for some groups keeps to them; what names none belongs to the first", async () => {
    const headers = bearer(await tokenFor("two groups", { groups: ["east", "west"] }));
    const batch = (group: string | undefined, text: string): string =>
      JSON.stringify({ ...(group === undefined ? {} : { group }), logs: [ccpLine(text)] });
    for (const [group, text] of [
      ["west", "group west"],
      ["north", "group north"],
      [undefined, "group none"],
    ] as const)
      expect((await server.post("/v1/ccp-logs", batch(group, text), headers)).status).toBe(200);
    expect(await rowsOf("select message, group_id from ccp_log where message like 'group %' order by 1")).toEqual([
      ["group none", "east"],
      ["group west", "west"],
    ]);
  });

  test("that sends too many requests waits; others do not", async () => {
    const headers = bearer(await tokenFor("eager"));
    const statuses: number[] = [];
    for (let count = 0; count < 12; count++) statuses.push((await server.post("/v1/ccp-logs", "", headers)).status);
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 200), 429, 429]);
    const refused = await server.post("/v1/ccp-logs", "", headers);
    expect(refused).toMatchObject({ body: { code: "rate_limited" }, headers: { "retry-after": "1" } });
    expect((await server.post("/v1/ccp-logs", "", bearer(await tokenFor("calm")))).status).toBe(200);
    now += 1000;
    expect((await server.post("/v1/ccp-logs", "", headers)).status).toBe(200);
  });

  test("that sends too many bytes waits until they are paid for", async () => {
    const headers = bearer(await tokenFor("heavy"));
    expect((await server.post("/v1/ccp-logs", `"${"x".repeat(1_500_000)}"`, headers)).status).toBe(200);
    expect((await server.post("/v1/ccp-logs", "", headers)).headers["retry-after"]).toBe("6");
    now += 6000;
    expect((await server.post("/v1/ccp-logs", "", headers)).status).toBe(200);
  });
});

describe("the receivers", () => {
  test("tell each route and token, with counts and rate", async () => {
    const headers = bearer(await tokenFor("counted"));
    await server.post("/v1/records/flow_log", toLines([flowEntry("bbbbbbbb-1111-4111-8111-111111111111"), 7]), headers);
    const { body } = await server.get("/v1/receivers");
    expect(body["receivers"]).toContainEqual({
      name: "records/flow_log (counted)",
      type: "http",
      state: "receiving",
      detail: null,
      last_record_time: new Date(now).toISOString(),
      lag_ms: null,
      records_per_minute: 2,
      appended: 1,
      duplicate: 0,
      rejected: 1,
      dropped: {},
      canary: null,
      live_tail: null,
      gaps: [],
    });
    const metrics = await server.app.inject({ method: "GET", url: "/metrics" });
    expect(metrics.body).toContain('receiver="records/flow_log (counted)",type="http",outcome="appended"} 1');
  });
});

describe("the same records", () => {
  test("in any split, order, packing and route are stored once", async () => {
    const lines = Array.from({ length: 40 }, (_, index) => ccpLine(`split ${index}`, index));
    const packings = {
      lines: (values: readonly unknown[]) => [toLines(values), {}] as const,
      array: (values: readonly unknown[]) => [JSON.stringify(values), {}] as const,
      envelope: (values: readonly unknown[]) => [JSON.stringify({ logs: values }), {}] as const,
      concatenated: (values: readonly unknown[]) =>
        [values.map((value) => JSON.stringify(value)).join(""), {}] as const,
      gzip: (values: readonly unknown[]) => [gzipSync(toLines(values)), { "content-encoding": "gzip" }] as const,
    };
    let appended = 0;
    await assert(
      asyncProperty(
        array(
          tuple(
            shuffledSubarray(lines, { minLength: 1 }),
            constantFrom(...(Object.keys(packings) as (keyof typeof packings)[])),
            constantFrom("records/ccp_log", "records/auto", "ccp-logs"),
          ),
          { minLength: 1, maxLength: 4 },
        ),
        async (deliveries) => {
          const answers = await Promise.all(
            deliveries.map(([values, packing, route]) => {
              const [payload, headers] = packings[packing](values);
              return server.post(`/v1/${route}`, payload, { ...headers, ...bearer(server.context.token) });
            }),
          );
          for (const { body } of answers) {
            const counts = body as unknown as { appended: number; duplicate: number; rejected: number };
            appended += counts.appended;
            expect(counts.rejected).toBe(0);
          }
          // two of them at once never both claim the same record
          const sum = answers.reduce(
            (total, { body }) => total + Number(body["appended"]) + Number(body["duplicate"]),
            0,
          );
          expect(sum).toBe(deliveries.reduce((total, [values]) => total + values.length, 0));
        },
      ),
      { numRuns: 25 },
    );
    await server.post("/v1/ccp-logs", toLines(lines), bearer(server.context.token));
    expect(await rowsOf("select count(*), count(distinct message) from ccp_log where message like 'split %'")).toEqual([
      [40, 40],
    ]);
    expect(appended).toBeLessThanOrEqual(40);
  });
});

describe("on a real connection", () => {
  const head = (length: number | string, more = ""): string =>
    `POST /v1/ccp-logs HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${server.context.token}\r\nContent-Length: ${length}\r\n${more}\r\n`;

  test("an upload that is cut off stores nothing and holds nothing", async () => {
    const socket = connect(port, "127.0.0.1");
    socket.write(`${head(1_000_000)}${toLines([ccpLine("cut off")])}`);
    while (server.context.intake.waitingBytes === 0) await new Promise((resolve) => setImmediate(resolve));
    socket.destroy();
    while (server.context.intake.waitingBytes > 0) await new Promise((resolve) => setImmediate(resolve));
    expect(await rowsOf("select count(*) from ccp_log where message = 'cut off'")).toEqual([[0]]);
  });

  test("a body that comes byte by byte is one body", async () => {
    const socket = connect(port, "127.0.0.1");
    const body = toLines([ccpLine("byte by byte")]);
    socket.write(head(body.length, "Connection: close\r\n"));
    for (const byte of body) {
      socket.write(byte);
      await new Promise((resolve) => setImmediate(resolve));
    }
    let text = "";
    for await (const chunk of socket) text += String(chunk);
    expect(text).toContain('{"appended":1,"duplicate":0,"rejected":0}');
  });

  test("a body that is too large is refused while it is still sent, and the reason can be read", async () => {
    const request = httpRequest({
      port,
      host: "127.0.0.1",
      method: "POST",
      path: "/v1/ccp-logs",
      headers: { authorization: `Bearer ${server.context.token}`, host: "localhost" },
    });
    const answered = once(request, "response");
    const megabyte = Buffer.alloc(1024 * 1024, "x");
    // no length is announced: the limit is found while reading
    for (let sent = 0; sent < 20; sent++) request.write(megabyte);
    const [response] = (await answered) as [IncomingMessage];
    let text = "";
    for await (const chunk of response) text += String(chunk);
    expect([response.statusCode, text]).toEqual([413, expect.stringContaining('"code":"body_too_large"')]);
    request.destroy();
    expect(server.context.intake.waitingBytes).toBe(0);
  });

  test("a token is looked at before a body is taken", async () => {
    const socket = connect(port, "127.0.0.1");
    socket.write("POST /v1/ccp-logs HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10000000\r\n\r\n");
    const [chunk] = (await once(socket, "data")) as [Buffer];
    expect(chunk.toString()).toMatch(/^HTTP\/1\.1 401 /);
    socket.destroy();
  });
});
