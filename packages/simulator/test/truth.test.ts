import { unixMillis, type UnixMillis } from "@fourwire/core";
import { expect, test } from "vitest";
import { createSimulation, type Emission, type Truth } from "../src/index.ts";
import { bodies, type AgentEventBody } from "./bodies.ts";
import { groupBy, MINUTE_MS } from "./run.ts";

// The truth against the agent events, read independently of the simulator: every segment the events show is in the truth
// with the same instants, and the other way round.

const START = unixMillis(Date.parse("2026-11-02T14:00:00.000Z"));
const HOURS = 7;

interface Run {
  readonly emissions: readonly Emission[];
  readonly truth: readonly Truth[];
}

function run(seed: number, options: { level?: "TRACE" | "INFO"; hours?: number } = {}): Run {
  const truth: Truth[] = [];
  const simulation = createSimulation({
    seed,
    agents: 40,
    startTime: START,
    preset: "centre",
    durationMs: (options.hours ?? HOURS) * 60 * MINUTE_MS,
    level: options.level ?? "INFO",
    tell: (fact) => truth.push(fact),
  });
  const emissions = [...simulation.emissionsUntil(unixMillis(START + (options.hours ?? HOURS) * 60 * MINUTE_MS))];
  simulation.finish();
  return { emissions, truth };
}

const { emissions, truth } = run(3);
const byAgent = groupBy(bodies(emissions, "agent_event"), ({ AgentARN }) => AgentARN.split("/").at(-1) ?? "");

function ofKind<K extends Truth["kind"]>(kind: K): Extract<Truth, { kind: K }>[] {
  return truth.filter((fact): fact is Extract<Truth, { kind: K }> => fact.kind === kind);
}

interface Segment {
  readonly key: string;
  readonly start: string;
  end: string | null;
}

const changesOf = (events: readonly AgentEventBody[]) => events.filter(({ EventType }) => EventType !== "HEART_BEAT");

/** Statuses as the events show them: the start Connect says, the end at the next status, LOGOUT or LOGIN. */
function statusSegments(agentId: string, events: readonly AgentEventBody[]): Segment[] {
  const segments: Segment[] = [];
  let open: Segment | undefined;
  for (const event of changesOf(events)) {
    const status = event.EventType === "STATE_CHANGE" ? event.CurrentAgentSnapshot?.AgentStatus : undefined;
    const isSame = status !== undefined && open?.start === status.StartTimestamp;
    if (isSame) continue;
    if (open !== undefined) open.end = event.EventTimestamp;
    open =
      status === undefined
        ? undefined
        : { key: `${agentId} ${status.Name} ${status.Type}`, start: status.StartTimestamp, end: null };
    if (open !== undefined) segments.push(open);
  }
  return segments;
}

/** Contacts' states by the events' own times. */
function contactSegments(agentId: string, events: readonly AgentEventBody[]): Segment[] {
  const segments: Segment[] = [];
  const open = new Map<string, Segment>();
  for (const event of changesOf(events)) {
    const contacts = event.EventType === "STATE_CHANGE" ? (event.CurrentAgentSnapshot?.Contacts ?? []) : [];
    const keys = new Set(contacts.map(({ ContactId, State }) => `${agentId} ${ContactId} ${State}`));
    for (const [key, segment] of open) {
      if (keys.has(key)) continue;
      segment.end = event.EventTimestamp;
      open.delete(key);
    }
    for (const key of keys) {
      if (open.has(key)) continue;
      const segment = { key, start: event.EventTimestamp, end: null };
      open.set(key, segment);
      segments.push(segment);
    }
  }
  return segments;
}

const sorted = (segments: readonly Segment[]) =>
  segments.toSorted((a, b) => (a.start + a.key < b.start + b.key ? -1 : 1));

test("the events' statuses are the true ones, to the millisecond", () => {
  const seen = [...byAgent].flatMap(([agentId, events]) => statusSegments(agentId, events));
  const known = ofKind("agent_status").map((fact) => ({
    key: `${fact.agent_id} ${fact.status_name} ${fact.status_type}`,
    start: fact.start_time,
    end: fact.end_time,
  }));
  expect(sorted(seen)).toEqual(sorted(known));
  expect(known.length).toBeGreaterThan(100);
});

test("the events' contact states are the true ones, to the millisecond", () => {
  const seen = [...byAgent].flatMap(([agentId, events]) => contactSegments(agentId, events));
  const known = ofKind("agent_contact_state").map((fact) => ({
    key: `${fact.agent_id} ${fact.contact_id} ${fact.state}`,
    start: fact.start_time,
    end: fact.end_time,
  }));
  expect(sorted(seen)).toEqual(sorted(known));
  expect(known.length).toBeGreaterThan(1_000);
});

