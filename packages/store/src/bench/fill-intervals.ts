import { DuckDBInstance } from "@duckdb/node-api";
import { DERIVED_TABLES } from "@fourwire/core";
import { dataDirectory } from "../data-directory.ts";
import { quoteName } from "../schema.ts";

/** How much of the table to fill. */
export interface IntervalFill {
  readonly agents: number;
  readonly days: number;
  /** Unix ms, a midnight. */
  readonly firstTime: number;
}

/** Values of columns that are not numbers, by name. */
const TEXTS: Readonly<Record<string, string>> = {
  agent_id: "'bench-' || agent",
  agent_username: "'agent' || agent",
  start_time: "quarter_start",
  end_time: "quarter_start + interval 15 minutes",
  non_productive: `'[{"status_name":"Lunch","duration_ms":60000}]'`,
};

/**
 * Fills `agent_activity_interval` of a closed store with made-up quarters of an hour, for measuring: deriving a month of a
 * thousand agents would take a quarter of an hour, and reads see the same rows.
 */
export async function fillIntervals(path: string, fill: IntervalFill): Promise<void> {
  const instance = await DuckDBInstance.create(dataDirectory(path).databasePath);
  const connection = await instance.connect();
  const columns = DERIVED_TABLES.agent_activity_interval.columns;
  const first = `make_timestamptz(${fill.firstTime * 1000}::bigint)`;
  await connection.run("set TimeZone = 'UTC'");
  await connection.run(
    `insert into derived.agent_activity_interval (person_id, event_date, ${columns.map((column) => quoteName(column.name)).join(", ")})
     select 'bench-' || agent, quarter_start::date, ${columns.map((column) => valueOf(column.name)).join(", ")}
     from (
       select agent, ${first} + to_days(day::integer) + to_minutes(15 * quarter) as quarter_start
       from range(${fill.days}) d(day), range(${fill.agents}) a(agent), range(96) q(quarter)
     )`,
  );
  await connection.run("checkpoint");
  connection.closeSync();
  instance.closeSync();
}

function valueOf(name: string): string {
  return TEXTS[name] ?? `(hash(agent, quarter_start, '${name}') % 200000)::bigint`;
}
