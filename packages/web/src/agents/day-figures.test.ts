import { AGENT_METRIC_NAMES } from "@fourwire/core";
import { expect, test } from "vitest";
import { FIGURE_BLOCKS, figureText, metricLabel } from "./day-figures.ts";

test("every metric stands on the page, once", () => {
  const shown = FIGURE_BLOCKS.flatMap((block) => block.metrics);
  expect(shown.toSorted()).toEqual([...AGENT_METRIC_NAMES].toSorted());
});

test("figures carry their unit, and what cannot be said is no zero", () => {
  expect([
    figureText({ value: 252_000, unit: "ms" }),
    figureText({ value: 1204, unit: "count" }),
    figureText({ value: 1.375, unit: "count" }),
    figureText({ value: 0.8142, unit: "ratio" }),
    figureText({ value: 0, unit: "ratio" }),
    figureText({ value: null, unit: "ratio" }),
    figureText({ value: 2.5, unit: "average" }),
  ]).toEqual(["4 min 12 s", "1,204", "1.38", "81.4 %", "0.0 %", "–", "2.50"]);
});

test("metrics are named as people say them", () => {
  expect(metricLabel("after_contact_work_time")).toBe("After contact work time");
});
