import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { appendRows, query, rowsOf, TemporaryData } from "../test/rows.ts";
import type { Store } from "./store.ts";

let data: TemporaryData;
let store: Store;
let lakeFile = "";

beforeAll(async () => {
  data = await TemporaryData.create();
  store = await data.open();
  await appendRows(store, rowsOf("ccp_log", 20));
  await appendRows(store, rowsOf("flow_log", 5));
  await store.moveClosedDays("2026-11-21");
  const [row] = await query(store, "select path from store.lake_file where source = 'flow_log'");
  lakeFile = join(store.directory.lakePath, String(row?.[0]));
});

afterAll(() => data.remove());

/** Joins a million million rows: never ends within a test. */
const ENDLESS = "select count(*) from range(1000000) a, range(1000000) b where a.range + b.range = 7";

function run(
  sql: string,
  options: { readonly limit?: number; readonly timeoutMs?: number; readonly signal?: AbortSignal } = {},
): ReturnType<Store["query"]> {
  return store.query({ sql, limit: 1000, timeoutMs: 20_000, ...options });
}

async function codeOf(sql: string): Promise<string> {
  return run(sql).then(
    () => "allowed",
    (error: unknown) => (error as { readonly code: string }).code,
  );
}

describe("a SELECT", () => {
  test("gives columns with types and rows as JSON values", async () => {
    const result = await run(
      "select 1::bigint as n, 'x' as t, null as nothing, [1, 2] as list, {'a': 1} as s, timestamptz '2026-11-20 09:00:00+00' as at, 9007199254740993::bigint as big",
    );
    expect(result.columns.map((column) => column.name)).toEqual(["n", "t", "nothing", "list", "s", "at", "big"]);
    expect(result.rows).toEqual([[1, "x", null, [1, 2], { a: 1 }, "2026-11-20T09:00:00.000Z", "9007199254740993"]]);
    expect(result.isTruncated).toBe(false);
  });

  test("may use CTEs, windows and a comment, and end with a semicolon", async () => {
    expect(
      (
        await run(
          "-- how many\nwith c as (select source from log_record) select source, count(*) from c group by 1 order by 1;",
        )
      ).rows,
    ).toEqual([
      ["ccp_log", 20],
      ["flow_log", 5],
    ]);
  });

  test("is cut at its limit and says so", async () => {
    const cut = await run("select * from range(5000)", { limit: 3000 });
    expect([cut.rows.length, cut.isTruncated]).toEqual([3000, true]);
    const whole = await run("select * from range(3000)", { limit: 3000 });
    expect([whole.rows.length, whole.isTruncated]).toEqual([3000, false]);
  });

  test.each([
    "explain select count(*) from ccp_log",
    "explain analyze select count(*) from ccp_log",
    "EXPLAIN (analyze, format json)\nwith a as (select 1) select * from a",
  ])("may be explained: %s", async (sql) => {
    expect((await run(sql)).rows.length).toBeGreaterThan(0);
  });

  test("that is wrong says where", async () => {
    await expect(run("select nosuch from ccp_log")).rejects.toMatchObject({
      code: "query_failed",
      message: expect.stringMatching(/nosuch/),
    });
    await expect(run("selct 1")).rejects.toMatchObject({ code: "query_failed" });
  });

  test("that would fill memory fails alone", async () => {
    await expect(
      run("select list(a.range::varchar || repeat('x', 1000)) from range(100000000) a"),
    ).rejects.toMatchObject({ code: "query_failed" });
    expect((await run("select count(*) from ccp_log")).rows).toEqual([[20]]);
  });
});

