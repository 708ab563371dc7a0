import { formatInstant, type SourceName, type UnixMillis } from "@fourwire/core";
import type { Origin } from "../emission.ts";

/** A file, or more of one, as it lies where Amazon or the collector puts it. */
export interface DeliveredFile {
  /** Relative, with slashes. */
  readonly path: string;
  readonly source: SourceName;
  readonly origin: Origin;
  readonly parts: readonly string[];
  /** `plain`: the parts one after another; `gzip`: the same compressed; `gzip_members`: each part compressed by itself. */
  readonly form: "plain" | "gzip" | "gzip_members";
  /** Goes to the end of a file that may be there already. */
  readonly isAppended: boolean;
  readonly records: number;
  /** When it is delivered, and the times of what is in it. */
  readonly deliveredTime: UnixMillis;
  readonly oldestTime: UnixMillis;
  readonly newestTime: UnixMillis;
}

/** `2026/11/02/14`, as Firehose names its folders. */
export function hourFolder(time: UnixMillis): string {
  return formatInstant(time).slice(0, 13).replace("T", "/").replaceAll("-", "/");
}

/** `2026-11-02-14-05-00`, as Firehose names its objects. */
export function dashedStamp(time: UnixMillis): string {
  return formatInstant(time).slice(0, 19).replace("T", "-").replaceAll(":", "-");
}
