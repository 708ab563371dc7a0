import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import {
  deriveAgent,
  groupByPerson,
  parseInstant,
  SOURCES,
  toEventRow,
  unixMillis,
  type AgentDerivation,
  type AgentEventRow,
  type JsonObject,
  type UnixMillis,
} from "@fourwire/core";
import { createSimulation, type Truth } from "@fourwire/simulator";
import { seededRandom } from "./seeded-random.ts";

// The simulator writes down what its agents really did, instant by instant. What is derived from their events, decoded as
// any other, must be exactly that; and where events are lost, late or doubled, it may differ inside marked gaps only.

const START = unixMillis(Date.parse("2026-11-02T00:00:00Z"));
const HOUR = 3_600_000;

interface Simulated {
  readonly truths: readonly Truth[];
  readonly bodies: readonly string[];
  readonly to: UnixMillis;
}

function simulate(
  seed: number,
  options: { readonly agents: number; readonly hours: number; readonly incidents?: readonly string[] },
): Simulated {
  const truths: Truth[] = [];
  const durationMs = options.hours * HOUR;
  const simulation = createSimulation({
    seed,
    agents: options.agents,
    startTime: START,
    preset: "centre",
    durationMs,
    level: "ERROR",
    incidents: options.incidents ?? [],
    tell: (truth) => truths.push(truth),
  });
  const bodies: string[] = [];
  const to = unixMillis(START + durationMs);
  for (const emission of simulation.emissionsUntil(to)) {
    if (emission.source === "agent_event") bodies.push(emission.body);
  }
  simulation.finish();
  return { truths, bodies, to };
}

const digest = (text: string) => createHash("sha256").update(text).digest("base64url");

function decode(body: string): AgentEventRow {
  const value: JsonObject = JSON.parse(body);
  const received = { value, body, carrier: undefined };
  const source = SOURCES.agent_event;
  const decoded = source.decode(received);
  if (!decoded.ok) throw new Error(decoded.rejected.detail);
  return toEventRow(source.normalize(decoded.value, received, { digest, observedTime: START, memory: undefined }));
}

/** A stretch of one kind, from an instant to another. */
interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly what: string;
}

type StatusTruth = Extract<Truth, { kind: "agent_status" }>;
type StateTruth = Extract<Truth, { kind: "agent_contact_state" }>;

const timeOf = (text: string | null, open: number) => (text === null ? open : (parseInstant(text) ?? open));

/** What an agent's instants are, read from the truth with no code in common with what is tested. */
function trueActivity(truths: readonly Truth[], agentId: string, to: number): Stretch[] {
  const statuses = truths.filter(
    (truth): truth is StatusTruth => truth.kind === "agent_status" && truth.agent_id === agentId,
  );
  const states = truths.filter(
    (truth): truth is StateTruth => truth.kind === "agent_contact_state" && truth.agent_id === agentId,
  );
  const edges = new Set<number>();
  for (const truth of [...statuses, ...states]) edges.add(timeOf(truth.start_time, to)).add(timeOf(truth.end_time, to));
  const times = [...edges].sort((left, right) => left - right);
  const covers = (truth: StatusTruth | StateTruth, time: number) =>
    timeOf(truth.start_time, to) <= time && time < timeOf(truth.end_time, to);
  return times.slice(0, -1).map((from, index) => {
    const status = statuses.find((truth) => covers(truth, from));
    const own = states.filter((truth) => covers(truth, from));
    return { from, to: times[index + 1] ?? from, what: nameActivity(status, own) };
  });
}

function nameActivity(status: StatusTruth | undefined, states: readonly StateTruth[]): string {
  if (status === undefined || status.status_type === "OFFLINE") return "offline";
  if (status.status_type === "CUSTOM") return "non_productive";
  const isDialling = (state: StateTruth) => /^(OUTBOUND|CALLBACK)$/.test(state.initiation_method);
  const names = states.map((state) => (state.state === "CONNECTING" && isDialling(state) ? "DIALLING" : state.state));
  if (names.some((name) => /^(CONNECTED|CONNECTED_ONHOLD|PAUSED|ENDED|DIALLING)$/.test(name))) return "contact";
  if (names.some((name) => /^(CONNECTING|INCOMING)$/.test(name))) return "connecting";
  return names.length > 0 ? "error" : "idle";
}

