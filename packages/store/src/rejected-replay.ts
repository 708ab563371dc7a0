import type { Carrier } from "@fourwire/core";
import type { DuckDBConnection } from "@duckdb/node-api";
import type { RejectedInput } from "./append.ts";
import type { ReadPool } from "./read-pool.ts";
import { jsonForDatabase } from "./database-json.ts";
import { insertReplayed } from "./rejected-table.ts";

/** A rejected record that can be decoded again: all its bytes are there. */
export interface ReplayableRecord {
  readonly rejectedId: string;
  readonly source: string;
  readonly reason: string;
  readonly origin: string;
  readonly position: number;
  /** When it first came, Unix milliseconds. */
  readonly rejectedTime: number;
  readonly carrier: Carrier | undefined;
  readonly replayCount: number;
  readonly body: Uint8Array;
}

/** Which rejected records are meant; all that are not named. */
export interface ReplaySelection {
  readonly reason?: string;
  readonly source?: string;
  /** Delivered last at or after this instant, Unix milliseconds. */
  readonly since?: number;
}

/** What decoding a rejected record again has made of it. */
export interface ReplayOutcome {
  readonly rejectedId: string;
  /**
   * What is rejected of it now. Nothing: it leaves the table. Itself: it stays, with the reason it is rejected for now.
   * Other pieces: they take its place, with its count of attempts.
   */
  readonly rejected: readonly RejectedInput[];
  readonly replayCount: number;
}

/** Bodies of one page are in memory at once: at most this many of at most 1 MiB. */
const PAGE_SIZE = 64;

const CONDITIONS = `($reason = '' or reason = $reason) and ($source = '' or source = $source)
  and epoch_ms(coalesce(last_delivery_time, rejected_time)) >= $since::bigint`;

function valuesOf(selection: ReplaySelection): Record<string, string> {
  return {
    reason: selection.reason ?? "",
    source: selection.source ?? "",
    since: String(Math.trunc(selection.since ?? 0)),
  };
}

/** How many are selected, and how many of those cannot be replayed because their bytes were cut when they were kept. */
export async function countReplayable(
  pool: ReadPool,
  selection: ReplaySelection,
): Promise<{ readonly selected: number; readonly cut: number }> {
  const rows = await pool.rows(
    `select count(*)::double as selected, (count(*) filter (octet_length(body) < size_bytes))::double as cut
     from main.rejected_record where ${CONDITIONS}`,
    valuesOf(selection),
  );
  return { selected: Number(rows[0]?.["selected"] ?? 0), cut: Number(rows[0]?.["cut"] ?? 0) };
}

/**
 * The next selected records after an id, in order of their ids. Those that were put in since `startedTime` by the replay
 * itself are left out.
 */
export async function readReplayable(
  pool: ReadPool,
  selection: ReplaySelection,
  after: { readonly rejectedId: string; readonly startedTime: number },
): Promise<readonly ReplayableRecord[]> {
  const rows = await pool.rows(
    `select rejected_id, source, reason, origin, position, rejected_time, carrier, replay_count, body
     from main.rejected_record
     where ${CONDITIONS} and rejected_id > $after and octet_length(body) >= size_bytes
       and (last_replay_time is null or epoch_ms(last_replay_time) < $started::bigint)
     order by rejected_id limit ${PAGE_SIZE}`,
    { ...valuesOf(selection), after: after.rejectedId, started: String(after.startedTime) },
  );
  return rows.map((row) => ({
    rejectedId: String(row["rejected_id"]),
    source: String(row["source"]),
    reason: String(row["reason"]),
    origin: String(row["origin"]),
    position: Number(row["position"]),
    rejectedTime: Number(row["rejected_time"]),
    carrier: carrierOf(row["carrier"]),
    replayCount: Number(row["replay_count"] ?? 0),
    body: Buffer.from(String(row["body"]), "base64"),
  }));
}

function carrierOf(value: unknown): Carrier | undefined {
  if (typeof value !== "string") return undefined;
  const carrier: Carrier = JSON.parse(value);
  return carrier;
}

/**
 * Writes down outcomes, in the transaction that stores the records. A statement for all of them, not one each: every one
 * looks through the whole table.
 */
export async function settleReplayed(connection: DuckDBConnection, outcomes: readonly ReplayOutcome[]): Promise<void> {
  if (outcomes.length === 0) return;
  const remaining = new Map<string, RejectedInput>();
  for (const [replayCount, sameCount] of groupByCount(outcomes)) {
    const rejected = sameCount.flatMap((outcome) => outcome.rejected);
    for (const [id, input] of await insertReplayed(connection, rejected, replayCount + 1)) remaining.set(id, input);
  }
  const settled = outcomes.map(({ rejectedId, replayCount }) => {
    const still = remaining.get(rejectedId);
    return { id: rejectedId, count: replayCount + 1, reason: still?.reason ?? null, detail: still?.detail ?? null };
  });
  const relation = `(select unnest(from_json($settled, '[{"id":"varchar","count":"bigint","reason":"varchar","detail":"varchar"}]'), recursive := true))`;
  const values = { settled: jsonForDatabase(settled) };
  await connection.run(
    `delete from main.rejected_record where rejected_id in (select id from ${relation} where reason is null)`,
    values,
  );
  await connection.run(
    `update main.rejected_record r set reason = s.reason, detail = s.detail, replay_count = s.count, last_replay_time = now()
     from ${relation} s where s.id = r.rejected_id and s.reason is not null`,
    values,
  );
}

function groupByCount(outcomes: readonly ReplayOutcome[]): ReadonlyMap<number, readonly ReplayOutcome[]> {
  const groups = new Map<number, ReplayOutcome[]>();
  for (const outcome of outcomes) {
    const group = groups.get(outcome.replayCount);
    if (group === undefined) groups.set(outcome.replayCount, [outcome]);
    else group.push(outcome);
  }
  return groups;
}
