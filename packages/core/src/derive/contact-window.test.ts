import { describe, expect, test } from "vitest";
import { isConfigurationChange, planContactWindow } from "./contact-window.ts";
import { agentEvent, at, row } from "./fixtures/timeline-rows.ts";
import { TRANSFERRED_CALL } from "./fixtures/transferred-call.ts";
import type { TimelineRow } from "./timeline-row.ts";

function plan(rows: readonly TimelineRow[]) {
  const window = planContactWindow({ contactId: "call-1", rows });
  if (window === undefined) throw new Error("no row names call-1");
  return window;
}

describe("what to gather for a contact", () => {
  test("its agents a minute around their leg, configuration an hour before it began", () => {
    expect(plan(TRANSFERRED_CALL)).toEqual({
      contactId: "call-1",
      from: at("14:00:00.000"),
      to: at("14:04:00.000"),
      configurationFrom: at("13:00:00.000"),
      agentIds: ["agent-ana"],
      flowIds: ["flow-1", "flow-2"],
      queueIds: ["queue-1"],
      routingProfileIds: ["profile-1"],
      agentWindows: [
        { agent_id: "agent-ana", agent_username: "ana.ruiz", from: at("13:59:28.000"), to: at("14:05:00.000") },
      ],
    });
  });

  test("nothing when no row names it", () => {
    expect(planContactWindow({ contactId: "call-9", rows: TRANSFERRED_CALL })).toBeUndefined();
  });

  test("an open leg is followed past the agent's next heartbeat", () => {
    const { agentWindows } = plan([
      agentEvent("14:00:00.000", { contacts: [{ contact_id: "call-1", state: "CONNECTED" }] }),
    ]);
    expect(agentWindows.map(({ to }) => to)).toEqual([at("14:03:00.000")]);
  });

  test("a record written and an attribute updated hours later do not stretch the contact", () => {
    const { from, to } = plan([
      row("contact_event", "INITIATED", "14:00:00.000", { contact_id: "call-1" }),
      row("contact_event", "CONTACT_DATA_UPDATED", "18:00:00.000", { contact_id: "call-1" }),
      row("cloudtrail", "UpdateContactAttributes", "19:00:00.000", { contact_id: "call-1" }),
      row("contact_record", "CONTACT_RECORD", "20:00:00.000", {
        contact_id: "call-1",
        disconnect_time: at("14:02:00.000"),
      }),
    ]);
    expect([from, to]).toEqual([at("14:00:00.000"), at("14:02:00.000")]);
  });

  test("an agent known by the browser's log alone is followed too", () => {
    const { agentWindows } = plan([
      row("ccp_log", "call_started", "14:00:00.000", { contact_id: "call-1", agent_id: "agent-ana" }),
      row("ccp_log", "call_report", "14:04:00.000", { contact_id: "call-1", agent_id: "agent-ana" }),
    ]);
    expect(agentWindows).toEqual([
      { agent_id: "agent-ana", agent_username: undefined, from: at("13:59:00.000"), to: at("14:05:00.000") },
    ]);
  });
});

describe("a configuration change", () => {
  const window = plan(TRANSFERRED_CALL);
  const change = { is_write: true, flow_id: "flow-1", resource_type: "flow" };
  const cases: readonly (readonly [string, string, string, Readonly<Record<string, string | boolean>>, boolean])[] = [
    ["is a write to the contact's flow", "UpdateContactFlowContent", "13:30:00.000", change, true],
    ["is a write to its queue", "UpdateQueueStatus", "13:30:00.000", { is_write: true, queue_id: "queue-1" }, true],
    [
      "is a write to a resource named by id only",
      "TagResource",
      "13:30:00.000",
      { is_write: true, resource_id: "profile-1" },
      true,
    ],
    [
      "is a write to its agent",
      "UpdateUserRoutingProfile",
      "13:30:00.000",
      { is_write: true, agent_id: "agent-ana" },
      true,
    ],
    [
      "is not the agent's own status",
      "PutUserStatus",
      "13:30:00.000",
      { is_write: true, agent_id: "agent-ana" },
      false,
    ],
    [
      "is not another agent moved to the routing profile",
      "UpdateUserRoutingProfile",
      "13:30:00.000",
      { is_write: true, resource_type: "user", agent_id: "agent-bea", routing_profile_id: "profile-1" },
      false,
    ],
    ["is not a read", "DescribeContactFlow", "13:30:00.000", { ...change, is_write: false }, false],
    [
      "is not a write that failed",
      "UpdateContactFlowContent",
      "13:30:00.000",
      { ...change, error_code: "AccessDenied" },
      false,
    ],
    [
      "is not the start of another contact in the flow",
      "StartChatContact",
      "13:30:00.000",
      { ...change, resource_type: "contact" },
      false,
    ],
    ["is not older than an hour before the contact", "UpdateContactFlowContent", "12:59:59.999", change, false],
    ["is not after the contact", "UpdateContactFlowContent", "14:04:00.001", change, false],
  ];
  test.each(cases)("%s", (...[, name, clock, columns, expected]) => {
    expect(isConfigurationChange(row("cloudtrail", name, clock, columns), window)).toBe(expected);
  });
});