describe("nothing is changed", () => {
  test.each([
    ["insert into hot.ccp_log (record_id) values ('x')"],
    ["delete from hot.ccp_log"],
    ["update hot.ccp_log set message = ''"],
    ["drop table hot.ccp_log"],
    ["create table t (a int)"],
    ["create or replace view main.ccp_log as select 1"],
    ["copy hot.ccp_log to '/tmp/fourwire-should-not-exist.csv'"],
    ["attach '/tmp/fourwire-should-not-exist.duckdb'"],
    ["detach fourwire"],
    ["install httpfs"],
    ["load httpfs"],
    ["pragma memory_limit='10GB'"],
    ["set memory_limit = '10GB'"],
    ["reset memory_limit"],
    ["set global enable_external_access = true"],
    ["begin transaction"],
    ["checkpoint"],
    ["call pragma_version()"],
    ["export database '/tmp/fourwire-should-not-exist'"],
    ["vacuum"],
    ["prepare p as select 1"],
    ["use hot"],
    ["select 1; select 2"],
    ["select 1; drop table hot.ccp_log"],
    [""],
    [";"],
  ])("by %s", async (sql) => {
    expect(await codeOf(sql)).toMatch(/^query_(?:not_allowed|failed)$/);
    expect((await run("select count(*) from ccp_log")).rows).toEqual([[20]]);
  });

  test.each([
    ["explain analyze delete from hot.ccp_log"],
    ["explain analyze insert into hot.ccp_log select * from hot.ccp_log"],
    ["explain analyze create table t as select 1"],
    ["explain analyze drop view main.ccp_log"],
  ])("by way of EXPLAIN: %s", async (sql) => {
    await codeOf(sql);
    expect((await run("select count(*) from ccp_log")).rows).toEqual([[20]]);
    expect((await run("select count(*) from duckdb_tables() where table_name = 't'")).rows).toEqual([[0]]);
  });

  test.each([
    "explain analyze",
    "explain (analyze)",
    "explain (analyze, format json)",
    "/* x */ explain analyze",
    "explain analyze /* x */",
    "explain explain analyze",
  ])("in the lake, by way of COPY behind %s", async (prefix) => {
    expect(await codeOf(`${prefix} copy (select 1 as broken) to '${lakeFile}' (format parquet)`)).toMatch(
      /^query_(?:not_allowed|failed)$/,
    );
    expect((await run("select count(*) from flow_log")).rows).toEqual([[5]]);
  });
});

describe("nothing beyond the lake is read", () => {
  test.each([
    ["select * from read_csv('/etc/passwd')"],
    ["select * from read_text('/etc/passwd')"],
    ["select * from read_blob('/etc/passwd')"],
    ["select * from '/etc/passwd'"],
    ["select * from glob('/etc/*')"],
    ["select * from read_json('/proc/self/environ')"],
    ["select * from read_csv('https://example.com/x.csv')"],
    ["select * from query('copy hot.ccp_log to ''/tmp/x''')"],
    ["select getenv('HOME')"],
    ["from sniff_csv('/etc/passwd')"],
    ["select * from sqlite_scan('/tmp/x', 'y')"],
  ])("by %s", async (sql) => {
    expect(await codeOf(sql)).toMatch(/^query_(?:not_allowed|failed)$/);
  });

  test("by going up from the lake", async () => {
    await writeFile(join(data.path, "secret.txt"), "secret");
    await mkdir(join(store.directory.lakePath, "sub"), { recursive: true });
    for (const path of [
      `${store.directory.lakePath}/../secret.txt`,
      `${store.directory.lakePath}/sub/../../secret.txt`,
      store.directory.ownerPath,
      `${store.directory.lakePath}/../owner.json`,
    ]) {
      expect(await codeOf(`from '${path}'`), path).toBe("query_not_allowed");
      for (const sql of [`select * from read_text('${path}')`, `select * from read_blob('file://${path}')`]) {
        expect(await codeOf(sql), sql).toBe("query_not_allowed");
        // and DuckDB refuses it where we do not look
        await expect(query(store, sql), sql).rejects.toMatchObject({ code: "query_failed" });
      }
    }
  });
});

