import { unixMillis, type ContactLink, type SourceRecord } from "@fourwire/core";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  appendRows,
  batchOf,
  countsOf,
  DAY_MS,
  NINE,
  query,
  rejectedOf,
  rowOf,
  rowsOf,
  TemporaryData,
} from "../test/rows.ts";
import type { RejectedInput } from "./append.ts";
import type { Store } from "./store.ts";

let data: TemporaryData;
let store: Store;

beforeEach(async () => {
  data = await TemporaryData.create();
  store = await data.open();
});

afterEach(() => data.remove());

describe("what is appended", () => {
  test("can be queried at once, in its source's table and among all records", async () => {
    const row = rowOf("ccp_log", "a", { contact_id: "c-1", line: 3, is_internal: false });
    expect(await appendRows(store, [row])).toEqual([1, 0]);
    expect(
      await query(store, "select record_id, contact_id, line, is_internal, event_time, schema_version from ccp_log"),
    ).toEqual([[row.record_id, "c-1", 3, false, "2026-11-20T09:00:00.000Z", 1]]);
    expect(await query(store, "select source, message from log_record")).toEqual([["ccp_log", "a"]]);
  });

  test("is still there when the directory is opened again", async () => {
    await appendRows(store, rowsOf("flow_log", 3));
    await data.close(store);
    expect(await query(await data.open(), "select count(*) from flow_log")).toEqual([[3]]);
  });

  test("keeps an absent value as null", async () => {
    await appendRows(store, [rowOf("agent_event", "a")]);
    expect(await query(store, "select contact_id, attributes, status_name from agent_event")).toEqual([
      [null, null, null],
    ]);
  });

  test("fills more than one of DuckDB's vectors", async () => {
    const rows = rowsOf("ccp_log", 5000, (index) => (index % 3 === 0 ? { contact_id: `c-${index}` } : {}));
    expect(await appendRows(store, rows)).toEqual([5000, 0]);
    expect(
      await query(
        store,
        "select count(*), count(distinct record_id), count(contact_id), count(distinct message) from ccp_log",
      ),
    ).toEqual([[5000, 5000, 1667, 5000]]);
  });

  test("may be nothing", async () => {
    expect(countsOf(await store.append({ batches: [], rejected: [] }))).toEqual([0, 0]);
    expect(countsOf(await store.append({ batches: [batchOf([])], rejected: [] }))).toEqual([0, 0]);
  });
});

describe("duplicates are counted and stored once", () => {
  test("within a request", async () => {
    const [a, b] = rowsOf("ccp_log", 2) as [SourceRecord, SourceRecord];
    const result = await store.append({ batches: [batchOf([a, b, a]), batchOf([b])], rejected: [] });
    expect(countsOf(result)).toEqual([2, 2]);
    expect([...result.duplicateIds]).toEqual([]);
    expect(await query(store, "select count(*) from ccp_log")).toEqual([[2]]);
  });

  test("across requests", async () => {
    const rows = rowsOf("cloudtrail", 10);
    expect(await appendRows(store, rows.slice(0, 6))).toEqual([6, 0]);
    const again = await store.append({ batches: [batchOf(rows.slice(4))], rejected: [] });
    expect(countsOf(again)).toEqual([4, 2]);
    expect([...again.duplicateIds].toSorted()).toEqual([rows[4]?.record_id, rows[5]?.record_id].toSorted());
    expect(await query(store, "select count(*), count(distinct record_id) from cloudtrail")).toEqual([[10, 10]]);
  });

  test("across openings", async () => {
    const rows = rowsOf("contact_event", 3);
    await appendRows(store, rows);
    await data.close(store);
    store = await data.open();
    expect(await appendRows(store, rows)).toEqual([0, 3]);
  });

  test("across days of one request", async () => {
    const rows = [0, 1, 2].map((day) =>
      rowOf("flow_log", `day ${day}`, { event_time: unixMillis(NINE + day * DAY_MS) }),
    );
    await appendRows(store, rows);
    expect(await appendRows(store, [...rows, rowOf("flow_log", "new")])).toEqual([1, 3]);
  });

  test("but records of two sources are never each other's", async () => {
    const result = await store.append({
      batches: [batchOf([rowOf("ccp_log", "same")]), batchOf([rowOf("flow_log", "same")])],
      rejected: [],
    });
    expect(countsOf(result)).toEqual([2, 0]);
  });

  test("also between requests that share one commit, each told its own counts", async () => {
    const rows = rowsOf("ccp_log", 40);
    const requests = [rows.slice(0, 20), rows.slice(10, 30), rows.slice(0, 40), rows.slice(39)];
    const counts = await Promise.all(requests.map((request) => appendRows(store, request)));
    expect(counts).toEqual([
      [20, 0],
      [10, 10],
      [10, 30],
      [0, 1],
    ]);
    expect(await query(store, "select count(*), count(distinct record_id) from ccp_log")).toEqual([[40, 40]]);
  });

  test("whatever is sent at once in whatever pieces", async () => {
    let salt = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.nat(60), { maxLength: 30 }), { minLength: 1, maxLength: 8 }),
        async (requests) => {
          salt++;
          const rowAt = (index: number): SourceRecord =>
            rowOf(index % 2 === 0 ? "ccp_log" : "flow_log", `${salt} ${index}`);
          const counts = await Promise.all(
            requests.map(async (indexes) => {
              const rows = indexes.map(rowAt);
              const batches = (["ccp_log", "flow_log"] as const).map((source) =>
                batchOf(rows.filter((row) => row.source === source)),
              );
              return countsOf(await store.append({ batches, rejected: [] }));
            }),
          );
          const distinct = new Set(requests.flat());
          expect(counts.map(([appended, duplicate]) => appended + duplicate)).toEqual(
            requests.map((indexes) => indexes.length),
          );
          const stored = await query(
            store,
            `select count(*), count(distinct record_id) from log_record where message like '${salt} %'`,
          );
          expect(stored).toEqual([[distinct.size, distinct.size]]);
        },
      ),
      { numRuns: 25 },
    );
  });
});

