import { COMMON_COLUMNS, columnsOf, SOURCE_NAMES, type Column, type ColumnType, type SourceName } from "@fourwire/core";
import { RELATION_CHANGE_TABLES, RELATION_VIEWS } from "./relation-changes.ts";
import { SHIFT_TABLE } from "./shift-table.ts";

/** Version of the tables in the database file; a later version migrates from it. */
export const STORE_VERSION = 3;

const SQL_TYPES: Readonly<Record<ColumnType, string>> = {
  text: "varchar",
  timestamp: "timestamptz",
  integer: "bigint",
  double: "double",
  boolean: "boolean",
  // JSON as text: Athena and Trino do not read Parquet's JSON type
  json: "varchar",
};

export function sqlType(column: Pick<Column, "type">): string {
  return SQL_TYPES[column.type];
}

/** What is stored as the SQL type that DuckDB names so, in capitals; throws for a type that no column has. */
export function columnTypeOf(sqlName: string): ColumnType {
  const name = sqlName === "TIMESTAMP WITH TIME ZONE" ? "timestamptz" : sqlName.toLowerCase();
  const types: readonly ColumnType[] = ["text", "timestamp", "integer", "double", "boolean"];
  const type = types.find((each) => SQL_TYPES[each] === name);
  if (type === undefined) throw new Error(`no column is stored as ${sqlName}`);
  return type;
}

/** All columns of a source's table, in order. */
export function tableColumns(source: SourceName): readonly Column[] {
  return [...COMMON_COLUMNS, ...columnsOf(source)];
}

/** A column list for SQL. Names come from the declarations only, and are quoted because some are keywords. */
export function columnList(columns: readonly { readonly name: string }[], alias?: string): string {
  return columns
    .map((column) => (alias === undefined ? quoteName(column.name) : `${alias}.${quoteName(column.name)}`))
    .join(", ");
}

export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

const REJECTED_TABLE = `create table if not exists main.rejected_record (
  rejected_id varchar not null,
  source varchar not null,
  reason varchar not null,
  detail varchar not null,
  origin varchar not null,
  position bigint not null,
  size_bytes bigint not null,
  rejected_time timestamptz not null,
  body blob not null,
  delivery_count bigint default 1,
  last_delivery_time timestamptz,
  carrier varchar,
  replay_count bigint default 0,
  last_replay_time timestamptz
)`;

/** Statements that make a fresh database, all idempotent. */
export function createStatements(): readonly string[] {
  return [
    "create schema if not exists hot",
    "create schema if not exists store",
    "create table if not exists store.store_meta (key varchar primary key, value varchar not null)",
    `create table if not exists store.lake_file (
      path varchar primary key,
      source varchar not null,
      event_date date not null,
      row_count bigint not null,
      size_bytes bigint not null,
      min_event_time timestamptz not null,
      max_event_time timestamptz not null,
      last_ingested_time timestamptz not null,
      created_time timestamptz not null,
      block_digests varchar
    )`,
    `create table if not exists store.contact_span (
      contact_id varchar primary key,
      first_event_time timestamptz not null,
      last_event_time timestamptz not null
    )`,
    `create table if not exists store.contact_link (
      contact_id varchar not null,
      relation varchar not null,
      other_contact_id varchar not null,
      record_id varchar not null
    )`,
    `create table if not exists store.agent_identity (
      agent_id varchar primary key,
      agent_username varchar,
      instance_id varchar,
      last_event_time timestamptz not null
    )`,
    ...RELATION_CHANGE_TABLES,
    ...RELATION_VIEWS,
    SHIFT_TABLE,
    `create table if not exists store.receiver_checkpoint (
      receiver varchar not null,
      key varchar not null,
      value varchar not null,
      updated_time timestamptz not null,
      primary key (receiver, key)
    )`,
    // Hashes of 256 random bits: whoever reads them learns nothing (packages/server/src/access/token-format.ts).
    `create table if not exists store.access_token (
      token_id varchar primary key,
      name varchar not null,
      scope varchar not null,
      sources varchar,
      groups varchar,
      token_hash varchar not null,
      created_time timestamptz not null,
      expires_time timestamptz,
      revoked_time timestamptz
    )`,
    REJECTED_TABLE,
    ...SOURCE_NAMES.map((source) => {
      const columns = tableColumns(source).map((column) => `${quoteName(column.name)} ${sqlType(column)}`);
      return `create table if not exists hot.${source} (${columns.join(", ")})`;
    }),
  ];
}

/**
 * The statement that makes a source's view over the hot table and its lake files. Views are made again, in the same
 * transaction, whenever the list of files changes, so a reader sees every record exactly once.
 */
export function sourceViewStatement(source: SourceName, lakePaths: readonly string[]): string {
  const relation = sourceRelation(source, lakePaths);
  if (source !== "contact_record") return `create or replace view main.${source} as ${relation}`;
  // Connect delivers a contact record again when something about the contact changes (up to 24 months later): every
  // delivery is kept, the view shows the newest.
  return `create or replace view main.contact_record as select * from (${relation})
    qualify row_number() over (partition by contact_id order by last_update_time desc nulls last, record_id desc) = 1`;
}

/** Hot rows and the rows of the given lake files as one relation. */
export function sourceRelation(
  source: SourceName,
  lakePaths: readonly string[],
  columns = tableColumns(source),
): string {
  const list = columnList(columns);
  const hot = `select ${list} from hot.${source}`;
  if (lakePaths.length === 0) return hot;
  return `${hot} union all select ${list} from read_parquet([${lakePaths.map(quoteText).join(", ")}], hive_partitioning = false)`;
}

export function logRecordViewStatement(): string {
  const list = columnList(COMMON_COLUMNS);
  const selects = SOURCE_NAMES.map((source) => `select ${list} from main.${source}`);
  return `create or replace view main.log_record as ${selects.join(" union all ")}`;
}

/** The derived views that exist today. */
export function derivedViewStatements(): readonly string[] {
  return [
    // what any record says of a contact, and what its newest contact record says, null where none has come
    `create or replace view main.contact as
     select s.contact_id, s.first_event_time, s.last_event_time, r.channel, r.initiation_method, r.disconnect_reason,
       r.queue_id, r.queue_name, r.agent_id, r.agent_username, r.initiation_time, r.enqueue_time, r.connected_to_agent_time,
       r.disconnect_time, r.agent_interaction_duration_s, r.customer_hold_duration_s, r.after_contact_work_duration_s,
       r.record_id as contact_record_id
     from store.contact_span_now s left join main.contact_record r on r.contact_id = s.contact_id`,
    "create or replace view main.agent as select agent_id, agent_username, instance_id, last_event_time from store.agent_identity_now",
  ];
}
