import type { RejectedRecord } from "@fourwire/core";
import type { ReadPool } from "./read-pool.ts";

/** Bytes of a rejected record that a list shows. */
const BODY_PREVIEW_BYTES = 64 * 1024;

export interface RejectedPage {
  readonly limit: number;
  readonly before?: { readonly rejectedTime: number; readonly rejectedId: string };
}

/**
 * Rejected records, the latest first. The cursor has milliseconds and the table microseconds, so order and cursor use
 * milliseconds: those of one commit have the same time.
 */
export async function readRejected(pool: ReadPool, page: RejectedPage): Promise<readonly RejectedRecord[]> {
  const cursor =
    page.before === undefined
      ? "true"
      : "(epoch_ms(rejected_time) < $before::bigint or (epoch_ms(rejected_time) = $before::bigint and rejected_id < $before_id))";
  const rows = await pool.rows(
    `select rejected_id, source, reason, detail, origin, position, size_bytes, rejected_time, coalesce(last_delivery_time, rejected_time) as last_delivery_time,
       delivery_count, replay_count, body[1:${BODY_PREVIEW_BYTES}] as body
     from main.rejected_record where ${cursor} order by epoch_ms(rejected_time) desc, rejected_id desc limit ${page.limit}`,
    page.before === undefined ? {} : { before: String(page.before.rejectedTime), before_id: page.before.rejectedId },
  );
  return rows.map((row) => {
    const bytes = Buffer.from(row["body"] as string, "base64");
    const isTruncated = (row["size_bytes"] as number) > bytes.length;
    const text = utf8Text(bytes, isTruncated);
    return {
      rejected_id: row["rejected_id"] as string,
      source: row["source"] as string,
      reason: row["reason"] as string,
      detail: row["detail"] as string,
      origin: row["origin"] as string,
      position: row["position"] as number,
      size_bytes: row["size_bytes"] as number,
      rejected_time: new Date(row["rejected_time"] as number).toISOString(),
      last_delivery_time: new Date(row["last_delivery_time"] as number).toISOString(),
      delivery_count: row["delivery_count"] as number,
      replay_count: row["replay_count"] as number,
      body: text ?? bytes.toString("base64"),
      body_encoding: text === undefined ? "base64" : "utf8",
      is_body_truncated: isTruncated,
    };
  });
}

/** Counts by reason and source. */
export async function countRejected(
  pool: ReadPool,
): Promise<readonly { reason: string; source: string; count: number }[]> {
  const rows = await pool.rows(
    "select reason, source, count(*) as count from main.rejected_record group by all order by 3 desc, 1, 2",
  );
  return rows as unknown as { reason: string; source: string; count: number }[];
}

/** The bytes as text when they are UTF-8; a character cut at the end of a preview does not make them binary. */
function utf8Text(bytes: Uint8Array, isTruncated: boolean): string | undefined {
  for (const cut of isTruncated ? [0, 1, 2, 3] : [0]) {
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes.subarray(0, bytes.length - cut));
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
  }
  return undefined;
}
