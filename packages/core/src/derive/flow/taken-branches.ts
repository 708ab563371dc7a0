import type { TimelineRow } from "../timeline-row.ts";
import { isTrue, textOf } from "../timeline-row.ts";
import type { FlowBranch, FlowGraphBlock } from "./flow-graph.ts";

/** Errors that are an answer of the customer, or none, and not a failure of the block. */
const NO_ANSWER_ERRORS: ReadonlySet<string> = new Set([
  "NoMatchingCondition",
  "InputTimeLimitExceeded",
  "TimeLimitExceeded",
  "ConnectionTimeLimitExceeded",
]);

/**
 * The branches that an entry's result leaves open. The branch taken is never logged: it is read from `Results`, which
 * names a condition's operand in any case, says true or false to what was checked, or is an error's word.
 *
 * `step`: how many entries of the same visit came before; Check contact attributes writes one a condition tested.
 */
export function openBranches(block: FlowGraphBlock, row: TimelineRow, step: number): readonly FlowBranch[] {
  const conditions = block.branches.filter(({ kind }) => kind === "condition");
  const errors = block.branches.filter(({ kind }) => kind === "error");
  const next = block.branches.filter(({ kind }) => kind === "next");
  const result = textOf(row, "results");
  if (isTrue(row, "is_error")) return orElse(failures(errors), next);
  if (result === "Timeout") return orElse(errors.filter(isTimeout), [...conditions, ...next, ...errors]);
  if (block.action_type === "Compare") return comparedBranches(block, result, step);
  // "at capacity?"
  if (result === "true" && row.event_name === "Transfer") return orElse(errors.filter(isCapacity), failures(errors));
  // a block without a way on, such as a transfer, was left for good
  if (conditions.length === 0) return next;
  return answeredBranches(conditions, result, [...next, ...errors]);
}

function answeredBranches(
  conditions: readonly FlowBranch[],
  result: string | undefined,
  others: readonly FlowBranch[],
): readonly FlowBranch[] {
  if (result === undefined) return [...conditions, ...others];
  const named = conditions.filter(({ operands }) => operands.some((operand) => isSameAnswer(operand, result)));
  if (named.length > 0) return named;
  const noMatch = others.filter(({ label }) => label === "NoMatchingCondition");
  // a check of a number answers whether its condition holds
  if (result === "true") return conditions;
  // an operand may be an attribute's name, whose value nobody logs
  const dynamic = conditions.filter(({ operands }) => operands.some((operand) => operand.includes("$.")));
  const isNumber = Number.isFinite(Number(result));
  const compared = isNumber ? conditions.filter(({ label }) => label.startsWith("Number")) : [];
  return orElse([...dynamic, ...compared, ...orElse(noMatch, others)], conditions);
}

function isSameAnswer(operand: string, result: string): boolean {
  const answers: Readonly<Record<string, string>> = { notdone: "continuelooping", done: "donelooping" };
  const wanted = operand.toLowerCase();
  const given = result.toLowerCase();
  return given === wanted || answers[given] === wanted;
}

/** `true`: the condition of that entry holds. `false` of the last condition: none does. */
function comparedBranches(block: FlowGraphBlock, result: string | undefined, step: number): readonly FlowBranch[] {
  const conditions = block.branches.filter(({ kind }) => kind === "condition");
  const others = block.branches.filter(({ kind }) => kind !== "condition");
  const tested = conditions[step];
  if (result === "true" && tested !== undefined) return [tested];
  const noMatch = others.filter(({ label }) => label === "NoMatchingCondition");
  return result === "false" && step >= conditions.length - 1 ? orElse(noMatch, others) : [];
}

function failures(errors: readonly FlowBranch[]): readonly FlowBranch[] {
  return orElse(
    errors.filter(({ label }) => !NO_ANSWER_ERRORS.has(label)),
    errors,
  );
}

function isTimeout({ label }: FlowBranch): boolean {
  return label.endsWith("TimeLimitExceeded");
}

function isCapacity({ label }: FlowBranch): boolean {
  return label === "QueueAtCapacity";
}

function orElse(branches: readonly FlowBranch[], others: readonly FlowBranch[]): readonly FlowBranch[] {
  return branches.length > 0 ? branches : others;
}
