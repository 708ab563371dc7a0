import type { SourceRecord } from "@fourwire/core";
import { expect, test } from "vitest";
import { INCIDENTS, type Truth } from "../src/index.ts";
import { runIncident, type StoredRun } from "./stored.ts";

// Each incident is looked for where a person would look: in the records as they are stored, not in the truth. The truth
// only says when and whom.

const texts = (rows: readonly SourceRecord[]) => rows.map(({ message }) => message);
const calls = (run: StoredRun, name: string) => run.of("cloudtrail").filter(({ event_name }) => event_name === name);
const ofAgents = (rows: readonly SourceRecord[], ids: readonly string[]) =>
  rows.filter(({ agent_id }) => agent_id !== undefined && ids.includes(agent_id));

/** Contacts that an agent event lists in a state. */
function contactsIn(rows: readonly SourceRecord[], state: string): string[] {
  return rows.flatMap((row) => {
    const contacts: { contact_id: string; state: string }[] = JSON.parse(String(row["contacts"] ?? "[]"));
    return contacts.filter((contact) => contact.state === state).map(({ contact_id }) => contact_id);
  });
}

function deliveries(run: StoredRun, what: string) {
  return run.truth.filter(
    (fact): fact is Extract<Truth, { kind: "delivery" }> => fact.kind === "delivery" && fact.what === what,
  );
}

test("every incident has a sentence, its wires, and a name of its own", () => {
  expect(INCIDENTS.map(({ name }) => name)).toEqual([
    "ice-loss",
    "turn-blocked",
    "mic-denied",
    "tab-sleep-missed-calls",
    "ghost-agent",
    "lambda-timeout",
    "lex-fallback-loop",
    "bad-flow-publish",
    "queue-full",
    "clock-skew",
    "toll-fraud",
    "privilege-escalation",
    "instance-deleted",
    "recording-disabled",
    "region-failover",
    "lost-events",
    "duplicate-storm",
    "late-trail",
  ]);
  for (const { summary, wires } of INCIDENTS) {
    expect(summary).toMatch(/^[A-Z].{30,130}\.$/);
    expect(wires.length).toBeGreaterThan(0);
  }
});

test("ice-loss: both paths lose their connection, samples stop, records note packet loss", () => {
  const run = runIncident("ice-loss");
  const ccp = ofAgents(run.during("ccp_log"), run.incident.affected_agent_ids);
  const names = new Set(ccp.map(({ event_name }) => event_name));
  expect([...names]).toEqual(
    expect.arrayContaining(["ice_lost", "ice_restart", "ice_restart_failed", "ice_no_candidate"]),
  );
  expect(texts(ccp).some((text) => text.includes("Detected Lost ICE connection, IceRestart not supported"))).toBe(true);
  const records = run
    .of("contact_record")
    .filter(({ contact_id }) => run.incident.affected_contact_ids.includes(contact_id ?? ""));
  expect(records.length).toBeGreaterThan(3);
  for (const record of records) expect(record["quality_issues"]).toContain("HighPacketLoss");
});

test("turn-blocked: no candidate within 8 s, seven ERROR entries, and the contact goes to ERROR at that agent", () => {
  const run = runIncident("turn-blocked");
  const { affected_agent_ids: ids, affected_contact_ids: contacts } = run.incident;
  const failed = contactsIn(ofAgents(run.during("agent_event"), ids), "ERROR");
  expect(failed.length).toBeGreaterThan(2);
  const [contact = ""] = failed;
  expect(contacts).toContain(contact);
  const ccp = ofAgents(run.of("ccp_log"), ids).filter(({ severity_text }) => severity_text === "ERROR");
  expect(ccp.map(({ event_name }) => event_name)).toContain("ice_no_candidate");
  expect(texts(ccp).some((text) => text.includes("ice_collection_timeout"))).toBe(true);
  expect(
    run
      .of("contact_record")
      .some((row) => contacts.includes(row.contact_id ?? "") && Number(row["agent_connection_attempts"]) > 1),
  ).toBe(true);
});

