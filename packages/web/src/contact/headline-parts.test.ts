import type { ContactHeadline, TimelineEntry } from "@fourwire/core";
import { expect, test } from "vitest";
import { capitalized, headlineParts } from "./headline-parts.ts";

function entry(recordId: string, relation: TimelineEntry["relation"]): TimelineEntry {
  return {
    record_id: recordId,
    source: "cloudtrail",
    event_time: "2026-11-20T14:00:00.000Z",
    event_name: "name",
    severity_number: 9,
    severity_text: null,
    contact_id: null,
    agent_id: null,
    agent_username: null,
    flow_id: null,
    session_id: null,
    instance_id: null,
    region: null,
    message: "",
    relation,
  };
}

function headline(...clauses: ContactHeadline["clauses"]): ContactHeadline {
  return { clauses, channel: null, initiation_method: null, queue: null, duration_ms: null };
}

test("problems follow the story, changes stand apart, and each keeps its place for the URL", () => {
  const parts = headlineParts(
    headline(
      { text: "Inbound voice", record_ids: ["a"], is_problem: false },
      { text: "missed by ana.ruiz", record_ids: ["a"], is_problem: true },
      { text: "transferred", record_ids: ["a"], is_problem: false },
      { text: "the flow was published", record_ids: ["b"], is_problem: false },
    ),
    [entry("a", "contact"), entry("b", "configuration")],
  );
  expect(Object.values(parts).map((part) => part.map(({ index }: { readonly index: number }) => index))).toEqual([
    [0, 2],
    [1],
    [3],
  ]);
});

test("a clause without records is part of the story", () => {
  const parts = headlineParts(headline({ text: "Contact", record_ids: [], is_problem: false }), []);
  expect(parts.story.length).toBe(1);
});

test("a sentence begins with a capital letter, whatever it begins with", () => {
  expect(["missed by zoe", "Lambda", ""].map(capitalized)).toEqual(["Missed by zoe", "Lambda", ""]);
});
