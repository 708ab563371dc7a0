import { describe, expect, test } from "vitest";
import { deriveContactTimeline } from "./contact-timeline.ts";
import { agentEvent, at, row } from "./fixtures/timeline-rows.ts";
import type { TimelineRow } from "./timeline-row.ts";

const CALL = { contact_id: "call-1" };
const STARTED = { ...CALL, channel: "VOICE", initiation_method: "INBOUND", initiation_time: at("14:00:00.000") };

function derive(rows: readonly TimelineRow[], now = "15:00:00.000") {
  return deriveContactTimeline({ contactId: "call-1", rows, links: [], now: at(now), entryLimit: 1000 });
}

/** The clauses, problems marked with "!". */
function read(rows: readonly TimelineRow[], now?: string): string[] {
  return derive(rows, now).summary.clauses.map(({ text, is_problem: isProblem }) => (isProblem ? `! ${text}` : text));
}

function missed(clock: string, agent: string, after: string): TimelineRow[] {
  return [
    agentEvent(clock, { agent, contacts: [{ ...CALL, state: "MISSED", since: clock }] }),
    agentEvent(after, { agent, previous: [{ ...CALL, state: "MISSED", since: clock }] }),
  ];
}

function inBrowser(name: string, clock: string, message = name): TimelineRow {
  return row("ccp_log", name, clock, { ...CALL, agent_id: "agent-ana", message });
}

