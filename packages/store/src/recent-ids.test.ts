import { unixMillis, type SourceRecord } from "@fourwire/core";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { NINE, rowOf } from "../test/rows.ts";
import { KeySet } from "./key-set.ts";
import { RecentIds, type ReadIds } from "./recent-ids.ts";

const MINUTE_MS = 60_000;

function rowAt(name: string, offsetMs: number): SourceRecord {
  return rowOf("ccp_log", name, { event_time: unixMillis(NINE + offsetMs) });
}

/** A store of rows, and what was read of it. */
function readerOf(stored: readonly SourceRecord[], spans: (readonly [number, number])[] = []): ReadIds {
  return async ({ from, to, limit }) => {
    spans.push([from, to]);
    const found = stored.filter((row) => row.event_time >= from && row.event_time < to).slice(0, limit);
    return { ids: found.map((row) => row.record_id), times: found.map((row) => row.event_time) };
  };
}

test("what is stored is never called new, wherever in time and whichever way it came to be stored", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(fc.nat(40), { minLength: 1, maxLength: 12 }), { maxLength: 10 }),
      fc.integer({ min: 1, max: 5 * MINUTE_MS }),
      async (groups, stepMs) => {
        const ids = new RecentIds();
        const stored = new Map<string, SourceRecord>();
        for (const [turn, group] of groups.entries()) {
          const rows = group.map((index) => rowAt(String(index), index * stepMs));
          const perhaps = await ids.perhapsStored("ccp_log", rows, readerOf([...stored.values()]));
          const known = rows.filter((row) => stored.has(row.record_id));
          expect(perhaps).toEqual(expect.arrayContaining(known));
          for (const row of rows) stored.set(row.record_id, row);
          // some groups are stored past it, and it is cleared then
          if (turn % 3 === 2) ids.clear();
          else ids.add("ccp_log", rows);
        }
      },
    ),
    { numRuns: 200 },
  );
});

test("what is new is known to be, and its times are read once", async () => {
  const ids = new RecentIds();
  const spans: (readonly [number, number])[] = [];
  const reader = readerOf([rowAt("old", 0)], spans);
  expect(await ids.perhapsStored("ccp_log", [rowAt("new", 0)], reader)).toEqual([]);
  expect(await ids.perhapsStored("ccp_log", [rowAt("old", 0), rowAt("newer", 1)], reader)).toEqual([rowAt("old", 0)]);
  expect(spans).toEqual([[NINE, NINE + 4000]]);
});

test("times that hold more than is remembered say perhaps", async () => {
  const ids = new RecentIds();
  const many: ReadIds = async ({ limit }) => {
    const names = Array.from({ length: limit }, (_, index) => String(index));
    return { ids: names, times: names.map(() => NINE) };
  };
  expect(await ids.perhapsStored("ccp_log", [rowAt("a", 0)], many)).toEqual([rowAt("a", 0)]);
});

test("times far apart are not all read for one group", async () => {
  const ids = new RecentIds();
  const spans: (readonly [number, number])[] = [];
  const rows = Array.from({ length: 20 }, (_, index) => rowAt(String(index), index * 10 * MINUTE_MS));
  const perhaps = await ids.perhapsStored("ccp_log", rows, readerOf([], spans));
  expect([spans.length, perhaps.length]).toEqual([4, 16]);
});

test("a set of keys says no only of what was not added", () => {
  const keys = new KeySet();
  const names = Array.from({ length: 5000 }, (_, index) => `id ${index}`);
  for (const name of names) keys.add(name);
  expect(names.every((name) => keys.has(name))).toBe(true);
  expect(keys.size).toBe(5000);
  expect(names.filter((name) => keys.has(`${name} other`)).length).toBeLessThan(5);
});
