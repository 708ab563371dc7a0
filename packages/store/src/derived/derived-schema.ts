import { DERIVED_TABLE_NAMES, DERIVED_TABLES, type DerivedTableName } from "@fourwire/core";
import { columnList, quoteName, sqlType } from "../schema.ts";

// Derived tables hold what the records of an agent's day say. The rows of one agent and one UTC day are replaced
// together, never changed. A person with an id in each of two Regions is one agent here, under the smaller id.

/** Grows when a derivation says something else of the same records: days of an older one are derived again. */
export const DERIVATION_VERSION = 2;

/** Statements that make the tables in a fresh database, all idempotent. */
export function derivedStatements(): readonly string[] {
  return [
    "create schema if not exists derived",
    "create sequence if not exists derived.mark_sequence",
    // days of which records arrived that are not worked in yet; written with the records, in their transaction
    `create table if not exists derived.day_mark (
      mark_id bigint not null default nextval('derived.mark_sequence'),
      agent_id varchar not null,
      event_date date not null,
      marked_time timestamptz not null
    )`,
    // which ids agent events came under, to find the two ids of one person
    `create table if not exists derived.agent_stream (
      agent_id varchar not null,
      agent_username varchar,
      instance_id varchar,
      region varchar,
      person_id varchar
    )`,
    `create table if not exists derived.agent_day (
      person_id varchar not null,
      event_date date not null,
      from_time timestamptz not null,
      to_time timestamptz not null,
      event_count bigint not null,
      first_event_time timestamptz not null,
      last_event_time timestamptz not null,
      next_record_id varchar,
      agent_username varchar,
      routing_profile_id varchar,
      routing_profile_name varchar,
      hierarchy varchar,
      carry varchar not null,
      read_time timestamptz not null,
      derivation_version bigint not null
    )`,
    ...DERIVED_TABLE_NAMES.map((name) => `create table if not exists derived.${name} (${tableColumns(name)})`),
  ];
}

function tableColumns(name: DerivedTableName): string {
  const columns = DERIVED_TABLES[name].columns.map((column) => `${quoteName(column.name)} ${sqlType(column)}`);
  return ["person_id varchar not null", "event_date date not null", ...columns].join(", ");
}

/** The views that SQL of users reads: the declared columns. */
export function derivedTableViews(): readonly string[] {
  return DERIVED_TABLE_NAMES.map(
    (name) =>
      `create or replace view main.${name} as select ${columnList(DERIVED_TABLES[name].columns)} from derived.${name}`,
  );
}

const TABLE_NAME = new RegExp(`\\b(?:${DERIVED_TABLE_NAMES.join("|")})\\b`, "i");

/** True when SQL may read a derived table; a name in a comment or a text counts too. */
export function namesDerivedTable(sql: string): boolean {
  return TABLE_NAME.test(sql);
}
