/** A text of the softphone taken apart. */
export interface SoftphoneText {
  /** Last of the parts of connect-rtc-js named before the message, such as `SESSION`. */
  readonly category: string | undefined;
  /** The contact named before a category. */
  readonly contactId: string | undefined;
  /** The text without white space at its ends and without the prefix. */
  readonly message: string;
}

const MANAGERS: ReadonlySet<string> = new Set(["RtcPeerConnectionManager", "RtcPeerConnectionManagerV2"]);
const CATEGORIES: ReadonlySet<string> = new Set([
  "SESSION",
  "SIGNALING",
  "CallSession",
  "SharedMediaSession",
  "SharedMediaSIGNALING",
  "CitrixVDIStrategy",
  "AzureVDIStrategy",
  ...MANAGERS,
]);

const UUID_LENGTH = 36;
/** Longest category and its space. */
const CATEGORY_LIMIT = 27;
const SPACE = 0x20;
const HYPHEN = 0x2d;

/**
 * Cuts `(<uuid> <Category>)+ <message>`, the prefix that connect-rtc-js nests once per layer (1.x: manager and SESSION;
 * 1.3: manager, then CallSession or SharedMediaSession). The last pair counts. The id before a manager alone is no
 * contact: before the first call it is a random uuid. A category without an id (`SESSION Lost ICE connection`,
 * redacted or quoted) is taken at the start only.
 */
export function readSoftphoneText(text: string): SoftphoneText {
  const trimmed = text.trim();
  let category: string | undefined;
  let contactId: string | undefined;
  let at = 0;
  for (;;) {
    const isAfterId = isUuidAt(trimmed, at) && trimmed.charCodeAt(at + UUID_LENGTH) === SPACE;
    if (!isAfterId && at > 0) break;
    const wordAt = isAfterId ? at + UUID_LENGTH + 1 : at;
    const word = categoryAt(trimmed, wordAt);
    if (word === undefined) break;
    category = word;
    if (isAfterId && !MANAGERS.has(word)) contactId = trimmed.slice(at, at + UUID_LENGTH);
    at = wordAt + word.length + 1;
  }
  return { category, contactId, message: at === 0 ? trimmed : trimmed.slice(at).trimStart() };
}

/** Whether a uuid stands at `at`: hexadecimal digits with hyphens at 8, 13, 18 and 23. */
export function isUuidAt(text: string, at: number): boolean {
  if (text.length < at + UUID_LENGTH || text.charCodeAt(at + 8) !== HYPHEN) return false;
  for (let i = 0; i < UUID_LENGTH; i += 1) {
    const code = text.charCodeAt(at + i);
    const isHyphenPlace = i === 8 || i === 13 || i === 18 || i === 23;
    if (isHyphenPlace ? code !== HYPHEN : !isHexDigit(code)) return false;
  }
  return true;
}

export function uuidAt(text: string, at: number): string | undefined {
  return isUuidAt(text, at) ? text.slice(at, at + UUID_LENGTH) : undefined;
}

function isHexDigit(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code >= 0x61 && code <= 0x66) || (code >= 0x41 && code <= 0x46);
}

function categoryAt(text: string, at: number): string | undefined {
  const first = text.charCodeAt(at);
  // S, R, C or A: all other texts leave here.
  if (first !== 0x53 && first !== 0x52 && first !== 0x43 && first !== 0x41) return undefined;
  const space = text.indexOf(" ", at);
  if (space === -1 || space - at > CATEGORY_LIMIT) return undefined;
  const word = text.slice(at, space);
  return CATEGORIES.has(word) ? word : undefined;
}

const NAMESPACE = /^\[([A-Za-z][\w.\-/ ]+)\]:? /;

/**
 * The module that a message names first: `[Softphone Manager] …`, `[httpClient]: …`. A time stamp is none, and after a
 * category the brackets hold a state (`[TalkingState] …`).
 */
export function namespaceOf({ category, message }: SoftphoneText): string | undefined {
  return category === undefined && message.charCodeAt(0) === 0x5b ? NAMESPACE.exec(message)?.[1] : undefined;
}
