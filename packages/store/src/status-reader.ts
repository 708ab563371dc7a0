import { SOURCE_NAMES, type SourceName } from "@fourwire/core";
import type { LakeManifest } from "./lake-manifest.ts";
import type { PlainRow, ReadPool } from "./read-pool.ts";

export interface SourceCounts {
  readonly source: SourceName;
  readonly recordCount: number;
  readonly rejectedCount: number;
  readonly firstEventTime: number | undefined;
  readonly lastEventTime: number | undefined;
  readonly lastIngestedTime: number | undefined;
}

/** What each source holds: hot rows from table statistics, lake rows from the manifest, no scan of history. */
export async function readSourceCounts(pool: ReadPool, manifest: LakeManifest): Promise<readonly SourceCounts[]> {
  const selects = SOURCE_NAMES.map(
    (source) => `select '${source}' as source, count(*) as count, min(event_time) as first, max(event_time) as last,
      max(ingested_time) as ingested from hot.${source}`,
  );
  const [hotRows, rejectedRows] = await Promise.all([
    pool.rows(selects.join(" union all ")),
    pool.rows("select source, count(*) as count from main.rejected_record group by source"),
  ]);
  const rejected = new Map(rejectedRows.map((row) => [row["source"] as string, row["count"] as number]));
  return SOURCE_NAMES.map((source) => {
    const hot = hotRows.find((row) => row["source"] === source);
    return countSource({ source, hot, manifest, rejectedCount: rejected.get(source) ?? 0 });
  });
}

interface SourceFacts {
  readonly source: SourceName;
  readonly hot: PlainRow | undefined;
  readonly manifest: LakeManifest;
  readonly rejectedCount: number;
}

function countSource(facts: SourceFacts): SourceCounts {
  const files = facts.manifest.files(facts.source);
  const hotCount = (facts.hot?.["count"] as number | undefined) ?? 0;
  return {
    source: facts.source,
    recordCount: files.reduce((sum, file) => sum + file.row_count, hotCount),
    rejectedCount: facts.rejectedCount,
    firstEventTime: extreme(
      Math.min,
      facts.hot?.["first"],
      files.map((file) => file.min_event_time),
    ),
    lastEventTime: extreme(
      Math.max,
      facts.hot?.["last"],
      files.map((file) => file.max_event_time),
    ),
    lastIngestedTime: extreme(
      Math.max,
      facts.hot?.["ingested"],
      files.map((file) => file.last_ingested_time),
    ),
  };
}

function extreme(
  choose: (left: number, right: number) => number,
  hot: unknown,
  lake: readonly number[],
): number | undefined {
  const values = typeof hot === "number" ? [hot, ...lake] : lake;
  return values.length === 0 ? undefined : values.reduce((left, right) => choose(left, right));
}
