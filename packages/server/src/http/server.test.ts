import { once } from "node:events";
import { request as httpRequest, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { deflateSync, gzipSync } from "node:zlib";
import type { ContactTimeline, RecordSummary, StatusResponse, TailEvent } from "@fourwire/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ccpLine, flowEntry, NINE, RANGE, TemporaryServer, TOKEN, toLines } from "../../test/temporary-server.ts";

let server: TemporaryServer;
let url = "";

beforeAll(async () => {
  server = await TemporaryServer.create();
  await server.app.listen({ host: "127.0.0.1", port: 0 });
  url = `http://127.0.0.1:${(server.app.server.address() as AddressInfo).port}`;
});

afterAll(() => server.remove());

test.each(["/", "/contacts", "/contacts/some-id?at=1"])("%s is the page", async (path) => {
  const response = await fetch(`${url}${path}`);
  expect([response.status, response.headers.get("cache-control")]).toEqual([200, "public, max-age=0"]);
  expect(await response.text()).toContain("<title>Fourwire");
});

describe("who may ask", () => {
  test.each(["localhost", "localhost:4004", "127.0.0.1:4004", "[::1]:4004", "LOCALHOST"])(
    "%s is this machine's own name",
    async (host) => {
      expect((await server.get("/healthz", { host })).status).toBe(200);
    },
  );

  test.each(["example.com", "evil.localhost.example.com", "127.0.0.1.nip.io", "10.0.0.1:4004"])(
    "%j is another's, and refused before anything is done",
    async (host) => {
      expect(await server.get("/healthz", { host })).toMatchObject({ status: 403, body: { code: "host_not_allowed" } });
    },
  );

  test.each<[string, Record<string, string>]>([
    ["no token", {}],
    ["another token", { authorization: "Bearer another" }],
    ["the token in another scheme", { authorization: `Basic ${TOKEN}` }],
    ["an empty token", { authorization: "Bearer " }],
  ])("records are not taken with %s", async (_, headers) => {
    const answer = await server.post("/v1/records/ccp_log", toLines([ccpLine("unwanted")]), headers);
    expect(answer).toMatchObject({ status: 401, body: { code: "unauthorized", docs: "docs/errors.md#unauthorized" } });
    expect(answer.headers["www-authenticate"]).toMatch(/^Bearer /);
    expect((await server.get(`/v1/records?${RANGE}&q=unwanted`)).body["records"]).toEqual([]);
  });

  test("files are not imported without the token", async () => {
    expect(
      (await server.post("/v1/imports", '{"paths":["/etc"]}', { "content-type": "application/json" })).status,
    ).toBe(401);
  });
});

describe("ingest", () => {
  test.each([
    ["lines", (values: readonly unknown[]) => toLines(values), {}],
    ["an array", (values: readonly unknown[]) => JSON.stringify(values), { "content-type": "application/json" }],
    [
      "concatenated values",
      (values: readonly unknown[]) => values.map((value) => JSON.stringify(value)).join(""),
      { "content-type": "text/plain" },
    ],
    ["gzip", (values: readonly unknown[]) => gzipSync(toLines(values)), { "content-encoding": "gzip" }],
    ["deflate", (values: readonly unknown[]) => deflateSync(toLines(values)), { "content-encoding": "deflate" }],
  ])("takes %s, once", async (name, pack, headers) => {
    const body = pack([ccpLine(`${name} one`), ccpLine(`${name} two`)]);
    expect((await server.ingest("ccp_log", body, headers)).body).toEqual({ appended: 2, duplicate: 0, rejected: 0 });
    expect((await server.ingest("auto", body, headers)).body).toEqual({ appended: 0, duplicate: 2, rejected: 0 });
  });

  test("stores the good records beside the bad ones, which it counts and keeps", async () => {
    const body = `${JSON.stringify(ccpLine("good"))}\n{"torn\n{"no":"record"}\n${JSON.stringify(ccpLine("also good"))}\n`;
    expect((await server.ingest("ccp_log", body)).body).toEqual({ appended: 2, duplicate: 0, rejected: 2 });
    const { body: page } = await server.get("/v1/rejected?limit=2");
    expect((page["rejected"] as unknown as { reason: string }[]).map((rejected) => rejected.reason).toSorted()).toEqual(
      ["invalid_json", "unknown_shape"],
    );
  });

  test("counts every value it cannot use, however many", async () => {
    const values = Array.from({ length: 321 }, (_, index) => ({ index }));
    expect((await server.ingest("ccp_log", toLines(values))).body).toEqual({
      appended: 0,
      duplicate: 0,
      rejected: 321,
    });
    expect((await server.ingest("auto", toLines(values.map(({ index }) => ({ other: index }))))).body).toEqual({
      appended: 0,
      duplicate: 0,
      rejected: 321,
    });
  });

  test("of what is no JSON at all is one rejected record", async () => {
    expect((await server.ingest("ccp_log", "hello")).body).toEqual({ appended: 0, duplicate: 0, rejected: 1 });
  });

  test("of nothing is nothing", async () => {
    expect((await server.ingest("ccp_log", "")).body).toEqual({ appended: 0, duplicate: 0, rejected: 0 });
  });

  test.each([
    ["an unknown source", { source: "ccp_logs", body: "{}" }, 404, "not_found"],
    ["gzip that is none", { body: "plain", encoding: "gzip" }, 400, "parameter_invalid"],
    ["an encoding nobody offered", { body: "x", encoding: "br" }, 415, "encoding_unsupported"],
    ["a body beyond the limit", { body: Buffer.alloc(17 * 1024 * 1024) }, 413, "body_too_large"],
    ["a gzip bomb", { body: gzipSync(Buffer.alloc(200 * 1024 * 1024)), encoding: "gzip" }, 413, "body_too_large"],
  ])(
    "refuses %s",
    async (
      _,
      {
        source = "ccp_log",
        body,
        encoding = "identity",
      }: { source?: string; body: string | Buffer; encoding?: string },
      status,
      code,
    ) => {
      expect(await server.ingest(source, body, { "content-encoding": encoding })).toMatchObject({
        status,
        body: { code },
      });
    },
  );

  test("of a record beyond the size limit rejects it alone, with the limit named", async () => {
    const body = gzipSync(
      `${JSON.stringify(ccpLine("before the large one"))}\n{"text":"${"x".repeat(20 * 1024 * 1024)}"}\n${JSON.stringify(ccpLine("after the large one"))}\n`,
    );
    expect((await server.ingest("ccp_log", body, { "content-encoding": "gzip" })).body).toEqual({
      appended: 2,
      duplicate: 0,
      rejected: 1,
    });
    const { body: page } = await server.get("/v1/rejected?limit=1");
    expect(page["rejected"]).toMatchObject([
      { reason: "too_large", detail: expect.stringMatching(/limit of 16777216/) },
    ]);
  });
});

describe("queries", () => {
  const ask = (body: unknown): ReturnType<TemporaryServer["post"]> =>
    server.post("/v1/query", JSON.stringify(body), { "content-type": "application/json" });

  test("answer columns and rows", async () => {
    expect((await ask({ sql: "select 1 as one, 'x' as two" })).body).toMatchObject({
      columns: [{ name: "one" }, { name: "two" }],
      rows: [[1, "x"]],
      is_truncated: false,
    });
  });

  test.each([
    [{ sql: "drop table hot.ccp_log" }, 403, "query_not_allowed"],
    [{ sql: "from store.access_token" }, 403, "query_not_allowed"],
    [{ sql: "select nosuch from ccp_log" }, 400, "query_failed"],
    [{ sql: "select 1", limit: 0 }, 400, "parameter_invalid"],
    [{ sql: "" }, 400, "parameter_invalid"],
    [{}, 400, "parameter_invalid"],
    [[], 400, "parameter_invalid"],
  ])("%j is answered with %i %s", async (body, status, code) => {
    expect(await ask(body)).toMatchObject({ status, body: { code, docs: `docs/errors.md#${code}` } });
  });

  test("exported as Parquet are held to the same", async () => {
    const answer = await server.post("/v1/query/parquet", JSON.stringify({ sql: "from store.access_token" }), {
      "content-type": "application/json",
    });
    expect(answer).toMatchObject({ status: 403, body: { code: "query_not_allowed" } });
  });

  test("with a body that is no JSON are refused", async () => {
    expect((await server.post("/v1/query", "{", { "content-type": "application/json" })).body).toMatchObject({
      code: "parameter_invalid",
    });
  });
});

describe("a contact", () => {
  test("is its records of every source in time order", async () => {
    const contactId = "dddddddd-1111-4111-8111-111111111111";
    await server.ingest(
      "auto",
      toLines([
        flowEntry(contactId, 2000),
        ccpLine(`accepted contact ${contactId}`, 3000, { contactId, objects: [{ contactId }] }),
        flowEntry(contactId, 1000),
      ]),
    );
    const timeline = (await server.get(`/v1/contacts/${contactId}`)).body as unknown as ContactTimeline;
    expect(timeline.contact_id).toBe(contactId);
    const own = timeline.entries.filter((entry) => entry.contact_id === contactId);
    expect(own.filter((entry) => entry.source === "flow_log").map((entry) => entry.event_time)).toEqual([
      new Date(NINE + 1000).toISOString(),
      new Date(NINE + 2000).toISOString(),
    ]);
    expect(timeline.entries.map((entry) => entry.event_time)).toEqual(
      timeline.entries.map((entry) => entry.event_time).toSorted(),
    );
    expect((await server.get(`/v1/contacts?${RANGE}`)).body["contacts"]).toContainEqual(
      expect.objectContaining({ contact_id: contactId }),
    );
    expect((await server.get(`/v1/resolve?id=${contactId}`)).body["matches"]).toContainEqual({
      kind: "contact",
      id: contactId,
      label: `Contact ${contactId}`,
    });
  });
});

describe("status", () => {
  test("names every source, what it holds and whether it receives", async () => {
    const status = (await server.get("/v1/status")).body as unknown as StatusResponse;
    expect(status.sources.length).toBe(6);
    expect(status.sources.find(({ source }) => source === "ccp_log")).toMatchObject({ state: "receiving" });
    expect(status.sources.find(({ source }) => source === "cloudtrail")).toMatchObject({
      state: "never",
      record_count: 0,
      first_event_time: null,
    });
  });
});

/** Follows the live tail; `until` resolves with everything sent once that many records came. */
class Follower {
  readonly records: RecordSummary[] = [];
  readonly #response: IncomingMessage;
  #wake: () => void = () => undefined;

  private constructor(response: IncomingMessage) {
    this.#response = response;
    let text = "";
    response.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      const parts = text.split("\n\n");
      text = parts.pop() ?? "";
      for (const part of parts.filter((event) => event.startsWith("event: records\n")))
        this.#take(JSON.parse(part.slice(part.indexOf("data: ") + 6)) as TailEvent);
    });
  }

  static async open(query: string): Promise<Follower> {
    const request = httpRequest(`${url}/v1/live/tail?q=${encodeURIComponent(query)}`).end();
    const [response] = (await once(request, "response")) as [IncomingMessage];
    expect(response.headers["content-type"]).toBe("text/event-stream");
    const follower = new Follower(response);
    await once(response, "data");
    return follower;
  }

  #take(event: TailEvent): void {
    expect(event.dropped).toBe(0);
    this.records.push(...event.records);
    this.#wake();
  }

  async until(count: number): Promise<readonly string[]> {
    while (this.records.length < count) await new Promise<void>((resolve) => (this.#wake = resolve));
    return this.records.map((record) => record.message);
  }

  close(): void {
    this.#response.destroy();
  }
}

describe("the live tail", () => {
  test("sends what is stored from now on, each record once, duplicates never", async () => {
    const everything = await Follower.open('"followed"');
    const lines = toLines([ccpLine("followed one"), ccpLine("followed two", 1), ccpLine("followed one")]);
    await server.ingest("ccp_log", lines);
    await server.ingest("ccp_log", lines);
    await server.ingest("ccp_log", toLines([ccpLine("followed last", 2)]));
    expect(await everything.until(3)).toEqual(["followed one", "followed two", "followed last"]);
    everything.close();
  });

  test("sends only what its filter names, also by columns that a list does not show", async () => {
    const errors = await Follower.open("severity:error");
    const bodies = await Follower.open('original_body:"needle"');
    await server.ingest(
      "ccp_log",
      toLines([
        ccpLine("quiet"),
        ccpLine("loud", 0, { level: "ERROR" }),
        ccpLine("hidden", 0, { objects: ["needle"] }),
      ]),
    );
    expect(await errors.until(1)).toEqual(["loud"]);
    expect(await bodies.until(1)).toEqual(["hidden"]);
    errors.close();
    bodies.close();
  });
});
