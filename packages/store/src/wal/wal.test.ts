import { readdir, readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { query } from "../../test/rows.ts";
import { countIds, cutPower, type PowerCut } from "../../test/power-cut.ts";
import { Store } from "../store.ts";
import type { WalReport } from "./mend-wal.ts";

// Promise P2: a torn or corrupt tail of the write-ahead log costs only itself, and is reported.

/** Rows in a commit: more than DuckDB puts into one piece of the log (2,048). */
const ROWS = 5000;
const COMMITS = 4;
const PIECE_ROWS = 2048;
const FOUR_KIB = 4096;
const SEEDS = 6;
const TEST_TIMEOUT_MS = 300_000;

let cut: PowerCut;

beforeAll(async () => {
  cut = await cutPower(COMMITS, ROWS);
});

afterAll(() => cut.remove());

interface Outcome {
  readonly wal: WalReport | undefined;
  readonly missing: readonly number[];
  readonly repeated: number;
  readonly earlierMissing: number;
  readonly rejected: number;
  readonly path: string;
}

/** Opens a copy with this log, appends to it, opens it again, and says what is there of each commit. */
async function openWith(wal: Buffer): Promise<Outcome> {
  const path = await cut.damaged(wal);
  const store = await Store.open({ path, command: "test" });
  const { wal: report } = store.openReport;
  await store.close();
  const again = await Store.open({ path, command: "test" });
  expect(again.openReport.wal).toBeUndefined();
  const counts = await countIds(again);
  const rejected = await again.rejectedCounts();
  await again.close();
  return {
    wal: report,
    missing: cut.commits.map(({ ids }) => ids.filter((id) => !counts.has(id)).length),
    repeated: [...counts.values()].filter((count) => count !== 1).length,
    earlierMissing: cut.earlierIds.filter((id) => !counts.has(id)).length,
    rejected: rejected.reduce((sum, reason) => sum + reason.count, 0),
    path,
  };
}

function startOf(commit: number): number {
  return commit === 0 ? 0 : (cut.commits[commit - 1]?.walEnd ?? 0);
}

/** The log with one bit changed. */
function flipped(position: number): Buffer {
  const bytes = Buffer.from(cut.wal);
  bytes[position] = (bytes[position] ?? 0) ^ 0x10;
  return bytes;
}

/** Positions within a commit, the same for the same seed. */
function positionOf(commit: number, seed: number): number {
  const start = startOf(commit);
  return start + ((Math.imul(seed + 1, 0x9e3779b1) >>> 0) % ((cut.commits[commit]?.walEnd ?? 0) - start));
}

test(
  "a log cut at any 4 KiB boundary of the last commit keeps all earlier commits, and the cut is reported",
  async () => {
    const small = await cutPower(3, 900);
    const [first, second, last] = small.commits;
    const start = second?.walEnd ?? 0;
    const boundaries: number[] = [];
    for (let at = Math.ceil(start / FOUR_KIB) * FOUR_KIB; at < small.wal.length; at += FOUR_KIB) boundaries.push(at);
    expect(boundaries.length).toBeGreaterThan(20);
    for (const at of boundaries) {
      const store = await Store.open({ path: await small.damaged(small.wal.subarray(0, at)), command: "test" });
      expect(store.openReport.wal, `cut at ${at}`).toMatchObject({ state: "torn", droppedBytes: at - start });
      const counts = await countIds(store);
      const kept = [...small.earlierIds, ...(first?.ids ?? []), ...(second?.ids ?? [])];
      expect([counts.size, kept.filter((id) => counts.get(id) !== 1)], `cut at ${at}`).toEqual([kept.length, []]);
      expect(await store.rejectedCounts(), `cut at ${at}`).toMatchObject([{ count: 2 }]);
      await store.close();
    }
    expect(last?.walEnd).toBe(small.wal.length);
    await small.remove();
  },
  TEST_TIMEOUT_MS,
);

test("a whole log is replayed whole", async () => {
  expect(await openWith(cut.wal)).toMatchObject({
    wal: { state: "clean", droppedBytes: 0 },
    missing: [0, 0, 0, 0],
    repeated: 0,
    earlierMissing: 0,
    rejected: COMMITS,
  });
});

describe("a changed byte", () => {
  test.each(Array.from({ length: SEEDS }, (_, seed) => seed))(
    "in the last commit costs one piece of its rows at most (seed %i)",
    async (seed) => {
      const outcome = await openWith(flipped(positionOf(COMMITS - 1, seed)));
      expect(outcome.missing.slice(0, -1)).toEqual([0, 0, 0]);
      expect(outcome.missing.at(-1)).toBeLessThanOrEqual(PIECE_ROWS);
      expect(outcome).toMatchObject({ wal: { state: "damaged" }, repeated: 0, earlierMissing: 0 });
      await expectKept(outcome, seed);
    },
    TEST_TIMEOUT_MS,
  );

  test.each(Array.from({ length: SEEDS }, (_, seed) => seed))(
    "in the middle of the log does not cost the commits behind it (seed %i)",
    async (seed) => {
      const outcome = await openWith(flipped(positionOf(1, seed + 100)));
      expect([outcome.missing[0], ...outcome.missing.slice(2)]).toEqual([0, 0, 0]);
      expect(outcome.missing[1]).toBeLessThanOrEqual(PIECE_ROWS);
      expect(outcome).toMatchObject({ wal: { state: "damaged" }, repeated: 0, earlierMissing: 0 });
    },
    TEST_TIMEOUT_MS,
  );

  /** The log as it was is in a folder of its own, byte by byte. */
  async function expectKept(outcome: Outcome, seed: number): Promise<void> {
    const kept = await readFile(outcome.wal?.keptPath ?? "");
    expect(kept.equals(flipped(positionOf(COMMITS - 1, seed)))).toBe(true);
    const folders = (await readdir(outcome.path)).filter((name) => name.startsWith("broken-"));
    expect(folders).toHaveLength(1);
    expect(await readdir(outcome.path)).not.toContain("mending.json");
  }
});

test("a changed size, which DuckDB alone takes for the end of the log, does not hide what follows", async () => {
  const outcome = await openWith(flipped(startOf(1) + 5));
  expect(outcome).toMatchObject({
    wal: { state: "damaged", commits: expect.any(Number), laterCommits: COMMITS - 1 },
    missing: [0, 0, 0, 0],
    repeated: 0,
    rejected: COMMITS,
  });
});

test("a damaged beginning does not hide the whole log", async () => {
  for (const position of [0, 3, 5, 9, 20]) {
    const outcome = await openWith(flipped(position));
    expect(outcome, `byte ${position}`).toMatchObject({
      wal: { state: "damaged", commits: 0 },
      missing: [0, 0, 0, 0],
      repeated: 0,
      earlierMissing: 0,
    });
  }
});

test("a damaged end mark of the last commit costs nothing", async () => {
  for (let back = 1; back <= 21; back += 4) {
    const outcome = await openWith(flipped(cut.wal.length - back));
    expect(outcome, `byte ${back} from the end`).toMatchObject({ wal: { state: "damaged" }, missing: [0, 0, 0, 0] });
  }
});

test("a tail of zeros, as a file system leaves what was not synced, costs only itself", async () => {
  const bytes = Buffer.from(cut.wal);
  bytes.fill(0, startOf(COMMITS - 1) + 1000);
  expect(await openWith(bytes)).toMatchObject({
    wal: { state: "torn", laterCommits: 0 },
    missing: [0, 0, 0, ROWS],
    repeated: 0,
  });
  expect(await openWith(Buffer.concat([cut.wal, Buffer.alloc(5000)]))).toMatchObject({
    wal: { state: "torn", droppedBytes: 5000 },
    missing: [0, 0, 0, 0],
    rejected: COMMITS,
  });
});

test("a block that is there twice stores nothing twice", async () => {
  const bytes = Buffer.concat([cut.wal, cut.wal.subarray(startOf(COMMITS - 1))]);
  const outcome = await openWith(bytes);
  expect(outcome).toMatchObject({ missing: [0, 0, 0, 0], earlierMissing: 0 });
  expect(outcome.repeated).toBe(0);
});

test("contacts and agents of recovered records are found", async () => {
  const path = await cut.damaged(flipped(startOf(1) + 5));
  const store = await Store.open({ path, command: "test" });
  for (let commit = 1; commit < COMMITS; commit++) {
    expect(await store.contacts.span(`contact of commit ${commit}`)).toBeDefined();
    expect(await store.contacts.findAgents(`agent of commit ${commit}`)).toHaveLength(1);
  }
  expect(await query(store, "select count(*) from contact")).toEqual([[COMMITS + 1]]);
  await store.close();
});

test("what another process is writing is not touched", async () => {
  const path = await cut.damaged(flipped(startOf(1) + 5));
  const before = await readdir(path);
  const { writeOwner, dataDirectory } = await import("../data-directory.ts");
  const directory = dataDirectory(path);
  await writeOwner(directory, { pid: process.ppid, command: "serve", started_time: "", url: null, token: null });
  const { mendWal } = await import("./mend-wal.ts");
  expect(await mendWal(directory)).toBeUndefined();
  expect((await readdir(path)).filter((name) => name !== "owner.json")).toEqual(before);
});
