import { BLOB, VARCHAR, type DuckDBConnection, blobValue } from "@duckdb/node-api";
import { createHash } from "node:crypto";
import { basename } from "node:path";
import type { RejectedInput } from "./append.ts";

/** Bytes of a rejected record that are kept. Larger ones are cut and say so by `size_bytes`. */
const MAX_REJECTED_BODY_BYTES = 1024 * 1024;

const VALUE_TYPES = {
  id: VARCHAR,
  source: VARCHAR,
  reason: VARCHAR,
  detail: VARCHAR,
  origin: VARCHAR,
  position: VARCHAR,
  size: VARCHAR,
  count: VARCHAR,
  body: BLOB,
  carrier: VARCHAR,
  replays: VARCHAR,
};

/**
 * Stores what could not be decoded, once: the same bytes delivered again are the same rejection, with a higher count and
 * a later time. There is no index that would hold it to that: the writer is the only one who inserts.
 */
export async function insertRejected(connection: DuckDBConnection, rejected: readonly RejectedInput[]): Promise<void> {
  if (rejected.length === 0) return;
  const counted = countById(rejected);
  const stored = await findStored(connection, counted);
  if (stored.size > 0) {
    await connection.run(
      `update main.rejected_record r set delivery_count = r.delivery_count + a.count, last_delivery_time = now()
       from ${COUNTED} a where a.id = r.rejected_id`,
      { counted: jsonOf(counted) },
    );
  }
  await insertNew(connection, counted, { stored, replayCount: 0 });
}

/**
 * The same for what is still rejected after a replay, which is no delivery: stored ones keep their counts. Returns them
 * all by their ids.
 */
export async function insertReplayed(
  connection: DuckDBConnection,
  rejected: readonly RejectedInput[],
  replayCount: number,
): Promise<ReadonlyMap<string, RejectedInput>> {
  if (rejected.length === 0) return new Map();
  const counted = countById(rejected);
  const stored = await findStored(connection, counted);
  await insertNew(connection, counted, { stored, replayCount });
  return new Map([...counted].map(([id, { input }]) => [id, input]));
}

type CountedInputs = ReadonlyMap<string, { readonly input: RejectedInput; readonly count: number }>;

const COUNTED = `(select unnest(from_json($counted, '[{"id":"varchar","count":"bigint"}]'), recursive := true))`;

function jsonOf(counted: CountedInputs): string {
  return JSON.stringify([...counted].map(([id, { count }]) => ({ id, count })));
}

function countById(rejected: readonly RejectedInput[]): CountedInputs {
  const counted = new Map<string, { readonly input: RejectedInput; count: number }>();
  for (const input of rejected) {
    const id = rejectedId(input);
    const seen = counted.get(id);
    if (seen === undefined) counted.set(id, { input, count: 1 });
    else seen.count++;
  }
  return counted;
}

async function findStored(connection: DuckDBConnection, counted: CountedInputs): Promise<ReadonlySet<string>> {
  const reader = await connection.runAndReadAll(
    `select rejected_id from main.rejected_record where rejected_id in (select id from ${COUNTED})`,
    { counted: jsonOf(counted) },
  );
  return new Set(reader.getRows().map(([id]) => String(id)));
}

async function insertNew(
  connection: DuckDBConnection,
  counted: CountedInputs,
  options: { readonly stored: ReadonlySet<string>; readonly replayCount: number },
): Promise<void> {
  for (const [id, { input, count }] of counted) {
    if (options.stored.has(id)) continue;
    await connection.run(
      `insert into main.rejected_record
       select $id, $source, $reason, $detail, $origin, $position::bigint, $size::bigint, now(), $body, $count::bigint, now(),
         $carrier, $replays::bigint, case when $replays::bigint > 0 then now() end`,
      {
        id,
        source: input.source,
        reason: input.reason,
        detail: input.detail,
        origin: input.origin,
        position: String(input.position),
        size: String(input.size_bytes),
        count: String(count),
        body: blobValue(input.body.subarray(0, MAX_REJECTED_BODY_BYTES)),
        carrier: input.carrier === undefined ? null : JSON.stringify(input.carrier),
        replays: String(options.replayCount),
      },
      VALUE_TYPES,
    );
  }
}

/**
 * What makes two rejections the same: the bytes, as what source they were to be read. Of bytes that were cut the rest is
 * unknown, so the place counts too; the folder of a file says nothing about its content. Also in SQL, in migrate.ts.
 */
function rejectedId(input: RejectedInput): string {
  const isCut = input.body.length < input.size_bytes || input.body.length > MAX_REJECTED_BODY_BYTES;
  const place = isCut ? `${basename(input.origin)}\n${input.position}` : "";
  return createHash("sha256")
    .update(`${input.source}\n${input.size_bytes}\n${place}\n`)
    .update(input.body.subarray(0, MAX_REJECTED_BODY_BYTES))
    .digest("hex")
    .slice(0, 32);
}
