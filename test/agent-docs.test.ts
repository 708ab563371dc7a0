import { describe, expect, test } from "vitest";
import { AGENT_ACTIVITIES, AGENT_METRIC_NAMES, CONTACT_METRIC_NAMES, DEFAULT_METRIC_SETTINGS } from "@fourwire/core";
import { readText } from "./source-files.ts";

const page = readText("docs/agents.md");
const firstCells = new Set([...page.matchAll(/^\| `([a-z_]+)` /gm)].map((match) => match[1]));

describe("docs/agents.md", () => {
  test("explains every metric, activity and setting", () => {
    const names = [
      ...AGENT_METRIC_NAMES,
      ...CONTACT_METRIC_NAMES.map((name) => `record_${name}`),
      ...AGENT_ACTIVITIES,
      ...Object.keys(DEFAULT_METRIC_SETTINGS),
    ];
    expect(names.length).toBeGreaterThan(60);
    expect(names.filter((name) => !firstCells.has(name))).toEqual([]);
  });
});
