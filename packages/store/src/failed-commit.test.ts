import { unixMillis } from "@fourwire/core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { appendRows, batchOf, NINE, query, rejectedOf, rowOf, rowsOf, TemporaryData } from "../test/rows.ts";
import type { Store } from "./store.ts";

let data: TemporaryData;
let store: Store;

beforeEach(async () => {
  data = await TemporaryData.create();
  store = await data.open();
});

afterEach(() => data.remove());

/** Refused by its table, which is written after everything else of a commit: a bug of ours, not of the data. */
const UNSTORABLE = rejectedOf("x", { position: Number.NaN });

test("records of a commit that failed are new when they are sent again, and duplicates after that", async () => {
  const rows = rowsOf("ccp_log", 20);
  expect(await appendRows(store, rowsOf("ccp_log", 5))).toEqual([5, 0]);
  await expect(store.append({ batches: [batchOf(rows)], rejected: [UNSTORABLE] })).rejects.toMatchObject({
    code: "store_write_failed",
  });
  expect(await query(store, "select count(*)::double from ccp_log")).toEqual([[5]]);
  expect(await appendRows(store, rows)).toEqual([15, 5]);
  expect(await appendRows(store, rows)).toEqual([0, 20]);
  expect(await query(store, "select count(*)::double, count(distinct record_id)::double from ccp_log")).toEqual([
    [20, 20],
  ]);
});

test("what a commit that failed said of contacts and agents is not there, and is once they are sent again", async () => {
  const event = (name: string, offset: number) =>
    rowOf("agent_event", name, {
      event_time: unixMillis(NINE + offset),
      agent_id: "a-1",
      agent_username: "ann",
      contact_id: "c-1",
    });
  await expect(store.append({ batches: [batchOf([event("first", 0)])], rejected: [UNSTORABLE] })).rejects.toMatchObject(
    { code: "store_write_failed" },
  );
  expect(await store.contacts.span("c-1")).toBeUndefined();
  expect(await store.contacts.findAgents("ann")).toEqual([]);

  await appendRows(store, [event("second", 1000)]);
  expect(await store.contacts.span("c-1")).toEqual({ from: NINE + 1000, to: NINE + 1000 });
  expect((await store.contacts.findAgents("ann")).map((agent) => agent.agent_id)).toEqual(["a-1"]);
  expect((await store.live.persons()).has("a-1")).toBe(true);
});
