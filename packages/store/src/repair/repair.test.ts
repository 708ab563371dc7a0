import { cp, mkdtemp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unixMillis, type SourceName, type SourceRecord } from "@fourwire/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { batchOf, DAY_MS, NINE, query, rejectedOf, rowOf } from "../../test/rows.ts";
import { StagingWriter } from "../staging.ts";
import { Store } from "../store.ts";
import { repairStore, type RepairReport } from "./repair.ts";

// An oracle knows every record: whatever is damaged, what is there afterwards is what was stored, once, and what is not
// there is what the report says is lost.

const TEST_TIMEOUT_MS = 120_000;
/** Two row groups in each lake file. */
const LAKE_ROWS = 30_000;
const HOT_ROWS = 30_000;
const LOG_ROWS = 3000;
const BLOCK_BYTES = 256 * 1024;

let root: string;
let whole: string;
/** Body of each record, by its id. */
const oracle = new Map<string, string>();
let cases = 0;

function rowsNamed(source: SourceName, name: string, count: number, start: number): readonly SourceRecord[] {
  return Array.from({ length: count }, (_, index) => {
    const body = JSON.stringify({ name, index, filler: `${(index * 7919) % 1_000_003}`.repeat(10) });
    const row = rowOf(source, `${name} ${index}`, {
      event_time: unixMillis(start + index),
      contact_id: `contact ${name} ${index % 100}`,
      original_body: body,
    });
    oracle.set(row.record_id, body);
    return row;
  });
}

/** A directory with hot records in the file, more in the log, two days in the lake, as a power cut leaves it. */
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "fourwire-repair-"));
  const open = join(root, "open");
  const first = await Store.open({ path: open, command: "test" });
  for (const day of [3, 2]) {
    const writer = await StagingWriter.create(first.directory.stagingPath);
    writer.add([batchOf(rowsNamed("ccp_log", `lake ${day}`, LAKE_ROWS, NINE - day * DAY_MS))]);
    await first.appendStaged({ group: await writer.stage(), rejected: [], firstOpenDate: "2026-11-20" });
  }
  for (const source of ["ccp_log", "flow_log"] as const)
    await first.append({ batches: [batchOf(rowsNamed(source, "hot", HOT_ROWS, NINE))], rejected: [] });
  await first.append({ batches: [], rejected: [rejectedOf("in the file")] });
  await first.close();
  const store = await Store.open({ path: open, command: "test" });
  for (const round of [0, 1])
    await store.append({
      batches: [batchOf(rowsNamed("ccp_log", `log ${round}`, LOG_ROWS, NINE + 3_600_000))],
      rejected: [rejectedOf(`in the log ${round}`)],
    });
  await store.accessTokens.list();
  await store.checkpoints.save("agents", new Map([["shard-0", "1"]]));
  whole = join(root, "whole");
  await cp(open, whole, { recursive: true });
  await rm(join(whole, "owner.json"));
  await store.close();
}, TEST_TIMEOUT_MS);

afterAll(() => rm(root, { recursive: true, force: true }));

interface Repaired {
  readonly report: RepairReport;
  readonly missing: number;
  readonly rejected: readonly unknown[];
}

/** Damages a copy, repairs it, and compares what is there with the oracle. */
async function repairAfter(damage: (path: string) => Promise<void>): Promise<Repaired> {
  const path = join(root, `case-${cases++}`);
  await cp(whole, path, { recursive: true });
  await damage(path);
  const report = await repairStore({ path, command: "test" });
  // what is repaired is whole: a second repair finds nothing
  const again = await repairStore({ path, command: "test" });
  expect(again).toMatchObject({ database: "sound", lake: { losses: [] }, lost: [], records: report.records });
  const store = await Store.open({ path, command: "test" });
  const found = [
    ...(await query(store, "select record_id, original_body from ccp_log")),
    ...(await query(store, "select record_id, original_body from flow_log")),
  ];
  const rejected = await query(store, "select decode(body) from rejected_record order by 1");
  const contacts = new Set((await query(store, "select contact_id from contact")).map(([id]) => id));
  const named = await query(store, "select distinct contact_id from log_record");
  await store.close();
  expect(named.filter(([id]) => !contacts.has(id))).toEqual([]);
  const ids = found.map(([id]) => String(id));
  expect(new Set(ids).size).toBe(ids.length);
  expect(found.filter(([id, body]) => oracle.get(String(id)) !== body)).toEqual([]);
  await rm(path, { recursive: true });
  return { report, missing: oracle.size - ids.length, rejected: rejected.map(([body]) => body) };
}

/** Changes one bit at each position of a file inside the directory. */
function flip(name: string, ...positions: readonly number[]): (path: string) => Promise<void> {
  return async (path) => {
    const file = join(path, name);
    const bytes = await readFile(file);
    for (const position of positions) {
      const at = position < 0 ? bytes.length + position : position;
      bytes[at] = (bytes[at] ?? 0) ^ 0x10;
    }
    await writeFile(file, bytes);
  };
}

async function lakeFile(index: number): Promise<string> {
  const names = await readdir(join(whole, "lake"), { recursive: true });
  return join("lake", names.filter((name) => name.endsWith(".parquet")).toSorted()[index] ?? "");
}

function lostIn(report: RepairReport): number {
  return [...report.tables, ...report.lake.losses].reduce((sum, loss) => sum + loss.lost, 0);
}

const EVERY_REJECTED = ["in the file", "in the log 0", "in the log 1"];

test(
  "a sound directory is left as it is",
  async () => {
    const { report, missing, rejected } = await repairAfter(async () => {});
    expect(report).toMatchObject({
      database: "sound",
      tables: [],
      lake: { checked: 2, losses: [] },
      kept: [],
      lost: [],
    });
    expect([missing, rejected]).toEqual([0, EVERY_REJECTED]);
  },
  TEST_TIMEOUT_MS,
);

