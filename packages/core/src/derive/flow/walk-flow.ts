import { isObject, objectAt } from "../../json.ts";
import { hasResult } from "../flow-lane.ts";
import type { TimelineRow } from "../timeline-row.ts";
import { isTrue, jsonOf, textOf } from "../timeline-row.ts";
import { mayHaveWritten } from "./entry-fit.ts";
import type { FlowBranch, FlowGraph, FlowGraphBlock } from "./flow-graph.ts";
import { isKnownActionType } from "./log-words.ts";
import { isTerminalEntry } from "./terminal-entry.ts";
import { openBranches } from "./taken-branches.ts";

/** Where an entry can stand: the block, and how many entries of the same visit came before it. */
export interface FlowPlace {
  readonly blockId: string;
  readonly step: number;
}

/** One entry on the way through a flow, with every place that agrees with all entries before and after it. */
export interface FlowStop {
  readonly row: TimelineRow;
  /** None: no block of the definition can have written it. */
  readonly places: readonly FlowPlace[];
  /** How it follows the stop before: by a branch or in the same visit; as a new run; or from where nobody knows. */
  readonly follows: "branch" | "same_visit" | "new_run" | "unknown";
}

/**
 * Follows entries through a flow's graph. Every entry may stand at several places while identifiers are missing; those from
 * which the next entry cannot be reached fall away, forward and then backward. Entries of one millisecond, which no clock
 * orders, are taken in the order that the graph allows.
 *
 * @param rows entries of one flow for one contact, in time order.
 */
export function walkFlow(graph: FlowGraph, rows: readonly TimelineRow[]): readonly FlowStop[] {
  const walk = new FlowWalk(graph);
  const left = [...rows];
  while (left.length > 0) {
    const time = left[0]?.event_time;
    const tied = left.findIndex((row) => row.event_time !== time);
    const choices = left.slice(0, Math.min(tied < 0 ? left.length : tied, MAX_TIED));
    left.splice(walk.takeBest(choices), 1);
  }
  return walk.finish();
}

/** Entries of one millisecond among which the order is looked for; more keep theirs. */
const MAX_TIED = 16;

/** A place, and the places of the stop before from which it was reached. */
interface ReachedPlace extends FlowPlace {
  readonly key: string;
  readonly from: readonly string[];
}

interface Stop {
  readonly row: TimelineRow;
  places: readonly ReachedPlace[];
  readonly follows: "step" | "new_run" | "unknown";
}

/** How well an entry follows; the smaller the better. */
const RANK = { step: 0, new_run: 1, loose: 2, unknown: 3, nowhere: 4 } as const;

class FlowWalk {
  readonly #graph: FlowGraph;
  readonly #stops: Stop[] = [];

  constructor(graph: FlowGraph) {
    this.#graph = graph;
  }

  /** Goes on with the entry that fits best, the first of equals; gives its index. */
  takeBest(choices: readonly TimelineRow[]): number {
    let best: { readonly index: number; readonly rank: number; readonly stop: Stop } | undefined;
    for (const [index, row] of choices.entries()) {
      const found = this.#follow(row);
      if (best === undefined || found.rank < best.rank) best = { index, ...found };
      if (best.rank === RANK.step) break;
    }
    if (best === undefined) return 0;
    this.#stops.push(best.stop);
    return best.index;
  }

