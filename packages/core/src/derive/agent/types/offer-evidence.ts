import type { UnixMillis } from "../../../record.ts";

type Absent = null | undefined;

/** A CCP log line, as far as causes are read from it: columns of `ccp_log`. */
export interface CcpLine {
  readonly record_id: string;
  readonly event_time: UnixMillis;
  /** `api_call`, `api_reply`, `api_failed`, `accept_failed`, `snapshot`, `mic_denied`, ... */
  readonly event_name: string;
  readonly contact_id: string | Absent;
  readonly operation: string | Absent;
  readonly message: string;
}

/** What a contact event or contact record says of a contact's end: columns of `contact_event` and `contact_record`. */
export interface ContactSign {
  readonly record_id: string;
  readonly contact_id: string;
  readonly disconnect_time: UnixMillis | Absent;
  readonly disconnect_reason: string | Absent;
}

/** What causes are read from, for the offers of one agent. Rows too many do no harm; their order does not matter. */
export interface OfferEvidence {
  /** Of this agent's CCP, from half an hour before the first offer to half an hour after the last (`OFFER_EVIDENCE_MS`). */
  readonly ccpLines: readonly CcpLine[];
  /** Of the contacts offered. */
  readonly contactSigns: readonly ContactSign[];
}
