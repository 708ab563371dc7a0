import { expect, test } from "vitest";
import { comparisonMethod, holds, isKnownOperator } from "./condition.ts";

const next = "somewhere";

test.each([
  ["Equals", "gold", "gold", "golden"],
  ["TextStartsWith", "+44", "+44770", "0044"],
  ["TextEndsWith", "uk", "site.uk", "uk.site"],
  ["TextContains", "ill", "billing", "sales"],
  ["NumberGreaterThan", "5", "6", "5"],
  ["NumberGreaterOrEqualTo", "5", "5", "4.99"],
  ["NumberLessThan", "5", "-7", "5"],
  ["NumberLessOrEqualTo", "5", "5.0", "5.01"],
])("%s %s holds for %s and not for %s", (operator, operand, holding, failing) => {
  expect(isKnownOperator(operator)).toBe(true);
  expect(holds({ operator, operands: [operand], next }, holding, [operand])).toBe(true);
  expect(holds({ operator, operands: [operand], next }, failing, [operand])).toBe(false);
});

test.each(["NumberGreaterThan", "NumberGreaterOrEqualTo", "NumberLessThan", "NumberLessOrEqualTo"])(
  "%s never holds for what is no number",
  (operator) => {
    for (const [value, operand] of [
      ["", "5"],
      ["many", "5"],
      ["5", ""],
      ["5", "few"],
    ] as const) {
      expect(holds({ operator, operands: [operand], next }, value, [operand])).toBe(false);
    }
  },
);

test("an invented operator never holds, and one without operands neither", () => {
  expect(holds({ operator: "Matches", operands: ["a"], next }, "a", ["a"])).toBe(false);
  expect(holds({ operator: "Equals", operands: [], next }, "a", [])).toBe(false);
});

test.each([
  ["Equals", "Equals"],
  ["TextStartsWith", "StartsWith"],
  ["TextContains", "Contains"],
  ["NumberGreaterThan", "GreaterThan"],
  ["NumberGreaterOrEqualTo", "GreaterThanOrEqualTo"],
  ["NumberLessThan", "LessThan"],
  ["NumberLessOrEqualTo", "LessThanOrEqualTo"],
])("logs call %s %s", (operator, word) => {
  expect(comparisonMethod(operator)).toBe(word);
});