/** Instants at which two lists of stretches disagree, as stretches. */
function disagreements(told: readonly Stretch[], truth: readonly Stretch[]): Stretch[] {
  const found: Stretch[] = [];
  for (const stretch of told) {
    let at = stretch.from;
    for (const real of truth.filter((other) => other.to > stretch.from && other.from < stretch.to)) {
      if (real.from > at && stretch.what !== "offline")
        found.push({ from: at, to: real.from, what: `${stretch.what} for nothing` });
      const [from, to] = [Math.max(stretch.from, real.from), Math.min(stretch.to, real.to)];
      if (real.what !== stretch.what) found.push({ from, to, what: `${stretch.what} for ${real.what}` });
      at = to;
    }
    if (at < stretch.to && stretch.what !== "offline")
      found.push({ from: at, to: stretch.to, what: `${stretch.what} for nothing` });
  }
  return found;
}

function stretchesOf(derived: AgentDerivation): Stretch[] {
  return derived.activity.map((row) => ({ from: row.start_time, to: row.end_time, what: row.activity }));
}

const readable = (stretch: Stretch) =>
  `${new Date(stretch.from).toISOString()} ${stretch.to - stretch.from} ms: ${stretch.what}`;

function deriveAll(rows: readonly AgentEventRow[], to: UnixMillis): AgentDerivation[] {
  return groupByPerson(rows).map((person) => deriveAgent(person.events, { from: START, to, agentId: person.agentId }));
}

const iso = (time: number | null) => (time === null ? null : new Date(time).toISOString());
const sorted = (rows: readonly unknown[]) => rows.map((row) => JSON.stringify(row)).sort();

describe.each([1, 2, 3, 4, 5, 6])("on a clean stream, seed %i", (seed) => {
  const { truths, bodies, to } = simulate(seed, { agents: 8, hours: 12 });
  const derived = deriveAll(bodies.map(decode), to);

  test("every second of every agent is what it was", () => {
    expect(derived.length).toBeGreaterThan(2);
    const wrong = derived.flatMap((agent) =>
      disagreements(stretchesOf(agent), trueActivity(truths, agent.agent_id, to)).map(
        (row) => `${agent.agent_id} ${readable(row)}`,
      ),
    );
    expect(wrong).toEqual([]);
    expect(derived.flatMap((agent) => agent.gaps).filter((gap) => gap.reason === "lost_event")).toEqual([]);
  });

  test("contact states, after-contact work, offers and sessions are told to the millisecond", () => {
    const heard = new Set(derived.map((agent) => agent.agent_id));
    const own = truths.filter((truth) => "agent_id" in truth && truth.agent_id !== null && heard.has(truth.agent_id));
    expect(
      sorted(
        derived
          .flatMap((agent) => agent.contact_states)
          .map((row) => [row.agent_id, row.contact_id, row.state, iso(row.start_time), iso(row.end_time)]),
      ),
    ).toEqual(
      sorted(
        own.flatMap((row) =>
          row.kind === "agent_contact_state"
            ? [[row.agent_id, row.contact_id, row.state, row.start_time, row.end_time]]
            : [],
        ),
      ),
    );
    expect(
      sorted(
        derived
          .flatMap((agent) => agent.after_contact_work)
          .map((row) => [row.agent_id, row.contact_id, iso(row.start_time), iso(row.end_time), row.closed_by]),
      ),
    ).toEqual(
      sorted(
        own.flatMap((row) =>
          row.kind === "after_contact_work"
            ? [
                [
                  row.agent_id,
                  row.contact_id,
                  row.start_time,
                  row.end_time,
                  row.closed_by === "timeout" ? "cleared" : row.closed_by,
                ],
              ]
            : [],
        ),
      ),
    );
    const outcomes: Readonly<Record<string, string>> = { abandoned: "rejected" };
    expect(
      sorted(
        derived
          .flatMap((agent) => agent.offers)
          .map((row) => [row.agent_id, row.contact_id, iso(row.offered_time), iso(row.end_time), row.outcome]),
      ),
    ).toEqual(
      sorted(
        own.flatMap((row) =>
          row.kind === "offer"
            ? [
                [
                  row.agent_id,
                  row.contact_id,
                  row.start_time,
                  row.end_time,
                  row.outcome === null ? null : (outcomes[row.outcome] ?? row.outcome),
                ],
              ]
            : [],
        ),
      ),
    );
    expect(
      sorted(
        derived
          .flatMap((agent) => agent.login_sessions)
          .flatMap((row) =>
            row.ended_by === "logout" ? [[row.agent_id, iso(row.start_time), iso(row.end_time)]] : [],
          ),
      ),
    ).toEqual(
      sorted(
        own.flatMap((row) =>
          row.kind === "login_session" && row.ended_by === "logout"
            ? [[row.agent_id, row.start_time, row.end_time]]
            : [],
        ),
      ),
    );
  });
});

