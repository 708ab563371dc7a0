import type { DuckDBConnection } from "@duckdb/node-api";
import { AppError } from "@fourwire/core";
import { inTransaction } from "./roll-back.ts";
import { STORE_VERSION } from "./schema.ts";

/** The steps to each version from the one before it. A step that a crash cut off runs again from its beginning. */
const STEPS: ReadonlyMap<number, (connection: DuckDBConnection) => Promise<void>> = new Map([
  [2, toVersion2],
  [3, toVersion3],
]);

/** Brings the tables of an older version to this one's; throws `store_open_failed` for a newer version's. */
export async function migrate(connection: DuckDBConnection): Promise<void> {
  await connection.run(
    `insert into store.store_meta values ('store_version', '${STORE_VERSION}') on conflict do nothing`,
  );
  const reader = await connection.runAndReadAll("select value from store.store_meta where key = 'store_version'");
  const version = Number(reader.getRows()[0]?.[0]);
  if (version > STORE_VERSION) {
    throw new AppError(
      "store_open_failed",
      `the data directory was written by a newer fourwire (store version ${version}, this one knows ${STORE_VERSION}); upgrade`,
    );
  }
  for (let next = version + 1; next <= STORE_VERSION; next++) await STEPS.get(next)?.(connection);
}

/** The statement that ends a step: from here on the step is not repeated. */
function setVersion(version: number): string {
  return `update store.store_meta set value = '${version}' where key = 'store_version'`;
}

/**
 * Rejected records are known by their content, no longer by where they stood: the same bytes delivered again are the
 * same rejection. The expression is that of `rejectedId` in rejected-table.ts.
 */
async function toVersion2(connection: DuckDBConnection): Promise<void> {
  for (const column of [
    "delivery_count bigint default 1",
    "last_delivery_time timestamptz",
    "carrier varchar",
    "replay_count bigint default 0",
    "last_replay_time timestamptz",
  ]) {
    await connection.run(`alter table main.rejected_record add column if not exists ${column}`);
  }
  await inTransaction(connection, async () => {
    await connection.run(
      `update main.rejected_record set
         rejected_id = left(sha256(encode(source || chr(10) || size_bytes || chr(10)
           || case when octet_length(body) < size_bytes then parse_filename(origin) || chr(10) || position else '' end || chr(10)) || body), 32),
         last_delivery_time = coalesce(last_delivery_time, rejected_time)`,
    );
    await connection.run(
      `update main.rejected_record r set delivery_count = same.count, last_delivery_time = same.last_time
       from (select rejected_id, count(*) as count, max(rejected_time) as last_time from main.rejected_record group by all) same
       where same.rejected_id = r.rejected_id`,
    );
    await connection.run(
      `delete from main.rejected_record where rowid not in (
         select arg_min(rowid, (rejected_time, rowid)) from main.rejected_record group by rejected_id)`,
    );
    await connection.run(setVersion(2));
  });
}

/** Lake files written from now on have digests; those before it are only known to decode. */
async function toVersion3(connection: DuckDBConnection): Promise<void> {
  await connection.run("alter table store.lake_file add column if not exists block_digests varchar");
  await connection.run(setVersion(3));
}