test("mic-denied: the page says so, and calls to three agents fail within a second", () => {
  const run = runIncident("mic-denied");
  const ids = run.incident.affected_agent_ids;
  const denied = run.during("ccp_log").filter(({ event_name }) => event_name === "mic_denied");
  expect(new Set(denied.map(({ agent_id }) => agent_id))).toEqual(new Set(ids));
  expect(texts(run.during("ccp_log")).some((text) => text.includes("microphone_not_shared"))).toBe(true);
  expect(contactsIn(ofAgents(run.during("agent_event"), ids), "ERROR").length).toBeGreaterThan(2);
});

test("tab-sleep-missed-calls: contacts are missed while the log has a gap", () => {
  const run = runIncident("tab-sleep-missed-calls", { level: "TRACE" });
  const ids = run.incident.affected_agent_ids;
  expect(contactsIn(ofAgents(run.during("agent_event"), ids), "MISSED").length).toBeGreaterThan(2);
  // the browsers' own clocks are some milliseconds off, one of them some seconds
  const [from, until] = [Date.parse(run.incident.start_time) + 5_000, Date.parse(run.incident.end_time ?? "") - 5_000];
  const written = ofAgents(run.of("ccp_log"), ids).filter(({ event_time: time }) => time > from && time < until);
  expect(written).toEqual([]);
  const before = ofAgents(run.of("ccp_log"), ids);
  expect(new Set(before.map(({ agent_id }) => agent_id))).toEqual(new Set(ids));
  const end = Date.parse(run.incident.end_time ?? "");
  const after = before.filter(({ event_time }) => event_time >= end);
  expect(after.some(({ event_name }) => event_name === "websocket_lost")).toBe(true);
});

test("ghost-agent: Available without end, missed contacts, no LOGOUT, and a supervisor ends it", () => {
  const run = runIncident("ghost-agent", { level: "TRACE" });
  const ids = run.incident.affected_agent_ids;
  const events = ofAgents(run.during("agent_event"), ids);
  expect(events.some(({ event_name }) => event_name === "LOGOUT")).toBe(false);
  expect(contactsIn(events, "MISSED").length).toBeGreaterThan(1);
  const ccp = ofAgents(run.during("ccp_log"), ids);
  expect(texts(ccp).at(-1)).toContain("terminated");
  const ends = calls(run, "PutUserStatus");
  expect(new Set(ends.map((row) => row["resource_id"] ?? row.agent_id))).toEqual(new Set(ids));
  const last = ofAgents(run.of("agent_event"), ids.slice(0, 1)).find(
    ({ event_time }) => event_time >= (ends[0]?.event_time ?? 0),
  );
  expect(last?.["status_name"]).toBe("Offline");
});

test("lambda-timeout: the block takes 8 s and fails, after a deployment of the function", () => {
  const run = runIncident("lambda-timeout");
  const [deployed] = calls(run, "UpdateFunctionCode20150331v2");
  expect(deployed?.["event_source"]).toBe("lambda.amazonaws.com");
  const exits = run
    .during("flow_log")
    .filter((row) => row["block_type"] === "InvokeExternalResource" && row["is_error"] === true);
  expect(exits.length).toBeGreaterThan(20);
  const entries = run
    .of("flow_log")
    .filter((row) => row["block_type"] === "InvokeExternalResource" && row["results"] === undefined);
  const [exit] = exits;
  const entry = entries.find(({ contact_id }) => contact_id === exit?.contact_id);
  expect((exit?.event_time ?? 0) - (entry?.event_time ?? 0)).toBe(8_000);
});

test("lex-fallback-loop: one caller meets the fallback six times, after the alias was moved", () => {
  const run = runIncident("lex-fallback-loop");
  expect(calls(run, "UpdateBotAlias").length).toBe(2);
  const falls = run.of("flow_log").filter((row) => String(row["results"]) === "Fallbackintent");
  // a chat asks once, and who hangs up does not ask again: the patient callers go round
  const rounds = run.incident.affected_contact_ids.map(
    (contact) => falls.filter(({ contact_id }) => contact_id === contact).length,
  );
  expect(Math.max(...rounds)).toBe(6);
  const before = run.of("flow_log").filter(({ event_time }) => event_time < Date.parse(run.incident.start_time));
  expect(before.some((row) => row["results"] === "Support")).toBe(true);
});

