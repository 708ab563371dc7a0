import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { unixMillis } from "../../instant.ts";
import { AgentFold } from "./agent-fold.ts";
import { deriveAgent } from "./derive-agent.ts";
import { AgentScript, at, type ScriptContact } from "./fixtures/agent-script.ts";
import type { AgentDerivation } from "./types/agent-derivation.ts";
import type { AgentEventRow } from "./types/agent-event-row.ts";

const CONTACT_STATES = [
  "CONNECTING",
  "CONNECTED",
  "CONNECTED_ONHOLD",
  "ENDED",
  "MISSED",
  "ERROR",
  "REJECTED",
  "PAUSED",
  "INCOMING",
];

interface Move {
  readonly waitMs: number;
  readonly kind: "login" | "logout" | "beat" | "status" | "next" | "contact" | "clear" | "profile";
  readonly name: string;
  readonly contactId: string;
  readonly state: string;
  readonly isLost: boolean;
}

const move: fc.Arbitrary<Move> = fc.record({
  // ties, bursts, an ordinary wait, silence and the end of all heartbeats
  waitMs: fc.constantFrom(0, 0, 1, 900, 20_000, 110_000, 239_000, 301_000, 3_700_000),
  kind: fc.constantFrom(
    "login",
    "logout",
    "beat",
    "beat",
    "status",
    "next",
    "contact",
    "contact",
    "contact",
    "clear",
    "profile",
  ),
  name: fc.constantFrom("Available", "Available", "Lunch", "Offline"),
  contactId: fc.constantFrom("a", "b"),
  state: fc.constantFrom(...CONTACT_STATES),
  isLost: fc.boolean(),
});

/** A day of moves that Connect would never write in such an order; the derivation must not care. */
function play(moves: readonly Move[], lossRate: number): AgentEventRow[] {
  const script = new AgentScript();
  let time = at("09:00");
  let contacts: ScriptContact[] = [];
  moves.forEach((step, index) => {
    time = unixMillis(time + step.waitMs);
    script.at(new Date(time).toISOString().slice(11, 23).replace(/^/, dayOf(time)));
    contacts = playMove(script, step, contacts, time);
    if (step.isLost && lossRate > 0 && index % lossRate === 0) script.lose();
  });
  return script.rows();
}

function dayOf(time: number): string {
  const days = Math.floor((time - at("00:00")) / 86_400_000);
  return days === 0 ? "" : `+${days} `;
}

function playMove(script: AgentScript, step: Move, contacts: ScriptContact[], time: number): ScriptContact[] {
  switch (step.kind) {
    case "login":
      script.login();
      return contacts;
    case "logout":
      script.logout();
      return contacts;
    case "beat":
      script.beat();
      return contacts;
    case "status":
      script.status(step.name);
      return contacts;
    case "next":
      script.next(step.name);
      return contacts;
    case "profile":
      script.routingProfile(step.name);
      return contacts;
    case "clear":
      script.contacts(...contacts.slice(1));
      return contacts.slice(1);
    case "contact": {
      const since = dayOf(time) + new Date(time).toISOString().slice(11, 23);
      const others = contacts.filter((contact) => contact.ContactId !== step.contactId);
      const next = [...others, { ContactId: step.contactId, State: step.state, since, connected: since }];
      script.contacts(...next);
      return next;
    }
  }
}

const days = fc
  .tuple(fc.array(move, { minLength: 1, maxLength: 40 }), fc.constantFrom(0, 2, 5))
  .map(([moves, lossRate]) => play(moves, lossRate))
  .filter((rows) => rows.length > 0);

const span = { from: at("00:00"), to: at("+3 00:00") };

function text(derived: Omit<AgentDerivation, "from_time" | "to_time">): string {
  return JSON.stringify({ ...derived, from_time: null, to_time: null });
}

