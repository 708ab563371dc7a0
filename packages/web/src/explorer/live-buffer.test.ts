import type { RecordSummary } from "@fourwire/core";
import { expect, test } from "vitest";
import { changeLive, EMPTY_LIVE, LIVE_LIMIT, type LiveBuffer } from "./live-buffer.ts";

function record(id: string): RecordSummary {
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
  return {
    ...none,
    record_id: id,
    source: "ccp_log",
    event_time: "2026-11-21T14:00:00Z",
    event_name: "x",
    severity_number: 9,
    message: "x",
  };
}

function receive(buffer: LiveBuffer, ids: readonly string[], dropped = 0): LiveBuffer {
  return changeLive(buffer, { kind: "receive", event: { records: ids.map(record), dropped } });
}

function idsOf(buffer: LiveBuffer): readonly string[] {
  return buffer.records.map((one) => one.record_id);
}

test("records come at the end, each once", () => {
  expect(idsOf(receive(receive(EMPTY_LIVE, ["a", "b"]), ["b", "c"]))).toEqual(["a", "b", "c"]);
});
test("the records the list begins with go before those that came meanwhile", () => {
  const begun = changeLive(receive(EMPTY_LIVE, ["b", "c"]), { kind: "begin", records: ["a", "b"].map(record) });
  expect(idsOf(begun)).toEqual(["a", "b", "c"]);
});
test("while paused nothing moves, and what came is counted and shown on resuming", () => {
  const paused = receive(changeLive(receive(EMPTY_LIVE, ["a"]), { kind: "pause" }), ["b", "c"]);
  expect([idsOf(paused), paused.pending.length]).toEqual([["a"], 2]);
  const resumed = changeLive(paused, { kind: "resume" });
  expect([idsOf(resumed), resumed.pending.length]).toEqual([["a", "b", "c"], 0]);
});
test("what the server dropped for this reader is added up", () => {
  expect(receive(receive(EMPTY_LIVE, ["a"], 3), ["b"], 4).droppedCount).toBe(7);
});
test("a full list lets its oldest go and says how many", () => {
  const ids = Array.from({ length: LIVE_LIMIT + 5 }, (_, index) => `r${index}`);
  const full = receive(EMPTY_LIVE, ids);
  expect([full.records.length, full.trimmedCount, idsOf(full)[0]]).toEqual([LIVE_LIMIT, 5, "r5"]);
});
