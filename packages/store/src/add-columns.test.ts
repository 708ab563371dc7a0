import { readdir, rename, stat } from "node:fs/promises";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { unixMillis } from "@fourwire/core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { appendRows, DAY_MS, NINE, query, rowsOf, TemporaryData } from "../test/rows.ts";
import type { Store } from "./store.ts";

/** Columns that agent events did not have in the first version. */
const ADDED = ["previous_status_type", "previous_status_start_time", "previous_next_status_name"];

const CLOSED = rowsOf("agent_event", 30, (index) => ({
  event_time: unixMillis(NINE - DAY_MS + index),
  agent_id: `a-${index % 3}`,
}));
const OPEN = rowsOf("agent_event", 5, (index) => ({ event_time: unixMillis(NINE + index), agent_id: "a-1" }));

let data: TemporaryData;

beforeEach(async () => {
  data = await TemporaryData.create();
});

afterEach(() => data.remove());

async function lakeFiles(store: Store): Promise<readonly string[]> {
  const names = await readdir(store.directory.lakePath, { recursive: true });
  return names.filter((name) => name.endsWith(".parquet")).toSorted();
}

/** Turns a data directory into what the first version left: a table and a file without the columns. */
async function makeOld(databasePath: string, filePath: string): Promise<void> {
  const instance = await DuckDBInstance.create(databasePath);
  const connection = await instance.connect();
  await connection.run("drop view if exists main.agent_event");
  for (const column of ADDED) await connection.run(`alter table hot.agent_event drop column ${column}`);
  await connection.run(
    `copy (select * exclude (${ADDED.join(", ")}) from read_parquet('${filePath}')) to '${filePath}.old' (format parquet)`,
  );
  await rename(`${filePath}.old`, filePath);
  await connection.run(`update store.lake_file set size_bytes = ${(await stat(filePath)).size}, block_digests = null`);
  await connection.run("delete from store.store_meta where key = 'lake_columns'");
  await connection.run("checkpoint");
  connection.closeSync();
  instance.closeSync();
}

test("a directory of a version with fewer columns opens, keeps its records and takes new ones", async () => {
  const store = await data.open();
  await appendRows(store, [...CLOSED, ...OPEN]);
  await store.moveClosedDays("2026-11-20");
  const [file = ""] = await lakeFiles(store);
  const filePath = join(store.directory.lakePath, file);
  await store.close();
  await makeOld(store.directory.databasePath, filePath);

  const opened = await data.open();
  expect(opened.openReport.unreadableFiles).toEqual([]);
  const ids = await query(opened, `select record_id, ${ADDED.join(", ")} from agent_event order by 1`);
  expect(ids.length).toBe(CLOSED.length + OPEN.length);
  expect(new Set(ids.map((row) => JSON.stringify(row)))).toEqual(
    new Set([...CLOSED, ...OPEN].map((row) => JSON.stringify([row.record_id, null, null, null]))),
  );
  const late = rowsOf("agent_event", 1, () => ({
    event_time: unixMillis(NINE + 100),
    agent_id: "a-9",
    previous_status_type: "CUSTOM",
  }));
  expect(await appendRows(opened, [...CLOSED.slice(0, 2), ...late])).toEqual([1, 2]);
  expect(await query(opened, "select previous_status_type from agent_event where agent_id = 'a-9'")).toEqual([
    ["CUSTOM"],
  ]);
  const files = await lakeFiles(opened);
  expect(files.length).toBe(1);
  expect(files).not.toContain(file);
  await opened.close();

  // the second opening has nothing to do
  const again = await data.open();
  expect(await lakeFiles(again)).toEqual(files);
});

test("a table with a column that only a later version knows takes records", async () => {
  const store = await data.open();
  await store.close();
  const instance = await DuckDBInstance.create(store.directory.databasePath);
  const connection = await instance.connect();
  await connection.run("alter table hot.ccp_log add column invented_time timestamptz");
  connection.closeSync();
  instance.closeSync();

  const opened = await data.open();
  expect(await appendRows(opened, rowsOf("ccp_log", 3))).toEqual([3, 0]);
  expect(await query(opened, "select count(*)::double, count(message)::double from ccp_log")).toEqual([[3, 3]]);
});
