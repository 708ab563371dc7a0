import type { UnixMillis } from "../../record.ts";
import { compareText } from "../timeline-row.ts";
import type { FlowGraphBlock } from "./flow-graph.ts";
import type { FlowBlockVisit, FlowOutcome, FlowRun } from "./flow-run.ts";
import type { FlowVersion } from "./flow-versions.ts";

/** A block of a flow with what passed through it. */
export interface OverlaidBlock {
  readonly block_id: string;
  /** As defined; null for a ghost: logged, and not in the definition of that time. */
  readonly block: FlowGraphBlock | null;
  readonly is_ghost: boolean;
  /** Words of its entries; several only where something is wrong. */
  readonly block_types: readonly string[];
  readonly visit_count: number;
  readonly error_count: number;
  /** From first to last entry, summed: what blocks that wait took. */
  readonly duration_ms: number;
  readonly record_ids: readonly string[];
}

/** A way from one block to another that contacts took. */
export interface OverlaidBranch {
  readonly from: string;
  readonly to: string;
  /** The branches it may have been; several where they lead to one block. */
  readonly one_of: readonly string[];
  readonly count: number;
}

/** One version of a flow, and what contacts did in it. */
export interface FlowOverlay {
  readonly flow_id: string;
  readonly version: FlowVersion | null;
  readonly is_version_assumed: boolean;
  readonly run_count: number;
  readonly first_time: UnixMillis;
  readonly last_time: UnixMillis;
  /** Those of the definition, visited or not, in its order; then ghosts by id. */
  readonly blocks: readonly OverlaidBlock[];
  readonly branches: readonly OverlaidBranch[];
  readonly outcomes: Readonly<Partial<Record<FlowOutcome, number>>>;
  /** Visits that may have been at one of several blocks, or at none that has an id: they are in no block's count. */
  readonly unplaced_count: number;
}

/** Lays runs over the definitions they ran by: one overlay a flow and version, by flow and time of its first run. */
export function overlayFlows(runs: readonly FlowRun[]): readonly FlowOverlay[] {
  const groups = new Map<string, FlowRun[]>();
  for (const run of runs) {
    const key = JSON.stringify([run.flow_id, run.version?.published_time ?? null, run.is_version_assumed]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [run]);
    else group.push(run);
  }
  return [...groups.values()]
    .flatMap((group) => overlayOf(group) ?? [])
    .sort((left, right) => compareText(left.flow_id, right.flow_id) || left.first_time - right.first_time);
}

function overlayOf(runs: readonly FlowRun[]): FlowOverlay | undefined {
  const [first] = runs;
  if (first === undefined) return undefined;
  const visits = runs.flatMap((run) => run.visits);
  const outcomes: Partial<Record<FlowOutcome, number>> = {};
  for (const { outcome } of runs) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  return {
    flow_id: first.flow_id,
    version: first.version,
    is_version_assumed: first.is_version_assumed,
    run_count: runs.length,
    first_time: runs.reduce((time, run) => (run.start_time < time ? run.start_time : time), first.start_time),
    last_time: runs.reduce((time, run) => (run.end_time > time ? run.end_time : time), first.end_time),
    blocks: overlayBlocks(visits, first.version),
    branches: overlayBranches(runs),
    outcomes,
    unplaced_count: visits.filter((visit) => visit.block_id === null).length,
  };
}

function overlayBlocks(visits: readonly FlowBlockVisit[], version: FlowVersion | null): readonly OverlaidBlock[] {
  const byBlock = new Map<string, FlowBlockVisit[]>();
  for (const visit of visits) {
    if (visit.block_id === null) continue;
    const own = byBlock.get(visit.block_id);
    if (own === undefined) byBlock.set(visit.block_id, [visit]);
    else own.push(visit);
  }
  const defined = [...(version?.graph.blocks.values() ?? [])];
  const ghosts = [...byBlock.keys()].filter((id) => version?.graph.blocks.has(id) !== true).sort(compareText);
  return [
    ...defined.map((block) => overlaidBlock(block.block_id, block, byBlock.get(block.block_id) ?? [])),
    ...ghosts.map((id) => overlaidBlock(id, null, byBlock.get(id) ?? [])),
  ];
}

function overlaidBlock(id: string, block: FlowGraphBlock | null, visits: readonly FlowBlockVisit[]): OverlaidBlock {
  return {
    block_id: id,
    block,
    is_ghost: visits.some((visit) => visit.is_ghost),
    block_types: [...new Set(visits.map((visit) => visit.block_type))].sort(compareText),
    visit_count: visits.length,
    error_count: visits.filter((visit) => visit.is_error).length,
    duration_ms: visits.reduce((sum, visit) => sum + visit.end_time - visit.start_time, 0),
    record_ids: visits.flatMap((visit) => visit.record_ids),
  };
}

function overlayBranches(runs: readonly FlowRun[]): readonly OverlaidBranch[] {
  const found = new Map<string, { from: string; to: string; one_of: readonly string[]; count: number }>();
  for (const { visits } of runs) {
    for (const [index, visit] of visits.entries()) {
      const next = visits[index + 1];
      if (next === undefined || next.follows !== "branch" || visit.block_id === null || next.block_id === null)
        continue;
      const key = JSON.stringify([visit.block_id, next.block_id, visit.left_by]);
      const branch = found.get(key) ?? { from: visit.block_id, to: next.block_id, one_of: visit.left_by, count: 0 };
      branch.count += 1;
      found.set(key, branch);
    }
  }
  return [...found.values()].sort(
    (left, right) =>
      compareText(left.from, right.from) ||
      compareText(left.to, right.to) ||
      compareText(left.one_of.join(), right.one_of.join()),
  );
}
