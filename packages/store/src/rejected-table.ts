import type { DuckDBConnection } from "@duckdb/node-api";
import { createHash } from "node:crypto";
import { basename } from "node:path";
import type { RejectedInput } from "./append.ts";
import { jsonForDatabase } from "./database-json.ts";

/** Bytes of a rejected record that are kept. Larger ones are cut and say so by `size_bytes`. */
const MAX_REJECTED_BODY_BYTES = 1024 * 1024;

/** Rows and bytes of bodies inserted by one statement. One by one, each would take a block of memory until the commit. */
const PIECE = { rows: 1000, bodyBytes: 4 * 1024 * 1024 } as const;

const ROW_SHAPE = `[{"id":"varchar","source":"varchar","reason":"varchar","detail":"varchar","origin":"varchar",
  "position":"bigint","size":"bigint","count":"bigint","body":"varchar","carrier":"varchar"}]`;

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
  for (const piece of piecesOf([...counted].filter(([id]) => !options.stored.has(id)))) {
    const rows = piece.map(([id, { input, count }]) => ({
      id,
      source: input.source,
      reason: input.reason,
      detail: input.detail,
      origin: input.origin,
      position: input.position,
      size: input.size_bytes,
      count,
      body: Buffer.from(keptBody(input)).toString("base64"),
      carrier: input.carrier === undefined ? null : JSON.stringify(input.carrier),
    }));
    await connection.run(
      `insert into main.rejected_record
       select r.id, r.source, r.reason, r.detail, r.origin, r.position, r.size, now(), from_base64(r.body), r.count, now(),
         r.carrier, $replays::bigint, case when $replays::bigint > 0 then now() end
       from (select unnest(from_json($rows, '${ROW_SHAPE}')) as r)`,
      { rows: jsonForDatabase(rows), replays: String(options.replayCount) },
    );
  }
}

type CountedInput = readonly [string, { readonly input: RejectedInput; readonly count: number }];

function* piecesOf(inputs: readonly CountedInput[]): Generator<readonly CountedInput[]> {
  let piece: CountedInput[] = [];
  let bodyBytes = 0;
  for (const counted of inputs) {
    const size = keptBody(counted[1].input).length;
    if (piece.length === PIECE.rows || (piece.length > 0 && bodyBytes + size > PIECE.bodyBytes)) {
      yield piece;
      piece = [];
      bodyBytes = 0;
    }
    piece.push(counted);
    bodyBytes += size;
  }
  if (piece.length > 0) yield piece;
}

function keptBody(input: RejectedInput): Uint8Array {
  return input.body.subarray(0, MAX_REJECTED_BODY_BYTES);
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
    .update(keptBody(input))
    .digest("hex")
    .slice(0, 32);
}
