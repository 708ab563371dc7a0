import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterEach, beforeEach, expect, test } from "vitest";
import { query, rejectedOf, TemporaryData } from "../test/rows.ts";

let data: TemporaryData;

beforeEach(async () => {
  data = await TemporaryData.create();
});

afterEach(() => data.remove());

/** The tables of store version 1 that a later version changed, as Fourwire 0.1.0 of 2026-11-21 made them. */
const VERSION_1 = [
  "create schema store",
  "create table store.store_meta (key varchar primary key, value varchar not null)",
  "insert into store.store_meta values ('store_version', '1')",
  `create table main.rejected_record (
    rejected_id varchar not null,
    source varchar not null,
    reason varchar not null,
    detail varchar not null,
    origin varchar not null,
    position bigint not null,
    size_bytes bigint not null,
    rejected_time timestamptz not null,
    body blob not null
  )`,
  // ids of version 1 depend on the place: the same bytes are there three times
  `insert into main.rejected_record values
    ('id-1', 'ccp_log', 'invalid_json', 'torn', 'shard/1', 0, 4, '2026-11-20 09:00:00+00', '{"é'::blob),
    ('id-2', 'ccp_log', 'invalid_json', 'torn', 'shard/2', 7, 4, '2026-11-20 08:00:00+00', '{"é'::blob),
    ('id-3', 'ccp_log', 'invalid_json', 'torn', '/logs/a.txt', 7, 4, '2026-11-20 10:00:00+00', '{"é'::blob),
    ('id-4', 'flow_log', 'bad_time', 'no zone', 'x', 0, 3, '2026-11-20 09:30:00+00', 'abc'::blob),
    ('id-5', 'unknown', 'too_large', 'cut', '/logs/b.txt', 11, 9000000, '2026-11-20 09:31:00+00', 'begin'::blob),
    ('id-6', 'unknown', 'too_large', 'cut', '/logs/b.txt', 12, 9000000, '2026-11-20 09:32:00+00', 'begin'::blob)`,
] as const;

async function makeVersion1(...more: readonly string[]): Promise<void> {
  await mkdir(data.path, { recursive: true });
  const instance = await DuckDBInstance.create(join(data.path, "fourwire.duckdb"));
  const connection = await instance.connect();
  await connection.run("set TimeZone = 'UTC'");
  for (const statement of [...VERSION_1, ...more]) await connection.run(statement.replaceAll("é", "\\xC3\\xA9"));
  connection.closeSync();
  instance.closeSync();
}

const MIGRATED = [
  ['{"é', "shard/2", 3, "2026-11-20T08:00:00.000Z", "2026-11-20T10:00:00.000Z", 0],
  ["abc", "x", 1, "2026-11-20T09:30:00.000Z", "2026-11-20T09:30:00.000Z", 0],
  ["begin", "/logs/b.txt", 1, "2026-11-20T09:31:00.000Z", "2026-11-20T09:31:00.000Z", 0],
  ["begin", "/logs/b.txt", 1, "2026-11-20T09:32:00.000Z", "2026-11-20T09:32:00.000Z", 0],
];

const EVERY_ROW = `select decode(body), origin, delivery_count, rejected_time, last_delivery_time, replay_count
  from rejected_record order by rejected_time`;

test("a directory of version 1 opens: rejected records of the same bytes become one, with a count", async () => {
  await makeVersion1();
  const store = await data.open();
  expect(await query(store, EVERY_ROW)).toEqual(MIGRATED);
  expect(
    await query(store, "select length(rejected_id), count(distinct rejected_id) from rejected_record group by 1"),
  ).toEqual([[32, 4]]);
});

test("what comes again after the migration is known by the id that the migration gave", async () => {
  await makeVersion1();
  const store = await data.open();
  const again = [
    rejectedOf('{"é', { size_bytes: 4, origin: "shard/9" }),
    rejectedOf("abc", { source: "flow_log", origin: "elsewhere" }),
    rejectedOf("begin", { source: "unknown", size_bytes: 9_000_000, origin: "/moved/b.txt", position: 12 }),
  ];
  await store.append({ batches: [], rejected: again });
  expect(await query(store, "select delivery_count from rejected_record order by rejected_time")).toEqual([
    [4],
    [2],
    [1],
    [2],
  ]);
});

test("a migration that a crash cut off is done at the next opening, and done once", async () => {
  await makeVersion1(
    "alter table main.rejected_record add column delivery_count bigint default 1",
    "alter table main.rejected_record add column last_delivery_time timestamptz",
  );
  const store = await data.open();
  expect(await query(store, EVERY_ROW)).toEqual(MIGRATED);
  await data.close(store);
  const again = await data.open();
  expect(await query(again, EVERY_ROW)).toEqual(MIGRATED);
});
