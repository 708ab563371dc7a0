import type { UnixMillis } from "../../record.ts";
import type { FlowGraph } from "./flow-graph.ts";

/** A flow's definition from the instant it was published until the next one was. */
export interface FlowVersion {
  readonly flow_id: string;
  /** When it was published: `UpdateContactFlowContent` or `CreateContactFlowVersion` in CloudTrail, or when it was read. */
  readonly published_time: UnixMillis;
  readonly graph: FlowGraph;
}

export interface ChosenVersion {
  readonly version: FlowVersion;
  /** True where no definition is known from so early, and the oldest known one stands in. */
  readonly is_assumed: boolean;
}

/**
 * The version of a flow that wrote entries from one instant to another: an entry says the flow's id, which stays the same
 * through every change, and no version. That is the one in force at the first entry. Where another was published before the
 * last entry and knows more of the blocks that were logged, their ids are the better evidence.
 */
export function chooseVersion(
  versions: readonly FlowVersion[],
  trail: {
    readonly flowId: string;
    readonly from: UnixMillis;
    readonly to: UnixMillis;
    readonly blockIds: readonly string[];
  },
): ChosenVersion | undefined {
  const own = versions
    .filter(({ flow_id: id }) => id === trail.flowId)
    .toSorted((left, right) => left.published_time - right.published_time);
  const atStart = own.findLast(({ published_time: time }) => time <= trail.from);
  const during = own.filter(({ published_time: time }) => time > trail.from && time <= trail.to);
  const candidates = atStart === undefined ? during : [atStart, ...during];
  const [first] = candidates;
  if (first === undefined) return own[0] === undefined ? undefined : { version: own[0], is_assumed: true };
  const ids = new Set(trail.blockIds);
  const knows = ({ graph }: FlowVersion): number => [...ids].filter((id) => graph.blocks.has(id)).length;
  const version = candidates.reduce((best, other) => (knows(other) > knows(best) ? other : best), first);
  return { version, is_assumed: atStart === undefined && version === first };
}
