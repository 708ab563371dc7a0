import type { UnixMillis } from "../../record.ts";

interface Call {
  readonly contactId: string;
  readonly startTime: UnixMillis;
  endTime: UnixMillis | undefined;
}

/** A browser context is one page load of one agent. */
const LOGGER_LIMIT = 2_000;
/** Calls remembered of one browser context, the newest. */
const CALL_LIMIT = 64;
/** A call whose end was never seen: no shift lasts longer. */
const EXPIRY_MS = 12 * 60 * 60 * 1_000;
/** The report is written at the end of a call, the answer to it and repeated errors some seconds later. */
const END_GRACE_MS = 10_000;

/**
 * The softphone calls of each browser context (`loggerId`), for entries that name no contact: metrics, reports, mute.
 * Memory of one stream; bounded. It can only know what came before, so an entry that arrives ahead of its call's
 * start stays without contact.
 */
export class SoftphoneCalls {
  readonly #calls = new Map<string, Call[]>();

  /** A call begins; the call before it in this browser context is over by that. */
  open(loggerId: string, contactId: string, time: UnixMillis): void {
    const calls = this.#callsOf(loggerId);
    const at = calls.findLastIndex((call) => call.startTime <= time) + 1;
    const before = calls[at - 1];
    // The same entry reaches a file twice when pages forward it to each other.
    if (before?.contactId === contactId && before.startTime === time) return;
    calls.splice(at, 0, { contactId, startTime: time, endTime: undefined });
    if (calls.length > CALL_LIMIT) calls.shift();
  }

  /** The call of this contact, or the one going on at that time, is over. The earliest end known counts. */
  close(loggerId: string, contactId: string | undefined, time: UnixMillis): void {
    const call = this.#calls
      .get(loggerId)
      ?.findLast((other) => other.startTime <= time && (contactId === undefined || other.contactId === contactId));
    if (call === undefined) return;
    if (call.endTime === undefined || time < call.endTime) call.endTime = time;
  }

  /** The contact of the call that was going on in this browser context at that time. */
  contactAt(loggerId: string, time: UnixMillis): string | undefined {
    const calls = this.#calls.get(loggerId);
    if (calls === undefined) return undefined;
    const call = calls.findLast((other) => other.startTime <= time);
    if (call === undefined) return undefined;
    const lastTime = call.endTime === undefined ? call.startTime + EXPIRY_MS : call.endTime + END_GRACE_MS;
    return time <= lastTime ? call.contactId : undefined;
  }

  #callsOf(loggerId: string): Call[] {
    const known = this.#calls.get(loggerId);
    // Re-inserted, so that the first key is always the browser context whose last call began longest ago.
    if (known !== undefined) this.#calls.delete(loggerId);
    const calls = known ?? [];
    this.#calls.set(loggerId, calls);
    if (this.#calls.size > LOGGER_LIMIT) {
      const [oldest] = this.#calls.keys();
      if (oldest !== undefined) this.#calls.delete(oldest);
    }
    return calls;
  }
}
