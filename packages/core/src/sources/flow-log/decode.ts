import { parseInstant } from "../../instant.ts";
import type { JsonObject, JsonValue } from "../../json.ts";
import { textAt } from "../../json.ts";
import type { Decoded } from "../../rejected.ts";
import { accepted, rejected } from "../../rejected.ts";
import type { ReceivedRecord } from "../../source.ts";
import type { FlowLogWire } from "./wire.ts";

const FIELD_NAMES: readonly string[] = [
  "ContactId",
  "ContactFlowId",
  "ContactFlowName",
  "ContactFlowModuleType",
  "Identifier",
  "Timestamp",
  "Parameters",
  "Results",
  "ExternalResults",
  "ResultData",
  "ModuleExecutionStack",
  "Events",
];
const KNOWN_FIELDS: ReadonlySet<string> = new Set(FIELD_NAMES);
const FIELD_BY_LOWER_CASE: ReadonlyMap<string, string> = new Map(FIELD_NAMES.map((name) => [name.toLowerCase(), name]));
const NO_UNKNOWN_FIELDS: FlowLogWire["unknownFields"] = [];

/** A contact with a flow or a block: in Amazon's casing, or with the lower-cased keys that Athena tables export. */
export function recognizeFlowLog(value: JsonObject): boolean {
  if (value.ContactId !== undefined) {
    return value.ContactFlowModuleType !== undefined || value.ContactFlowId !== undefined;
  }
  return (
    value.contactid !== undefined && (value.contactflowmoduletype !== undefined || value.contactflowid !== undefined)
  );
}

/** Reasons: missing_field or bad_type (`ContactId`), bad_time (no readable `Timestamp` and a carrier without time). */
export function decodeFlowLog(received: ReceivedRecord): Decoded<FlowLogWire> {
  const value = received.value.ContactId === undefined ? withAmazonCasing(received.value) : received.value;
  const contactId = textAt(value, "ContactId");
  if (contactId === undefined) return rejectContactId(value.ContactId);

  // Amazon's guide of 2017 prints `2017-11-09T12:17.898Z`: hours, minutes or seconds are missing, which is not guessed.
  const time = parseInstant(value.Timestamp) ?? received.carrier?.time;
  if (time === undefined) return rejected("bad_time", `Timestamp: ${describe(value.Timestamp)}`);

  return accepted({
    ContactId: contactId,
    ContactFlowId: textAt(value, "ContactFlowId"),
    ContactFlowName: textAt(value, "ContactFlowName"),
    ContactFlowModuleType: textAt(value, "ContactFlowModuleType"),
    Identifier: textAt(value, "Identifier"),
    Timestamp: time,
    Parameters: value.Parameters ?? undefined,
    Results: resultsText(value.Results),
    ExternalResults: value.ExternalResults ?? undefined,
    ResultData: value.ResultData ?? undefined,
    ModuleExecutionStack: value.ModuleExecutionStack ?? undefined,
    Events: value.Events ?? undefined,
    unknownFields: unknownFieldsOf(value),
  });
}

function rejectContactId(value: JsonValue | undefined): Decoded<FlowLogWire> {
  return value === undefined || value === null || typeof value === "string"
    ? rejected("missing_field", "ContactId")
    : rejected("bad_type", `ContactId: ${typeof value} instead of text`);
}

function describe(value: JsonValue | undefined): string {
  if (typeof value === "string") return JSON.stringify(value.slice(0, 40));
  return typeof value === "number" ? String(value) : typeof value;
}

/** Athena and Glue lower-case top-level keys; the nested ones are left as they came (`parameterAt` tries both). */
function withAmazonCasing(value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [FIELD_BY_LOWER_CASE.get(key) ?? key, field]));
}

/** `Results` is always a text so far; anything else is kept as its JSON. */
function resultsText(value: JsonValue | undefined): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === "string" ? value : JSON.stringify(value);
}

function unknownFieldsOf(value: JsonObject): FlowLogWire["unknownFields"] {
  let unknown: (readonly [string, JsonValue])[] | undefined;
  for (const key in value) {
    if (KNOWN_FIELDS.has(key)) continue;
    const field = value[key];
    if (field === undefined || field === null) continue;
    unknown ??= [];
    unknown.push([key, field]);
  }
  return unknown ?? NO_UNKNOWN_FIELDS;
}
