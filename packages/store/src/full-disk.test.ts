import { join } from "node:path";
import { unixMillis, type AppError } from "@fourwire/core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { countIds } from "../test/power-cut.ts";
import { appendRows, batchOf, NINE, query, rejectedOf, rowOf, TemporaryData } from "../test/rows.ts";
import { createSmallDisk, type SmallDisk } from "../test/small-disk.ts";
import type { DiskBlocks } from "./disk-watch.ts";
import { Store } from "./store.ts";

// Promise P3: a full disk never lies.

const ROWS = 2000;
const MOST_BATCHES = 200;
const TEST_TIMEOUT_MS = 120_000;

let disk: SmallDisk;
let kind = "";
{
  const probe = createSmallDisk();
  kind = probe.kind;
  probe.remove();
}

/** The watch is off: these tests are about what happens when the disk is full all the same. */
const UNWATCHED = { highWaterMark: 2 };

async function openHere(checkpointThreshold = "512MB"): Promise<Store> {
  return Store.open({ path: join(disk.path, "data"), command: "test", disk: UNWATCHED, checkpointThreshold });
}

function batch(name: string): ReturnType<typeof rowOf>[] {
  return Array.from({ length: ROWS }, (_, index) =>
    rowOf("ccp_log", `${name} ${index}`, { event_time: unixMillis(NINE + index) }),
  );
}

/** Appends until the store refuses; returns the ids that were acknowledged and those that were refused. */
async function appendUntilRefused(
  store: Store,
  name: string,
): Promise<{ kept: string[]; refused: string[]; failure: unknown }> {
  const kept: string[] = [];
  for (let index = 0; index < MOST_BATCHES; index++) {
    const rows = batch(`${name} ${index}`);
    const ids = rows.map((row) => row.record_id);
    const failure: unknown = await store
      .append({ batches: [batchOf(rows)], rejected: [rejectedOf(`bad ${name} ${index}`)] })
      .then(
        () => undefined,
        (error: unknown) => error,
      );
    if (failure !== undefined) return { kept, refused: ids, failure };
    kept.push(...ids);
  }
  throw new Error("the disk never became full");
}

/** Tries until the store takes it, as a client does that is told to come again. */
async function appendInTheEnd(store: Store, rows: readonly ReturnType<typeof rowOf>[]): Promise<void> {
  await expect
    .poll(
      () =>
        appendRows(store, rows).then(
          () => "stored",
          (error: unknown) => (error as AppError).code,
        ),
      { timeout: 20_000 },
    )
    .toBe("stored");
}

