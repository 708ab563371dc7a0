import { DuckDBInstance } from "@duckdb/node-api";
import { afterEach, beforeEach, expect, test } from "vitest";
import { appendRows, rowsOf, TemporaryData } from "../test/rows.ts";
import { Checkpoints } from "./checkpoint-table.ts";
import { Engine } from "./engine.ts";
import { ReadPool } from "./read-pool.ts";
import type { Store } from "./store.ts";
import { writeError } from "./writer.ts";

let directory: TemporaryData;
let store: Store;

beforeEach(async () => {
  directory = await TemporaryData.create();
  store = await directory.open();
});
afterEach(() => directory.remove());

test("positions are saved, replaced, read and forgotten by receiver", async () => {
  await store.checkpoints.save(
    "agents",
    new Map([
      ["shard-0", "1"],
      ["shard-1", 'quote \' and "json": {é}'],
    ]),
  );
  await store.checkpoints.save("records", new Map([["shard-0", "7"]]));
  await store.checkpoints.save("agents", new Map([["shard-0", "2"]]));
  expect(await store.checkpoints.load("agents")).toEqual(
    new Map([
      ["shard-0", "2"],
      ["shard-1", 'quote \' and "json": {é}'],
    ]),
  );
  await store.checkpoints.remove("agents", ["shard-0", "shard-9"]);
  expect([...(await store.checkpoints.load("agents")).keys()]).toEqual(["shard-1"]);
  expect([...(await store.checkpoints.load("records")).keys()]).toEqual(["shard-0"]);
  expect(await store.checkpoints.load("nobody")).toEqual(new Map());
});

test("saving nothing does nothing", async () => {
  await store.checkpoints.save("agents", new Map());
  await store.checkpoints.remove("agents", []);
  expect((await store.checkpoints.load("agents")).size).toBe(0);
});

test("positions outlive the process", async () => {
  await store.checkpoints.save("agents", new Map([["shard-0", "1"]]));
  await directory.close(store);
  store = await directory.open();
  expect(await store.checkpoints.load("agents")).toEqual(new Map([["shard-0", "1"]]));
});

test("positions are saved while records are appended", async () => {
  const appends = Array.from({ length: 20 }, (_, round) =>
    appendRows(
      store,
      rowsOf("ccp_log", 50, (index) => ({ message: `${round} ${index}` })),
    ),
  );
  const saves = Array.from({ length: 20 }, (_, round) =>
    store.checkpoints.save("agents", new Map([["shard-0", String(round)]])),
  );
  await Promise.all([...appends, ...saves]);
  expect(await store.checkpoints.load("agents")).toEqual(new Map([["shard-0", "19"]]));
});

test("a save that the database refuses may be tried again", async () => {
  const engine = new Engine(await DuckDBInstance.create(), () => Promise.reject(new Error("not opened again")));
  const pool = await ReadPool.create(engine);
  const full = new Checkpoints(pool, () => Promise.reject(writeError(new Error("no space left on device"))));
  await expect(full.save("agents", new Map([["shard-0", "1"]]))).rejects.toMatchObject({
    code: "store_write_failed",
    retryable: true,
  });
  await engine.close();
});

test("a closed store saves nothing", async () => {
  await directory.close(store);
  await expect(store.checkpoints.save("agents", new Map([["shard-0", "1"]]))).rejects.toMatchObject({
    code: "store_closed",
    retryable: false,
  });
});
