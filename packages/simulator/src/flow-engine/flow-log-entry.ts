import type { JsonObject, JsonValue, UnixMillis } from "@fourwire/core";
import { instantText } from "../instant-text.ts";
import type { FlowResource } from "./flow-resource.ts";

/**
 * The forms that flow log entries had over the years. 2017: `Events` of arrays, nothing else known of the block. 2021:
 * `Parameters`. 2023: also `ContactFlowName`. 2025 (since 2024): also `Identifier`, and inside modules
 * `ModuleExecutionStack`.
 */
export const FLOW_LOG_VINTAGES = ["2017", "2021", "2023", "2025"] as const;
export type FlowLogVintage = (typeof FLOW_LOG_VINTAGES)[number];

export interface FlowLogForm {
  readonly vintage: FlowLogVintage;
  /**
   * `2017_sample` leaves the seconds out (`2017-11-09T12:17.898Z`), as the one example in Amazon's guide of 2017 does.
   * Without an envelope that tells the time, such entries cannot be placed and are rejected.
   */
  readonly timestamps: "iso" | "2017_sample";
}

/** What one entry says. Every value of `parameters` is text, as Connect writes it. */
export interface FlowLogParts {
  readonly moduleType: string;
  readonly parameters?: JsonObject;
  readonly results?: string;
  readonly externalResults?: JsonValue;
  readonly resultData?: JsonObject;
  /** A failed Lambda block writes `Results` before everything else. */
  readonly isResultFirst?: boolean;
}

export interface FlowLogEntry extends FlowLogParts {
  readonly contactId: string;
  readonly flow: FlowResource;
  readonly identifier: string;
  readonly time: UnixMillis;
  /** Modules on their way, the innermost first, then the flow that called; empty outside of modules. */
  readonly moduleStack: readonly string[];
}

/** One entry as compact JSON, its keys in the order of the samples of its time. */
export function writeFlowLogEntry(entry: FlowLogEntry, form: FlowLogForm): string {
  const { vintage } = form;
  const timestamp = form.timestamps === "iso" ? instantText(entry.time) : withoutSeconds(entry.time);
  if (vintage === "2017") return writeEntryOf2017(entry, timestamp);
  const isResultFirst = entry.isResultFirst === true;
  const hasIdentifier = vintage === "2025";
  return JSON.stringify({
    // a key that is named first keeps its place, also as undefined
    ...(isResultFirst ? { Results: entry.results } : {}),
    ContactId: entry.contactId,
    ContactFlowId: entry.flow.arn,
    ContactFlowName: vintage === "2021" ? undefined : entry.flow.name,
    ContactFlowModuleType: entry.moduleType,
    Identifier: hasIdentifier ? entry.identifier : undefined,
    Timestamp: timestamp,
    ExternalResults: entry.externalResults,
    Parameters: entry.parameters,
    ...(isResultFirst ? {} : { Results: entry.results }),
    ResultData: entry.resultData,
    ModuleExecutionStack: hasIdentifier && entry.moduleStack.length > 0 ? entry.moduleStack : undefined,
  });
}

function writeEntryOf2017(entry: FlowLogEntry, timestamp: string): string {
  const { parameters } = entry;
  return JSON.stringify({
    Timestamp: timestamp,
    ContactId: entry.contactId,
    ContactFlowId: entry.flow.arn,
    ContactFlowModuleType: entry.moduleType,
    Events: parameters === undefined ? undefined : asEvents(parameters),
    ExternalResults: entry.externalResults,
    Results: entry.results,
  });
}

/** `{"Queue":"arn"}` -> `{"Queue":["arn"]}` */
function asEvents(parameters: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(parameters).map(([key, value]) => [key, Array.isArray(value) ? value : [value ?? null]]),
  );
}

function withoutSeconds(time: UnixMillis): string {
  return instantText(time).replace(/:\d\d(?=\.\d{3}Z$)/, "");
}