describe(`a disk that fills up, ${kind}`, () => {
  beforeEach(() => {
    disk = createSmallDisk();
  });

  afterEach(() => disk.remove());

  test(
    "refuses and stores nothing by halves, reads go on, and goes on by itself once there is room",
    async () => {
      const store = await openHere();
      const kept: string[] = [];
      for (let round = 0; round < 3; round++) {
        disk.fill(3 * 1024 * 1024);
        const outcome = await appendUntilRefused(store, `round ${round}`);
        kept.push(...outcome.kept);
        expect(outcome.failure).toMatchObject({ code: "store_write_failed", retryable: true });
        expect(await countIds(store)).toEqual(new Map(kept.map((id) => [id, 1])));
        expect(await query(store, "select count(*) from rejected_record")).toEqual([[kept.length / ROWS]]);
        expect(await store.records.findById(kept[0] ?? "")).toBeDefined();
        disk.empty();
        const again = batch(`round ${round} again`);
        await appendInTheEnd(store, again);
        await store.append({ batches: [], rejected: Array.from({ length: 1 }, () => rejectedOf(`again ${round}`)) });
        kept.push(...again.map((row) => row.record_id));
      }
      await store.close();
      const reopened = await openHere();
      expect(await countIds(reopened)).toEqual(new Map(kept.map((id) => [id, 1])));
      await reopened.close();
    },
    TEST_TIMEOUT_MS,
  );

  test(
    "and breaks a checkpoint, after which the engine answers nothing, is opened again without a restart",
    async () => {
      const store = await openHere("2MB");
      const kept: string[] = [];
      let reopened = 0;
      for (let round = 0; round < 6 && reopened < 2; round++) {
        // room for the log but not for what a checkpoint writes, at another place each time
        disk.fill(1_200_000 + 350_000 * round);
        const outcome = await appendUntilRefused(store, `round ${round}`);
        kept.push(...outcome.kept);
        expect(outcome.failure).toMatchObject({ retryable: true });
        await expect.poll(() => countIds(store).catch(() => "not yet"), { timeout: 20_000 }).not.toBe("not yet");
        const counts = await countIds(store);
        expect(kept.filter((id) => counts.get(id) !== 1)).toEqual([]);
        // a commit whose checkpoint failed may be stored although it was refused, whole or not at all
        expect([0, ROWS]).toContain(outcome.refused.filter((id) => counts.has(id)).length);
        disk.empty();
        const again = batch(`round ${round} again`);
        await appendInTheEnd(store, again);
        kept.push(...again.map((row) => row.record_id));
        reopened = store.reopenCount;
      }
      expect(reopened).toBeGreaterThan(0);
      await store.close();
    },
    TEST_TIMEOUT_MS,
  );

  test(
    "fails a move to the lake, which loses nothing and is done the next time",
    async () => {
      const store = await openHere();
      const rows = Array.from({ length: 10 }, (_, index) => batch(`move ${index}`)).flat();
      await appendRows(store, rows);
      disk.fill(50_000);
      await expect(store.moveClosedDays("2026-11-21")).rejects.toThrow(/No space|too large|ENOSPC|EFBIG/i);
      const ids = new Map(rows.map((row) => [row.record_id, 1]));
      expect(await countIds(store)).toEqual(ids);
      disk.empty();
      await expect
        .poll(() => store.moveClosedDays("2026-11-21").catch(() => undefined), { timeout: 20_000 })
        .toEqual({ dayCount: 1, rowCount: rows.length });
      expect(await countIds(store)).toEqual(ids);
      await store.close();
    },
    TEST_TIMEOUT_MS,
  );
});

describe("the high-water mark", () => {
  test("refuses intake above 90 %, and takes in again only below 85 %", async () => {
    const data = await TemporaryData.create();
    let usedPercent = 10;
    const statfs = async (): Promise<DiskBlocks> =>
      Promise.resolve({ bsize: 4096, blocks: 1000, bfree: 1000 - 10 * usedPercent, bavail: 1000 - 10 * usedPercent });
    const store = await data.open({ disk: { statfs, pollMs: 5 } });
    const stateAt = async (percent: number): Promise<string> => {
      usedPercent = percent;
      await expect.poll(() => store.intakeState.usedFraction).toBeCloseTo(percent / 100);
      return store.intakeState.state;
    };
    const states: string[] = [];
    for (const percent of [50, 89, 90, 95, 86, 85, 84, 89]) states.push(await stateAt(percent));
    expect(states).toEqual(["open", "open", "disk_full", "disk_full", "disk_full", "disk_full", "open", "open"]);
    await stateAt(95);
    await expect(appendRows(store, batch("refused"))).rejects.toMatchObject({ code: "disk_full", retryable: true });
    expect(await query(store, "select count(*) from log_record")).toEqual([[0]]);
    await stateAt(20);
    expect(await appendRows(store, batch("taken"))).toEqual([ROWS, 0]);
    await data.remove();
  });

  test("does not count where there is plenty of room: a tenth of a large disk is years", async () => {
    const data = await TemporaryData.create();
    const statfs = async (): Promise<DiskBlocks> =>
      Promise.resolve({ bsize: 4096, blocks: 1e9, bfree: 5e7, bavail: 5e7 });
    const store = await data.open({ disk: { statfs } });
    expect(store.intakeState).toMatchObject({ state: "open", freeBytes: 5e7 * 4096, totalBytes: 1e9 * 4096 });
    await data.remove();
  });
});
