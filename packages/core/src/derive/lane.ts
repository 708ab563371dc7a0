import type { Lane, LaneMark, LaneName, LaneSample, LaneSpan } from "../api.ts";
import { formatInstant } from "../instant.ts";
import type { UnixMillis } from "../record.ts";
import type { TimelineRow } from "./timeline-row.ts";

interface LaneContent {
  readonly spans?: readonly LaneSpan[];
  readonly marks?: readonly LaneMark[];
  readonly samples?: readonly LaneSample[];
}

export function makeLane(name: LaneName, agentId: string | null, content: LaneContent): Lane {
  return {
    name,
    agent_id: agentId,
    spans: content.spans ?? [],
    marks: content.marks ?? [],
    samples: content.samples ?? [],
  };
}

/** A lane with nothing on it is left out. */
export function isDrawn(lane: Lane): boolean {
  return lane.spans.length + lane.marks.length + lane.samples.length > 0;
}

interface SpanDraft {
  readonly from: UnixMillis;
  readonly to: UnixMillis | undefined;
  readonly label: string;
  readonly kind: string;
  readonly isProblem?: boolean;
  readonly recordIds: readonly string[];
}

export function makeSpan(draft: SpanDraft): LaneSpan {
  return {
    from: formatInstant(draft.from),
    to: draft.to === undefined ? null : formatInstant(draft.to),
    label: draft.label,
    kind: draft.kind,
    is_problem: draft.isProblem ?? false,
    record_ids: draft.recordIds,
    gap: null,
  };
}

/** A stretch without records, and why; its kind is `gap`. */
export function makeGap(draft: Omit<SpanDraft, "kind" | "isProblem">, gap: "not_logged" | "not_received"): LaneSpan {
  return { ...makeSpan({ ...draft, kind: "gap" }), gap };
}

export function makeMark(row: TimelineRow, label: string): LaneMark {
  return { time: formatInstant(row.event_time), label, severity_number: row.severity_number, record_id: row.record_id };
}
