import { resourceIdOf } from "../../arn.ts";
import { parameterAt } from "../../sources/flow-log/block-names.ts";
import { pairFlowBlocks } from "../flow-lane.ts";
import type { TimelineRow } from "../timeline-row.ts";
import { idOf, inTimeOrder, isTrue, jsonOf, textOf } from "../timeline-row.ts";
import type { FlowGraph } from "./flow-graph.ts";
import type { FlowBlockVisit, FlowOutcome, FlowRun } from "./flow-run.ts";
import { chooseVersion, type ChosenVersion, type FlowVersion } from "./flow-versions.ts";
import { openBranches } from "./taken-branches.ts";
import { isTerminalEntry, terminalOutcome } from "./terminal-entry.ts";
import { walkFlow, type FlowPlace } from "./walk-flow.ts";

/**
 * What contacts did in flows: each contact's way through each flow and module, block by block, from flow log entries of any
 * order and repetition. With the definition of the time the blocks are found also where entries carry no identifier
 * (before 2024), and the branches by which they were left; without one the entries are grouped as they are.
 *
 * @param rows of `flow_log`; others are left out. Sorted by start, contact and flow.
 */
export function deriveFlowRuns(rows: readonly TimelineRow[], versions: readonly FlowVersion[]): readonly FlowRun[] {
  const trails = new Map<string, TimelineRow[]>();
  for (const row of inTimeOrder(rows)) {
    const flowId = idOf(row, "flow_id");
    if (row.source !== "flow_log" || flowId === undefined) continue;
    const key = JSON.stringify([idOf(row, "contact_id") ?? "", flowId]);
    const trail = trails.get(key);
    if (trail === undefined) trails.set(key, [row]);
    else trail.push(row);
  }
  const runs = [...trails.values()].flatMap((trail) => splitTrail(trail).flatMap((part) => runsOf(part, versions)));
  return runs
    .map((run, index) => ({ run, index }))
    .sort((left, right) => left.run.start_time - right.run.start_time || left.index - right.index)
    .map(({ run }) => run);
}

/**
 * A flow that a contact enters again after it ended may have been published anew meanwhile, so the version is chosen for
 * each part. What follows an end within the same millisecond is left to the walk, which knows the graph.
 */
function splitTrail(rows: readonly TimelineRow[]): readonly (readonly TimelineRow[])[] {
  const parts: TimelineRow[][] = [];
  for (const row of rows) {
    const last = parts.at(-1);
    const before = last?.at(-1);
    if (last === undefined || before === undefined || isEnd(before, row)) parts.push([row]);
    else last.push(row);
  }
  return parts;
}

/** Only what always ends a flow; of transfers the graph says whether they were its end. */
function isEnd(before: TimelineRow, row: TimelineRow): boolean {
  const outcome = terminalOutcome(before);
  const isFinal = outcome === "disconnected" || outcome === "ended" || outcome === "returned";
  return isFinal && row.event_time > before.event_time;
}

function runsOf(rows: readonly TimelineRow[], versions: readonly FlowVersion[]): readonly FlowRun[] {
  const [first, last] = [rows[0], rows.at(-1)];
  if (first === undefined || last === undefined) return [];
  const chosen = chooseVersion(versions, {
    flowId: idOf(first, "flow_id") ?? "",
    from: first.event_time,
    to: last.event_time,
    blockIds: rows.flatMap((row) => textOf(row, "block_id") ?? []),
  });
  const groups = chosen === undefined ? groupAsLogged(rows) : groupByWalk(chosen.version.graph, rows);
  return groups.map((visits) => runOf(visits, chosen));
}

/** The entries of one visit, and what the walk says of it. */
interface VisitEntries {
  readonly rows: readonly TimelineRow[];
  readonly places: readonly FlowPlace[];
  /** The last entry's step in the visit. */
  readonly isKnownToFollow: boolean;
}

function groupByWalk(graph: FlowGraph, rows: readonly TimelineRow[]): readonly (readonly VisitEntries[])[] {
  const runs: { rows: TimelineRow[]; places: readonly FlowPlace[]; isKnownToFollow: boolean }[][] = [];
  for (const stop of walkFlow(graph, rows)) {
    const run = runs.at(-1);
    const visit = run?.at(-1);
    if (stop.follows === "same_visit" && visit !== undefined) {
      visit.rows.push(stop.row);
      visit.places = stop.places;
      continue;
    }
    const isKnownToFollow = stop.follows === "branch";
    const entries = { rows: [stop.row], places: stop.places, isKnownToFollow };
    if (run === undefined || stop.follows === "new_run") runs.push([entries]);
    else run.push(entries);
  }
  return runs;
}

/** Blocks that write several entries, an attribute, a condition or a prompt each. */
const WRITES_SEVERAL: ReadonlySet<string> = new Set([
  "AddToPlayLoop",
  "CheckAttribute",
  "SetAttributes",
  "SetFlowAttributes",
]);

/** Without a definition: entry and exit are paired, entries of one identifier taken together, runs cut where they end. */
function groupAsLogged(rows: readonly TimelineRow[]): readonly (readonly VisitEntries[])[] {
  const runs: VisitEntries[][] = [];
  let before: TimelineRow | undefined;
  for (const { entry, exit } of pairFlowBlocks(rows)) {
    const own = exit === undefined ? [entry] : [entry, exit];
    const run = runs.at(-1);
    const visit = run?.at(-1);
    if (run === undefined || (before !== undefined && isTerminalEntry(before))) {
      runs.push([{ rows: own, places: [], isKnownToFollow: false }]);
    } else if (visit !== undefined && before !== undefined && isSameBlock(before, entry)) {
      run[run.length - 1] = { ...visit, rows: [...visit.rows, ...own] };
    } else run.push({ rows: own, places: [], isKnownToFollow: true });
    before = own.at(-1);
  }
  return runs;
}

