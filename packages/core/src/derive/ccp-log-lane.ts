import type { Lane } from "../api.ts";
import { formatInstant } from "../instant.ts";
import { SEVERITY } from "../severity.ts";
import type { AudioLoss } from "./audio-loss.ts";
import { makeGap, makeLane, makeMark, makeSpan } from "./lane.ts";
import type { CcpSilence } from "./missing-wire.ts";
import type { TimelineRow } from "./timeline-row.ts";

/** What tells a call's story although it is logged at INFO. */
const NOTABLE_EVENTS: ReadonlySet<string> = new Set([
  "call_started",
  "call_report",
  "first_rtp",
  "ice_lost",
  "ice_recovered",
  "ice_restarted",
  "ice_restart_failed",
  "ice_no_candidate",
  "softphone_error",
  "mute",
  "unmute",
  "api_failed",
  "handler_failed",
]);

/** A readable mark; the record has the whole line. */
const LABEL_LIMIT = 120;

interface CcpLogLaneInput {
  readonly agentId: string;
  /** The agent's lines about this contact or about none, in time order. */
  readonly rows: readonly TimelineRow[];
  readonly losses: readonly AudioLoss[];
  readonly silences: readonly CcpSilence[];
}

/** Marks for warnings, errors and the turns of a call; spans where sound was lost; gaps where no CCP log arrived. */
export function deriveCcpLogLane(input: CcpLogLaneInput): Lane {
  const marked = input.rows.filter((row) => row.severity_number >= SEVERITY.warn || NOTABLE_EVENTS.has(row.event_name));
  const losses = input.losses.map((loss) =>
    makeSpan({ ...loss, label: "audio lost (ICE)", kind: "audio_loss", isProblem: true }),
  );
  const gaps = input.silences.map((silence) =>
    makeGap({ ...silence, label: "not received: no CCP log", recordIds: [] }, "not_received"),
  );
  const spans = [...losses, ...gaps];
  return makeLane("ccp_log", input.agentId, { spans, marks: marked.map((row) => makeMark(row, markLabel(row))) });
}

function markLabel(row: TimelineRow): string {
  const text = row.message === "" ? `${row.event_name} at ${formatInstant(row.event_time)}` : row.message;
  return text.length <= LABEL_LIMIT ? text : `${text.slice(0, LABEL_LIMIT - 1)}…`;
}
