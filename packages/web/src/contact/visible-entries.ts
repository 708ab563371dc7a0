import type { SourceName, TimelineEntry } from "@fourwire/core";
import type { View } from "../timeline/timeline-scale.ts";

export interface EntryRequest {
  /** The measured span, else the visible one; everything when undefined. */
  readonly span: View | undefined;
  /** Sources to list; all when empty. */
  readonly wires: ReadonlySet<SourceName>;
  /** The records of a clause: when given, they alone are listed, wherever they are. */
  readonly ids: ReadonlySet<string> | undefined;
}

/** The records that are listed under the lanes, in time order as the timeline has them. */
export function visibleEntries(
  entries: readonly TimelineEntry[],
  { span, wires, ids }: EntryRequest,
): readonly TimelineEntry[] {
  return entries.filter((entry) => {
    if (ids !== undefined) return ids.has(entry.record_id);
    if (wires.size > 0 && !wires.has(entry.source)) return false;
    if (span === undefined) return true;
    const timeMs = Date.parse(entry.event_time);
    return timeMs >= span.fromMs && timeMs <= span.toMs;
  });
}

/** Sources named in the URL. */
export function readWires(text: string | undefined, known: readonly SourceName[]): ReadonlySet<SourceName> {
  const named = new Set((text ?? "").split(","));
  return new Set(known.filter((source) => named.has(source)));
}
