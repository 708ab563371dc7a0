import type { FlowCondition } from "./flow-definition.ts";

type Test = (value: string, operand: string) => boolean;

/** The operators of the Flow language. Texts compare exactly; what is not a number holds in no number comparison. */
const TESTS: ReadonlyMap<string, Test> = new Map<string, Test>([
  ["Equals", (value, operand) => value === operand],
  ["TextStartsWith", (value, operand) => value.startsWith(operand)],
  ["TextEndsWith", (value, operand) => value.endsWith(operand)],
  ["TextContains", (value, operand) => value.includes(operand)],
  ["NumberGreaterThan", (value, operand) => numberOf(value) > numberOf(operand)],
  ["NumberGreaterOrEqualTo", (value, operand) => numberOf(value) >= numberOf(operand)],
  ["NumberLessThan", (value, operand) => numberOf(value) < numberOf(operand)],
  ["NumberLessOrEqualTo", (value, operand) => numberOf(value) <= numberOf(operand)],
]);

/** The words that flow logs have for the operators. `EndsWith` was never seen in a log and follows the pattern. */
const LOG_WORDS: ReadonlyMap<string, string> = new Map([
  ["Equals", "Equals"],
  ["TextStartsWith", "StartsWith"],
  ["TextEndsWith", "EndsWith"],
  ["TextContains", "Contains"],
  ["NumberGreaterThan", "GreaterThan"],
  ["NumberGreaterOrEqualTo", "GreaterThanOrEqualTo"],
  ["NumberLessThan", "LessThan"],
  ["NumberLessOrEqualTo", "LessThanOrEqualTo"],
]);

export function isKnownOperator(operator: string): boolean {
  return TESTS.has(operator);
}

/** `ComparisonMethod` of a CheckAttribute entry. */
export function comparisonMethod(operator: string): string {
  return LOG_WORDS.get(operator) ?? operator;
}

/** Whether the condition holds for a value, its operands already resolved. Several operands: any of them. */
export function holds({ operator }: FlowCondition, value: string, operands: readonly string[]): boolean {
  const test = TESTS.get(operator);
  return test !== undefined && operands.some((operand) => test(value, operand));
}

/** NaN compares as false with everything, also with itself. */
function numberOf(text: string): number {
  return text.trim() === "" ? Number.NaN : Number(text);
}