test("after-contact work is the time in ENDED, and a status change, a timeout or the agent ends it", () => {
  const work = ofKind("after_contact_work");
  const ended = ofKind("agent_contact_state").filter(({ state }) => state === "ENDED");
  const keyOf = (fact: { agent_id: string; contact_id: string; start_time: string; end_time: string | null }) =>
    `${fact.agent_id} ${fact.contact_id} ${fact.start_time} ${fact.end_time}`;
  expect(work.map(keyOf).toSorted()).toEqual(ended.map(keyOf).toSorted());
  const ways = new Set(work.map(({ closed_by }) => closed_by));
  expect([...ways]).toEqual(expect.arrayContaining(["cleared", "status_change", "timeout"]));
});

test("a status change that ends after-contact work is one event", () => {
  const cut = ofKind("after_contact_work").find((fact) => fact.closed_by === "status_change" && fact.end_time !== null);
  const status = ofKind("agent_status").find(
    ({ agent_id, start_time }) => agent_id === cut?.agent_id && start_time === cut.end_time,
  );
  expect(status?.status_type).not.toBe("ROUTABLE");
});

test("sessions begin with LOGIN, and only those that logged out end with LOGOUT", () => {
  const sessions = ofKind("login_session");
  const events = bodies(emissions, "agent_event");
  const at = (type: string) =>
    events.filter(({ EventType }) => EventType === type).map((event) => event.EventTimestamp);
  expect(sessions.map(({ start_time }) => start_time).toSorted()).toEqual(at("LOGIN").toSorted());
  const loggedOut = sessions.filter(({ ended_by }) => ended_by === "logout");
  expect(loggedOut.map(({ end_time }) => end_time ?? "").toSorted()).toEqual(at("LOGOUT").toSorted());
  expect(sessions.some(({ ended_by }) => ended_by === "browser_closed")).toBe(true);
});

test("offers end as the stream shows them, each with its cause", () => {
  const states = new Map(
    ofKind("agent_contact_state").map((fact) => [`${fact.agent_id} ${fact.contact_id} ${fact.start_time}`, fact.state]),
  );
  const shown: Record<string, readonly unknown[]> = {
    answered: ["CONNECTED", "CONNECTING"],
    missed: ["MISSED"],
    rejected: ["REJECTED"],
    abandoned: ["REJECTED"],
    error: ["ERROR"],
  };
  const over = ofKind("offer").filter(({ end_time }) => end_time !== null);
  for (const offer of over) {
    const next = states.get(`${offer.agent_id} ${offer.contact_id} ${offer.end_time}`);
    expect(shown[offer.outcome ?? ""]).toContain(next);
    expect(offer.cause === null, offer.outcome ?? "").toBe(offer.outcome === "answered");
  }
  const outcomes = new Set(ofKind("offer").map(({ outcome }) => outcome));
  expect([...outcomes]).toEqual(expect.arrayContaining(["answered", "missed", "rejected", "abandoned"]));
});

test("agents have several chats at once, and their after-contact work overlaps", () => {
  const most = Math.max(
    ...bodies(emissions, "agent_event").map((event) => event.CurrentAgentSnapshot?.Contacts.length ?? 0),
  );
  expect(most).toBeGreaterThan(1);
  const work = ofKind("after_contact_work").flatMap((fact) => (fact.end_time === null ? [] : [fact]));
  const overlaps = work.filter((first) =>
    work.some(
      (second) =>
        second !== first &&
        second.agent_id === first.agent_id &&
        second.start_time < (first.end_time ?? "") &&
        first.start_time < (second.end_time ?? ""),
    ),
  );
  expect(overlaps.length).toBeGreaterThan(0);
});

test("every channel and way of beginning comes up", () => {
  const contacts = ofKind("contact");
  const ways = new Set(contacts.map(({ channel, initiation_method }) => `${channel} ${initiation_method}`));
  expect([...ways]).toEqual(
    expect.arrayContaining([
      "VOICE INBOUND",
      "VOICE OUTBOUND",
      "VOICE CALLBACK",
      "VOICE TRANSFER",
      "CHAT API",
      "TASK API",
    ]),
  );
});

test("what browsers log does not change what happens", () => {
  const quiet = run(3, { hours: 1.5 });
  const loud = run(3, { hours: 1.5, level: "TRACE" });
  // the order between two instances depends on when each is read; within one it does not
  const byInstance = ({ truth: facts }: Run) => groupBy([...facts], ({ instance_id }) => instance_id);
  expect(byInstance(loud)).toEqual(byInstance(quiet));
  const withoutLogs = ({ emissions: all }: Run) => all.filter(({ source }) => source !== "ccp_log");
  expect(withoutLogs(loud)).toEqual(withoutLogs(quiet));
});

test("segments of one agent touch and never overlap", () => {
  const byName = groupBy(ofKind("agent_status"), ({ agent_id }) => agent_id);
  const overlaps = [...byName.values()].flatMap((facts) => {
    const ordered = facts.toSorted((a, b) => (a.start_time < b.start_time ? -1 : 1));
    return ordered.slice(1).filter((fact, index) => (ordered[index]?.end_time ?? "~") > fact.start_time);
  });
  expect(overlaps).toEqual([]);
  expect(byName.size).toBeGreaterThan(20);
});

test("the start is the one given", () => {
  const first: UnixMillis | undefined = emissions[0]?.time;
  expect(first).toBeGreaterThanOrEqual(START);
});
