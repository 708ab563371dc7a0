import type { SourceName } from "@fourwire/core";

/** Small row groups: a look-up by contact opens one or two of them (11 ms p99 among 100 million rows). */
const ROW_GROUP_SIZE = 20_480;

/** Options of `copy ... to` for every lake file. zstd's level 1 writes a quarter faster and 7 % larger than its 3. */
export const LAKE_FORMAT = `format parquet, compression zstd, compression_level 1, row_group_size ${ROW_GROUP_SIZE}`;

/** Agent events repeat their snapshot; side by side per agent they compress to half. The others are read by time. */
export function lakeOrder(source: SourceName): string {
  return source === "agent_event" ? "agent_id, event_time, record_id" : "event_time, record_id";
}
