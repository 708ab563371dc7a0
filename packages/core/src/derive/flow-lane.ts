import type { Lane, LaneSpan } from "../api.ts";
import type { UnixMillis } from "../record.ts";
import { blockName, parameterAt } from "../sources/flow-log/block-names.ts";
import type { ContactFacts } from "./contact-facts.ts";
import { knownTimes } from "./contact-facts.ts";
import { makeGap, makeLane, makeMark, makeSpan } from "./lane.ts";
import type { TimelineRow } from "./timeline-row.ts";
import { idOf, isTrue, jsonOf, textOf } from "./timeline-row.ts";

/** What a customer types is nobody's business on a chart; the record itself has what redaction left of it. */
const INPUT_BLOCKS: ReadonlySet<string> = new Set(["GetUserInput", "StoreUserInput"]);
/** A queue transfer that succeeds answers "false" (to "at capacity?"), which on a chart reads as its failure. */
const MISLEADING_BLOCKS: ReadonlySet<string> = new Set(["Transfer"]);
/** Longer results (sentences, Lambda errors) stay in the record. */
const RESULT_LABEL_LIMIT = 40;
/** Identifiers made by the designer are UUIDs, sometimes with a suffix; people's own are readable. */
const UUID_START = /^[0-9a-f]{8}-[0-9a-f]{4}-/i;

/** One run of a block: its entry, and the second entry of blocks that wait for something. */
export interface FlowBlockRun {
  readonly entry: TimelineRow;
  readonly exit: TimelineRow | undefined;
}

/** The flow lane: a span per block run, a mark wherever another flow takes over, gaps where logging was off. */
export function deriveFlowLane(rows: readonly TimelineRow[], facts: ContactFacts): Lane {
  const runs = pairFlowBlocks(rows);
  const bounds = knownTimes([...facts.enqueues, facts.connectedToAgent, facts.disconnect]).sort(
    (left, right) => left - right,
  );
  const nextOf = new Map(rows.map((row, index) => [row, rows[index + 1]?.event_time]));
  const spans = runs.map((run) => blockSpan(run, blockEnd(run, nextOf.get(run.entry), bounds)));
  const gaps = runs.flatMap(({ entry }) => notLoggedGap(entry, nextOf.get(entry), facts.disconnect?.value));
  return makeLane("flow", null, {
    spans: [...spans, ...gaps].sort((left, right) => left.from.localeCompare(right.from, "en")),
    marks: flowMarks(rows),
  });
}

/**
 * Pairs the two entries of blocks that wait (Lambda, input): same flow and block, the first without a result, the second
 * with one, and nothing of the contact's flow strictly between them. Entries of one millisecond have no order of their
 * own, so the exit need not be the very next row.
 */
export function pairFlowBlocks(rows: readonly TimelineRow[]): FlowBlockRun[] {
  const exitOf = new Map<TimelineRow, TimelineRow>();
  const exits = new Set<TimelineRow>();
  const waiting = new Map<string, number>();
  for (const [index, row] of rows.entries()) {
    const key = blockKey(row);
    const entryIndex = waiting.get(key);
    const entry = entryIndex === undefined ? undefined : rows[entryIndex];
    if (!hasResult(row)) {
      waiting.set(key, index);
    } else if (entry !== undefined && entryIndex !== undefined) {
      const between = rows.slice(entryIndex + 1, index);
      const isNext = between.every(({ event_time: time }) => time === row.event_time || time === entry.event_time);
      if (isNext) {
        exitOf.set(entry, row);
        exits.add(row);
      }
      waiting.delete(key);
    }
  }
  return rows.filter((row) => !exits.has(row)).map((entry) => ({ entry, exit: exitOf.get(entry) }));
}

function blockKey(row: TimelineRow): string {
  return JSON.stringify([idOf(row, "flow_id") ?? "", textOf(row, "block_id") ?? "", row.event_name]);
}

