import { DERIVED_TABLE_NAMES, DERIVED_TABLES, unixMillis, type SourceRecord } from "@fourwire/core";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { AgentDay } from "../../test/agent-rows.ts";
import { appendRows, DAY_MS, NINE, query, rowOf, TemporaryData } from "../../test/rows.ts";
import type { Store } from "../store.ts";

const MINUTE = 60_000;
const ANA = { agentId: "agent-a", username: "ana.ruiz" };
const BEN = { agentId: "agent-b", username: "ben.ho" };

/** Two days after everything below. */
const NOW = NINE + 5 * DAY_MS;

let data: TemporaryData;

beforeEach(async () => {
  data = await TemporaryData.create();
});

afterEach(() => data.remove());

function openAt(now = NOW): Promise<Store> {
  return data.open({ now: () => now });
}

/** Every row of every derived table, days and carries included; what depends on the run's own clock left out. */
async function tablesOf(store: Store): Promise<Readonly<Record<string, unknown>>> {
  const tables: Record<string, unknown> = {};
  for (const name of DERIVED_TABLE_NAMES) {
    const columns = ["person_id", "event_date", ...DERIVED_TABLES[name].columns.map((column) => column.name)].join(
      ", ",
    );
    tables[name] = await query(store, `select ${columns} from derived.${name} order by all`);
  }
  tables["agent_day"] = await query(
    store,
    "select person_id, event_date, from_time, to_time, event_count, next_record_id, carry from derived.agent_day order by all",
  );
  tables["day_mark"] = await query(store, "select agent_id, event_date from derived.day_mark");
  return tables;
}

/** A night shift over midnight, a day without events, and a login that was lost. */
function someDays(): readonly SourceRecord[] {
  const ana = new AgentDay(ANA).login(NINE).status(NINE + MINUTE, "Available");
  ana.contact("c-1", [NINE + 2 * MINUTE, NINE + 2 * MINUTE + 4000, NINE + 5 * MINUTE, NINE + 5 * MINUTE + 5005]);
  ana.beat(NINE + 7 * MINUTE).missed("c-2", NINE + 8 * MINUTE, NINE + 8 * MINUTE + 20_000, NINE + 9 * MINUTE);
  ana.status(NINE + 10 * MINUTE, "Offline").logout(NINE + 10 * MINUTE + 1);
  const midnight = NINE + 15 * 60 * MINUTE;
  const ben = new AgentDay(BEN).login(midnight - 20 * MINUTE).status(midnight - 19 * MINUTE, "Available");
  for (let time = midnight - 17 * MINUTE; time < midnight - 5 * MINUTE; time += 2 * MINUTE) ben.beat(time);
  ben.contact("c-3", [midnight - 4 * MINUTE, midnight - 3 * MINUTE, midnight - MINUTE, midnight + 2 * MINUTE]);
  for (let time = midnight + 4 * MINUTE; time < midnight + 30 * MINUTE; time += 2 * MINUTE) ben.beat(time);
  ben
    .status(midnight + 30 * MINUTE, "Lunch")
    .status(midnight + 33 * MINUTE, "Offline")
    .logout(midnight + 34 * MINUTE);
  ben.status(NINE + 2 * DAY_MS, "Available").beat(NINE + 2 * DAY_MS + 3 * MINUTE);
  ben.status(NINE + 2 * DAY_MS + 6 * MINUTE, "Offline").logout(NINE + 2 * DAY_MS + 7 * MINUTE);
  return [...ana.rows, ...ben.rows];
}