/** Events lost between two kept ones that fit each other: nothing on the wire can show them. */
function invisibleLosses(all: readonly AgentEventRow[], kept: ReadonlySet<string>): Stretch[] {
  const byAgent = new Map<string, AgentEventRow[]>();
  for (const row of all) byAgent.set(row.agent_id, [...(byAgent.get(row.agent_id) ?? []), row]);
  const found: Stretch[] = [];
  for (const rows of byAgent.values()) {
    let last: AgentEventRow | undefined;
    let lost = 0;
    for (const row of rows) {
      if (!kept.has(row.record_id)) {
        lost += row.event_type === "HEART_BEAT" ? 0 : 1;
        continue;
      }
      if (last !== undefined && lost > 0 && fits(last, row))
        found.push({ from: last.event_time, to: row.event_time, what: row.agent_id });
      [last, lost] = [row, 0];
    }
  }
  return found;
}

function fits(last: AgentEventRow, row: AgentEventRow): boolean {
  if (row.event_type === "LOGIN") return true;
  if (row.event_type === "HEART_BEAT") {
    return (
      last.contacts === row.contacts &&
      last.status_start_time === row.status_start_time &&
      last.next_status_name === row.next_status_name
    );
  }
  return (
    last.contacts === row.previous_contacts &&
    last.status_start_time === row.previous_status_start_time &&
    last.next_status_name === row.previous_next_status_name
  );
}

describe.each([11, 12, 13, 14, 15, 16])("on a damaged stream, seed %i", (seed) => {
  const { truths, bodies, to } = simulate(seed, { agents: 8, hours: 12 });
  const rows = bodies.map(decode);
  const random = seededRandom(seed);
  const keptRows = rows.filter(() => random() > 0.02);
  const arrived = [...keptRows, ...keptRows.filter(() => random() < 0.1)]
    .map((row) => ({ row, key: row.event_time + random() * 600_000 }))
    .sort((left, right) => left.key - right.key)
    .map(({ row }) => row);
  const derived = deriveAll(arrived, to);

  test("what is derived differs from the truth inside marked gaps only", () => {
    const kept = new Set(keptRows.map((row) => row.record_id));
    const invisible = invisibleLosses(rows, kept);
    const wrong = derived.flatMap((agent) => {
      const lastHeard = agent.state.last_event_time ?? START;
      const excused = [
        ...agent.gaps.map((gap) => ({ from: gap.start_time, to: gap.end_time ?? to })),
        ...invisible.filter((loss) => loss.what === agent.agent_id),
        // what was lost after the last event nothing can show
        { from: lastHeard, to },
      ];
      return disagreements(stretchesOf(agent), trueActivity(truths, agent.agent_id, to))
        .filter((row) => !excused.some((gap) => gap.from <= row.from && row.to <= gap.to))
        .map((row) => `${agent.agent_id} ${readable(row)}`);
    });
    expect(wrong).toEqual([]);
    const gaps = derived.flatMap((agent) => agent.gaps).filter((gap) => gap.reason === "lost_event");
    expect(gaps.length).toBeGreaterThan(5);
    expect(invisible.length).toBeLessThan(gaps.length / 2);
  });

  test("what arrives late or twice changes nothing", () => {
    expect(deriveAll(keptRows, to).toSorted(byAgent)).toEqual(derived.toSorted(byAgent));
  });
});

const byAgent = (left: AgentDerivation, right: AgentDerivation) => (left.agent_id < right.agent_id ? -1 : 1);
