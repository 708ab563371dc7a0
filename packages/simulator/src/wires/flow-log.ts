import { unixMillis, type UnixMillis } from "@fourwire/core";
import { instantText } from "../instant-text.ts";
import type { Emission } from "../emission.ts";

/**
 * Flow log emissions of one instance as a CloudWatch subscription delivers them, before gzip. The ids are derived from the entries, so
 * that delivering one twice repeats its id, as CloudWatch does.
 */
export function toCloudWatchPayload(entries: readonly Emission[]): string {
  const hour = instantText(entries[0]?.time ?? unixMillis(0))
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
