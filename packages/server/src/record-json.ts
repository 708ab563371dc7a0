import { columnsOf, type RecordResponse, type RecordSummary, type SourceName } from "@fourwire/core";
import type { PlainRow } from "@fourwire/store";

/** An instant in ms as ISO 8601, null when there is none. */
export function isoOf(time: unknown): string | null {
  return typeof time === "number" ? new Date(time).toISOString() : null;
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

/** A stored row as lists show it. */
export function summaryOf(row: PlainRow): RecordSummary {
  return {
    record_id: String(row["record_id"]),
    source: row["source"] as SourceName,
    event_time: isoOf(row["event_time"]) ?? "",
    event_name: String(row["event_name"]),
    severity_number: Number(row["severity_number"]),
    severity_text: textOf(row["severity_text"]),
    contact_id: textOf(row["contact_id"]),
    agent_id: textOf(row["agent_id"]),
    agent_username: textOf(row["agent_username"]),
    flow_id: textOf(row["flow_id"]),
    session_id: textOf(row["session_id"]),
    instance_id: textOf(row["instance_id"]),
    region: textOf(row["region"]),
    message: textOf(row["message"]) ?? "",
  };
}

/** A stored row with everything known about it. */
export function detailOf(row: PlainRow): RecordResponse {
  const source = row["source"] as SourceName;
  return {
    record: {
      ...summaryOf(row),
      account_id: textOf(row["account_id"]),
      observed_time: isoOf(row["observed_time"]) ?? "",
      ingested_time: isoOf(row["ingested_time"]) ?? "",
      original_id: textOf(row["original_id"]),
      original_body: String(row["original_body"]),
      attributes: parsedObject(row["attributes"]),
      schema_version: Number(row["schema_version"]),
    },
    columns: columnsOf(source).map((column) => ({
      name: column.name,
      type: column.type,
      description: column.description,
      unit: column.unit ?? null,
      value: columnValue(column.type, row[column.name]),
    })),
  };
}

function columnValue(type: string, value: unknown): unknown {
  if (type === "timestamp") return isoOf(value);
  if (type === "json" && typeof value === "string") return parsed(value);
  return value ?? null;
}

function parsedObject(value: unknown): Readonly<Record<string, unknown>> | null {
  const result = typeof value === "string" ? parsed(value) : null;
  return typeof result === "object" && result !== null ? (result as Record<string, unknown>) : null;
}

/** JSON columns are written by us; a text that is not JSON is shown as it is. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}
