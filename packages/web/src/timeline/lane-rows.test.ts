import type { Lane, LaneSpan, TimelineEntry } from "@fourwire/core";
import { describe, expect, test } from "vitest";
import { hitTest } from "./hit-test.ts";
import { assignTracks, layoutRows } from "./lane-rows.ts";
import { laneStops, nextStop } from "./lane-stops.ts";

function at(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}

function span(from: number, to: number | null, label: string): LaneSpan {
  return {
    from: at(from),
    to: to === null ? null : at(to),
    label,
    kind: "status",
    is_problem: false,
    record_ids: [`record of ${label}`],
    gap: null,
  };
}

function lane(spans: readonly LaneSpan[]): Lane {
  return {
    name: "agent_state",
    agent_id: null,
    spans,
    marks: [{ time: at(5), label: "missed", severity_number: 17, record_id: "m" }],
    samples: [],
  };
}

function idOf(tick: { readonly recordId: string }): string {
  return tick.recordId;
}

function line(recordId: string, relation: TimelineEntry["relation"], contactId: string | null): TimelineEntry {
  return {
    record_id: recordId,
    source: "ccp_log",
    event_time: at(1),
    event_name: "event",
    severity_number: 17,
    severity_text: "ERROR",
    contact_id: contactId,
    agent_id: "ana",
    agent_username: null,
    flow_id: null,
    session_id: null,
    instance_id: null,
    region: null,
    message: "",
    relation,
  };
}

describe("laying lanes out", () => {
  test("spans that overlap lie one below the other, others on the first free track", () => {
    const tracks = assignTracks([span(0, 10, "a"), span(5, 8, "b"), span(8, 12, "c"), span(12, 13, "d")], 20_000);
    expect(tracks.map((item) => [item.span.label, item.track])).toEqual([
      ["a", 0],
      ["b", 1],
      ["c", 1],
      ["d", 0],
    ]);
  });
  test("a span that goes on is drawn to the end of the timeline", () => {
    expect(assignTracks([span(0, null, "a")], 20_000)[0]?.toMs).toBe(20_000);
  });
  test("a span without length takes no track from the one that begins with it", () => {
    const tracks = assignTracks([span(5, 9, "ringing"), span(5, 5, "ringing, told twice")], 20_000);
    expect(tracks.map((item) => item.track)).toEqual([0, 0]);
  });
  test("the agent's lines about other contacts stand apart from those of this one", () => {
    const lines = [line("own", "contact", "this"), line("nameless", "agent", null), line("foreign", "agent", "other")];
    const { rows } = layoutRows({ lanes: [{ ...lane([]), name: "ccp_log" }], entries: lines, toMs: 20_000 });
    expect(rows.map((row) => [row.density.map(idOf), row.others.map(idOf)])).toEqual([
      [["own", "nameless"], ["foreign"]],
    ]);
  });
  test("lanes follow each other without a gap", () => {
    const { rows, height } = layoutRows({
      lanes: [lane([span(0, 10, "a"), span(5, 8, "b")]), lane([])],
      entries: [],
      toMs: 20_000,
    });
    expect(rows.map((row) => [row.y, row.height])).toEqual([
      [0, 50],
      [50, 30],
    ]);
    expect(height).toBe(80);
  });
});

describe("finding what is in a lane", () => {
  const { rows } = layoutRows({ lanes: [lane([span(0, 10, "a"), span(5, 8, "b")])], entries: [], toMs: 20_000 });
  const pointer = { view: { fromMs: 0, toMs: 10_000 }, width: 100 };
  test("a tick is taken before the span it stands on", () => {
    expect(hitTest(rows, { ...pointer, x: 52, y: 10 })?.recordId).toBe("m");
  });
  test("the track under the pointer tells overlapping spans apart", () => {
    expect(hitTest(rows, { ...pointer, x: 70, y: 10 })?.label).toBe("a");
    expect(hitTest(rows, { ...pointer, x: 70, y: 30 })?.label).toBe("b");
  });
  test("outside every lane there is nothing", () => {
    expect(hitTest(rows, { ...pointer, x: 70, y: 500 })).toBeUndefined();
  });
  test("comma and full stop step through the lane in time order", () => {
    const stops = rows.flatMap(laneStops);
    expect(stops.map((stop) => stop.recordId)).toEqual(["record of a", "record of b", "m"]);
    expect(nextStop(stops, { selectedId: "record of b", timeMs: 0, direction: 1 })?.recordId).toBe("m");
    expect(nextStop(stops, { selectedId: "m", timeMs: 0, direction: 1 })).toBeUndefined();
    expect(nextStop(stops, { selectedId: undefined, timeMs: 6000, direction: -1 })?.recordId).toBe("m");
  });
});