describe("many requests at once", () => {
  test("are stored in few commits, and none is lost", async () => {
    const requests = Array.from({ length: 200 }, (_, request) =>
      Array.from({ length: 20 }, (__, index) => rowOf("ccp_log", `${request}/${index}`)),
    );
    const counts = await Promise.all(requests.map((rows) => appendRows(store, rows)));
    expect(counts.every(([appended, duplicate]) => appended === 20 && duplicate === 0)).toBe(true);
    expect(await query(store, "select count(*), count(distinct record_id) from ccp_log")).toEqual([[4000, 4000]]);
  });

  test("larger than one commit takes are all stored", async () => {
    const requests = Array.from({ length: 4 }, (_, request) =>
      Array.from({ length: 30_000 }, (__, index) => rowOf("ccp_log", `${request}/${index}`)),
    );
    const running = requests.map((rows) => appendRows(store, rows));
    expect(await Promise.all(running)).toEqual(requests.map((rows) => [rows.length, 0]));
    expect(await query(store, "select count(*) from ccp_log")).toEqual([[120_000]]);
    expect(store.isBusy).toBe(false);
  });

  test("of which one cannot be stored fail that one alone", async () => {
    // a time beyond what the table's type can hold: a bug of ours, not of the data
    const broken = rowOf("ccp_log", "broken", { observed_time: unixMillis(1e300) });
    const requests = Array.from({ length: 12 }, (_, request) =>
      request === 5
        ? [broken]
        : rowsOf("ccp_log", 3, (index) => ({ message: `${request}/${index}` })).map((row) => ({
            ...row,
            record_id: `${row.record_id.slice(0, 8)}${String(request).padStart(8, "0")}${row.record_id.slice(16)}`,
          })),
    );
    const outcomes = await Promise.allSettled(requests.map((rows) => appendRows(store, rows)));
    expect(outcomes.map(({ status }) => status)).toEqual(
      requests.map((_, request) => (request === 5 ? "rejected" : "fulfilled")),
    );
    expect(outcomes[5]).toMatchObject({ reason: { code: "store_write_failed", retryable: true } });
    expect(await query(store, "select count(*), count(distinct record_id) from ccp_log")).toEqual([[33, 33]]);
    expect(await appendRows(store, [rowOf("ccp_log", "after")])).toEqual([1, 0]);
  });

  test("of which some cannot be stored, while more keep coming, lose and double nothing", async () => {
    const broken = (name: string): SourceRecord => rowOf("ccp_log", name, { observed_time: unixMillis(1e300) });
    const waves = Array.from({ length: 10 }, async (_, wave) => {
      for (let turn = 0; turn < wave; turn++) await new Promise((resolve) => setImmediate(resolve));
      return Promise.allSettled([
        appendRows(store, [rowOf("ccp_log", `${wave} good`), rowOf("ccp_log", `${wave} also good`)]),
        appendRows(store, [broken(`${wave} broken`)]),
        appendRows(store, [rowOf("ccp_log", `${wave} last`)]),
      ]);
    });
    const outcomes = await Promise.all(waves);
    expect(outcomes.map((wave) => wave.map(({ status }) => status))).toEqual(
      outcomes.map(() => ["fulfilled", "rejected", "fulfilled"]),
    );
    expect(await query(store, "select count(*), count(distinct record_id) from ccp_log")).toEqual([[30, 30]]);
    expect(store.isBusy).toBe(false);
  });

  test("after closing are refused, and nothing of them is stored", async () => {
    await data.close(store);
    await expect(appendRows(store, [rowOf("ccp_log", "late")])).rejects.toMatchObject({ code: "store_closed" });
    expect(await query(await data.open(), "select count(*) from ccp_log")).toEqual([[0]]);
  });
});

