import { describe, expect, test } from "vitest";
import type { Lane, LaneName } from "../api.ts";
import { deriveContactTimeline } from "./contact-timeline.ts";
import { agentEvent, at, row } from "./fixtures/timeline-rows.ts";
import { TRANSFERRED_CALL } from "./fixtures/transferred-call.ts";
import type { TimelineRow } from "./timeline-row.ts";

const CALL = { contact_id: "call-1", state: "CONNECTED", since: "14:00:00.000" };
const ON_CALL = [agentEvent("14:00:00.000", { contacts: [CALL] }), agentEvent("14:04:00.000", { previous: [CALL] })];

function lane(name: LaneName, rows: readonly TimelineRow[], now = "15:00:00.000"): Lane | undefined {
  const timeline = deriveContactTimeline({ contactId: "call-1", rows, links: [], now: at(now), entryLimit: 1000 });
  return timeline.lanes.find((each) => each.name === name);
}

function spans(name: LaneName, rows: readonly TimelineRow[], now?: string): string[] {
  return (lane(name, rows, now)?.spans ?? []).map(
    (span) => `${span.kind} "${span.label}" ${span.from.slice(11, 19)}-${span.to?.slice(11, 19) ?? "..."}`,
  );
}

function status(name: string, since: string) {
  return { status_name: name, status_type: "CUSTOM", status_start_time: at(since) };
}

function line(name: string, clock: string, severity: number, contactId?: string): TimelineRow {
  return row("ccp_log", name, clock, { agent_id: "agent-ana", severity_number: severity, contact_id: contactId });
}

describe("the queue lane", () => {
  const event = { contact_id: "call-1", channel: "VOICE", initiation_method: "INBOUND" };

  test("tells one wait once, though three wires tell it with different precision", () => {
    const told = spans("queue", [
      row("contact_event", "QUEUED", "14:00:20.553", { ...event, enqueue_time: at("14:00:20.553") }),
      row("contact_event", "CONNECTED_TO_AGENT", "14:00:32.120", event),
      agentEvent("14:00:28.000", { contacts: [{ ...CALL, queued: "14:00:20.000", queue_name: "Support" }] }),
      row("contact_record", "CONTACT_RECORD", "14:03:00.000", { ...event, enqueue_time: at("14:00:21.000") }),
    ]);
    expect(told).toEqual(['answered "Support" 14:00:20-14:00:32']);
  });

  test("a second queue ends the wait in the first", () => {
    const told = spans("queue", [
      row("contact_event", "QUEUED", "14:00:00.000", event),
      row("contact_event", "QUEUED", "14:01:00.000", { ...event, record_id: "second" }),
      row("contact_event", "DISCONNECTED", "14:02:00.000", event),
    ]);
    expect(told).toEqual(['left "queue" 14:00:00-14:01:00', 'abandoned "queue" 14:01:00-14:02:00']);
  });

  test("leaving the queue for another contact is not an abandon", () => {
    const told = spans("queue", [
      row("contact_record", "CONTACT_RECORD", "14:02:00.000", {
        ...event,
        enqueue_time: at("14:00:00.000"),
        dequeue_time: at("14:01:00.000"),
        disconnect_time: at("14:02:00.000"),
        next_contact_id: "call-2",
      }),
    ]);
    expect(told).toEqual(['left "queue" 14:00:00-14:01:00']);
  });

  test("an agent's outbound call waits in no queue", () => {
    const outbound = { contact_id: "call-1", initiation_method: "OUTBOUND", enqueue_time: at("14:00:00.000") };
    expect(spans("queue", [row("contact_record", "CONTACT_RECORD", "14:02:00.000", outbound)])).toEqual([]);
  });
});

describe("the agent status lane", () => {
  test("a status begins when the agent chose it, and is cut at the window's end", () => {
    const told = spans("agent_state", [
      agentEvent("14:00:00.000", { contacts: [CALL], columns: status("Available", "09:00:00.000") }),
      agentEvent("14:04:00.000", { previous: [CALL], columns: status("Break", "14:03:58.000") }),
    ]);
    expect(told).toEqual(['CUSTOM "Available" 09:00:00-14:03:58', 'CUSTOM "Break" 14:03:58-14:05:00']);
  });

  test("goes on while the agent has the contact", () => {
    expect(spans("agent_state", ON_CALL.slice(0, 1), "14:01:00.000")).toEqual(['ROUTABLE "Available" 13:30:00-...']);
  });

  test("a heartbeat after logout does not log the agent in", () => {
    const told = spans("agent_state", [
      agentEvent("14:00:00.000", { contacts: [CALL] }),
      agentEvent("14:01:00.000", { name: "LOGOUT" }),
      agentEvent("14:01:30.000", { name: "HEART_BEAT" }),
    ]);
    expect(told).toEqual(['ROUTABLE "Available" 13:30:00-14:01:00']);
  });
});

