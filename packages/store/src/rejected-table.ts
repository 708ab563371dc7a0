import { BLOB, VARCHAR, type DuckDBConnection, blobValue } from "@duckdb/node-api";
import { createHash } from "node:crypto";
import { basename } from "node:path";
import type { RejectedInput } from "./append.ts";

/** Bytes of a rejected record that are kept. Larger ones are cut and say so by `size_bytes`. */
const MAX_REJECTED_BODY_BYTES = 1024 * 1024;

/** Stores what could not be decoded, once: the same bytes at the same place of the same input are one rejection. */
export async function insertRejected(connection: DuckDBConnection, rejected: readonly RejectedInput[]): Promise<void> {
  for (const input of rejected) {
    const body = input.body.subarray(0, MAX_REJECTED_BODY_BYTES);
    await connection.run(
      `insert into main.rejected_record
       select $id, $source, $reason, $detail, $origin, $position::bigint, $size::bigint, now(), $body
       where not exists (select 1 from main.rejected_record where rejected_id = $id)`,
      {
        id: rejectedId(input),
        source: input.source,
        reason: input.reason,
        detail: input.detail,
        origin: input.origin,
        position: String(input.position),
        size: String(input.size_bytes),
        body: blobValue(body),
      },
      {
        id: VARCHAR,
        source: VARCHAR,
        reason: VARCHAR,
        detail: VARCHAR,
        origin: VARCHAR,
        position: VARCHAR,
        size: VARCHAR,
        body: BLOB,
      },
    );
  }
}

function rejectedId(input: RejectedInput): string {
  // the folder of a file says nothing about its content: the same file elsewhere holds the same broken record
  const hash = createHash("sha256")
    .update(`${basename(input.origin)}\n${input.position}\n${input.reason}\n`)
    .update(input.body);
  return hash.digest("base64url").slice(0, 22);
}