describe("rejected records", () => {
  test("are kept with reason, place and bytes, latest first", async () => {
    await store.append({ batches: [], rejected: [rejectedOf('{"a":', { position: 17, origin: "agent-log.txt" })] });
    expect(await store.rejected({ limit: 10 })).toMatchObject([
      {
        source: "ccp_log",
        reason: "invalid_json",
        detail: "torn",
        origin: "agent-log.txt",
        position: 17,
        size_bytes: 5,
        body: '{"a":',
        body_encoding: "utf8",
        is_body_truncated: false,
      },
    ]);
  });

  test("of the same bytes are kept once, with how often and when they came last", async () => {
    await store.append({
      batches: [],
      rejected: [rejectedOf("x"), rejectedOf("x", { position: 1, origin: "shard 2" })],
    });
    await store.append({ batches: [], rejected: [rejectedOf("y"), rejectedOf("x")] });
    expect(await store.rejectedCounts()).toEqual([{ reason: "invalid_json", source: "ccp_log", count: 2 }]);
    const rows = await query(
      store,
      "select body::varchar, delivery_count, origin, position, last_delivery_time > rejected_time from rejected_record order by 1",
    );
    expect(rows).toEqual([
      ["x", 3, "test", 0, true],
      ["y", 1, "test", 0, false],
    ]);
  });

  test("of any number and any text are stored in one commit", async () => {
    const inputs = Array.from({ length: 5000 }, (_, index) =>
      rejectedOf(`bad ${index}`, { detail: `nul \u0000, half \ud83d, quote " and \\ ${index}`, position: index }),
    );
    await store.append({ batches: [], rejected: inputs });
    expect(await query(store, "select count(*), count(distinct position), min(detail) from rejected_record")).toEqual([
      [5000, 5000, 'nul \u0000, half \ufffd, quote " and \\ 0'],
    ]);
  });

  test("of bytes that were cut are the same only at the same place: the rest of them is unknown", async () => {
    const body = Buffer.alloc(1024 * 1024, "x");
    const cut = (position: number): RejectedInput => rejectedOf("", { body, size_bytes: 2_000_000, position });
    await store.append({ batches: [], rejected: [cut(0), cut(1), cut(0)] });
    expect(await query(store, "select position, delivery_count from rejected_record order by 1")).toEqual([
      [0, 2],
      [1, 1],
    ]);
  });

  test("that are not UTF-8 keep every byte, also the last ones", async () => {
    const body = Buffer.from([0x61, 0x00, 0xff, 0x62, 0xf0]);
    await store.append({ batches: [], rejected: [rejectedOf("", { body, size_bytes: body.length })] });
    const [rejected] = await store.rejected({ limit: 1 });
    expect([rejected?.body_encoding, rejected?.body, rejected?.is_body_truncated]).toEqual([
      "base64",
      body.toString("base64"),
      false,
    ]);
  });

  test("that are long are shown in part, cut at a character", async () => {
    const text = "é".repeat(50_000);
    await store.append({ batches: [], rejected: [rejectedOf(text, { size_bytes: 100_000 })] });
    const [rejected] = await store.rejected({ limit: 1 });
    expect([rejected?.body_encoding, rejected?.is_body_truncated, rejected?.body]).toEqual([
      "utf8",
      true,
      "é".repeat(32 * 1024),
    ]);
    await store.append({ batches: [], rejected: [rejectedOf(`x${text}`, { position: 1, size_bytes: 100_001 })] });
    expect((await store.rejected({ limit: 2 })).map((row) => row.body_encoding)).toEqual(["utf8", "utf8"]);
  });

  test("are all found page by page, also when one commit stored them", async () => {
    const inputs = Array.from({ length: 25 }, (_, position) => rejectedOf(`x${position}`, { position }));
    await store.append({ batches: [], rejected: inputs });
    const seen: number[] = [];
    let before: { rejectedTime: number; rejectedId: string } | undefined;
    for (;;) {
      const page = await store.rejected({ limit: 10, ...(before === undefined ? {} : { before }) });
      seen.push(...page.map((row) => row.position));
      const last = page.at(-1);
      if (last === undefined) break;
      before = { rejectedTime: Date.parse(last.rejected_time), rejectedId: last.rejected_id };
    }
    expect(seen.toSorted((left, right) => left - right)).toEqual(inputs.map((input) => input.position));
  });
});