describe("the CCP log lane", () => {
  test("marks warnings, errors and the turns of a call, and none of the rest", () => {
    const marks = lane("ccp_log", [
      ...ON_CALL,
      line("log", "14:00:01.000", 9),
      line("mute", "14:00:02.000", 9, "call-1"),
      line("log", "14:00:03.000", 13),
      line("log", "14:00:04.000", 17, "call-2"),
    ])?.marks;
    expect(marks?.map((mark) => [mark.record_id, mark.severity_number])).toEqual([
      ["ccp_log mute 14:00:02.000", 9],
      ["ccp_log log 14:00:03.000", 13],
    ]);
  });

  test("shows how long the sound was gone", () => {
    expect(spans("ccp_log", TRANSFERRED_CALL)).toEqual(['audio_loss "audio lost (ICE)" 14:02:00-14:02:11']);
  });
});

/** A report of seconds that the agent heard, each with one packet lost. */
function heard(clock: string, measured: readonly string[], contactId?: string): TimelineRow {
  return row("ccp_log", "softphone_metrics", clock, {
    agent_id: "agent-ana",
    contact_id: contactId,
    message: "sendSoftphoneMetrics success",
    attributes: JSON.stringify({
      objects: measured.map((time) => ({
        softphoneStreamType: "audio_input",
        timestamp: `2026-11-20T${time}Z`,
        packetsLost: 1,
      })),
    }),
  });
}

describe("the quality lane", () => {
  test("has each measured second once, and nothing for what was not measured", () => {
    const told = [
      {
        softphoneStreamType: "audio_input",
        timestamp: "2026-11-20T14:01:00.000Z",
        packetsLost: 2,
        packetsCount: 48,
        audioLevel: null,
        jitterBufferMillis: 5,
        roundTripTimeMillis: null,
      },
    ];
    const report = (clock: string) =>
      row("ccp_log", "softphone_metrics", clock, {
        agent_id: "agent-ana",
        message: "sendSoftphoneMetrics success",
        attributes: JSON.stringify({ objects: told }),
      });
    expect(lane("softphone_quality", [...ON_CALL, report("14:01:30.000"), report("14:02:00.000")])?.samples).toEqual([
      {
        time: "2026-11-20T14:01:00.000Z",
        metric: "jitter_ms",
        stream: "audio_input",
        value: 5,
        record_id: "ccp_log softphone_metrics 14:01:30.000",
      },
      {
        time: "2026-11-20T14:01:00.000Z",
        metric: "packets_lost",
        stream: "audio_input",
        value: 2,
        record_id: "ccp_log softphone_metrics 14:01:30.000",
      },
    ]);
  });

  test("leaves out the sound of the agent's other calls", () => {
    const samples = lane("softphone_quality", [
      ...ON_CALL,
      heard("14:00:30.000", ["13:59:40.000", "14:00:10.000"]),
      heard("14:01:00.000", ["14:00:40.000"], "call-2"),
      heard("14:04:10.000", ["14:03:50.000", "14:04:05.000"]),
      heard("14:04:20.000", ["14:04:08.000"], "call-1"),
    ])?.samples;
    expect(samples?.map((sample) => sample.time.slice(11, 19))).toEqual(["14:00:10", "14:03:50", "14:04:08"]);
  });
});

describe("the API lane", () => {
  test("tells changes, writes and reads apart, and why a call failed", () => {
    const labels = lane("api_calls", [
      ...ON_CALL,
      row("cloudtrail", "UpdateUserRoutingProfile", "13:59:30.000", {
        is_write: true,
        agent_id: "agent-ana",
        actor: "eva",
      }),
      row("cloudtrail", "StopContact", "14:01:00.000", { is_write: true, contact_id: "call-1", session_name: "eva" }),
      row("cloudtrail", "GetUserData", "14:02:00.000", { is_write: false, session_name: "Ana.Ruiz" }),
      row("cloudtrail", "UpdateUserPhoneConfig", "14:03:00.000", {
        is_write: true,
        agent_id: "agent-ana",
        error_code: "AccessDenied",
      }),
    ])?.marks.map((mark) => mark.label);
    expect(labels).toEqual([
      "agent changed: UpdateUserRoutingProfile by eva",
      "write: StopContact by eva",
      "read: GetUserData by Ana.Ruiz",
      "write: UpdateUserPhoneConfig (failed: AccessDenied)",
    ]);
  });
});