describe("derived tables", () => {
  test("hold the after-contact work, offers and sessions that the events tell", async () => {
    const store = await openAt();
    await appendRows(store, someDays());
    expect(await store.agentDays.pendingDays({})).toBe(4);
    const report = await store.agentDays.settle();
    expect(report).toMatchObject({ pendingDays: 0, eventCount: someDays().length });
    expect(
      await query(
        store,
        "select contact_id, agent_username, start_time, duration_ms, closed_by, is_inferred from agent_after_contact_work order by start_time",
      ),
    ).toEqual([
      ["c-1", "ana.ruiz", "2026-11-20T09:05:00.000Z", 5005, "cleared", false],
      ["c-3", "ben.ho", "2026-11-20T23:59:00.000Z", 180_000, "cleared", false],
    ]);
    expect(await query(store, "select contact_id, outcome, duration_ms from agent_offer order by 1")).toEqual([
      ["c-1", "answered", 4000],
      ["c-2", "missed", 20_000],
      ["c-3", "answered", 60_000],
    ]);
    expect(
      await query(store, "select agent_username, duration_ms, ended_by from agent_login_session order by start_time"),
    ).toEqual([
      ["ana.ruiz", 10 * MINUTE + 1, "logout"],
      ["ben.ho", 54 * MINUTE, "logout"],
      ["ben.ho", 7 * MINUTE, "logout"],
    ]);
  });

  test("tell every millisecond between an agent's first event and the end of the last day once", async () => {
    const store = await openAt();
    await appendRows(store, someDays());
    await store.agentDays.settle();
    expect(
      await query(
        store,
        `select agent_id, sum(duration_ms), epoch_ms(max(end_time)) - epoch_ms(min(start_time)), max(end_time)
         from agent_activity group by 1 order by 1`,
      ),
    ).toEqual([
      ["agent-a", 15 * 60 * MINUTE, 15 * 60 * MINUTE, "2026-11-21T00:00:00.000Z"],
      ["agent-b", 2 * DAY_MS + 20 * MINUTE, 2 * DAY_MS + 20 * MINUTE, "2026-11-23T00:00:00.000Z"],
    ]);
  });

  test("are the same whatever the order, the splitting and the repetition of what arrives", async () => {
    const rows = someDays();
    const whole = await openAt();
    await appendRows(whole, rows);
    await whole.agentDays.settle();
    const expected = await tablesOf(whole);
    expect(expected["day_mark"]).toEqual([]);
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([...rows], { minLength: rows.length }),
        fc.array(fc.nat(rows.length), { maxLength: 4 }),
        async (shuffled, cuts) => {
          const other = await TemporaryData.create();
          const store = await other.open({ now: () => NOW });
          const edges = [0, ...cuts.toSorted((left, right) => left - right), rows.length];
          for (let part = 1; part < edges.length; part++) {
            const from = edges[part - 1] ?? 0;
            // the part before comes once more
            const again = shuffled.slice(edges[part - 2] ?? from, edges[part]);
            if (again.length > 0) await appendRows(store, again);
            await store.agentDays.settle();
          }
          expect(await tablesOf(store)).toEqual(expected);
          await other.remove();
        },
      ),
      { numRuns: 8 },
    );
  });

  test("take in a record that comes late, and what follows from it on the next day", async () => {
    const store = await openAt();
    const rows = someDays();
    const late = rows.filter((row) => row["event_type"] === "LOGIN");
    await appendRows(
      store,
      rows.filter((row) => !late.includes(row)),
    );
    await store.agentDays.settle();
    expect(await query(store, "select count(*) from agent_login_session where is_login_seen")).toEqual([[0]]);
    await appendRows(store, late);
    expect(await store.agentDays.pendingDays({ agentIds: ["agent-b"] })).toBe(1);
    await store.agentDays.settle();
    expect(await query(store, "select count(*) from agent_login_session where is_login_seen")).toEqual([[2]]);
    const fresh = await TemporaryData.create();
    const whole = await fresh.open({ now: () => NOW });
    await appendRows(whole, rows);
    await whole.agentDays.settle();
    expect(await tablesOf(store)).toEqual(await tablesOf(whole));
    await fresh.remove();
  });

  test("end the present day at the present instant, and are finished when it is over", async () => {
    let now = NINE + 4 * MINUTE;
    const store = await data.open({ now: () => now });
    await appendRows(store, new AgentDay(ANA).login(NINE).status(NINE + MINUTE, "Available").rows);
    await store.agentDays.settle();
    const ends = "select max(end_time), sum(duration_ms) from agent_activity";
    expect(await query(store, ends)).toEqual([["2026-11-20T09:04:00.000Z", 4 * MINUTE]]);
    now = NINE + DAY_MS;
    expect(await store.agentDays.settle()).toMatchObject({ doneDays: 1, pendingDays: 0 });
    expect(await query(store, ends)).toEqual([["2026-11-21T00:00:00.000Z", 15 * 60 * MINUTE]]);
    expect(await store.agentDays.settle()).toMatchObject({ doneDays: 0 });
  });

  test("survive a restart with what is pending, and are not marked by duplicates", async () => {
    const first = await openAt();
    await appendRows(first, someDays());
    await data.close(first);
    const store = await openAt();
    expect(await store.agentDays.pendingDays({})).toBe(4);
    await store.agentDays.settle({ budgetMs: 60_000 });
    await appendRows(store, someDays());
    expect(await store.agentDays.pendingDays({})).toBe(0);
  });

  test("stop where the budget ends, and say what is left", async () => {
    const store = await openAt();
    await appendRows(store, someDays());
    expect(await store.agentDays.settle({ budgetMs: 0 })).toEqual({ doneDays: 0, pendingDays: 4, eventCount: 0 });
    expect(await store.agentDays.settle({ agentIds: ["agent-a"] })).toMatchObject({ doneDays: 1, pendingDays: 0 });
    expect(await store.agentDays.settle({ lastDate: "2026-11-20" })).toMatchObject({ doneDays: 1, pendingDays: 0 });
    expect(await store.agentDays.pendingDays({})).toBeGreaterThan(0);
  });

  test("give an offer its cause once the evidence is there, however late it comes", async () => {
    const store = await openAt();
    await appendRows(store, someDays());
    // no offer is known when this one comes: that must not be remembered longer than it is true
    await appendRows(store, [rowOf("ccp_log", "other", { agent_id: "b", event_time: unixMillis(NINE + 6 * MINUTE) })]);
    await store.agentDays.settle();
    const cause = "select cause from agent_offer where contact_id = 'c-2'";
    expect(await query(store, cause)).toEqual([["not_known"]]);
    const line = (name: string, time: number): SourceRecord =>
      rowOf("ccp_log", name, { agent_id: "agent-a", event_time: unixMillis(time), event_name: "api_reply" });
    // the CCP logs before and after, and nothing while it rang
    await appendRows(store, [line("before", NINE + 7 * MINUTE), line("after", NINE + 9 * MINUTE)]);
    expect(await store.agentDays.pendingDays({})).toBe(1);
    await store.agentDays.settle();
    expect(await query(store, cause)).toEqual([["browser_silent"]]);
    await appendRows(store, [
      rowOf("contact_record", "r-2", {
        contact_id: "c-2",
        event_time: unixMillis(NINE + 8 * MINUTE + 15_000),
        disconnect_time: unixMillis(NINE + 8 * MINUTE + 15_000),
        disconnect_reason: "CUSTOMER_DISCONNECT",
        channel: "VOICE",
      }),
    ]);
    await store.agentDays.settle();
    expect(await query(store, cause)).toEqual([["customer_abandoned"]]);
    expect(await query(store, "select channel, disconnect_reason from contact where contact_id = 'c-2'")).toEqual([
      ["VOICE", "CUSTOMER_DISCONNECT"],
    ]);
  });

  test("hold one person once who is known by an id in each of two Regions", async () => {
    const store = await openAt();
    const east = new AgentDay({ ...ANA, region: "us-east-1" }).login(NINE).status(NINE + MINUTE, "Available");
    const west = new AgentDay({ agentId: "agent-0", username: "Ana.Ruiz", region: "us-west-2" });
    west.login(NINE + 10 * MINUTE).status(NINE + 11 * MINUTE, "Lunch");
    await appendRows(store, east.rows);
    await store.agentDays.settle();
    expect(await query(store, "select distinct agent_id from agent_activity")).toEqual([["agent-a"]]);
    await appendRows(store, west.rows);
    await store.agentDays.settle();
    expect(await query(store, "select distinct agent_id from agent_activity")).toEqual([["agent-0"]]);
    expect(await query(store, "select person_id, event_count from derived.agent_day")).toEqual([["agent-0", 4]]);
  });
});
