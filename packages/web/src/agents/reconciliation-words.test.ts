import type { ContactDifference } from "@fourwire/core";
import { expect, test } from "vitest";
import { differenceText, sortedDifferences } from "./reconciliation-words.ts";

function difference(fields: Partial<ContactDifference>): ContactDifference {
  return {
    contact_id: "c1",
    agent_id: "a1",
    field: "interaction",
    event_value: 1000,
    record_value: 1000,
    difference: 0,
    kind: "precision",
    detail: "",
    record_ids: [],
    ...fields,
  };
}

test("what nobody can explain comes first, the largest before the others", () => {
  const rows = [
    difference({ kind: "precision", difference: 900 }),
    difference({ kind: "gap", difference: null }),
    difference({ kind: "unexplained", difference: -20 }),
    difference({ kind: "unexplained", difference: 5000 }),
  ];
  expect(sortedDifferences(rows).map((row) => [row.kind, row.difference])).toEqual([
    ["unexplained", 5000],
    ["unexplained", -20],
    ["gap", null],
    ["precision", 900],
  ]);
});

test("a difference has its sign and unit, and a missing side is named", () => {
  expect([
    differenceText(difference({ difference: 812 })),
    differenceText(difference({ difference: -61_000 })),
    differenceText(difference({ field: "holds", difference: -1 })),
    differenceText(difference({ difference: null, record_value: null })),
    differenceText(difference({ difference: null, event_value: null })),
  ]).toEqual(["+812 ms", "−1 min 1 s", "−1", "only in the events", "only in the record"]);
});