describe("the sentence at the top", () => {
  test("an abandoned wait is a problem with the records that tell it", () => {
    const timeline = derive([
      row("contact_event", "INITIATED", "14:00:00.000", STARTED),
      row("contact_event", "QUEUED", "14:00:10.000", { ...STARTED, queue_id: "queue-1" }),
      row("contact_event", "DISCONNECTED", "14:01:40.000", { ...STARTED, disconnect_reason: "CUSTOMER_DISCONNECT" }),
    ]);
    expect(timeline.summary).toEqual({
      clauses: [
        {
          text: "Inbound voice, 1 min 40 s",
          record_ids: ["contact_event INITIATED 14:00:00.000", "contact_event DISCONNECTED 14:01:40.000"],
          is_problem: false,
        },
        {
          text: "abandoned in queue queue-1 after 1 min 30 s",
          record_ids: ["contact_event QUEUED 14:00:10.000", "contact_event DISCONNECTED 14:01:40.000"],
          is_problem: true,
        },
      ],
      channel: "VOICE",
      initiation_method: "INBOUND",
      queue: "queue-1",
      duration_ms: 100_000,
    });
  });

  test("a contact that goes on says since when, and how long it waits", () => {
    const rows = [
      row("contact_event", "INITIATED", "14:00:00.000", STARTED),
      row("contact_event", "QUEUED", "14:00:10.000", STARTED),
    ];
    expect(read(rows, "14:00:30.000")).toEqual([
      "Inbound voice, going on since 14:00:00Z",
      "In a queue, waiting for 20 s",
    ]);
    expect(read(rows, "15:00:00.000")[0]).toBe("Inbound voice from 14:00:00Z, its end was not received");
  });

  test("a queue known by its id only is told by the id's beginning", () => {
    const queued = { ...STARTED, queue_id: "0a1b2c3d-1111-4222-8333-444455556666" };
    const rows = [
      row("contact_event", "QUEUED", "14:00:10.000", queued),
      row("contact_event", "CONNECTED_TO_AGENT", "14:00:20.000", queued),
    ];
    expect(read(rows)).toContain("Queue 0a1b2c3d, waited 10 s");
  });

  test("offers that were missed are counted by agent", () => {
    const rows = [
      ...missed("14:00:20.000", "ana", "14:00:21.000"),
      ...missed("14:00:40.000", "ana", "14:00:41.000"),
      ...missed("14:01:00.000", "bea", "14:01:01.000"),
    ];
    expect(read(rows).slice(1)).toEqual(["! missed 2 times by ana.ruiz", "! missed by bea.ruiz"]);
  });

  test("a supervisor who listens in did not have the contact", () => {
    const listened = { ...CALL, state: "CONNECTED", since: "14:00:00.000", initiation_method: "MONITOR" };
    const rows = [
      agentEvent("14:00:00.000", { agent: "eva", contacts: [listened] }),
      agentEvent("14:01:00.000", { agent: "eva", previous: [listened] }),
    ];
    expect(read(rows).slice(1)).toEqual(["monitored by eva.ruiz"]);
  });

  test("a loss of audio without a recovery says so", () => {
    const rows = [
      inBrowser("ice_lost", "14:00:00.000"),
      inBrowser("ice_state", "14:00:00.100", "ICE Connection State:  disconnected"),
      inBrowser("ice_restart_failed", "14:00:11.000"),
    ];
    expect(read(rows)).toContain("! Audio was lost at 14:00:00Z and no recovery was logged (ICE)");
  });

  test("many losses of audio end in a count that names their records", () => {
    const rows = [0, 1, 2, 3, 4].flatMap((minute) => [
      inBrowser("ice_lost", `14:0${minute}:00.000`),
      inBrowser("ice_state", `14:0${minute}:02.000`, "ICE Connection State:  connected"),
    ]);
    const clauses = derive(rows).summary.clauses.filter((clause) => clause.is_problem);
    expect(clauses.map(({ text }) => text)).toEqual([
      "Audio was lost for 2 s at 14:00:00Z (ICE)",
      "Audio was lost for 2 s at 14:01:00Z (ICE)",
      "Audio was lost for 2 s at 14:02:00Z (ICE)",
      "2 more losses of audio",
    ]);
    expect(clauses.at(-1)?.record_ids).toEqual([
      "ccp_log ice_lost 14:03:00.000",
      "ccp_log ice_state 14:03:02.000",
      "ccp_log ice_lost 14:04:00.000",
      "ccp_log ice_state 14:04:02.000",
    ]);
  });

  test("another contact's line of the same agent is not this contact's problem", () => {
    const call = { ...CALL, state: "CONNECTED", since: "14:00:00.000" };
    const rows = [
      agentEvent("14:00:00.000", { contacts: [call] }),
      agentEvent("14:01:00.000", { previous: [call] }),
      { ...inBrowser("ice_lost", "14:00:30.000"), contact_id: "call-2" },
    ];
    expect(read(rows).filter((clause) => clause.startsWith("!"))).toEqual([]);
  });

  test("failures in the flow are counted, with where the customer was", () => {
    const lambda = {
      ...CALL,
      flow_id: "flow-1",
      is_error: true,
      lambda_arn: "arn:aws:lambda:eu-west-2:111122223333:function:position",
    };
    const rows = [
      row("contact_event", "QUEUED", "14:00:10.000", STARTED),
      row("flow_log", "InvokeExternalResource", "14:00:20.000", lambda),
      row("flow_log", "InvokeExternalResource", "14:00:40.000", lambda),
      row("flow_log", "PlayPrompt", "14:00:05.000", {
        ...CALL,
        flow_id: "flow-1",
        is_error: true,
        results: "No prompt provided",
      }),
    ];
    expect(read(rows).filter((clause) => clause.startsWith("!"))).toEqual([
      "! flow block `Play prompt` failed before the queue",
      "! Lambda `position` failed 2 times in the queue",
    ]);
  });

  test("a change during the contact is told with its call, and as no problem", () => {
    const rows = [
      row("contact_event", "INITIATED", "14:00:00.000", STARTED),
      row("contact_event", "QUEUED", "14:00:10.000", { ...STARTED, queue_id: "queue-1" }),
      row("contact_event", "DISCONNECTED", "14:01:40.000", STARTED),
      row("cloudtrail", "UpdateQueueStatus", "14:01:00.000", { is_write: true, queue_id: "queue-1" }),
    ];
    expect(read(rows).at(-1)).toBe("the queue was changed during the contact, at 14:01:00Z (UpdateQueueStatus)");
  });
});