/** Whether the entry tells what came of its block. */
export function hasResult(row: TimelineRow): boolean {
  return (
    textOf(row, "results") !== undefined || textOf(row, "external_results") !== undefined || isTrue(row, "is_error")
  );
}

function blockSpan({ entry, exit }: FlowBlockRun, to: UnixMillis | undefined): LaneSpan {
  return makeSpan({
    from: entry.event_time,
    to,
    label: flowBlockLabel({ entry, exit }),
    kind: entry.event_name,
    isProblem: isTrue(entry, "is_error") || (exit !== undefined && isTrue(exit, "is_error")),
    recordIds: exit === undefined ? [entry.record_id] : [entry.record_id, exit.record_id],
  });
}

/** A block without an exit lasts to the contact's next entry, at most to its next queue, agent or end; else it goes on. */
function blockEnd(
  { entry, exit }: FlowBlockRun,
  next: UnixMillis | undefined,
  bounds: readonly UnixMillis[],
): UnixMillis | undefined {
  if (exit !== undefined) return exit.event_time;
  const bound = bounds.find((time) => time > entry.event_time);
  if (next === undefined) return bound;
  return bound === undefined || next <= bound ? next : bound;
}

function flowBlockLabel(run: FlowBlockRun): string {
  const id = textOf(run.entry, "block_id");
  const title = flowBlockTitle(run);
  const titled = id === undefined || UUID_START.test(id) ? title : `${title} "${id}"`;
  const result = resultLabel(run.exit ?? run.entry);
  return result === undefined ? titled : `${titled}: ${result}`;
}

/** The block's name in the flow designer, with its Lambda function. */
export function flowBlockTitle({ entry, exit }: FlowBlockRun): string {
  const lambda = lambdaNameOf(entry) ?? (exit === undefined ? undefined : lambdaNameOf(exit));
  const name = blockName(entry.event_name, jsonOf(entry, "parameters"));
  return lambda === undefined ? name : `${name} \`${lambda}\``;
}

function resultLabel(row: TimelineRow): string | undefined {
  const result = textOf(row, "results");
  const isHidden = INPUT_BLOCKS.has(row.event_name) || MISLEADING_BLOCKS.has(row.event_name);
  const isShown = isTrue(row, "is_error") || !isHidden;
  return isShown && result !== undefined && result.length <= RESULT_LABEL_LIMIT ? result : undefined;
}

/** `lookup` of `arn:aws:lambda:eu-west-2:111122223333:function:lookup:live`. */
export function lambdaNameOf(row: TimelineRow): string | undefined {
  return textOf(row, "lambda_arn")
    ?.replace(/^.*:function:/, "")
    .split(":")[0];
}

/** After Set logging behavior / Disable nothing is written until another flow turns it on: a gap, not an error. */
function notLoggedGap(
  entry: TimelineRow,
  next: UnixMillis | undefined,
  disconnect: UnixMillis | undefined,
): LaneSpan[] {
  const isDisable = parameterAt(jsonOf(entry, "parameters"), "LoggingBehavior")?.startsWith("Disable") ?? false;
  if (entry.event_name !== "SetLoggingBehavior" || !isDisable) return [];
  const to = next ?? (disconnect !== undefined && disconnect >= entry.event_time ? disconnect : undefined);
  const label = "not logged: the flow turned its logging off";
  return [makeGap({ from: entry.event_time, to, label, recordIds: [entry.record_id] }, "not_logged")];
}

function flowMarks(rows: readonly TimelineRow[]) {
  let running: string | undefined;
  return rows.flatMap((row) => {
    const flowId = idOf(row, "flow_id");
    if (flowId === undefined || flowId === running) return [];
    running = flowId;
    const kind = textOf(row, "flow_kind") ?? "flow";
    return [{ ...makeMark(row, `${kind} ${flowNameOf(row) ?? flowId}`), severity_number: 9 }];
  });
}

function flowNameOf(row: TimelineRow): string | undefined {
  const name = textOf(row, "flow_name");
  return name === undefined ? undefined : `"${name}"`;
}
