import { SOURCE_NAMES, type SourceName } from "@fourwire/core";
import { adoptFiles, parquetRelation, type AdoptReport, type Adoption } from "./adopt.ts";
import { relateAgain } from "./relate-again.ts";

/** What was put in order after damage. */
export interface ReconcileReport extends AdoptReport {
  /** Rows of records that were there twice. */
  readonly repeatedRows: number;
}

/**
 * After records were recovered from a damaged database: each record once, every readable lake file listed, and the
 * tables that say where to look made anew from the hot records. Running it twice does no harm.
 */
export async function reconcile(context: Adoption): Promise<ReconcileReport> {
  let repeatedRows = 0;
  for (const source of SOURCE_NAMES) {
    context.onProgress?.(`looking for repeated rows of ${source}`);
    repeatedRows += await removeRepeated(context, source);
  }
  await context.connection.run(
    `delete from main.rejected_record
     where rowid not in (select min(rowid) from main.rejected_record group by rejected_id)`,
  );
  const adopted = await adoptFiles(context);
  for (const source of SOURCE_NAMES) {
    context.onProgress?.(`finding the contacts and agents of ${source}`);
    await relateAgain(context, source, `hot.${source}`);
  }
  return { ...adopted, repeatedRows };
}

/** Keeps one row of each record: in the lake when it is there, else the first hot one. */
async function removeRepeated(context: Adoption, source: SourceName): Promise<number> {
  const { connection, manifest } = context;
  const twice = await connection.run(
    `delete from hot.${source} where rowid in (
       select rowid from hot.${source} qualify row_number() over (partition by record_id order by rowid) > 1)`,
  );
  let count = twice.rowsChanged;
  for (const file of manifest.files(source)) {
    try {
      const inLake = await connection.run(
        `delete from hot.${source} where record_id in (select record_id from ${parquetRelation(manifest, file.path)})`,
      );
      count += inLake.rowsChanged;
    } catch {
      // damaged inside: its records count as lost until `fourwire repair` has read what is left of them
      manifest.leaveOut([file.path]);
    }
  }
  return count;
}