  finish(): readonly FlowStop[] {
    this.#pruneBackward();
    this.#preferVisits();
    this.#pruneBackward();
    return this.#stops.map(({ row, places, follows }) => ({
      row,
      places: places.map(({ blockId, step }) => ({ blockId, step })),
      follows: follows === "step" ? (places.every(({ step }) => step > 0) ? "same_visit" : "branch") : follows,
    }));
  }

  #follow(row: TimelineRow): { readonly rank: number; readonly stop: Stop } {
    const before = this.#stops.at(-1);
    const start = this.#startPlace(row);
    if (before === undefined) {
      const places = start === undefined ? this.#anywhere(row) : [start];
      const rank = start === undefined ? (places.length > 0 ? RANK.unknown : RANK.nowhere) : RANK.step;
      return { rank, stop: { row, places, follows: "new_run" } };
    }
    const strict = this.#reach(before, row, (block, step) => strictBranches(block, before.row, step));
    if (strict.length > 0) return { rank: RANK.step, stop: { row, places: strict, follows: "step" } };
    const isAgain = start !== undefined && (isTerminalEntry(before.row) || textOf(row, "block_id") !== undefined);
    if (isAgain) return { rank: RANK.new_run, stop: { row, places: [start], follows: "new_run" } };
    const loose = this.#reach(before, row, (block) => block.branches);
    if (loose.length > 0) return { rank: RANK.loose, stop: { row, places: loose, follows: "step" } };
    const places = this.#anywhere(row);
    return {
      rank: places.length > 0 ? RANK.unknown : RANK.nowhere,
      stop: { row, places, follows: "unknown" },
    };
  }

  #startPlace(row: TimelineRow): ReachedPlace | undefined {
    const block = this.#graph.blocks.get(this.#graph.start);
    return block !== undefined && mayHaveWritten(block, row, 0) ? placeAt(block.block_id, 0, []) : undefined;
  }

  #anywhere(row: TimelineRow): readonly ReachedPlace[] {
    return [...this.#graph.blocks.values()]
      .filter((block) => mayHaveWritten(block, row, 0))
      .map((block) => placeAt(block.block_id, 0, []));
  }

  #reach(
    before: Stop,
    row: TimelineRow,
    branchesOf: (block: FlowGraphBlock, step: number) => readonly FlowBranch[],
  ): readonly ReachedPlace[] {
    const reached = new Map<string, { place: FlowPlace; from: string[] }>();
    const add = (blockId: string, step: number, from: string): void => {
      const key = keyOf(blockId, step);
      const known = reached.get(key);
      if (known === undefined) reached.set(key, { place: { blockId, step }, from: [from] });
      else if (!known.from.includes(from)) known.from.push(from);
    };
    for (const place of before.places) {
      const block = this.#graph.blocks.get(place.blockId);
      if (block === undefined) continue;
      const stay = stepInVisit(block, { before: before.row, step: place.step, row });
      if (stay !== undefined) add(block.block_id, stay, place.key);
      for (const { to } of branchesOf(block, place.step)) {
        const next = this.#graph.blocks.get(to);
        if (next !== undefined && mayHaveWritten(next, row, 0)) add(to, 0, place.key);
      }
    }
    return [...reached.values()].map(({ place, from }) => placeAt(place.blockId, place.step, from));
  }

  /** Places that lead to no place of the next entry fall away. */
  #pruneBackward(): void {
    for (let index = this.#stops.length - 2; index >= 0; index--) {
      const [stop, next] = [this.#stops[index], this.#stops[index + 1]];
      if (stop === undefined || next === undefined || next.follows !== "step") continue;
      const wanted = new Set(next.places.flatMap(({ from }) => from));
      stop.places = stop.places.filter(({ key }) => wanted.has(key));
    }
  }

  /** An entry that can belong to the visit before it does: no more visits than there must have been. */
  #preferVisits(): void {
    for (const [index, stop] of this.#stops.entries()) {
      if (stop.follows !== "step") continue;
      const before = new Set(this.#stops[index - 1]?.places.map(({ key }) => key));
      const reached = stop.places.filter(({ from }) => from.some((key) => before.has(key)));
      const same = reached.filter(({ step }) => step > 0);
      stop.places = (same.length > 0 ? same : reached).map((place) => ({
        ...place,
        from: place.from.filter((key) => before.has(key)),
      }));
    }
  }
}

function keyOf(blockId: string, step: number): string {
  return `${step} ${blockId}`;
}

function placeAt(blockId: string, step: number, from: readonly string[]): ReachedPlace {
  return { blockId, step, key: keyOf(blockId, step), from };
}

/** Types whose block writes a second entry when what it waits for has come. */
const WAITING_TYPES: ReadonlySet<string> = new Set([
  "ConnectParticipantWithLexBot",
  "GetParticipantInput",
  "InvokeLambdaFunction",
  "ShowView",
  "TransferParticipantToThirdParty",
  "Wait",
]);

interface Following {
  readonly before: TimelineRow;
  readonly step: number;
  readonly row: TimelineRow;
}

/** The step of an entry that may belong to the same visit of the block; undefined where it cannot. */
function stepInVisit(block: FlowGraphBlock, { before, step, row }: Following): number | undefined {
  if (row.event_name !== before.event_name) return undefined;
  const next = nextStep(block, before, step);
  if (next === undefined || !mayHaveWritten(block, row, next)) return undefined;
  if (!isWaiting(block)) return next;
  const isExit = hasResult(row) || !hasParameters(row);
  return isExit && !hasResult(before) ? next : undefined;
}

function nextStep(block: FlowGraphBlock, before: TimelineRow, step: number): number | undefined {
  switch (block.action_type) {
    case "Compare":
      return textOf(before, "results") === "false" ? step + 1 : undefined;
    case "UpdateContactAttributes":
    case "UpdateFlowAttributes":
      return step + 1 < attributeCount(block) ? step + 1 : undefined;
    // a closing entry follows the prompts, of which any number may be heard
    case "MessageParticipantIteratively":
      return hasParameters(before) ? 1 : undefined;
    default:
      return isWaiting(block) && step === 0 ? 1 : undefined;
  }
}

function isWaiting(block: FlowGraphBlock): boolean {
  return WAITING_TYPES.has(block.action_type) || !isKnownActionType(block.action_type);
}

/** The ways out of a visit that is complete; none while further entries of it must come. */
function strictBranches(block: FlowGraphBlock, row: TimelineRow, step: number): readonly FlowBranch[] {
  const isUnfinished = WAITING_TYPES.has(block.action_type)
    ? step === 0 && !hasResult(row)
    : step + 1 < attributeCount(block) && !isTrue(row, "is_error");
  return isUnfinished ? [] : openBranches(block, row, step);
}

/** 0 for blocks that set none. */
function attributeCount({ parameters }: FlowGraphBlock): number {
  const attributes = objectAt(parameters, "Attributes") ?? objectAt(parameters, "FlowAttributes");
  return attributes === undefined ? 0 : Object.keys(attributes).length;
}

function hasParameters(row: TimelineRow): boolean {
  const parameters = jsonOf(row, "parameters");
  return isObject(parameters) && Object.keys(parameters).length > 0;
}
