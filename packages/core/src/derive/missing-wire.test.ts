import { describe, expect, test } from "vitest";
import { deriveContactTimeline } from "./contact-timeline.ts";
import { agentEvent, at, row } from "./fixtures/timeline-rows.ts";
import { TRANSFERRED_CALL } from "./fixtures/transferred-call.ts";
import type { TimelineRow } from "./timeline-row.ts";

function missing(rows: readonly TimelineRow[], now = "15:00:00.000"): string[] {
  const timeline = deriveContactTimeline({ contactId: "call-1", rows, links: [], now: at(now), entryLimit: 1000 });
  return timeline.missing.map((wire) => `${wire.source}: ${wire.message}`);
}

function without(...sources: readonly string[]): TimelineRow[] {
  return TRANSFERRED_CALL.filter((each) => !sources.includes(each.source));
}

describe("a wire that is not there", () => {
  test("is not claimed when every wire is there", () => {
    expect(missing(TRANSFERRED_CALL)).toEqual([]);
  });

  test("CCP log: the agent and the time are named", () => {
    expect(missing(without("ccp_log"))).toEqual([
      "ccp_log: no CCP log received for agent ana.ruiz between 14:00:28Z and 14:04:00Z",
    ]);
  });

  test("CCP log: a gap in the lane shows where", () => {
    const input = { contactId: "call-1", rows: without("ccp_log"), links: [], now: at("15:00:00.000"), entryLimit: 10 };
    const lane = deriveContactTimeline(input).lanes.find(({ name }) => name === "ccp_log");
    expect(lane?.spans.map(({ from, to, gap }) => [from, to, gap])).toEqual([
      ["2026-11-20T14:00:28.000Z", "2026-11-20T14:04:00.000Z", "not_received"],
    ]);
  });

  test("CCP log: a download that holds only the end of a long call leaves the rest missing", () => {
    const call = { contact_id: "call-1", state: "CONNECTED", since: "14:00:00.000" };
    const beats = Array.from({ length: 10 }, (_, beat) =>
      agentEvent(`14:${String(beat * 2).padStart(2, "0")}:00.000`, { contacts: [call] }),
    );
    const told = missing([
      ...beats,
      agentEvent("14:20:00.000", { previous: [call] }),
      row("ccp_log", "log", "14:16:00.000", { agent_id: "agent-ana" }),
      row("ccp_log", "log", "14:20:30.000", { agent_id: "agent-ana" }),
    ]);
    expect(told).toContain("ccp_log: no CCP log received for agent ana.ruiz between 14:00:00Z and 14:16:00Z");
  });

  test("agent events: an agent known by the contact record", () => {
    expect(missing(without("agent_event"))).toContain(
      "agent_event: no agent event received for agent ana.ruiz between 14:00:32Z and 14:04:00Z",
    );
  });

  test("agent events: an answer by nobody knows whom", () => {
    const told = missing([
      row("contact_event", "CONNECTED_TO_AGENT", "14:00:00.000", { contact_id: "call-1" }),
      row("contact_event", "DISCONNECTED", "14:02:00.000", { contact_id: "call-1" }),
    ]);
    expect(told).toContain(
      "agent_event: the contact was connected to an agent, but no agent event received between 14:00:00Z and 14:02:00Z",
    );
  });

  test("agent events: a stream that stops beating", () => {
    const call = { contact_id: "call-1", state: "CONNECTED", since: "14:00:00.000" };
    const told = missing(
      [agentEvent("14:00:00.000", { contacts: [call] }), agentEvent("14:05:01.000", { contacts: [call] })],
      "14:06:00.000",
    );
    expect(told).toContain(
      "agent_event: no agent event received for agent ana.ruiz between 14:00:00Z and 14:05:01Z, though one is due every 2 minutes",
    );
  });

  test("agent events: 239 seconds between two are no hole", () => {
    const call = { contact_id: "call-1", state: "CONNECTED", since: "14:00:00.000" };
    const told = missing(
      [agentEvent("14:00:00.000", { contacts: [call] }), agentEvent("14:03:59.000", { contacts: [call] })],
      "14:04:00.000",
    );
    expect(told.filter((sentence) => sentence.startsWith("agent_event"))).toEqual([]);
  });

  test("flow logs: logging may be off, of an inbound contact only", () => {
    expect(missing(without("flow_log"))).toEqual([
      "flow_log: no flow log received for the contact between 14:00:00Z and 14:00:20Z; logging may be off in the flow (Set logging behavior)",
    ]);
    const outbound = row("contact_event", "INITIATED", "14:00:00.000", {
      contact_id: "call-1",
      initiation_method: "OUTBOUND",
    });
    expect(missing([outbound], "14:01:00.000")).toEqual([]);
  });

  test("contact record: ten minutes after the end, not before", () => {
    const rows = without("contact_record");
    expect(missing(rows, "14:13:40.000")).toEqual([]);
    expect(missing(rows, "14:13:40.001")).toEqual([
      "contact_record: no contact record received since the contact ended at 14:03:40Z",
    ]);
  });

  test("contact events: only where no contact record stands in for them", () => {
    expect(missing(without("contact_event"))).toEqual([]);
    const told = missing(without("contact_event", "contact_record"));
    expect(told.map((sentence) => sentence.split(":")[0])).toEqual(["contact_record", "contact_event"]);
  });
});
