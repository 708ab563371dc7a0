import { formatInstant } from "../../instant.ts";
import { isObject, type JsonObject, type JsonValue } from "../../json.ts";
import { detailTimeOf } from "./event-time.ts";
import type { ContactEventWire } from "./wire.ts";

// arn:aws:connect:us-west-2:..., also with the empty part of Amazon's samples (arn:aws::connect:us-west-2:...)
const ARN_REGION = /^(arn:[\w-]*:{1,2}[\w-]+):[a-z]{2,}(?:-[a-z]+)+-\d+:/;

/**
 * What makes two deliveries one event. Linked Regions publish every event twice, each with an envelope id and Region
 * of its own, so the envelope's id is no identity: contact, type and the detail's own time are. A type without a time
 * of its own is told by its content, ARNs without their Region. The record id adds the event time, which for such a
 * type is the envelope's, so that a task paused twice, with the same detail both times, makes two records; the price
 * is that two Regions' copies of such an event make two records where their envelopes differ by a second.
 */
export function identityOf(event: ContactEventWire): string {
  const { contactId, eventType } = event.detail;
  const time = detailTimeOf(event.detail);
  const content = time === undefined ? canonicalText(event.receivedDetail) : formatInstant(time);
  return `${contactId}\n${eventType}\n${content}`;
}

function canonicalText(value: JsonObject): string {
  return JSON.stringify(canonical(value));
}

function canonical(value: JsonValue): JsonValue {
  if (typeof value === "string") return value.startsWith("arn:") ? value.replace(ARN_REGION, "$1::") : value;
  if (Array.isArray(value)) return value.map(canonical);
  if (!isObject(value)) return value;
  const keys = Object.keys(value).sort();
  return Object.fromEntries(keys.map((key) => [key, canonical(value[key] ?? null)]));
}
