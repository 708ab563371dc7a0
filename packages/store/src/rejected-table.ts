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
};

/**
 * Stores what could not be decoded, once: the same bytes delivered again are the same rejection, with a higher count and
 * a later time. There is no index that would hold it to that: the writer is the only one who inserts.
 */
export async function insertRejected(connection: DuckDBConnection, rejected: readonly RejectedInput[]): Promise<void> {
  if (rejected.length === 0) return;
  const counted = new Map<string, { readonly input: RejectedInput; count: number }>();
  for (const input of rejected) {
    const id = rejectedId(input);
    const seen = counted.get(id);
    if (seen === undefined) counted.set(id, { input, count: 1 });
    else seen.count++;
  }
  const stored = await countAgain(connection, counted);
  for (const [id, { input, count }] of counted) {
    if (stored.has(id)) continue;
    await connection.run(
      `insert into main.rejected_record
       select $id, $source, $reason, $detail, $origin, $position::bigint, $size::bigint, now(), $body, $count::bigint, now(),
         $carrier, 0, null`,
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
      },
      VALUE_TYPES,
    );
  }
}

/** Raises the counts of those that are stored; returns their ids. */
async function countAgain(
  connection: DuckDBConnection,
  counted: ReadonlyMap<string, { readonly count: number }>,
): Promise<ReadonlySet<string>> {
  const again = JSON.stringify([...counted].map(([id, { count }]) => ({ id, count })));
  const relation = `(select unnest(from_json($again, '[{"id":"varchar","count":"bigint"}]'), recursive := true))`;
  const reader = await connection.runAndReadAll(
    `select rejected_id from main.rejected_record where rejected_id in (select id from ${relation})`,
    { again },
  );
  const stored = new Set(reader.getRows().map(([id]) => String(id)));
  if (stored.size > 0) {
    await connection.run(
      `update main.rejected_record r set delivery_count = r.delivery_count + a.count, last_delivery_time = now()
       from ${relation} a where a.id = r.rejected_id`,
      { again },
    );
  }
  return stored;
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
