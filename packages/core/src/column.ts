/** How a column is stored. Only types that Athena and Trino read from Parquet as well (design section 4). */
export type ColumnType = "text" | "timestamp" | "integer" | "double" | "boolean" | "json";

/** One column, declared once; table DDL, documentation and page headers are generated from it. */
export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  readonly description: string;
  /** Physical unit of a number, such as "ms" or "s". */
  readonly unit?: string;
  /** Where the value comes from on the wire, as a path in Amazon's own names. */
  readonly from?: string;
}

/** The columns every source shares, in table order. `ingested_time` and `schema_version` are written by the store. */
export const COMMON_COLUMNS: readonly Column[] = [
  {
    name: "record_id",
    type: "text",
    description:
      "24 characters derived from the record, sortable by time: the same record has the same id on any machine",
  },
  { name: "source", type: "text", description: "the wire it came on" },
  { name: "instance_id", type: "text", description: "Connect instance" },
  { name: "account_id", type: "text", description: "AWS account that received the record" },
  { name: "region", type: "text", description: "AWS Region" },
  { name: "event_name", type: "text", description: "what happened, in one word" },
  { name: "event_time", type: "timestamp", description: "the origin's clock, UTC" },
  { name: "observed_time", type: "timestamp", description: "when our first component saw it, UTC" },
  { name: "ingested_time", type: "timestamp", description: "when it was stored, UTC" },
  { name: "severity_number", type: "integer", description: "OpenTelemetry severity, 1-24" },
  { name: "severity_text", type: "text", description: "the level as the source wrote it" },
  { name: "contact_id", type: "text", description: "the contact it belongs to" },
  { name: "agent_id", type: "text", description: "Connect user id of the agent" },
  { name: "agent_username", type: "text", description: "the agent's login name" },
  { name: "flow_id", type: "text", description: "the flow or module it belongs to" },
  { name: "session_id", type: "text", description: "browser context (CCP) or role session (CloudTrail)" },
  { name: "message", type: "text", description: "one line a person can read" },
  { name: "attributes", type: "json", description: "what has no column of its own" },
  { name: "original_id", type: "text", description: "the vendor's id" },
  { name: "original_body", type: "text", description: "the record as received, after redaction" },
  { name: "schema_version", type: "integer", description: "version of the normalized shape" },
];

/** Columns that the store fills in while it appends; a normalized record does not have them. */
const WRITTEN_BY_STORE: ReadonlySet<string> = new Set(["ingested_time", "schema_version"]);

/** The columns of a normalized record, in order: the common ones that are not the store's, then the source's own. */
export function recordColumns(ownColumns: readonly Column[]): readonly Column[] {
  return [...COMMON_COLUMNS.filter((column) => !WRITTEN_BY_STORE.has(column.name)), ...ownColumns];
}