test("bad-flow-publish: the masked publish, then a Lambda block that fails at once", () => {
  const run = runIncident("bad-flow-publish");
  const publishes = calls(run, "UpdateContactFlowContent");
  expect(publishes.length).toBe(2);
  expect(publishes[0]?.["request_parameters"]).toContain('"Content":"***"');
  const broken = run.during("flow_log").filter((row) => String(row["lambda_arn"]).endsWith(":next"));
  expect(broken.some((row) => row["is_error"] === true)).toBe(true);
  expect(broken.every(({ flow_id }) => flow_id === publishes[0]?.flow_id)).toBe(true);
});

test("queue-full: the limit is set to 1, and the transfer answers true", () => {
  const run = runIncident("queue-full");
  const limit = calls(run, "UpdateQueueMaxContacts").find((row) =>
    String(row["request_parameters"]).includes('"MaxContacts":1}'),
  );
  expect(limit?.["actor_class"]).toBe("admin_website");
  const full = run.during("flow_log").filter((row) => row["block_type"] === "Transfer" && row["results"] === "true");
  expect(full.length).toBeGreaterThan(2);
  const record = run.of("contact_record").find(({ contact_id }) => contact_id === full[0]?.contact_id);
  expect(record).toMatchObject({ disconnect_reason: "CONTACT_FLOW_DISCONNECT", queue_id: undefined });
});

test("clock-skew: snapshots say three minutes, and entries of a contact stand after its agent events", () => {
  const run = runIncident("clock-skew", { level: "TRACE" });
  const skewed = run.of("ccp_log").filter(({ original_body }) => /"skew":-19[34]\d{3}/.test(original_body));
  expect(new Set(skewed.map(({ agent_id }) => agent_id))).toEqual(new Set(run.incident.affected_agent_ids));
  expect(run.of("ccp_log").some(({ original_body }) => /skewTimeMillis[^,]*-19[34]\d{3}/.test(original_body))).toBe(
    true,
  );
});

