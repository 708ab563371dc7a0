import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unixMillis, type SourceName } from "@fourwire/core";
import { Store } from "../src/store.ts";
import { appendRows, batchOf, DAY_MS, NINE, query, rejectedOf, rowOf } from "./rows.ts";

/** A data directory as a power cut leaves it, and what was acknowledged before. */
export interface PowerCut {
  readonly path: string;
  readonly wal: Buffer;
  /** For each acknowledged commit: where it ends in the log, and the ids of its records. */
  readonly commits: readonly { readonly walEnd: number; readonly ids: readonly string[] }[];
  /** Ids of records that are in the lake already. */
  readonly earlierIds: readonly string[];
  /** A copy with another log, for one case. */
  damaged(wal: Buffer): Promise<string>;
  remove(): Promise<void>;
}

const SOURCES: readonly SourceName[] = ["ccp_log", "agent_event", "flow_log"];

/** Stores commits of records, each with a rejected one, and copies the directory while the store is open. */
export async function cutPower(commitCount: number, rowCount: number): Promise<PowerCut> {
  const root = await mkdtemp(join(tmpdir(), "fourwire-cut-"));
  const open = join(root, "open");
  const path = join(root, "cut");
  const first = await Store.open({ path: open, command: "test" });
  const earlier = rowsNamed("ccp_log", "earlier", 50, NINE - DAY_MS);
  await appendRows(first, earlier);
  await first.moveClosedDays("2026-11-20");
  await first.close();
  const store = await Store.open({ path: open, command: "test" });
  const walPath = `${store.directory.databasePath}.wal`;
  const commits: { walEnd: number; ids: readonly string[] }[] = [];
  for (let commit = 0; commit < commitCount; commit++) {
    const rows = rowsNamed(SOURCES[commit % SOURCES.length] ?? "ccp_log", `commit ${commit}`, rowCount, NINE);
    await store.append({ batches: [batchOf(rows)], rejected: [rejectedOf(`bad ${commit}`)] });
    commits.push({ walEnd: (await readFile(walPath)).length, ids: rows.map((row) => row.record_id) });
  }
  await cp(open, path, { recursive: true });
  await rm(join(path, "owner.json"));
  await store.close();
  let cases = 0;
  return {
    path,
    wal: await readFile(join(path, "fourwire.duckdb.wal")),
    commits,
    earlierIds: earlier.map((row) => row.record_id),
    damaged: async (wal) => {
      const copy = join(root, `case-${cases++}`);
      await cp(path, copy, { recursive: true });
      await writeFile(join(copy, "fourwire.duckdb.wal"), wal);
      return copy;
    },
    remove: () => rm(root, { recursive: true, force: true }),
  };
}

function rowsNamed(source: SourceName, name: string, count: number, start: number): ReturnType<typeof rowOf>[] {
  return Array.from({ length: count }, (_, index) =>
    rowOf(source, `${name} ${index}`, {
      event_time: unixMillis(start + index),
      contact_id: `contact of ${name}`,
      agent_id: `agent of ${name}`,
      original_body: JSON.stringify({ name, index, filler: "x".repeat(index % 100) }),
    }),
  );
}

/** Every record id of a store with how often it is there. */
export async function countIds(store: Store): Promise<ReadonlyMap<string, number>> {
  const rows = await query(store, "select record_id, count(*) from log_record group by 1");
  return new Map(rows.map(([id, count]) => [String(id), Number(count)]));
}
