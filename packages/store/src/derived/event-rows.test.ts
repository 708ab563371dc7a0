import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";
import { AGENT_EVENT_ROW_COLUMNS } from "@fourwire/core";
import { expect, test } from "vitest";
import { readChunks } from "../column-reader.ts";
import { tableColumns, sqlType } from "../schema.ts";
import { EVENT_LIST } from "./event-reader.ts";
import { EVENT_SELECT, EventRows } from "./event-rows.ts";

const WANTED: ReadonlySet<string> = new Set(AGENT_EVENT_ROW_COLUMNS);
const COLUMNS = tableColumns("agent_event").filter((column) => WANTED.has(column.name));
const TEXTS = ["", "a", "exactly12byt", "thirteen byte", "ein Umlaut: ü", "日本語の名前です", "😀", "x".repeat(5000)];
const ROWS = 5000;

async function fillTable(connection: DuckDBConnection): Promise<void> {
  await connection.run(
    `create table event (${COLUMNS.map((column) => `${column.name} ${sqlType(column)}`).join(", ")})`,
  );
  // few different values, so that many rows say the same as the one before, and every third is null
  const pick = (salt: number, count: number): string =>
    `(hash(i // ${salt % 3 === 0 ? 1 : 7}, ${salt}) % ${count})::int`;
  const texts = `[${TEXTS.map((text) => `'${text}'`).join(", ")}]`;
  const values = COLUMNS.map((column, salt) => {
    if (column.name === "record_id") return "printf('record-%08d-of-the-test', i)";
    if (column.name === "agent_id") return `printf('agent-%d-with-a-long-name', i % 3)`;
    if (column.name === "event_time") return "make_timestamptz((1794268800000 + i // 2) * 1000)";
    const value = {
      text: `${texts}[1 + ${pick(salt, TEXTS.length)}]`,
      json: `${texts}[1 + ${pick(salt, TEXTS.length)}]`,
      timestamp: `make_timestamptz((1794268800000 + ${pick(salt, 5)}) * 1000)`,
      boolean: `${pick(salt, 2)} = 1`,
      integer: "1",
      double: "1.5",
    }[column.type];
    return `case when ${pick(salt + 50, 3)} = 0 then null else ${value} end`;
  });
  await connection.run(`insert into event select ${values.join(", ")} from range(${ROWS}) r(i)`);
}

test("events read a column at a time are those read row by row, whatever repeats, is null or is not ASCII", async () => {
  const database = await DuckDBInstance.create(":memory:");
  const connection = await database.connect();
  await fillTable(connection);
  const order = "order by agent_id, event_time, record_id";
  const reader = await connection.runAndReadAll(`select ${EVENT_LIST} from event ${order}`);
  const wanted = reader.getRowObjectsJS().map((row) => ({
    ...row,
    event_type: row["event_type"] ?? "",
    has_current_snapshot: row["has_current_snapshot"] === true,
    has_previous_snapshot: row["has_previous_snapshot"] === true,
  }));
  const rows = new EventRows();
  const result = await connection.run(
    `select ${EVENT_SELECT} from event window agent as (partition by agent_id order by event_time, record_id) ${order}`,
  );
  await readChunks(result, (chunk) => rows.take(chunk));
  expect(rows.all).toHaveLength(ROWS);
  expect(rows.all).toEqual(wanted);
  connection.closeSync();
  database.closeSync();
});