test("toll-fraud: a key starts many calls to expensive numbers, each a contact without an agent", () => {
  const run = runIncident("toll-fraud");
  const started = calls(run, "StartOutboundVoiceContact");
  expect(started.length).toBeGreaterThan(100);
  expect(new Set(started.map((row) => row["principal_type"]))).toEqual(new Set(["IAMUser"]));
  for (const row of started) expect(row["request_parameters"]).toMatch(/"DestinationPhoneNumber":"\+(882|883|232)/);
  expect(calls(run, "ListUsers").some((row) => row["error_code"] === "AccessDeniedException")).toBe(true);
  const ids = new Set(run.incident.affected_contact_ids);
  const records = run.of("contact_record").filter(({ contact_id }) => ids.has(contact_id ?? ""));
  expect(records.length).toBeGreaterThan(50);
  expect(records.every(({ agent_id }) => agent_id === undefined)).toBe(true);
  expect(calls(run, "UpdateAccessKey").length).toBe(1);
});

test("privilege-escalation: emergency access, then a session that is no user makes an administrator", () => {
  const run = runIncident("privilege-escalation");
  const [access] = calls(run, "AdminGetEmergencyAccessToken");
  expect(access?.["principal_arn"]).toContain("user/ci-backup");
  const made = calls(run, "UpdateUserSecurityProfiles").find(
    ({ event_time }) => event_time > (access?.event_time ?? 0),
  );
  expect(made?.["actor_class"]).toBe("admin_website");
  const users = new Set(run.of("agent_event").map(({ agent_id }) => agent_id));
  expect(users.has(String(made?.["session_name"] ?? made?.session_id))).toBe(false);
});

test("instance-deleted: DeleteInstance, everybody out, and silence", () => {
  const run = runIncident("instance-deleted");
  const [deleted] = calls(run, "DeleteInstance");
  expect(deleted?.["is_write"]).toBe(true);
  const after = run.of("agent_event").filter(({ event_time }) => event_time > (deleted?.event_time ?? 0) + 60_000);
  expect(after).toEqual([]);
  const asked = calls(run, "GetCurrentMetricData").filter(
    ({ event_time }) => event_time > (deleted?.event_time ?? 0) + 60_000,
  );
  expect(asked.length).toBeGreaterThan(10);
  expect(new Set(asked.map((row) => row["error_code"]))).toEqual(new Set(["ResourceNotFoundException"]));
  const logOuts = run.during("agent_event").filter(({ event_name }) => event_name === "LOGOUT");
  expect(new Set(logOuts.map(({ agent_id }) => agent_id))).toEqual(new Set(run.incident.affected_agent_ids));
});

test("recording-disabled: answered calls without a recording, between two storage calls", () => {
  const run = runIncident("recording-disabled");
  expect(calls(run, "DisassociateInstanceStorageConfig").length).toBe(1);
  expect(calls(run, "AssociateInstanceStorageConfig").length).toBe(1);
  const ids = new Set(run.incident.affected_contact_ids);
  const answered = run
    .of("contact_record")
    .filter((row) => row["connected_to_agent_time"] !== undefined && row["channel"] === "VOICE")
    // what a supervisor hears is recorded with the call itself
    .filter((row) => row["initiation_method"] !== "MONITOR");
  const isRecorded = ({ original_body }: SourceRecord) => !original_body.includes('"Recording":null');
  expect(answered.filter(({ contact_id }) => ids.has(contact_id ?? "")).some(isRecorded)).toBe(false);
  expect(answered.filter(({ contact_id }) => !ids.has(contact_id ?? "")).every(isRecorded)).toBe(true);
});

test("region-failover: calls, contacts, agents and pages say the replica Region", () => {
  const run = runIncident("region-failover", { level: "TRACE" });
  expect(calls(run, "UpdateTrafficDistribution").length).toBe(2);
  const replica = "eu-central-1";
  expect(run.during("contact_event").filter((row) => row["active_region"] === replica).length).toBeGreaterThan(50);
  expect(run.during("agent_event").some((row) => row["current_region"] === replica)).toBe(true);
  expect(run.of("cloudtrail").some((row) => row.region === replica && row["actor_class"] === "replica_sync")).toBe(
    true,
  );
  expect(texts(run.during("ccp_log")).some((text) => text.includes("globalResiliency::failover_complete"))).toBe(true);
});

test("lost-events: what is lost is in the truth, and the next event's previous snapshot gives it away", () => {
  const run = runIncident("lost-events");
  const lost = deliveries(run, "lost");
  expect(lost.length).toBeGreaterThan(30);
  const stored = new Set(run.of("agent_event").map(({ original_id }) => original_id));
  expect(lost.filter(({ original_id }) => stored.has(original_id ?? ""))).toEqual([]);
});

test("duplicate-storm: most records come again, byte by byte, and have the same id", () => {
  const run = runIncident("duplicate-storm");
  const counts = new Map<string, number>();
  for (const { record_id } of run.rows) counts.set(record_id, (counts.get(record_id) ?? 0) + 1);
  const again = [...counts.values()].filter((count) => count > 1).length;
  expect(again).toBeGreaterThan(500);
  const delivered = deliveries(run, "duplicated").filter(
    (fact) => Date.parse(fact.delivered_time ?? "") < Date.parse("2026-11-02T15:00:00Z"),
  );
  const surplus = run.rows.length - counts.size;
  expect(surplus).toBe(delivered.length);
});

test("late-trail: records come 12 to 25 minutes after they happened", () => {
  const run = runIncident("late-trail");
  const lateMs = run.emissions
    .filter(({ source }) => source === "cloudtrail")
    .map(({ time, body }) => time - Date.parse(/"eventTime":"([^"]+)"/.exec(body)?.[1] ?? ""));
  const late = lateMs.filter((ms) => ms > 60_000);
  expect(late.length).toBe(
    deliveries(run, "late").filter(
      (fact) => Date.parse(fact.delivered_time ?? "") <= Date.parse("2026-11-02T15:00:00Z"),
    ).length,
  );
  expect(Math.min(...late)).toBeGreaterThanOrEqual(12 * 60_000);
  expect(late.length).toBeGreaterThan(50);
});
