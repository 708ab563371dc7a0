import { DuckDBInstance } from "@duckdb/node-api";
import { unixMillis, type SourceRecord } from "@fourwire/core";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { batchOf, NINE, rowOf } from "../test/rows.ts";
import { derivedStatements } from "./derived/derived-schema.ts";
import { PreparedStatements } from "./prepared-statements.ts";
import { RowRelations } from "./relate-rows.ts";
import { createStatements } from "./schema.ts";

interface Named {
  readonly contact: number;
  readonly agent: number;
  readonly offset: number;
  readonly hasName: boolean;
}

function rowOfNamed({ contact, agent, offset, hasName }: Named): SourceRecord {
  return rowOf("flow_log", `${contact} ${agent} ${offset}`, {
    event_time: unixMillis(NINE + offset),
    contact_id: `c-${contact}`,
    agent_id: `a-${agent}`,
    agent_username: hasName ? `name at ${offset}` : undefined,
    instance_id: hasName ? "i-1" : undefined,
  });
}

/** First and last event time of each contact, last time of each agent, worked out the plain way. */
function expected(rows: readonly SourceRecord[], key: "agent_id" | "contact_id"): readonly unknown[] {
  const ids = [...new Set(rows.map((row) => String(row[key])))].toSorted();
  return ids.map((id) => {
    const times = rows.filter((row) => row[key] === id).map((row) => row.event_time);
    return key === "contact_id" ? [id, Math.min(...times), Math.max(...times)] : [id, Math.max(...times)];
  });
}

const named = fc.record({
  contact: fc.nat(4),
  agent: fc.nat(3),
  offset: fc.nat(1000),
  hasName: fc.boolean(),
});

test("contacts and agents read the same whenever their changes are folded in", async () => {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  await connection.run("set TimeZone = 'UTC'");
  for (const statement of [...createStatements(), ...derivedStatements()]) await connection.run(statement);
  const rowsOf = async (sql: string): Promise<readonly (readonly unknown[])[]> =>
    (await connection.runAndReadAll(sql)).getRows();

  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.array(named, { minLength: 1, maxLength: 6 }), fc.boolean()), { maxLength: 6 }),
      async (commits) => {
        for (const table of ["contact_span", "contact_span_change", "agent_identity", "agent_identity_change"])
          await connection.run(`delete from store.${table}`);
        const relations = await RowRelations.create(connection, new PreparedStatements(connection));
        const rows: SourceRecord[] = [];
        for (const [names, isFolded] of commits) {
          const newRows = names.map(rowOfNamed);
          rows.push(...newRows);
          await relations.relate([{ source: "flow_log", batches: [batchOf(newRows)], newRows }]);
          if (!isFolded) continue;
          const before = await rowsOf("select * from store.agent_identity_now order by 1");
          await relations.fold();
          expect(await rowsOf("select * from store.agent_identity_now order by 1")).toEqual(before);
        }
        expect(
          await rowsOf(
            `select contact_id, epoch_ms(first_event_time)::double, epoch_ms(last_event_time)::double
             from store.contact_span_now order by 1`,
          ),
        ).toEqual(expected(rows, "contact_id"));
        expect(
          await rowsOf("select agent_id, epoch_ms(last_event_time)::double from store.agent_identity_now order by 1"),
        ).toEqual(expected(rows, "agent_id"));
      },
    ),
    { numRuns: 40 },
  );
  connection.closeSync();
  instance.closeSync();
}, 60_000);

test("changes wait until there are many, also those of an earlier run", async () => {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  for (const statement of [...createStatements(), ...derivedStatements()]) await connection.run(statement);
  const relations = await RowRelations.create(connection, new PreparedStatements(connection));
  const newRows = [rowOfNamed({ contact: 1, agent: 1, offset: 0, hasName: true })];
  await relations.relate([{ source: "flow_log", batches: [batchOf(newRows)], newRows }]);
  expect(relations.isFoldDue).toBe(false);
  const waiting = await connection.runAndReadAll("select contact_id from store.contact_span_change");
  expect(waiting.getRows()).toEqual([["c-1"]]);

  await connection.run("insert into store.contact_span_change select 'c-' || i, now(), now() from range(50000) r(i)");
  const later = await RowRelations.create(connection, new PreparedStatements(connection));
  expect(later.isFoldDue).toBe(true);
  await later.fold();
  expect(later.isFoldDue).toBe(false);
  const left = await connection.runAndReadAll(
    "select (select count(*)::double from store.contact_span_change), (select count(*)::double from store.contact_span)",
  );
  expect(left.getRows()).toEqual([[0, 50_000]]);
  connection.closeSync();
  instance.closeSync();
});
