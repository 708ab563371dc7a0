import type { JsonObject } from "@fourwire/core";
import { expect, test } from "vitest";
import { expandText, isReference } from "./reference.ts";

const DATA: JsonObject = {
  Attributes: { tier: "gold", "first name": "Ana", __proto__: null },
  External: { order: { items: [{ sku: "A-1" }] }, count: 3, isOpen: true, nothing: null },
  Channel: "VOICE",
};
const roots = (name: string) => (Object.hasOwn(DATA, name) ? DATA[name] : undefined);

test.each([
  ["$.Attributes.tier", "gold"],
  ["$.Attributes.['first name']", "Ana"],
  ["$['Attributes']['first name']", "Ana"],
  ["$.Channel", "VOICE"],
  ["$['Channel']", "VOICE"],
  ["$.External.order.items[0].sku", "A-1"],
  ["$.External.count", "3"],
  ["$.External.isOpen", "true"],
  ["$.External.order", '{"items":[{"sku":"A-1"}]}'],
  ["$.External.nothing", ""],
  ["$.External.absent.deeper", ""],
  ["$.Nowhere.at.all", ""],
  ["$.Attributes.constructor", ""],
  ["$.Attributes.toString.name", ""],
])("%s is %s", (reference, value) => {
  expect(isReference(reference)).toBe(true);
  expect(expandText(reference, roots)).toBe(value);
});

test("references inside a text are replaced, and the rest is kept", () => {
  expect(expandText("Dear $.Attributes.['first name'], you have $.External.count orders.", roots)).toBe(
    "Dear Ana, you have 3 orders.",
  );
  expect(expandText("survey_result_$.External.count", roots)).toBe("survey_result_3");
});

test.each(["", "plain", "$", "$.", "$ 5.00", "costs $5", "$[", "$['open"])("%j is a text like any other", (text) => {
  expect(isReference(text)).toBe(false);
  expect(expandText(text, roots)).toBe(text);
});
