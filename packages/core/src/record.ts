/** The six sources: the four wires and the two companions that ride on them. */
export const SOURCE_NAMES = [
  "agent_event",
  "contact_record",
  "contact_event",
  "flow_log",
  "cloudtrail",
  "ccp_log",
] as const;

export type SourceName = (typeof SOURCE_NAMES)[number];

/** Milliseconds since the Unix epoch, UTC. Made by `parseInstant` and `unixMillis` only. */
export type UnixMillis = number & { readonly __unit: "unix_ms" };

/**
 * One thing that happened, whatever wire it came on. The keys are the column names (`columns.ts`), so that the row
 * a decoder makes is the row the store keeps: there is no mapping layer between them. `undefined` means "absent at
 * the source" and becomes SQL null.
 */
export interface LogRecord {
  /** 24 characters: event time and 96 bits of SHA-256 over the source and the vendor's id or the content (`makeRecordId`). */
  readonly record_id: string;
  readonly source: SourceName;
  readonly instance_id: string | undefined;
  readonly account_id: string | undefined;
  readonly region: string | undefined;
  readonly event_name: string;
  /** The origin's clock. */
  readonly event_time: UnixMillis;
  /** When the first component of ours saw it. */
  readonly observed_time: UnixMillis;
  /** OpenTelemetry's 1-24; 9 is INFO, 13 WARN, 17 ERROR. */
  readonly severity_number: number;
  /** What the source itself said, verbatim; absent where the wire has no level. */
  readonly severity_text: string | undefined;
  readonly contact_id: string | undefined;
  readonly agent_id: string | undefined;
  readonly agent_username: string | undefined;
  readonly flow_id: string | undefined;
  /** Groups records of one session: CCP `loggerId`, CloudTrail session name. */
  readonly session_id: string | undefined;
  /** One line a person can read. */
  readonly message: string;
  /** JSON object of what has no column of its own. */
  readonly attributes: string | undefined;
  /** The vendor's id (EventId, eventID, CloudWatch event id). */
  readonly original_id: string | undefined;
  /** The record as received, after redaction. */
  readonly original_body: string;
}

/** Version of the normalized shape; stored with every record so that a later version can re-normalize. */
export const SCHEMA_VERSION = 1;

/** A value of one column. JSON columns hold JSON text; timestamps hold `UnixMillis`. */
export type ColumnValue = string | number | boolean | undefined;

/** A record with its source's own columns beside the common ones. */
export type SourceRecord = LogRecord & { readonly [column: string]: ColumnValue };
