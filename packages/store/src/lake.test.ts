import { copyFile, mkdir, readdir, readFile, rename, truncate, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { unixMillis, type SourceRecord } from "@fourwire/core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { appendRows, batchOf, DAY_MS, NINE, query, rowOf, rowsOf, TemporaryData } from "../test/rows.ts";
import { StagingWriter } from "./staging.ts";
import type { Store } from "./store.ts";

const OPEN_DATE = "2026-11-21";

let data: TemporaryData;
let store: Store;

beforeEach(async () => {
  data = await TemporaryData.create();
  store = await data.open();
});

afterEach(() => data.remove());

async function lakeFiles(): Promise<readonly string[]> {
  const names = await readdir(store.directory.lakePath, { recursive: true });
  return names.filter((name) => name.endsWith(".parquet")).toSorted();
}

/** Three days of two sources; the last day is open. */
const DAYS = [-DAY_MS, 0, DAY_MS];
const ROWS: readonly SourceRecord[] = DAYS.flatMap((offset) =>
  (["ccp_log", "agent_event"] as const).flatMap((source) =>
    Array.from({ length: 10 }, (_, index) =>
      rowOf(source, `${offset} ${index}`, {
        event_time: unixMillis(NINE + offset + index),
        contact_id: `c-${index}`,
        agent_id: `a-${index % 3}`,
      }),
    ),
  ),
);

function rowsFrom(source: string): readonly SourceRecord[] {
  return ROWS.filter((row) => row.source === source);
}

async function appendAll(): Promise<readonly (readonly [number, number])[]> {
  return Promise.all(["ccp_log", "agent_event"].map((source) => appendRows(store, rowsFrom(source))));
}

async function storedIds(): Promise<readonly string[]> {
  return (await query(store, "select record_id from log_record order by 1")).map(([id]) => String(id));
}

const IDS = ROWS.map((row) => row.record_id).toSorted();

describe("closed days", () => {
  test("move to a file per source and day, the open day stays", async () => {
    await appendAll();
    expect(await store.moveClosedDays(OPEN_DATE)).toEqual({ dayCount: 4, rowCount: 40 });
    expect((await lakeFiles()).map((name) => name.replace(/part-.*/, ""))).toEqual([
      "agent_event/event_date=2026-11-19/",
      "agent_event/event_date=2026-11-20/",
      "ccp_log/event_date=2026-11-19/",
      "ccp_log/event_date=2026-11-20/",
    ]);
    expect(await query(store, "select count(*), min(event_time)::varchar from hot.ccp_log")).toEqual([
      [10, "2026-11-21 09:00:00+00"],
    ]);
    expect(await store.moveClosedDays(OPEN_DATE)).toEqual({ dayCount: 0, rowCount: 0 });
  });

  test("are in the views with every value, each record once", async () => {
    await appendAll();
    const sql = "select * exclude (ingested_time) from ccp_log order by record_id";
    const before = await query(store, sql);
    await store.moveClosedDays(OPEN_DATE);
    expect(await query(store, sql)).toEqual(before);
    expect(await storedIds()).toEqual(IDS);
  });

  test("are found by record id, by contact, by agent and in counts as before", async () => {
    await appendAll();
    const look = async (): Promise<unknown> => ({
      byId: await Promise.all(ROWS.map(async (row) => (await store.records.findById(row.record_id))?.["message"])),
      contact: await store.contacts.contactRows("c-3", { from: NINE - DAY_MS, to: NINE + 2 * DAY_MS }),
      agent: (await store.contacts.everyAgentRow({ agent_id: "a-1", from: NINE - DAY_MS, to: NINE + 2 * DAY_MS }))
        .length,
      counts: await store.sourceCounts(),
    });
    const before = await look();
    await store.moveClosedDays(OPEN_DATE);
    expect(await look()).toEqual(before);
  });

  test("delivered again append nothing, also after the directory was opened anew", async () => {
    await appendAll();
    await store.moveClosedDays(OPEN_DATE);
    expect(await appendAll()).toEqual([
      [0, 30],
      [0, 30],
    ]);
    await data.close(store);
    store = await data.open();
    expect(store.openReport).toEqual({
      adoptedFiles: [],
      removedFiles: [],
      setAsideFiles: [],
      unreadableFiles: [],
      wal: undefined,
      reconciled: undefined,
    });
    expect(await appendAll()).toEqual([
      [0, 30],
      [0, 30],
    ]);
    expect(await storedIds()).toEqual(IDS);
  });

  test("take late records beside what is in the lake, and move those too", async () => {
    await appendRows(store, rowsFrom("ccp_log"));
    await store.moveClosedDays(OPEN_DATE);
    const late = rowOf("ccp_log", "late", { event_time: unixMillis(NINE - DAY_MS + 5) });
    expect(await appendRows(store, [late, ...rowsFrom("ccp_log")])).toEqual([1, 30]);
    expect(await store.moveClosedDays(OPEN_DATE)).toEqual({ dayCount: 1, rowCount: 1 });
    expect(await query(store, "select count(*), count(distinct record_id) from ccp_log")).toEqual([[31, 31]]);
  });

  test("move while records of the same days keep coming, and none is lost or doubled", async () => {
    const waves = Array.from({ length: 30 }, (_, wave) =>
      rowsOf("ccp_log", 50, (index) => ({
        event_time: unixMillis(NINE - DAY_MS + wave),
        message: `${wave} ${index}`,
      })).map((row, index) => rowOf("ccp_log", `${wave} ${index}`, { event_time: row.event_time })),
    );
    const moves: Promise<unknown>[] = [];
    for (const [wave, rows] of waves.entries()) {
      if (wave % 5 === 4) moves.push(store.moveClosedDays(OPEN_DATE));
      expect(await appendRows(store, rows)).toEqual([50, 0]);
      const before = waves[wave - 1] ?? [];
      expect(await appendRows(store, before)).toEqual([0, before.length]);
    }
    await Promise.allSettled(moves);
    expect(await query(store, "select count(*), count(distinct record_id) from ccp_log")).toEqual([[1500, 1500]]);
    await store.moveClosedDays(OPEN_DATE);
    expect(await query(store, "select count(*), count(distinct record_id) from ccp_log")).toEqual([[1500, 1500]]);
  });

  test("page the same before and after, newest first, across the hot table and the lake", async () => {
    await appendAll();
    const walk = async (): Promise<readonly unknown[]> => {
      const seen: unknown[] = [];
      let before: { eventTime: number; recordId: string } | undefined;
      for (;;) {
        const page = await store.records.page({
          from: 0,
          to: NINE + 9 * DAY_MS,
          terms: [],
          limit: 7,
          ...(before === undefined ? {} : { before }),
        });
        seen.push(...page.map((row) => row["record_id"]));
        const last = page.at(-1);
        if (last === undefined) return seen;
        before = { eventTime: Number(last["event_time"]), recordId: String(last["record_id"]) };
      }
    };
    const hot = await walk();
    await store.moveClosedDays(OPEN_DATE);
    expect(await walk()).toEqual(hot);
    expect(hot.map(String).toSorted()).toEqual(IDS);
  });
});

describe("after a crash", () => {
  test("staged files are removed at opening, what is no Parquet and in no list is set aside", async () => {
    await appendRows(store, rowsFrom("ccp_log"));
    await store.moveClosedDays(OPEN_DATE);
    const listed = await lakeFiles();
    const unlisted = ["ccp_log/event_date=2026-11-19/part-x.parquet", "flow_log/event_date=2026-11-20/part-y.parquet"];
    await data.close(store);
    await writeFile(join(store.directory.stagingPath, "half-written.parquet"), "not even parquet");
    await mkdir(join(store.directory.lakePath, "flow_log", "event_date=2026-11-20"), { recursive: true });
    for (const path of unlisted) await writeFile(join(store.directory.lakePath, path), "not even parquet");
    store = await data.open();
    expect(store.openReport).toMatchObject({ setAsideFiles: unlisted, removedFiles: [], adoptedFiles: [] });
    expect(await lakeFiles()).toEqual(listed);
    expect(await readdir(store.directory.stagingPath)).toEqual([]);
    const kept = (await readdir(data.path, { recursive: true })).filter((path) => path.startsWith("broken-"));
    expect(unlisted.every((path) => kept.some((one) => one.endsWith(join("lake", path))))).toBe(true);
    expect(await query(store, "select count(*) from log_record")).toEqual([[30]]);
  });

  test("a lake file in no list is deleted only when its records are stored elsewhere", async () => {
    await appendRows(store, rowsFrom("ccp_log"));
    await store.moveClosedDays(OPEN_DATE);
    const [first, second] = await lakeFiles();
    const copy = join(dirname(first ?? ""), "part-copy.parquet");
    await copyFile(join(store.directory.lakePath, first ?? ""), join(store.directory.lakePath, copy));
    await changeDatabase(`delete from store.lake_file where path = '${second ?? ""}'`);
    expect(store.openReport).toMatchObject({ adoptedFiles: [second], removedFiles: [copy], setAsideFiles: [] });
    expect(await lakeFiles()).toEqual([first, second]);
    expect(await storedIds()).toEqual(
      rowsFrom("ccp_log")
        .map((row) => row.record_id)
        .toSorted(),
    );
    expect(await store.contacts.span("c-3")).toBeDefined();
  });

  test("of a lake file in no list that is new in part, the new records are taken in", async () => {
    await appendRows(store, rowsFrom("ccp_log"));
    await store.moveClosedDays(OPEN_DATE);
    const [first] = await lakeFiles();
    const kept = join(data.path, "kept.parquet");
    await copyFile(join(store.directory.lakePath, first ?? ""), kept);
    await changeDatabase(
      `delete from store.lake_file where path = '${first ?? ""}'`,
      `insert into hot.ccp_log select * from read_parquet('${kept}') limit 4`,
    );
    expect(store.openReport).toMatchObject({ adoptedFiles: [], removedFiles: [first], setAsideFiles: [] });
    expect(await storedIds()).toEqual(
      rowsFrom("ccp_log")
        .map((row) => row.record_id)
        .toSorted(),
    );
  });

  /** Closes the store, changes its tables behind its back, and opens it again. */
  async function changeDatabase(...statements: readonly string[]): Promise<void> {
    await data.close(store);
    const instance = await DuckDBInstance.create(store.directory.databasePath);
    const connection = await instance.connect();
    for (const statement of statements) await connection.run(statement);
    connection.closeSync();
    instance.closeSync();
    store = await data.open();
  }

  test("lake files that are gone, cut or no Parquet are left out and reported, and are read again once they are back", async () => {
    await appendRows(store, rowsFrom("ccp_log"));
    await appendRows(store, rowsFrom("agent_event"));
    await store.moveClosedDays(OPEN_DATE);
    const [agentFile, , missing, cut] = await lakeFiles();
    const path = (name: string | undefined): string => join(store.directory.lakePath, name ?? "");
    const whole = await readFile(path(cut));
    await data.close(store);
    await rename(path(missing), join(data.path, "away.parquet"));
    await truncate(path(cut), 500);
    const bytes = await readFile(path(agentFile));
    bytes.fill(0, bytes.length - 4);
    await writeFile(path(agentFile), bytes);
    store = await data.open();
    expect(store.openReport.unreadableFiles).toEqual([
      { path: agentFile, reason: "format", rowCount: 10 },
      { path: missing, reason: "missing", rowCount: 10 },
      { path: cut, reason: "size", rowCount: 10 },
    ]);
    expect(await query(store, "select source, count(*) from log_record group by 1 order by 1")).toEqual([
      ["agent_event", 20],
      ["ccp_log", 10],
    ]);
    // delivered again while they are away, and stored again
    expect(await appendRows(store, rowsFrom("ccp_log"))).toEqual([20, 10]);
    await data.close(store);
    await rename(join(data.path, "away.parquet"), path(missing));
    await writeFile(path(cut), whole);
    store = await data.open();
    expect(store.openReport).toMatchObject({
      unreadableFiles: [{ path: agentFile }],
      reconciled: { repeatedRows: 20 },
    });
    expect(await query(store, "select count(*), count(distinct record_id) from ccp_log")).toEqual([[30, 30]]);
  });

  test("a folder in staging is removed with what is in it", async () => {
    await data.close(store);
    await mkdir(join(store.directory.stagingPath, "spill-1"));
    await writeFile(join(store.directory.stagingPath, "spill-1", "x.tmp"), "x");
    store = await data.open();
    expect(await readdir(store.directory.stagingPath)).toEqual([]);
  });
});

describe("staged files", () => {
  async function stage(
    rows: readonly SourceRecord[],
  ): Promise<ReadonlyMap<string, { appended: number; duplicate: number }>> {
    const writer = await StagingWriter.create(store.directory.stagingPath);
    for (const source of ["ccp_log", "agent_event"]) {
      const own = rows.filter((row) => row.source === source);
      if (own.length > 0) writer.add([batchOf(own)]);
    }
    const group = await writer.stage();
    return store.appendStaged({ group, rejected: [], firstOpenDate: OPEN_DATE });
  }

  test("are known at once to whoever sends their records again", async () => {
    const rows = ROWS.filter((row) => row.source === "ccp_log");
    expect(await appendRows(store, rows.slice(0, 2))).toEqual([2, 0]);
    await stage(rows.slice(2, 6));
    expect(await appendRows(store, rows.slice(0, 8))).toEqual([2, 6]);
  });

  test("of few rows go to the hot table, once, and leave nothing in staging", async () => {
    expect([...(await stage([...ROWS, ...ROWS.slice(0, 4)]))]).toEqual([
      ["ccp_log", { appended: 30, duplicate: 4 }],
      ["agent_event", { appended: 30, duplicate: 0 }],
    ]);
    expect(await storedIds()).toEqual(IDS);
    expect(await lakeFiles()).toEqual([]);
    expect(await readdir(store.directory.stagingPath)).toEqual([]);
  });

  test("of a closed day and many rows become a lake file as they are; again they append nothing", async () => {
    const rows = rowsOf("ccp_log", 20_001);
    expect([...(await stage(rows))]).toEqual([["ccp_log", { appended: 20_001, duplicate: 0 }]]);
    expect((await lakeFiles()).length).toBe(1);
    expect(
      await query(store, "select (select count(*) from hot.ccp_log), (select count(distinct record_id) from ccp_log)"),
    ).toEqual([[0, 20_001]]);
    expect([...(await stage(rows))]).toEqual([["ccp_log", { appended: 0, duplicate: 20_001 }]]);
    expect(await query(store, "select count(*) from ccp_log")).toEqual([[20_001]]);
  });

  test("of which some are stored already bring only the others", async () => {
    const rows = rowsOf("ccp_log", 20_100);
    await appendRows(store, rows.slice(0, 50));
    expect([...(await stage(rows))]).toEqual([["ccp_log", { appended: 20_050, duplicate: 50 }]]);
    expect(await query(store, "select count(*), count(distinct record_id) from ccp_log")).toEqual([[20_100, 20_100]]);
    expect((await store.sourceCounts()).find(({ source }) => source === "ccp_log")?.recordCount).toBe(20_100);
  });
});

describe("readers while days move", () => {
  test("a page and a contact hold every record once, at every moment", async () => {
    const rows = Array.from({ length: 20 }, (_, day) => day).flatMap((day) =>
      Array.from({ length: 15 }, (_, index) =>
        rowOf("ccp_log", `moving ${day} ${index}`, {
          event_time: unixMillis(NINE - (day + 1) * DAY_MS + index),
          contact_id: "c-moving",
        }),
      ),
    );
    await appendRows(store, rows);
    const ids = rows.map((row) => row.record_id).toSorted();
    const span = { from: NINE - 30 * DAY_MS, to: NINE };
    const state = { isMoving: true };
    const moved = store.moveClosedDays(OPEN_DATE).finally(() => {
      state.isMoving = false;
    });
    let reads = 0;
    while (state.isMoving) {
      const [page, contact] = await Promise.all([
        store.records.page({ ...span, terms: [], limit: 1000 }),
        store.contacts.contactRows("c-moving", span),
      ]);
      expect(page.map((row) => String(row["record_id"])).toSorted()).toEqual(ids);
      expect(contact.map((row) => String(row["record_id"])).toSorted()).toEqual(ids);
      reads++;
    }
    expect(await moved).toEqual({ dayCount: 20, rowCount: rows.length });
    expect(reads).toBeGreaterThan(3);
  });
});