describe("internal tables are not read", () => {
  test.each([
    "select * from store.access_token",
    "from store.access_token",
    "table store.access_token",
    'select * from "store"."access_token"',
    "select * from STORE.Access_Token",
    "select * from store/* x */./* y */access_token",
    "select * from store -- x\n.access_token",
    "select * from fourwire.store.access_token",
    "select * from fourwire.access_token",
    "select (select max(name) from store.access_token)",
    "select 1 where exists (from store.access_token)",
    "with a as (from store.access_token) from a",
    "with a as (select 1) select * from a union all select count(*) from store.access_token",
    "select * from ccp_log join store.access_token on true",
    "select * from ccp_log, lateral (select * from store.access_token)",
    "select * from (pivot store.access_token on scope in ('read') using count(*))",
    "summarize store.access_token",
    "select * from (summarize store.access_token)",
    "explain analyze select * from store.access_token",
    "EXPLAIN (format json) select * from store.access_token",
    "select * from query('from store.access_token')",
    "select * from query_table('store.access_token')",
    "select * from \"query_table\"('store.access_token')",
    "select * from main.query_table('store.access_token')",
    "select * from histogram_values('store.access_token', 'name')",
    "select * from pragma_storage_info('store.access_token')",
    "from json_execute_serialized_sql(json_serialize_sql('from store.access_token'))",
    "from duckdb_secrets()",
    "select * from hot.ccp_log",
    "select * from derived.agent_day",
    "pivot store.access_token on scope in ('read') using count(*)",
    "unpivot store.access_token on name into name n value v",
    "describe store.access_token",
    "show tables from store",
    "from (show tables from store)",
    "pragma storage_info('store.access_token')",
    "pragma table_info('store.access_token')",
    "with ccp_log as (from store.access_token) from ccp_log",
    "with recursive r as (select 'x' as n union all select name from store.access_token) from r",
    "with store as (select 1 as access_token) select access_token from store.access_token",
    "select row_number() over w from ccp_log window w as (order by (select max(name) from store.access_token))",
    "select sum(line order by (select max(name) from store.access_token)) from ccp_log",
    "select * from ccp_log limit (select count(*) from store.access_token)",
    "select * from ccp_log asof join store.access_token on event_time >= created_time",
    "select 1; select * from store.access_token",
    "from duckdb_settings()",
    "from read_parquet('lake/**/*.parquet')",
  ])("by %s", async (sql) => {
    expect(await codeOf(sql)).toMatch(/^query_(?:not_allowed|failed)$/);
  });

  test("by an export, which leaves no file where it fails", async () => {
    const exported = (sql: string): Promise<string> => store.exportParquet({ sql, limit: 0, timeoutMs: 20_000 });
    await expect(exported("from store.access_token")).rejects.toMatchObject({ code: "query_not_allowed" });
    await expect(exported("select 1) to 'x'; copy (from store.access_token")).rejects.toMatchObject({
      code: "query_failed",
    });
    await expect(exported("select error('midway') from ccp_log")).rejects.toMatchObject({ code: "query_failed" });
    const left = (await readdir(store.directory.stagingPath)).filter((name) => name.startsWith("export-"));
    expect(left).toEqual([]);
    expect(await exported("from ccp_log -- all;")).toMatch(/export-.*\.parquet$/);
  });

  test("and the answer names what cannot be read", async () => {
    await expect(run("select name from Store.access_token")).rejects.toMatchObject({
      code: "query_not_allowed",
      message: 'table "Store.access_token" cannot be read here; the tables that can are those of "show tables"',
    });
  });

  test.each([
    "show tables",
    "describe ccp_log",
    "summarize flow_log",
    "select count(*) from main.ccp_log",
    "select count(*) from fourwire.main.ccp_log",
    "pivot ccp_log on severity_text in ('INFO') using count(*)",
    "with recursive r as (select 1 as n union all select n + 1 from r where n < 3) from r",
    "select * from sqlite_master",
    "from duckdb_columns()",
    "values (1)",
    "table ccp_log",
    "explain analyze from ccp_log",
    "select table_name from information_schema.tables",
    "select unnest([1, 2]), * from range(3), generate_series(1, 2)",
    "with store as (select 1 as access_token) select store.access_token from store",
    "select 'from store.access_token'",
    "select * from (pivot (select severity_text, line from ccp_log) on severity_text in ('INFO') using count(*))",
  ])("while these are: %s", async (sql) => {
    expect(await codeOf(sql)).toBe("allowed");
  });
});

describe("time and number", () => {
  test("a query is stopped when its time is over", async () => {
    await expect(run(ENDLESS, { timeoutMs: 150 })).rejects.toMatchObject({
      code: "query_timeout",
      message: "query was stopped after 150 ms; narrow event_time or select fewer columns",
    });
  });

  test("a query is stopped when whoever asked has gone", async () => {
    const abort = new AbortController();
    const running = run(ENDLESS, { signal: abort.signal });
    setImmediate(() => abort.abort());
    await expect(running).rejects.toMatchObject({ code: "query_failed", message: "query was cancelled" });
  });

  test("a query of somebody who has gone already is not begun", async () => {
    await expect(run(ENDLESS, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: "query_failed",
      message: "query was cancelled",
    });
  });

  test("four run at once, a fifth is told to come again, and then may", async () => {
    const abort = new AbortController();
    const running = Array.from({ length: 4 }, () => run(ENDLESS, { signal: abort.signal }));
    await expect(run("select 1")).rejects.toMatchObject({ code: "query_overload", retryable: true });
    abort.abort();
    for (const outcome of await Promise.allSettled(running))
      expect(outcome).toMatchObject({ status: "rejected", reason: { message: "query was cancelled" } });
    expect((await run("select 1")).rows).toEqual([[1]]);
  });

  test("slow queries do not keep records from being stored", async () => {
    const abort = new AbortController();
    // three, not four: this process has libuv's default of four threads, the product's has sixteen (bin/fourwire.cjs)
    const running = Promise.allSettled(Array.from({ length: 3 }, () => run(ENDLESS, { signal: abort.signal })));
    expect(await appendRows(store, rowsOf("agent_event", 100))).toEqual([100, 0]);
    abort.abort();
    await running;
  });

  test("a query of more than 100,000 characters is refused", async () => {
    await expect(run(`select '${"x".repeat(100_000)}'`)).rejects.toMatchObject({ code: "query_not_allowed" });
  });
});
