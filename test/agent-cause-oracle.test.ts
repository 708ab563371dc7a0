import { createHash } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import {
  deriveAgent,
  explainOffers,
  groupByPerson,
  reconcile,
  SOURCES,
  toEventRow,
  unixMillis,
  type AgentDerivation,
  type CcpLine,
  type ContactRecordRow,
  type ContactSign,
  type JsonObject,
  type Reconciliation,
  type SourceName,
  type SourceRecord,
} from "@fourwire/core";
import { createSimulation, type Truth } from "@fourwire/simulator";

// Why offers failed, and how contact records compare with agent events, against what the simulator knows.

const START = unixMillis(Date.parse("2026-11-02T05:00:00Z"));
const END = unixMillis(START + 8 * 3_600_000);
const digest = (text: string) => createHash("sha256").update(text).digest("base64url");

/** Each source's decoder may remember the stream it reads; one browser's lines are one stream. */
const memories = new Map<string, unknown>();

function decode(source: SourceName, body: string, stream: string): SourceRecord | undefined {
  const definition = SOURCES[source];
  const key = `${source} ${stream}`;
  if (!memories.has(key)) memories.set(key, definition.createMemory?.());
  const value: JsonObject = JSON.parse(body);
  const received = { value, body, carrier: undefined };
  const decoded = definition.decode(received);
  if (!decoded.ok) return undefined;
  return definition.normalize(decoded.value, received, { digest, observedTime: START, memory: memories.get(key) });
}

const rows = new Map<SourceName, SourceRecord[]>();
const owners = new Map<string, string>();
const truths: Truth[] = [];
let agents: readonly AgentDerivation[] = [];

beforeAll(() => {
  const simulation = createSimulation({
    seed: 5,
    agents: 16,
    startTime: START,
    preset: "centre",
    durationMs: END - START,
    level: "DEBUG",
    tell: (truth) => truths.push(truth),
  });
  for (const { source, body, key } of simulation.emissionsUntil(END)) {
    if (source === "flow_log" || source === "cloudtrail") continue;
    const row = decode(source, body, key);
    if (row === undefined) continue;
    // a CCP line names its agent only where something forwarded it; the simulator's key is the browser's owner
    if (source === "ccp_log") owners.set(row.record_id, key);
    const list = rows.get(source);
    if (list === undefined) rows.set(source, [row]);
    else list.push(row);
  }
  simulation.finish();
  const events = (rows.get("agent_event") ?? []).map(toEventRow);
  agents = groupByPerson(events).map((person) =>
    deriveAgent(person.events, { from: START, to: END, agentId: person.agentId }),
  );
});

const CAUSES: Readonly<Record<string, string>> = {
  declined: "agent_declined",
  not_answered: "agent_did_not_answer",
  agent_away: "agent_did_not_answer",
};

/** Reasons that only the agent's CCP log tells. */
const OF_THE_BROWSER = new Set(["not_answered", "agent_away", "browser_silent", "api_gap"]);

function causeToBeSeen(cause: string, hasLog: boolean): string {
  return hasLog || !OF_THE_BROWSER.has(cause) ? (CAUSES[cause] ?? cause) : "not_known";
}

describe("offers", () => {
  test("fail for the reasons the simulator knows", () => {
    const ccpLines = (rows.get("ccp_log") ?? []) as unknown as readonly CcpLine[];
    const signs = [
      ...(rows.get("contact_event") ?? []),
      ...(rows.get("contact_record") ?? []),
    ] as unknown as ContactSign[];
    const explained = agents.flatMap((agent) =>
      explainOffers(agent.offers, {
        ccpLines: ccpLines.filter((line) => owners.get(line.record_id) === agent.agent_username),
        contactSigns: signs,
      }),
    );
    const told = explained.flatMap((offer) =>
      offer.cause === null ? [] : [[offer.contact_id, new Date(offer.offered_time).toISOString(), offer.cause]],
    );
    // an agent whose browser sends no log shows no reason of their own: what cannot be seen is not known, not guessed
    const names = new Set(owners.values());
    const withLog = new Set(
      agents.filter((agent) => names.has(agent.agent_username ?? "")).map((agent) => agent.agent_id),
    );
    const known = truths.flatMap((truth) =>
      truth.kind === "offer" && truth.cause !== null && truth.end_time !== null
        ? [[truth.contact_id, truth.start_time, causeToBeSeen(truth.cause, withLog.has(truth.agent_id))]]
        : [],
    );
    expect(known.map(([, , cause]) => cause)).toContain("not_known");
    expect(known.length).toBeGreaterThan(5);
    expect(told.map(String).sort()).toEqual(known.map(String).sort());
  });
});

describe("contact records", () => {
  test("differ from agent events by precision, and nothing is unexplained", () => {
    const records = (rows.get("contact_record") ?? []) as unknown as ContactRecordRow[];
    expect(records.some((record) => (record.agent_pause_duration_s ?? 0) > 0)).toBe(true);
    const results = agents.map((derivation): Reconciliation => {
      const own = new Set(derivation.contact_states.map((state) => state.contact_id));
      const relevant = records.filter((record) => own.has(record.contact_id));
      return reconcile({ derivation, records: relevant, now: END });
    });
    const contacts = results.flatMap((result) => result.contacts);
    expect(results.reduce((sum, result) => sum + result.contact_count, 0)).toBeGreaterThan(50);
    expect(
      contacts
        .filter((row) => row.kind === "unexplained" || row.kind === "gap")
        .map((row) => [row.contact_id, row.field, row.event_value, row.record_value]),
    ).toEqual([]);
    expect(contacts.some((row) => row.kind === "precision")).toBe(true);
  });
});