describe("the derivation of an agent's day", () => {
  test("is byte-equal for any permutation and duplication of its events", () => {
    fc.assert(
      fc.property(days, fc.infiniteStream(fc.nat()), (rows, numbers) => {
        const extra = rows.filter(() => (numbers.next().value ?? 0) % 3 === 0);
        const keyed = [...rows, ...extra].map((row) => ({ row, key: numbers.next().value ?? 0 }));
        const shuffled = keyed.sort((left, right) => left.key - right.key).map(({ row }) => row);
        expect(text(deriveAgent(shuffled, span))).toBe(text(deriveAgent(rows, span)));
      }),
      { numRuns: 300 },
    );
  });

  test("is byte-equal whether the events come at once or one at a time, in any order within the window", () => {
    fc.assert(
      fc.property(days, fc.infiniteStream(fc.nat(6)), (rows, numbers) => {
        const fold = new AgentFold({ agentId: "ana", windowMs: 7 * 86_400_000, isCollecting: true });
        const keyed = rows.map((row, index) => ({ row, key: index + (numbers.next().value ?? 0) }));
        for (const { row } of keyed.sort((left, right) => left.key - right.key)) fold.apply(row);
        const derived = fold.derivationAt(span.to);
        expect(text({ ...derived, carry: { version: 1, body: "" } })).toBe(
          text({ ...deriveAgent(rows, span), carry: { version: 1, body: "" } }),
        );
        expect(JSON.stringify(fold.stateAt(span.to))).toBe(JSON.stringify(derived.state));
      }),
      { numRuns: 300 },
    );
  });

  test("is the same when settled rows are taken out as the day goes on", () => {
    fc.assert(
      fc.property(days, (rows) => {
        const fold = new AgentFold({ agentId: "ana", windowMs: 60_000, isCollecting: true });
        const taken = rows.flatMap((row) => {
          fold.apply(row);
          return [fold.takeSettled()];
        });
        const whole = deriveAgent(rows, span);
        const rest = fold.derivationAt(span.to);
        expect([...taken.flatMap((part) => part.activity), ...rest.activity]).toEqual(whole.activity);
        expect([...taken.flatMap((part) => part.gaps), ...rest.gaps]).toEqual(whole.gaps);
        const offers = [...taken.flatMap((part) => part.offers), ...rest.offers];
        expect(new Set(offers.map((offer) => JSON.stringify(offer)))).toEqual(
          new Set(whole.offers.map((offer) => JSON.stringify(offer))),
        );
        const work = [...taken.flatMap((part) => part.after_contact_work), ...rest.after_contact_work];
        expect(work).toHaveLength(whole.after_contact_work.length);
      }),
      { numRuns: 200 },
    );
  });

  test("is the same in two spans, the second begun from what the first carried over", () => {
    fc.assert(
      fc.property(days, fc.nat(), (rows, where) => {
        const sorted = rows.toSorted((left, right) => left.event_time - right.event_time);
        const cutAt = unixMillis((sorted[where % sorted.length]?.event_time ?? 0) + (where % 3));
        // up to the last event: what lies after it is judged by how long nothing was heard, and that changes
        const to = unixMillis(Math.max(cutAt, sorted.at(-1)?.event_time ?? 0));
        const whole = deriveAgent(rows, { from: span.from, to });
        const first = deriveAgent(rows, { from: span.from, to: cutAt });
        const later = rows.filter((row) => row.event_time >= cutAt);
        const second = deriveAgent(later, { from: cutAt, to, carry: first.carry, agentId: "ana" });
        expect(totals([...first.activity, ...second.activity])).toEqual(totals(whole.activity));
        expect([...first.gaps, ...second.gaps].filter((gap) => gap.end_time !== null)).toEqual(
          whole.gaps.filter((gap) => gap.end_time !== null),
        );
        expect(JSON.stringify(second.state)).toBe(JSON.stringify(whole.state));
        const ended = [...first.after_contact_work, ...second.after_contact_work].filter(
          (row) => row.end_time !== null,
        );
        expect(ended).toHaveLength(whole.after_contact_work.filter((row) => row.end_time !== null).length);
      }),
      { numRuns: 300 },
    );
  });

  test("covers every instant from the first event on once, and is never idle inside a gap", () => {
    fc.assert(
      fc.property(days, (rows) => {
        const { activity, gaps } = deriveAgent(rows, span);
        const first = Math.min(...rows.map((row) => row.event_time));
        const inGaps = activity.filter((row) =>
          gaps.some((gap) => row.start_time < (gap.end_time ?? span.to) && row.end_time > gap.start_time),
        );
        expect(inGaps.filter((row) => row.activity !== "unknown" && row.activity !== "offline")).toEqual([]);
        expect(activity[0]?.start_time).toBe(first);
        activity.forEach((row, index) => {
          expect(row.end_time).toBe(activity[index + 1]?.start_time ?? span.to);
          expect(row.duration_ms).toBeGreaterThan(0);
        });
      }),
      { numRuns: 200 },
    );
  });
});

function totals(rows: AgentDerivation["activity"]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const row of rows) {
    const key = `${row.activity} ${row.status_name ?? ""} ${row.is_on_contact}`;
    sums[key] = (sums[key] ?? 0) + row.duration_ms;
  }
  return sums;
}
