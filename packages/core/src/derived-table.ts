import type { Column } from "./column.ts";

/** A table that is made from records, kept current by the store, and offered to SQL as a view of the same name. */
export interface DerivedTable {
  readonly name: DerivedTableName;
  /** One sentence, above its columns in the documentation. */
  readonly subject: string;
  readonly columns: readonly Column[];
  /** The column by which its rows are read in time. */
  readonly startColumn: string;
}

export const DERIVED_TABLE_NAMES = [
  "agent_activity",
  "agent_activity_interval",
  "agent_after_contact_work",
  "agent_contact_state",
  "agent_gap",
  "agent_login_session",
  "agent_offer",
] as const;

export type DerivedTableName = (typeof DERIVED_TABLE_NAMES)[number];

/** What is said of a column beside its name. */
export type ColumnText = Omit<Column, "name">;

/** A text for every property of a row: the compiler finds one that is missing. */
export type ColumnTexts<Row> = { readonly [Key in keyof Row & string]-?: ColumnText };

/** Columns in the order of their texts. */
export function columnsFrom(texts: Readonly<Record<string, ColumnText>>): readonly Column[] {
  return Object.entries(texts).map(([name, text]) => ({ name, ...text }));
}

/** Columns that several derived tables have. */
export const AGENT_COLUMN_TEXTS = {
  agent_id: { type: "text", description: "Connect user id of the agent" },
  agent_username: { type: "text", description: "the agent's login name" },
  contact_id: { type: "text", description: "the contact" },
  channel: { type: "text", description: "VOICE, CHAT, TASK, EMAIL or a later one" },
  queue_id: { type: "text", description: "id of the queue it came from" },
  queue_name: { type: "text", description: "name of the queue it came from" },
  initiation_method: { type: "text", description: "how the contact began: INBOUND, OUTBOUND, TRANSFER, ..." },
  duration_ms: { type: "integer", unit: "ms", description: "from start to end" },
  record_ids: { type: "json", description: "array of the records it was read from" },
} as const satisfies Readonly<Record<string, ColumnText>>;