describe("the database file", () => {
  test.each([3, 9, 14, 20, 27, 33])(
    "with a damaged block costs the rows in it (block %i)",
    async (block) => {
      const { report, missing, rejected } = await repairAfter(
        flip("fourwire.duckdb", 12_288 + block * BLOCK_BYTES + 5000),
      );
      // in a block that says where the others are, everything since the checkpoint before is lost, and that is said
      const isCounted = !report.lost.join().includes("every row");
      expect(missing).toBe(isCounted ? lostIn(report) : 2 * HOT_ROWS);
      // a block that no table uses any more may be damaged without a loss
      expect(report.kept).toHaveLength(report.database === "sound" ? 0 : 1);
      expect(rejected).toEqual(isCounted ? EVERY_REJECTED : EVERY_REJECTED.slice(1));
    },
    TEST_TIMEOUT_MS,
  );

  test(
    "with a damaged main header costs nothing",
    async () => {
      for (const position of [9, 100]) {
        const { report, missing, rejected } = await repairAfter(flip("fourwire.duckdb", position));
        expect([missing, rejected], JSON.stringify(report)).toEqual([0, EVERY_REJECTED]);
        expect(report).toMatchObject({ database: "rebuilt", tables: [] });
      }
    },
    TEST_TIMEOUT_MS,
  );

  test(
    "with a damaged header of a checkpoint keeps the log and the lake",
    async () => {
      for (const position of [4100, 8200]) {
        const { report, missing } = await repairAfter(flip("fourwire.duckdb", position));
        expect(report.database).toBe("rebuilt");
        expect(missing).toBeLessThanOrEqual(2 * HOT_ROWS);
      }
    },
    TEST_TIMEOUT_MS,
  );

  test(
    "that is cut, empty, garbage or gone keeps the log and the lake, and the report says what is not there",
    async () => {
      const damages: readonly ((path: string) => Promise<void>)[] = [
        (path) => truncate(join(path, "fourwire.duckdb"), 3_000_000),
        (path) => truncate(join(path, "fourwire.duckdb"), 5000),
        (path) => writeFile(join(path, "fourwire.duckdb"), "this is not a database".repeat(1000)),
        (path) => rm(join(path, "fourwire.duckdb")),
        (path) => truncate(join(path, "fourwire.duckdb"), 0),
      ];
      for (const [index, damage] of damages.entries()) {
        const { report, missing, rejected } = await repairAfter(damage);
        expect(missing, `damage ${index}`).toBeLessThanOrEqual(2 * HOT_ROWS);
        expect(report.records["ccp_log"], `damage ${index}`).toBeGreaterThanOrEqual(2 * LAKE_ROWS + 2 * LOG_ROWS);
        expect(rejected).toEqual(expect.arrayContaining(EVERY_REJECTED.slice(1)));
        expect(report.lost.join(), `damage ${index}`).toContain("every row");
      }
    },
    TEST_TIMEOUT_MS,
  );

  test(
    "and its log, both damaged, keep what is readable of each",
    async () => {
      const { report, missing, rejected } = await repairAfter(async (path) => {
        await flip("fourwire.duckdb", 12_288 + 9 * BLOCK_BYTES + 5000)(path);
        await flip("fourwire.duckdb.wal", 200_000)(path);
      });
      expect(missing).toBeLessThanOrEqual(HOT_ROWS + 2048);
      expect(report.kept.length).toBeGreaterThan(0);
      expect(rejected).toEqual(EVERY_REJECTED);
    },
    TEST_TIMEOUT_MS,
  );
});

describe("a lake file", () => {
  test.each([0.02, 0.2, 0.4, 0.6, 0.8, 0.95])(
    "with one changed bit costs its row group, and no changed row is read (at %f)",
    async (part) => {
      const name = await lakeFile(0);
      const size = (await readFile(join(whole, name))).length;
      const { report, missing } = await repairAfter(flip(name, Math.floor(size * part)));
      expect(report).toMatchObject({
        database: "sound",
        lake: { losses: [{ reason: "changed", rows: LAKE_ROWS, lost: missing }] },
      });
      // a digest stands for 256 KiB, which may be of both row groups
      expect(missing).toBeGreaterThan(0);
      expect(report.lost).toHaveLength(1);
      expect(report.kept).toHaveLength(1);
    },
    TEST_TIMEOUT_MS,
  );

  test(
    "that is cut, garbage or gone costs itself",
    async () => {
      const name = await lakeFile(1);
      const damages: readonly ((path: string) => Promise<void>)[] = [
        (path) => truncate(join(path, name), 100_000),
        (path) => writeFile(join(path, name), Buffer.alloc(100_000, "x")),
        (path) => rm(join(path, name)),
        (path) => truncate(join(path, name), 0),
      ];
      for (const damage of damages) {
        const { report, missing } = await repairAfter(damage);
        expect(missing).toBe(LAKE_ROWS);
        expect(report.lake.losses).toMatchObject([{ rows: LAKE_ROWS, lost: LAKE_ROWS }]);
      }
    },
    TEST_TIMEOUT_MS,
  );
});

test("a directory that a process holds is left alone", async () => {
  const path = join(root, "held");
  await cp(whole, path, { recursive: true });
  await writeFile(
    join(path, "owner.json"),
    JSON.stringify({ pid: process.ppid, command: "serve", started_time: "", url: null, token: null }),
  );
  await expect(repairStore({ path, command: "repair" })).rejects.toMatchObject({ code: "store_locked" });
});
