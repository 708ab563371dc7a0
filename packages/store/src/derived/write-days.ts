import type { DuckDBConnection } from "@duckdb/node-api";
import { DERIVED_TABLES, type Column, type DerivedTableName } from "@fourwire/core";
import { ChunkAppender, chunkColumns } from "../chunk-appender.ts";
import { inTransaction } from "../roll-back.ts";
import { quoteName } from "../schema.ts";
import type { ColumnRow } from "../text-vector.ts";
import { tableRows, type DerivedDay } from "./derive-day.ts";
import { DERIVATION_VERSION } from "./derived-schema.ts";

/** What to write in one transaction. */
export interface DayWrite {
  readonly days: readonly DerivedDay[];
  /** Marks up to this one are worked in. */
  readonly lastMarkId: number;
  /** Ids whose marks these were, by day: those of the persons' streams. */
  readonly marks: readonly { readonly agentId: string; readonly eventDate: string }[];
  /** Days that have to be derived again because of these. */
  readonly follow: readonly { readonly agentId: string; readonly eventDate: string }[];
  /** When the records were read, Unix ms. */
  readonly readTime: number;
}

const KEY_COLUMNS: readonly Column[] = [
  { name: "person_id", type: "text", description: "" },
  { name: "event_date", type: "text", description: "" },
];

const DAY_COLUMNS: readonly Column[] = [
  ...KEY_COLUMNS,
  { name: "from_time", type: "timestamp", description: "" },
  { name: "to_time", type: "timestamp", description: "" },
  { name: "event_count", type: "integer", description: "" },
  { name: "first_event_time", type: "timestamp", description: "" },
  { name: "last_event_time", type: "timestamp", description: "" },
  { name: "next_record_id", type: "text", description: "" },
  { name: "agent_username", type: "text", description: "" },
  { name: "routing_profile_id", type: "text", description: "" },
  { name: "routing_profile_name", type: "text", description: "" },
  { name: "hierarchy", type: "json", description: "" },
  { name: "carry", type: "text", description: "" },
  { name: "read_time", type: "timestamp", description: "" },
  { name: "derivation_version", type: "integer", description: "" },
];

/** Tables whose rows may be open at the end of a day. */
const OPEN_TABLES: ReadonlySet<DerivedTableName> = new Set<DerivedTableName>([
  "agent_after_contact_work",
  "agent_contact_state",
  "agent_gap",
  "agent_login_session",
  "agent_offer",
]);

/** Replaces the rows of days, all in one transaction. Runs while no other commit does. */
export async function writeDays(connection: DuckDBConnection, write: DayWrite): Promise<void> {
  await fillTables(connection, write);
  await inTransaction(connection, async () => {
    await replaceRows(connection);
    await settleMarks(connection, write);
  });
}

async function fillTables(connection: DuckDBConnection, write: DayWrite): Promise<void> {
  await fill(connection, "new_day", {
    columns: DAY_COLUMNS,
    rows: write.days.map((day) => dayRow(day, write.readTime)),
  });
  const days = write.days.map(tableRows);
  for (const name of Object.values(DERIVED_TABLES).map((table) => table.name)) {
    const rows = days.flatMap((rowsOf) => rowsOf.get(name) ?? []);
    await fill(connection, `new_${name}`, { columns: [...KEY_COLUMNS, ...DERIVED_TABLES[name].columns], rows });
  }
}

async function fill(
  connection: DuckDBConnection,
  table: string,
  { columns, rows }: { readonly columns: readonly Column[]; readonly rows: readonly ColumnRow[] },
): Promise<void> {
  await connection.run(`create or replace temporary table ${table} (${chunkColumns(columns)})`);
  if (rows.length === 0) return;
  const appender = new ChunkAppender(connection, { catalog: "temp", schema: "main", table, columns });
  appender.add(rows);
  appender.close();
}

function dayRow(day: DerivedDay, readTime: number): ColumnRow {
  return {
    person_id: day.personId,
    event_date: day.eventDate,
    from_time: day.fromTime,
    to_time: day.toTime,
    event_count: day.eventCount,
    first_event_time: day.firstEventTime,
    last_event_time: day.lastEventTime,
    next_record_id: day.nextRecordId,
    agent_username: day.state.agent_username,
    routing_profile_id: day.state.routing_profile_id,
    routing_profile_name: day.state.routing_profile_name,
    hierarchy: JSON.stringify(day.state.hierarchy),
    carry: day.carry.body,
    read_time: readTime,
    derivation_version: DERIVATION_VERSION,
  };
}

const SAME_DAYS = "(person_id, event_date) in (select (person_id, event_date::date) from temp.main.new_day)";

async function replaceRows(connection: DuckDBConnection): Promise<void> {
  const known = await connection.runAndReadAll(
    `select count(*) filter (${SAME_DAYS})::double,
       (select min(event_date) from temp.main.new_day), (select max(event_date) from temp.main.new_day)
     from derived.agent_day`,
  );
  const [same, first, last] = known.getRows()[0] ?? [];
  const range = `event_date between '${String(first)}'::date and '${String(last)}'::date`;
  for (const name of Object.values(DERIVED_TABLES).map((table) => table.name)) {
    if (Number(same) > 0) await connection.run(`delete from derived.${name} where ${range} and ${SAME_DAYS}`);
    if (OPEN_TABLES.has(name)) await deleteContinued(connection, name);
    const columns = [...KEY_COLUMNS, ...DERIVED_TABLES[name].columns];
    await connection.run(
      `insert into derived.${name} (${columns.map((column) => quoteName(column.name)).join(", ")})
       select ${columns.map(tableExpression).join(", ")} from temp.main.new_${name}`,
    );
  }
  await connection.run(`delete from derived.agent_day where ${range} and ${SAME_DAYS}`);
  await connection.run(
    `insert into derived.agent_day (${DAY_COLUMNS.map((column) => column.name).join(", ")})
     select ${DAY_COLUMNS.map(tableExpression).join(", ")} from temp.main.new_day`,
  );
}

/** What was open at the end of an earlier day is told by the later one. */
async function deleteContinued(connection: DuckDBConnection, name: DerivedTableName): Promise<void> {
  await connection.run(
    `delete from derived.${name} d where d.end_time is null and exists (
       select 1 from temp.main.new_day n where n.person_id = d.person_id and n.event_date::date > d.event_date)`,
  );
}

function tableExpression(column: Column): string {
  return column.name === "event_date" ? "event_date::date" : quoteName(column.name);
}

async function settleMarks(connection: DuckDBConnection, write: DayWrite): Promise<void> {
  const marks = JSON.stringify(write.marks);
  await connection.run(
    `delete from derived.day_mark where mark_id <= $last::bigint
       and (agent_id, event_date) in (select (agent_id, event_date) from ${dayRelation("marks")})`,
    { marks, last: String(write.lastMarkId) },
  );
  if (write.follow.length === 0) return;
  await connection.run(
    `insert into derived.day_mark (agent_id, event_date, marked_time)
     select agent_id, event_date, now() from ${dayRelation("follow")}`,
    { follow: JSON.stringify(write.follow) },
  );
}

/** Days given as JSON, bound under the name. */
function dayRelation(name: string): string {
  return `(select m.agentId as agent_id, m.eventDate::date as event_date
    from (select unnest(from_json($${name}, '[{"agentId":"varchar","eventDate":"varchar"}]')) as m))`;
}
