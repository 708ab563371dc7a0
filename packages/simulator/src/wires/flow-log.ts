import { formatInstant, unixMillis, type UnixMillis } from "@fourwire/core";
import type { Emission } from "../emission.ts";
import type { Flow } from "../world.ts";

export interface FlowLogEntry {
  readonly contactId: string;
  readonly flow: Flow;
  /** Name of the block within its flow. */
  readonly block: string;
  /** In the older vocabulary that logs keep, such as InvokeExternalResource. */
  readonly moduleType: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly results?: string;
  readonly externalResults?: Readonly<Record<string, string>>;
}

/**
 * One flow log entry in the form of 2024 and later (`Identifier` present). Every parameter value is a string, also
 * numbers. An exit entry has no `Parameters`; a failed Lambda block writes `Results` first.
 * https://docs.aws.amazon.com/connect/latest/adminguide/contact-flow-log-data.html (read 2026-11-20)
 */
export function writeFlowLog(entry: FlowLogEntry, time: UnixMillis): string {
  const isFailedLambda = entry.results !== undefined && entry.moduleType === "InvokeExternalResource";
  return JSON.stringify({
    ...(isFailedLambda ? { Results: entry.results } : {}),
    ContactId: entry.contactId,
    ContactFlowId: entry.flow.arn,
    ContactFlowName: entry.flow.name,
    ContactFlowModuleType: entry.moduleType,
    Identifier: entry.flow.blocks[entry.block] ?? entry.block,
    Timestamp: formatInstant(time),
    Parameters: entry.parameters,
    ExternalResults: entry.externalResults,
    ...(isFailedLambda ? {} : { Results: entry.results }),
  });
}

/**
 * Flow log emissions of one instance as a CloudWatch subscription delivers them, before gzip. The ids are derived from the entries, so
 * that delivering one twice repeats its id, as CloudWatch does.
 */
export function toCloudWatchPayload(entries: readonly Emission[]): string {
  const hour = formatInstant(entries[0]?.time ?? unixMillis(0))
    .slice(0, 13)
    .replace("T", "-")
    .replaceAll("-", "/");
  return JSON.stringify({
    messageType: "DATA_MESSAGE",
    owner: entries[0]?.origin.accountId ?? "",
    logGroup: `/aws/connect/${entries[0]?.origin.alias ?? ""}`,
    logStream: `${hour}/stream-Rm91cndpcmVTaW11bGF0ZQ==`,
    subscriptionFilters: ["fourwire"],
    logEvents: entries.map(({ time, body }) => ({ id: logEventId(time, body), timestamp: time, message: body })),
  });
}

/** 56 digits, as CloudWatch numbers log events: the time first, then digits that depend on the whole text. */
function logEventId(time: UnixMillis, body: string): string {
  let digits = `38${time}`;
  for (let part = 0; digits.length < 56; part += 1) digits += String(fnv1a(body, part)).padStart(10, "0");
  return digits.slice(0, 56);
}

/** FNV-1a, 32 bits. http://www.isthe.com/chongo/tech/comp/fnv/ (read 2026-11-21) */
function fnv1a(text: string, salt: number): number {
  let hash = 0x811c9dc5 ^ salt;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}
