import { REJECT_REASONS } from "@fourwire/core";
import { expect, test } from "vitest";
import { remedyOf } from "./remedies.ts";

test("every reason has a meaning and a remedy, and a newer one does not break the page", () => {
  expect(REJECT_REASONS.filter((reason) => remedyOf(reason) === undefined)).toEqual([]);
  expect(remedyOf("reason_of_tomorrow")).toBeUndefined();
  expect(remedyOf("toString")).toBeUndefined();
});
