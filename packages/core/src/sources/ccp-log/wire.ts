import type { JsonValue } from "../../json.ts";
import type { UnixMillis } from "../../record.ts";

/**
 * One log entry of the Contact Control Panel (CCP) or of amazon-connect-streams, as it stands in `agent-log.txt`.
 * Wire shape: the library's names and casing. `undefined` means absent or null.
 * https://github.com/amazon-connect/amazon-connect-streams/blob/cc9c5875/src/log.js (read 2026-11-20)
 */
export interface CcpLogWire {
  /** `ccp`, `softphone`, `chat`, `task`; an entry that was forwarded to another page says `ccp`, whatever it was. */
  readonly component: string | undefined;
  /** TEST, TRACE, DEBUG, INFO, LOG, WARN, ERROR, CRITICAL; open. */
  readonly level: string | undefined;
  /** Redacted by the library line by line, which breaks JSON inside it: never parse it without a net. */
  readonly text: string;
  /** The browser's clock; an ISO text, or epoch milliseconds where a component pushed a raw entry. */
  readonly time: UnixMillis;
  /** One browser tab; null when the SharedWorker wrote it, absent before the tab has an id. */
  readonly tabId: string | undefined;
  /** Null, `{type, message, stack[]}` in three shapes, or a plain string. */
  readonly exception: JsonValue | undefined;
  /** An array; a string in hand-edited files; absent after `clearObjects()`. */
  readonly objects: JsonValue | undefined;
  /** 0 below the log level and wherever the entry was captured while being written; counts per receiver. */
  readonly line: number | undefined;
  /** The agent's user id, null before the agent is initialised; rarely `{}`, an Error that became JSON. */
  readonly agentResourceId: string | undefined;
  /** One JavaScript realm (page or worker): `<epoch ms>-<base 36>`. */
  readonly loggerId: string | undefined;
  /** CCP, SharedWorker or CRM; absent in old libraries and before a page has an upstream. */
  readonly contextLayer: string | undefined;
  /** Only from Operata: the agent's login name. */
  readonly agent: string | undefined;
  /** Only from Operata: written by its own collector. */
  readonly internal: boolean | undefined;
}
