import { isObject, textAt, type JsonValue } from "@fourwire/core";

/** What comes back of a canary. It says nothing about a contact and is never stored. */
export interface CanaryNote {
  /** Name of the receiver it is to come back through. */
  readonly receiver: string;
  readonly id: string;
}

const KEY = "fourwire_canary";

/** A canary on its way. */
export interface SentCanary extends CanaryNote {
  /** Unix ms, of this machine's clock. */
  readonly sentTime: number;
}

/** The document that is put where the records come from. */
export function writeCanary(note: SentCanary): string {
  const { receiver, id, sentTime } = note;
  return JSON.stringify({ [KEY]: { receiver, canary_id: id, sent_time: new Date(sentTime).toISOString() } });
}

/** Reads one back; undefined for anything else. */
export function readCanary(value: JsonValue): CanaryNote | undefined {
  if (!isObject(value)) return undefined;
  const body = value[KEY];
  if (body === undefined || !isObject(body)) return undefined;
  const receiver = textAt(body, "receiver");
  const id = textAt(body, "canary_id");
  return receiver === undefined || id === undefined ? undefined : { receiver, id };
}

/**
 * A trail takes no records of ours, but it records our calls: the canary travels in the caller's user agent. The SDK
 * keeps letters, digits and a few marks of it.
 */
export function canaryUserAgent(note: CanaryNote): readonly [string, string] {
  return ["fourwire-canary", `${note.receiver}!${note.id}`];
}

const USER_AGENT = /fourwire-canary\/([A-Za-z0-9][\w.-]{0,63})!([\w-]{1,64})/;

/** The canary in a user agent that CloudTrail recorded; undefined in any other. */
export function readCanaryUserAgent(userAgent: string): CanaryNote | undefined {
  const [, receiver, id] = USER_AGENT.exec(userAgent) ?? [];
  return receiver === undefined || id === undefined ? undefined : { receiver, id };
}
