import type { FacetsResponse, HistogramResponse, RecordResponse, RecordsResponse, RecordSummary } from "@fourwire/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ccpLine, flowEntry, NINE, RANGE, TemporaryServer, toLines, type Answer } from "../../test/temporary-server.ts";

let server: TemporaryServer;

const CONTACT = "cccccccc-1111-4111-8111-111111111111";
/** Several records share an instant, so that a page may end between them. */
const LINES = Array.from({ length: 57 }, (_, index) =>
  ccpLine(`line ${index}`, Math.floor(index / 4) * 1000, index % 5 === 0 ? { level: "ERROR" } : {}),
);
const ENTRIES = Array.from({ length: 20 }, (_, index) => flowEntry(CONTACT, index * 700));

beforeAll(async () => {
  server = await TemporaryServer.create();
  expect((await server.ingest("ccp_log", toLines(LINES))).body).toEqual({ appended: 57, duplicate: 0, rejected: 0 });
  expect((await server.ingest("flow_log", JSON.stringify(ENTRIES))).body).toEqual({
    appended: 20,
    duplicate: 0,
    rejected: 0,
  });
});

afterAll(() => server.remove());

async function get<T>(path: string): Promise<T> {
  const answer = await server.get(path);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body as unknown as T;
}

/** Every record of the range, page by page. */
async function walk(filter: string, limit: number): Promise<readonly RecordSummary[]> {
  const seen: RecordSummary[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const page: RecordsResponse = await get(
      `/v1/records?${RANGE}&q=${encodeURIComponent(filter)}&limit=${limit}${cursor === "" ? "" : `&before=${cursor}`}`,
    );
    expect(page.records.length).toBeLessThanOrEqual(limit);
    seen.push(...page.records);
    cursor = page.next_cursor;
  }
  return seen;
}

describe("records", () => {
  test.each([1, 3, 7, 77, 200])("in pages of %i are all of them, each once, newest first", async (limit) => {
    const seen = await walk("", limit);
    expect(seen.length).toBe(77);
    expect(new Set(seen.map((record) => record.record_id)).size).toBe(77);
    expect(seen.map((record) => record.event_time)).toEqual(
      seen
        .map((record) => record.event_time)
        .toSorted()
        .toReversed(),
    );
  });

  test.each([
    ["severity:error", 12],
    ["source:flow_log", 20],
    ["-source:flow_log severity:error", 12],
    [`contact_id:${CONTACT}`, 20],
    ["-contact_id:*", 57],
    ['"line 1"', 11],
    ["event_name:nothing", 0],
    [`event_time:<${NINE + 1000}`, 6],
  ])("filtered by %s are %i, in pages too", async (filter, count) => {
    expect((await walk(filter, 200)).length).toBe(count);
    expect((await walk(filter, 5)).length).toBe(count);
  });

  test("end before `to` and begin with `from`", async () => {
    const span = (from: number, to: number): string =>
      `/v1/records?from=${NINE + from}&to=${NINE + to}&q=source:ccp_log`;
    expect((await get<RecordsResponse>(span(0, 1000))).records.length).toBe(4);
    expect((await get<RecordsResponse>(span(0, 1001))).records.length).toBe(8);
  });

  test("one by its id, with its own columns and the body as received", async () => {
    const [summary] = await walk("source:flow_log", 200);
    const { record, columns } = await get<RecordResponse>(`/v1/records/${summary?.record_id}`);
    expect(record).toMatchObject({ ...summary, original_body: JSON.stringify(ENTRIES[19]), schema_version: 1 });
    expect(columns.find((column) => column.name === "flow_name")).toMatchObject({ type: "text", value: "Main" });
  });

  test("around one are those of its agent, contact and session", async () => {
    const [line] = await walk('"line 30"', 5);
    const around = await get<Record<string, readonly RecordSummary[]>>(`/v1/records/${line?.record_id}/around`);
    expect([around["agent"]?.length, around["contact"]?.length, around["session"]?.length]).toEqual([57, 0, 57]);
  });
});

