import { describe, expect, test } from "vitest";
import { formatInstant } from "../instant.ts";
import { identifyAgents } from "./agent-identity.ts";
import { deriveAgentLegs } from "./agent-leg.ts";
import { readContactFacts } from "./contact-facts.ts";
import type { SampleContact } from "./fixtures/timeline-rows.ts";
import { agentEvent, at, row } from "./fixtures/timeline-rows.ts";
import type { TimelineRow } from "./timeline-row.ts";
import { inTimeOrder } from "./timeline-row.ts";

function clock(time: ReturnType<typeof at> | undefined): string {
  return time === undefined ? "..." : formatInstant(time).slice(11, 19);
}

/** Each leg as "agent: STATE from-to, ..."; an end that is not known is "...". */
function tell(unordered: readonly TimelineRow[], now = "15:00:00.000"): string[] {
  const rows = inTimeOrder(unordered);
  const facts = readContactFacts(rows, "call-1");
  const legs = deriveAgentLegs({ contactId: "call-1", rows, identity: identifyAgents(rows), facts, now: at(now) });
  return legs.map((leg) => {
    const spans = leg.spans.map((span) => `${span.state} ${clock(span.from)}-${clock(span.to)}`);
    return `${leg.agentId}: ${spans.join(", ")}${leg.silentFrom === undefined ? "" : ", then silence"}`;
  });
}

function call(state: string, since?: string): SampleContact {
  return since === undefined ? { contact_id: "call-1", state } : { contact_id: "call-1", state, since };
}

describe("the contact at an agent", () => {
  test("a hold lasts from event to event, as its state keeps the start of the conversation", () => {
    const told = tell([
      agentEvent("14:00:01.000", { contacts: [call("CONNECTED", "14:00:00.000")] }),
      agentEvent("14:01:00.000", { contacts: [call("CONNECTED_ONHOLD", "14:00:00.000")] }),
      agentEvent("14:02:00.000", { contacts: [call("CONNECTED", "14:00:00.000")] }),
      agentEvent("14:03:00.000", { previous: [call("CONNECTED", "14:00:00.000")] }),
    ]);
    expect(told).toEqual([
      "agent-ana: CONNECTED 14:00:00-14:01:00, CONNECTED_ONHOLD 14:01:00-14:02:00, CONNECTED 14:02:00-14:03:00",
    ]);
  });

  test("after-contact work begins with ENDED and ends when the contact leaves the snapshot, whatever else changes", () => {
    const told = tell([
      agentEvent("14:00:01.000", { contacts: [call("ENDED", "14:00:00.000")] }),
      agentEvent("14:00:30.000", {
        contacts: [call("ENDED", "14:00:00.000")],
        columns: { routing_profile_id: "profile-2" },
      }),
      agentEvent("14:01:00.000", {
        contacts: [{ contact_id: "call-2", state: "CONNECTING" }],
        previous: [call("ENDED", "14:00:00.000")],
      }),
    ]);
    expect(told).toEqual(["agent-ana: ENDED 14:00:00-14:01:00"]);
  });

  test("a contact that is not first in the snapshot is found all the same", () => {
    const other = { contact_id: "call-2", state: "CONNECTED" };
    const told = tell([
      agentEvent("14:00:00.000", { contacts: [other, call("CONNECTED", "14:00:00.000")] }),
      agentEvent("14:01:00.000", { contacts: [other] }),
    ]);
    expect(told).toEqual(["agent-ana: CONNECTED 14:00:00-14:01:00"]);
  });

  test("two offers of one contact to one agent are two legs", () => {
    const told = tell([
      agentEvent("14:00:00.000", { contacts: [call("CONNECTING", "14:00:00.000")] }),
      agentEvent("14:00:20.000", { contacts: [call("MISSED", "14:00:20.000")] }),
      agentEvent("14:00:25.000", { previous: [call("MISSED", "14:00:20.000")] }),
      agentEvent("14:01:00.000", { contacts: [call("CONNECTING", "14:01:00.000")] }),
      agentEvent("14:01:05.000", { previous: [call("CONNECTING", "14:01:00.000")] }),
    ]);
    expect(told).toEqual([
      "agent-ana: CONNECTING 14:00:00-14:00:20, MISSED 14:00:20-14:00:25",
      "agent-ana: CONNECTING 14:01:00-14:01:05",
    ]);
  });

  test("a state whose own event is lost is taken from the next event's previous snapshot", () => {
    const told = tell([
      agentEvent("14:00:00.000", { contacts: [call("CONNECTING", "14:00:00.000")] }),
      agentEvent("14:05:00.000", {
        contacts: [call("ENDED", "14:05:00.000")],
        previous: [call("CONNECTED", "14:00:10.000")],
      }),
      agentEvent("14:05:30.000", { previous: [call("ENDED", "14:05:00.000")] }),
    ]);
    expect(told).toEqual([
      "agent-ana: CONNECTING 14:00:00-14:00:10, CONNECTED 14:00:10-14:05:00, ENDED 14:05:00-14:05:30",
    ]);
  });

  test("a logout ends the leg", () => {
    const told = tell([
      agentEvent("14:00:00.000", { contacts: [call("ENDED", "14:00:00.000")] }),
      agentEvent("14:01:00.000", { name: "LOGOUT", contacts: [call("ENDED", "14:00:00.000")] }),
      agentEvent("14:02:00.000", { name: "HEART_BEAT" }),
    ]);
    expect(told).toEqual(["agent-ana: ENDED 14:00:00-14:01:00"]);
  });

  test("goes on while the agent's stream is alive, and falls silent after five minutes", () => {
    const rows = [agentEvent("14:00:00.000", { contacts: [call("CONNECTED", "14:00:00.000")] })];
    expect(tell(rows, "14:05:00.000")).toEqual(["agent-ana: CONNECTED 14:00:00-..."]);
    expect(tell(rows, "14:05:00.001")).toEqual(["agent-ana: CONNECTED 14:00:00-14:00:00, then silence"]);
  });

  test("ends as the contact record says when no event told the end", () => {
    const told = tell([
      agentEvent("14:00:00.000", { contacts: [call("CONNECTED", "14:00:00.000")] }),
      row("contact_record", "CONTACT_RECORD", "14:03:00.000", {
        contact_id: "call-1",
        agent_id: "agent-ana",
        disconnect_time: at("14:03:00.000"),
        after_contact_work_start_time: at("14:03:00.000"),
        after_contact_work_end_time: at("14:03:20.000"),
      }),
    ]);
    expect(told).toEqual(["agent-ana: CONNECTED 14:00:00-14:03:00, ENDED 14:03:00-14:03:20"]);
  });

  test("is read from the contact record when there are no agent events", () => {
    const told = tell([
      row("contact_record", "CONTACT_RECORD", "14:47:28.000", {
        contact_id: "call-1",
        agent_id: "arn:aws:connect:eu-west-2:111122223333:instance/i-1/agent/agent-ana",
        connected_to_agent_time: at("14:20:00.000"),
        disconnect_time: at("14:47:28.000"),
        after_contact_work_start_time: at("14:28:12.000"),
        after_contact_work_end_time: at("14:28:40.000"),
      }),
    ]);
    expect(told).toEqual(["agent-ana: CONNECTED 14:20:00-14:28:12, ENDED 14:28:12-14:28:40"]);
  });
});