function isSameBlock(before: TimelineRow, row: TimelineRow): boolean {
  const id = textOf(row, "block_id");
  const isOne = row.event_name === before.event_name && WRITES_SEVERAL.has(row.event_name);
  return isOne && id !== undefined && id === textOf(before, "block_id");
}

function runOf(entries: readonly VisitEntries[], chosen: ChosenVersion | undefined): FlowRun {
  const rows = entries.flatMap((visit) => visit.rows);
  const [first, last] = [rows[0], rows.at(-1)];
  if (first === undefined || last === undefined) throw new Error("a run has an entry");
  const graph = chosen?.version.graph;
  return {
    ...whichFlow(first),
    version: chosen?.version ?? null,
    is_version_assumed: chosen?.is_assumed ?? false,
    start_time: first.event_time,
    end_time: last.event_time,
    outcome: outcomeOf(last),
    visits: entries.map((visit, index) =>
      visitOf(visit, { graph, before: entries[index - 1], after: entries[index + 1] }),
    ),
  };
}

function whichFlow(
  row: TimelineRow,
): Pick<FlowRun, "contact_id" | "flow_id" | "flow_kind" | "flow_name" | "caller_flow_id"> {
  return {
    contact_id: idOf(row, "contact_id") ?? "",
    flow_id: idOf(row, "flow_id") ?? "",
    flow_kind: textOf(row, "flow_kind") ?? null,
    flow_name: textOf(row, "flow_name") ?? null,
    caller_flow_id: callerOf(row) ?? null,
  };
}

function callerOf(row: TimelineRow): string | undefined {
  const stack = jsonOf(row, "module_stack");
  const caller = Array.isArray(stack) ? stack[1] : undefined;
  return typeof caller === "string" ? resourceIdOf(caller) : undefined;
}

function outcomeOf(last: TimelineRow): FlowOutcome {
  return terminalOutcome(last) ?? (turnsLoggingOff(last) ? "not_logged" : "dropped");
}

function turnsLoggingOff(row: TimelineRow): boolean {
  const isOff = parameterAt(jsonOf(row, "parameters"), "LoggingBehavior")?.startsWith("Disable") ?? false;
  return row.event_name === "SetLoggingBehavior" && isOff;
}

interface Neighbours {
  /** Undefined where no definition is known. */
  readonly graph: FlowGraph | undefined;
  readonly before: VisitEntries | undefined;
  readonly after: VisitEntries | undefined;
}

function visitOf(visit: VisitEntries, around: Neighbours): FlowBlockVisit {
  const { rows, places } = visit;
  const [first, last] = [rows[0], rows.at(-1)];
  if (first === undefined || last === undefined) throw new Error("a visit has an entry");
  const logged = textOf(first, "block_id");
  const blockIds = [...new Set(places.map(({ blockId }) => blockId))].sort();
  const result = rows.map((row) => textOf(row, "results")).findLast((text) => text !== undefined);
  return {
    block_id: logged ?? (blockIds.length === 1 ? (blockIds[0] ?? null) : null),
    matched_by: matchOf(logged, blockIds, around.graph),
    one_of: blockIds.length > 1 ? blockIds : [],
    is_ghost: around.graph !== undefined && blockIds.length === 0,
    block_type: first.event_name,
    start_time: first.event_time,
    end_time: last.event_time,
    result: result ?? null,
    is_error: rows.some((row) => isTrue(row, "is_error")),
    follows: followsOf(visit, around.before),
    left_by: leftBy(last, places, around),
    record_ids: rows.map((row) => row.record_id),
  };
}

function matchOf(
  logged: string | undefined,
  blockIds: readonly string[],
  graph: FlowGraph | undefined,
): FlowBlockVisit["matched_by"] {
  if (logged !== undefined && (graph === undefined || blockIds.length > 0)) return "identifier";
  if (blockIds.length === 0) return "none";
  return blockIds.length === 1 ? "walk" : "one_of";
}

function followsOf(visit: VisitEntries, before: VisitEntries | undefined): FlowBlockVisit["follows"] {
  const last = before?.rows.at(-1);
  if (last === undefined) return "start";
  if (turnsLoggingOff(last)) return "not_logged";
  return visit.isKnownToFollow ? "branch" : "unknown";
}

/** What the next block leaves of the branches that the result left open. */
function leftBy(last: TimelineRow, places: readonly FlowPlace[], { graph, after }: Neighbours): readonly string[] {
  const isFollowed = after?.isKnownToFollow === true;
  const reached = new Set(after?.places.map(({ blockId }) => blockId));
  const labels = places.flatMap(({ blockId, step }) => {
    const block = graph?.blocks.get(blockId);
    if (block === undefined) return [];
    const open = openBranches(block, last, step);
    if (!isFollowed) return textOf(last, "results") === undefined ? [] : open.map(({ label }) => label);
    const taken = open.filter(({ to }) => reached.has(to));
    const all = taken.length > 0 ? taken : block.branches.filter(({ to }) => reached.has(to));
    return all.map(({ label }) => label);
  });
  return [...new Set(labels)];
}