describe("histogram and facets", () => {
  test.each(["", "severity:error", "source:ccp_log", "event_name:nothing"])(
    "add up to the number of records: %j",
    async (filter) => {
      const total = (await walk(filter, 200)).length;
      const q = encodeURIComponent(filter);
      for (const buckets of [1, 7, 120]) {
        const histogram = await get<HistogramResponse>(`/v1/records/histogram?${RANGE}&q=${q}&buckets=${buckets}`);
        const counts = histogram.buckets.flatMap((bucket) => Object.values(bucket.counts));
        expect([histogram.total, counts.reduce((sum, count) => sum + count, 0)]).toEqual([total, total]);
        for (const bucket of histogram.buckets) expect(Date.parse(bucket.time) % histogram.bucket_ms).toBe(0);
      }
      const { facets } = await get<FacetsResponse>(`/v1/records/facets?${RANGE}&q=${q}`);
      const sources = facets.find((facet) => facet.field === "source")?.values ?? [];
      expect(sources.reduce((sum, value) => sum + value.count, 0)).toBe(total);
    },
  );

  test("errors of a bucket are its records of severity 17 and up", async () => {
    const { buckets } = await get<HistogramResponse>(`/v1/records/histogram?${RANGE}`);
    expect(buckets.reduce((sum, bucket) => sum + bucket.errors, 0)).toBe(12);
  });

  test("facets come with the most frequent value first", async () => {
    const { facets } = await get<FacetsResponse>(`/v1/records/facets?${RANGE}`);
    expect(facets.find((facet) => facet.field === "source")?.values).toEqual([
      { value: "ccp_log", count: 57 },
      { value: "flow_log", count: 20 },
    ]);
  });
});

describe("what is asked wrongly", () => {
  const wrong: readonly (readonly [string, number, string, RegExp])[] = [
    ["/v1/records?limit=0", 400, "parameter_invalid", /limit must be a whole number from 1 to 2000, not "0"/],
    ["/v1/records?limit=x", 400, "parameter_invalid", /limit/],
    ["/v1/records?from=yesterday", 400, "parameter_invalid", /from must be an instant such as/],
    [
      "/v1/records?from=2026-11-20T09:00:00Z&to=2026-11-20T08:00:00Z",
      400,
      "parameter_invalid",
      /from must be before to/,
    ],
    ["/v1/records?before=nonsense", 400, "parameter_invalid", /before is not a cursor/],
    ["/v1/records?q=contct_id:x", 400, "filter_invalid", /unknown field "contct_id"; did you mean "contact_id"\?/],
    ["/v1/records?q=severity:loud", 400, "filter_invalid", /unknown severity "loud"/],
    ['/v1/records?q="open', 400, "filter_invalid", /quote is not closed/],
    ["/v1/records/histogram?buckets=0", 400, "parameter_invalid", /buckets/],
    ["/v1/records/AAAAAAAAAAAAAAAAAAAAAAAA", 404, "not_found", /no record has the id/],
    ["/v1/records/not-an-id", 404, "not_found", /no record has the id "not-an-id"/],
    ["/v1/contacts/nobody", 404, "not_found", /no record names the contact "nobody"/],
    ["/v1/agents/nobody", 404, "not_found", /no record names the agent "nobody"/],
    ["/v1/resolve", 400, "parameter_invalid", /id is missing/],
    ["/v1/nothing", 404, "not_found", /nothing is served at GET \/v1\/nothing/],
    ["/v1/live/tail?q=contct_id:x", 400, "filter_invalid", /did you mean/],
  ];

  test.each(wrong)("%s is answered with %i %s and how to ask rightly", async (url, status, code, message) => {
    const answer: Answer = await server.get(url);
    expect(answer).toMatchObject({
      status,
      body: { code, message: expect.stringMatching(message), docs: `docs/errors.md#${code}` },
    });
    expect(Object.keys(answer.body)).toEqual(["code", "message", "docs"]);
  });

  test("a comparison with a text column is met by numbers only, and is no error", async () => {
    expect(await walk("agent_id:>5", 10)).toEqual([]);
  });
});
