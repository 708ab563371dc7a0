import type { Lane, LaneName, LaneSpan, SourceName, TimelineEntry } from "@fourwire/core";

/** The lanes of an agent's day; the others are those of a contact. */
export type DayLaneName =
  | "status"
  | "activity"
  | "agent_contacts"
  | "after_contact_work"
  | "gaps"
  | "ccp_errors"
  | "api_changes";

/** A lane of a contact or of an agent's day. */
export type DrawnLane = Omit<Lane, "name"> & { readonly name: LaneName | DayLaneName };

/** A span with the track it lies on: spans that overlap in time lie one below the other. */
export interface TrackedSpan {
  readonly span: LaneSpan;
  readonly fromMs: number;
  readonly toMs: number;
  readonly track: number;
}

/** One record as a tick. */
export interface Tick {
  readonly timeMs: number;
  readonly label: string;
  readonly severityNumber: number;
  readonly recordId: string;
}

/** A lane, laid out: where it is drawn and what is in it. */
export interface LaneRow {
  readonly key: string;
  readonly name: DrawnLane["name"];
  readonly label: string;
  readonly agentId: string | null;
  readonly source: SourceName;
  readonly y: number;
  readonly height: number;
  readonly spans: readonly TrackedSpan[];
  readonly marks: readonly Tick[];
  /** Times of the lane's records, for the density of CCP lines. */
  readonly density: readonly Tick[];
  /** The agent's lines about other contacts: drawn weaker, never as a problem of this one. */
  readonly others: readonly Tick[];
  readonly lane: DrawnLane;
}

interface LaneLook {
  readonly label: string;
  /** The wire whose colour and line the lane has. */
  readonly source: SourceName;
}

const LANE_LOOKS: Readonly<Record<DrawnLane["name"], LaneLook>> = {
  flow: { label: "Flow", source: "flow_log" },
  queue: { label: "Queue", source: "contact_event" },
  agent_state: { label: "Agent state", source: "agent_event" },
  agent_leg: { label: "Agent's leg", source: "agent_event" },
  ccp_log: { label: "CCP log", source: "ccp_log" },
  softphone_quality: { label: "Quality", source: "ccp_log" },
  api_calls: { label: "API calls", source: "cloudtrail" },
  status: { label: "Status", source: "agent_event" },
  activity: { label: "Activity", source: "agent_event" },
  agent_contacts: { label: "Contacts", source: "agent_event" },
  after_contact_work: { label: "After contact", source: "agent_event" },
  gaps: { label: "Not known", source: "agent_event" },
  ccp_errors: { label: "CCP errors", source: "ccp_log" },
  api_changes: { label: "API changes", source: "cloudtrail" },
};

export const TRACK_HEIGHT = 20;
export const LANE_PADDING = 5;
const MOST_TRACKS = 4;
const DENSITY_HEIGHT = 40;
const QUALITY_HEIGHT = 68;
const NAME_HEIGHT = 8;

export interface RowRequest {
  readonly lanes: readonly DrawnLane[];
  readonly entries: readonly TimelineEntry[];
  /** End of the timeline: where a span that goes on is drawn to. */
  readonly toMs: number;
}

/** Lays the lanes out from the top down. */
export function layoutRows({ lanes, entries, toMs }: RowRequest): {
  readonly rows: readonly LaneRow[];
  readonly height: number;
} {
  const rows: LaneRow[] = [];
  const hasSeveralAgents = new Set(lanes.flatMap((lane) => lane.agent_id ?? [])).size > 1;
  let y = 0;
  for (const [index, lane] of lanes.entries()) {
    const spans = assignTracks(lane.spans, toMs);
    const lines = lane.name === "ccp_log" ? linesOf(entries, lane.agent_id) : [];
    const density = lines.filter((entry) => !isOfOtherContact(entry)).map(tickOf);
    const others = lines.filter(isOfOtherContact).map(tickOf);
    // an agent's name stands under the lane's where there are several
    const height = heightOf(lane, spans, lines.length) + (hasSeveralAgents && lane.agent_id !== null ? NAME_HEIGHT : 0);
    const look = LANE_LOOKS[lane.name];
    const marks = lane.marks.map((mark) => ({
      timeMs: Date.parse(mark.time),
      label: mark.label,
      severityNumber: mark.severity_number,
      recordId: mark.record_id,
    }));
    rows.push({
      key: `${lane.name} ${index}`,
      name: lane.name,
      label: look.label,
      agentId: lane.agent_id,
      source: look.source,
      y,
      height,
      spans,
      marks,
      density,
      others,
      lane,
    });
    y += height;
  }
  return { rows, height: y };
}

/** Puts each span on the first track that is free when it begins. */
export function assignTracks(spans: readonly LaneSpan[], toMs: number): readonly TrackedSpan[] {
  const ends: number[] = [];
  const timed = spans.map((span) => ({
    span,
    fromMs: Date.parse(span.from),
    toMs: span.to === null ? toMs : Date.parse(span.to),
  }));
  // a span without length is over when the next one begins, also at the same instant
  timed.sort(
    (one, other) =>
      one.fromMs - other.fromMs || Number(isInstant(other)) - Number(isInstant(one)) || other.toMs - one.toMs,
  );
  return timed.map((item) => {
    const free = ends.findIndex((end) => end <= item.fromMs);
    const track = free >= 0 ? free : ends.length;
    ends[track] = item.toMs;
    return { span: item.span, fromMs: item.fromMs, toMs: item.toMs, track: Math.min(track, MOST_TRACKS - 1) };
  });
}

function isInstant(span: { readonly fromMs: number; readonly toMs: number }): boolean {
  return span.fromMs === span.toMs;
}

function linesOf(entries: readonly TimelineEntry[], agentId: string | null): readonly TimelineEntry[] {
  return entries.filter(
    (entry) =>
      entry.source === "ccp_log" && (agentId === null || entry.agent_id === null || entry.agent_id === agentId),
  );
}

/** Here for its agent alone, and about another contact; about no contact it may well be about this one. */
function isOfOtherContact(entry: TimelineEntry): boolean {
  return entry.relation === "agent" && entry.contact_id !== null;
}

function tickOf(entry: TimelineEntry): Tick {
  return {
    timeMs: Date.parse(entry.event_time),
    label: entry.message,
    severityNumber: entry.severity_number,
    recordId: entry.record_id,
  };
}

function heightOf(lane: DrawnLane, spans: readonly TrackedSpan[], lineCount: number): number {
  if (lane.name === "softphone_quality" && lane.samples.length > 0) return QUALITY_HEIGHT;
  if (lineCount > 0) return DENSITY_HEIGHT;
  const tracks = Math.max(1, ...spans.map((span) => span.track + 1));
  return tracks * TRACK_HEIGHT + LANE_PADDING * 2;
}
