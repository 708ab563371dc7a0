import type { SourceName, TimelineEntry } from "@fourwire/core";
import { expect, test } from "vitest";
import { WIRE_ORDER } from "../theme/wires.ts";
import { readWires, visibleEntries } from "./visible-entries.ts";

function entry(id: string, second: number, source: SourceName): TimelineEntry {
  const none = {
    severity_text: null,
    contact_id: null,
    agent_id: null,
    agent_username: null,
    flow_id: null,
    session_id: null,
    instance_id: null,
    region: null,
  };
  const event_time = new Date(second * 1000).toISOString();
  return {
    ...none,
    record_id: id,
    source,
    event_time,
    event_name: "x",
    severity_number: 9,
    message: "x",
    relation: "contact",
  };
}

const entries = [entry("a", 1, "ccp_log"), entry("b", 2, "flow_log"), entry("c", 3, "ccp_log")];
const span = { fromMs: 1500, toMs: 3000 };

function idsOf(list: readonly TimelineEntry[]): readonly string[] {
  return list.map((one) => one.record_id);
}

test("the list is in step with the lanes", () => {
  expect(idsOf(visibleEntries(entries, { span, wires: new Set(), ids: undefined }))).toEqual(["b", "c"]);
});
test("without a span every record is listed", () => {
  expect(idsOf(visibleEntries(entries, { span: undefined, wires: new Set(), ids: undefined }))).toEqual([
    "a",
    "b",
    "c",
  ]);
});
test("chosen sources narrow it", () => {
  expect(idsOf(visibleEntries(entries, { span, wires: new Set(["ccp_log"]), ids: undefined }))).toEqual(["c"]);
});
test("a clause lists its records wherever they are", () => {
  expect(idsOf(visibleEntries(entries, { span, wires: new Set(["ccp_log"]), ids: new Set(["a", "b"]) }))).toEqual([
    "a",
    "b",
  ]);
});
test("sources in the URL that do not exist are passed over", () => {
  expect([...readWires("ccp_log,nonsense", WIRE_ORDER)]).toEqual(["ccp_log"]);
  expect([...readWires(undefined, WIRE_ORDER)]).toEqual([]);
});
