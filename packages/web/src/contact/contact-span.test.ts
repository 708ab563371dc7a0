import type { Lane } from "@fourwire/core";
import { expect, test } from "vitest";
import { openingSpan, wholeContact } from "./contact-span.ts";

function at(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}

function leg(...spans: readonly (readonly [kind: string, from: number, to: number])[]): Lane {
  return {
    name: "agent_leg",
    agent_id: "ana",
    marks: [],
    samples: [],
    spans: spans.map(([kind, from, to]) => ({
      from: at(from),
      to: at(to),
      label: kind,
      kind,
      is_problem: false,
      record_ids: [],
      gap: null,
    })),
  };
}

test("long after-contact work takes a quarter of the first view", () => {
  const lanes = [leg(["CONNECTED", 0, 90], ["ENDED", 90, 600])];
  expect(openingSpan({ from: at(0), to: at(600), lanes })).toEqual({ fromMs: 0, toMs: 120_000 });
});

test("short after-contact work is shown whole", () => {
  const lanes = [leg(["CONNECTED", 0, 90], ["ENDED", 90, 100])];
  expect(openingSpan({ from: at(0), to: at(100), lanes })).toEqual({ fromMs: 0, toMs: 100_000 });
});

test("of two agents the last after-contact work counts", () => {
  const lanes = [leg(["ENDED", 30, 600]), leg(["CONNECTED", 30, 300], ["ENDED", 300, 320])];
  expect(openingSpan({ from: at(0), to: at(600), lanes })).toEqual({ fromMs: 0, toMs: 400_000 });
});

test("a contact without after-contact work is shown whole, one of an instant with a length", () => {
  expect(openingSpan({ from: at(0), to: at(50), lanes: [] })).toEqual({ fromMs: 0, toMs: 50_000 });
  expect(wholeContact({ from: at(0), to: at(0) })).toEqual({ fromMs: 0, toMs: 1 });
});
