import { parseInstant } from "../../instant.ts";
import type { JsonObject, JsonValue } from "../../json.ts";
import { booleanAt, numberAt, textAt } from "../../json.ts";
import type { Decoded } from "../../rejected.ts";
import { accepted, rejected } from "../../rejected.ts";
import type { ReceivedRecord } from "../../source.ts";
import type { CcpLogWire } from "./wire.ts";

/** A level and a text, and one of the two names that only CCP's logger gives: `loggerId` or `component`. */
export function recognizeCcpLog(value: JsonObject): boolean {
  return (
    typeof value.text === "string" &&
    typeof value.level === "string" &&
    (typeof value.loggerId === "string" || typeof value.component === "string")
  );
}

/** Reasons: missing_field or bad_type (`text`), bad_time (no readable `time` and a carrier without time). */
export function decodeCcpLog(received: ReceivedRecord): Decoded<CcpLogWire> {
  const { value } = received;
  const { text } = value;
  if (text === undefined || text === null) return rejected("missing_field", "text");
  if (typeof text !== "string") return rejected("bad_type", `text: ${typeof text} instead of text`);
  const time = parseInstant(value.time) ?? received.carrier?.time;
  if (time === undefined) return rejected("bad_time", `time: ${describe(value.time)}`);
  return accepted({
    component: textAt(value, "component"),
    level: textAt(value, "level"),
    text,
    time,
    tabId: textAt(value, "tabId"),
    exception: value.exception ?? undefined,
    objects: value.objects ?? undefined,
    line: lineNumber(value),
    agentResourceId: textAt(value, "agentResourceId"),
    loggerId: textAt(value, "loggerId"),
    contextLayer: textAt(value, "contextLayer"),
    agent: textAt(value, "agent"),
    internal: booleanAt(value, "internal"),
  });
}

function lineNumber(value: JsonObject): number | undefined {
  const line = numberAt(value, "line");
  return line !== undefined && Number.isSafeInteger(line) ? line : undefined;
}

function describe(value: JsonValue | undefined): string {
  if (typeof value === "string") return JSON.stringify(value.slice(0, 40));
  return typeof value === "number" ? String(value) : typeof value;
}
