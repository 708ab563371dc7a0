import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { COMMON_COLUMNS, type ColumnType } from "../column.ts";
import { unixMillis } from "../instant.ts";
import { isObject, type JsonObject, type JsonValue } from "../json.ts";
import { SOURCE_NAMES, type ColumnValue, type SourceName, type SourceRecord } from "../record.ts";
import { recordTimeOf, type ReceivedRecord } from "../source.ts";
import { columnsOf, SOURCES } from "./index.ts";

// What holds for every source. A new source is a line in `SOURCES` and has to keep all of this.

const OBSERVED_TIME = unixMillis(Date.UTC(2026, 10, 20, 12));

/** Written by the store, not by the source. */
const STORE_COLUMNS = new Set(["ingested_time", "schema_version"]);

const JAVASCRIPT_TYPES = {
  text: "string",
  json: "string",
  timestamp: "number",
  integer: "number",
  double: "number",
  boolean: "boolean",
} as const;

/** Whether a value is JSON in a JSON column, and a whole number in a column of such. */
function hasFormOf(type: ColumnType, value: ColumnValue): boolean {
  if (type === "integer" || type === "timestamp") return Number.isSafeInteger(value);
  if (type !== "json") return true;
  try {
    JSON.parse(String(value));
    return true;
  } catch {
    return false;
  }
}

function folderOf(source: SourceName): URL {
  return new URL(`${source.replaceAll("_", "-")}/`, import.meta.url);
}

/** Every record in the source's fixtures, taken out of the envelopes that the receivers open. */
function fixturesOf(source: SourceName): readonly ReceivedRecord[] {
  const fixtures = new URL("fixtures/", folderOf(source));
  return readdirSync(fixtures)
    .filter((name) => /\.(?:json|ndjson)$/.test(name))
    .flatMap((name) => {
      const text = readFileSync(new URL(name, fixtures), "utf8");
      return name.endsWith(".ndjson") ? text.split("\n").filter((line) => line.trim() !== "") : [text];
    })
    .flatMap((text) => recordsIn(JSON.parse(text), text));
}

function recordsIn(value: JsonValue, body: string): readonly ReceivedRecord[] {
  if (!isObject(value)) return [];
  const inner = innerRecords(value);
  if (inner === undefined) return [{ value, body, carrier: undefined }];
  return inner.filter(isObject).map((record) => ({ value: record, body: JSON.stringify(record), carrier: undefined }));
}

function innerRecords(value: JsonObject): readonly JsonValue[] | undefined {
  if (Array.isArray(value["Records"])) return value["Records"];
  const { detail } = value;
  return isObject(detail) && Array.isArray(detail["logs"]) ? detail["logs"] : undefined;
}

/** The row of a record; undefined when it is rejected. */
function rowOf(source: SourceName, received: ReceivedRecord): SourceRecord | undefined {
  const decoded = SOURCES[source].decode(received);
  if (!decoded.ok) return undefined;
  return SOURCES[source].normalize(decoded.value, received, {
    digest: (text) => createHash("sha256").update(text).digest("base64url"),
    observedTime: OBSERVED_TIME,
    memory: SOURCES[source].createMemory?.(),
  });
}

const rowsOf = Object.fromEntries(
  SOURCE_NAMES.map((source) => [
    source,
    fixturesOf(source)
      .map((received) => rowOf(source, received))
      .filter((row) => row !== undefined),
  ]),
) as Record<SourceName, SourceRecord[]>;

describe.each(SOURCE_NAMES)("%s", (source) => {
  const columns = columnsOf(source);
  const fixtures = fixturesOf(source);
  const rows = rowsOf[source];

  test("is listed under its own name", () => {
    expect(SOURCES[source].name).toBe(source);
  });

  test.each(["wire.ts", "decode.ts", "normalize.ts", "columns.ts", "README.md", "fixtures"])("has its %s", (name) => {
    expect(existsSync(new URL(name, folderOf(source)))).toBe(true);
  });

  test("has fixtures, most of which decode", () => {
    expect(rows.length).toBeGreaterThan(3);
    expect(rows.length).toBeGreaterThan(fixtures.length / 2);
  });

  test("recognizes its own fixtures", () => {
    expect(fixtures.filter(({ value }) => !SOURCES[source].recognize(value)).map(({ body }) => body)).toEqual([]);
  });

  test("refuses the fixtures of the other sources", () => {
    const others = SOURCE_NAMES.filter((name) => name !== source).flatMap((name) => fixturesOf(name));
    expect(others.length).toBeGreaterThan(50);
    expect(others.filter(({ value }) => SOURCES[source].recognize(value)).map(({ body }) => body)).toEqual([]);
  });

  test("makes rows with exactly the common columns and its own", () => {
    const expected = [...COMMON_COLUMNS, ...columns]
      .map((column) => column.name)
      .filter((name) => !STORE_COLUMNS.has(name))
      .toSorted();
    for (const row of rows) expect(Object.keys(row).toSorted()).toEqual(expected);
  });

  test("puts into every column what its type says", () => {
    for (const column of [...COMMON_COLUMNS, ...columns]) {
      const types = new Set(rows.map((row) => typeof row[column.name]).filter((type) => type !== "undefined"));
      expect(
        [...types].filter((type) => type !== JAVASCRIPT_TYPES[column.type]),
        column.name,
      ).toEqual([]);
    }
  });

  test("puts JSON into JSON columns and whole numbers into integer columns", () => {
    for (const column of [...COMMON_COLUMNS, ...columns]) {
      const values = rows.map((row) => row[column.name]).filter((value) => value !== undefined);
      expect(
        values.filter((value) => !hasFormOf(column.type, value)),
        column.name,
      ).toEqual([]);
    }
  });

  test("declares snake_case columns, each once, none of them a common one, each described", () => {
    const names = columns.map((column) => column.name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => !/^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$/.test(name))).toEqual([]);
    expect(names.filter((name) => COMMON_COLUMNS.some((common) => common.name === name))).toEqual([]);
    expect(columns.filter((column) => column.description.trim() === "").map((column) => column.name)).toEqual([]);
  });

  test("gives the same bytes the same id, which tells the event's time", () => {
    const again = fixtures.map((received) => rowOf(source, received)).filter((row) => row !== undefined);
    expect(again.map((row) => row.record_id)).toEqual(rows.map((row) => row.record_id));
    for (const row of rows) {
      expect(row.record_id).toMatch(/^[\w~]{8}[\w-]{16}$/);
      expect(recordTimeOf(row.record_id)).toBe(row.event_time);
    }
  });

  test("keeps the record as received and the time it was observed", () => {
    const bodies = new Set(fixtures.map(({ body }) => body));
    for (const row of rows) {
      expect(bodies.has(row.original_body)).toBe(true);
      expect(row.observed_time).toBe(OBSERVED_TIME);
      expect(row.source).toBe(source);
    }
  });

  test("names a severity of OpenTelemetry and says in one line what happened", () => {
    for (const row of rows) {
      expect(row.severity_number).toBeGreaterThanOrEqual(1);
      expect(row.severity_number).toBeLessThanOrEqual(24);
      expect(row.event_name).not.toBe("");
      expect(row.message).toMatch(/^.+$/);
    }
  });
});

test("no two records of different sources share an id", () => {
  const ids = SOURCE_NAMES.flatMap((source) => [...new Set(rowsOf[source].map((row) => row.record_id))]);
  expect(new Set(ids).size).toBe(ids.length);
});