describe("contacts and agents", () => {
  const spanOf = (contactId: string): ReturnType<Store["contacts"]["span"]> => store.contacts.span(contactId);

  test("a contact's span is the same whatever the order and the pieces its records come in", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(1000), { minLength: 1, maxLength: 12 }),
        fc.array(fc.nat(), { maxLength: 4 }),
        fc.uuid(),
        async (offsets, cuts, contactId) => {
          const rows = offsets.map((offset, index) =>
            rowOf("flow_log", `${contactId} ${index}`, {
              contact_id: contactId,
              event_time: unixMillis(NINE + offset),
            }),
          );
          const edges = [0, ...cuts.map((cut) => cut % (rows.length + 1)), rows.length].toSorted(
            (left, right) => left - right,
          );
          await Promise.all(edges.slice(1).map((to, index) => appendRows(store, rows.slice(edges[index], to))));
          expect(await spanOf(contactId)).toEqual({
            from: NINE + Math.min(...offsets),
            to: NINE + Math.max(...offsets),
          });
        },
      ),
      { numRuns: 40 },
    );
  });

  test("contacts that a record only names have a span, and links are kept once", async () => {
    const links: readonly ContactLink[] = [{ contact_id: "c-2", relation: "previous", other_contact_id: "c-1" }];
    const row = rowOf("contact_record", "r", { contact_id: "c-2" });
    const batch = batchOf([row], () => ({ contactIds: ["c-1", "c-2", "c-3"], links }));
    await store.append({ batches: [batch], rejected: [] });
    await store.append({ batches: [batch], rejected: [] });
    expect(await spanOf("c-1")).toEqual({ from: NINE, to: NINE });
    expect(await spanOf("c-3")).toEqual({ from: NINE, to: NINE });
    expect(await store.contacts.links("c-1")).toEqual([{ ...links[0], record_id: row.record_id }]);
    expect(await spanOf("c-4")).toBeUndefined();
  });

  test("a contact id with half a character of its own does not stop its request", async () => {
    const half = "c-\ud83d";
    const link: ContactLink = { contact_id: half, relation: "related", other_contact_id: "c-1" };
    const rows = [rowOf("agent_event", "half"), rowOf("agent_event", "whole")];
    const batch = batchOf(rows, () => ({ contactIds: [half, "\u0000"], links: [link] }));
    expect(countsOf(await store.append({ batches: [batch], rejected: [] }))).toEqual([2, 0]);
  });

  test("an agent keeps the login name of its latest record, whatever the order", async () => {
    const named = (offset: number, name: string | undefined): SourceRecord =>
      rowOf("agent_event", `a ${offset}`, {
        agent_id: "a-1",
        agent_username: name,
        event_time: unixMillis(NINE + offset),
      });
    const rows = [named(0, "old"), named(10, "new"), named(20, undefined)];
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
      [1, 2, 0],
    ]) {
      const fresh = await TemporaryData.create();
      const other = await fresh.open();
      for (const index of order) await appendRows(other, rows.slice(index, index + 1));
      expect(await other.contacts.findAgents("a-1"), String(order)).toMatchObject([
        { agent_username: "new", last_event_time: NINE + 20 },
      ]);
      await fresh.remove();
    }
  });
});
