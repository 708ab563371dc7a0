import { parseInstant, unixMillis } from "../../instant.ts";
import type { UnixMillis } from "../../record.ts";
import type { InstantWire } from "../../wire-values.ts";
import type { AgentEventWire, AgentSnapshotWire } from "./wire.ts";

/** What the last digits of an event's timestamps are worth. */
export type TimePrecision = "ms" | "s";

/** Real milliseconds were first seen in events of August 2019. */
const REAL_MILLISECONDS_FROM = Date.UTC(2019, 7, 1);

/**
 * "s" when no timestamp of the event carries milliseconds: it has no fraction, or the event is from before August 2019
 * and the milliseconds repeat the seconds (16:12:59.059), as in every real event of 2018 to January 2019. One
 * timestamp that does not fit makes it "ms". The event alone decides, so that the same bytes always make the same row;
 * the price is that an old event with one genuine timestamp passes for fake once in a thousand.
 */
export function timePrecisionOf(event: AgentEventWire): TimePrecision {
  const eventTime = parseInstant(event.EventTimestamp);
  const isOld = eventTime !== undefined && eventTime < REAL_MILLISECONDS_FROM;
  const isWhole =
    isWholeSecond(event.EventTimestamp, isOld) &&
    isSnapshotWhole(event.CurrentAgentSnapshot, isOld) &&
    isSnapshotWhole(event.PreviousAgentSnapshot, isOld);
  return isWhole ? "s" : "ms";
}

function isSnapshotWhole(snapshot: AgentSnapshotWire | undefined, isOld: boolean): boolean {
  if (snapshot === undefined) return true;
  return (
    isWholeSecond(snapshot.AgentStatus?.StartTimestamp, isOld) &&
    isWholeSecond(snapshot.NextAgentStatus?.EnqueuedTimestamp, isOld) &&
    (snapshot.Contacts ?? []).every(
      (contact) =>
        isWholeSecond(contact.StateStartTimestamp, isOld) &&
        isWholeSecond(contact.ConnectedToAgentTimestamp, isOld) &&
        isWholeSecond(contact.QueueTimestamp, isOld),
    )
  );
}

function isWholeSecond(written: InstantWire | undefined, isOld: boolean): boolean {
  if (!isOld) return written === undefined || (typeof written === "string" && !/[.,]/.test(written));
  const time = parseInstant(written);
  if (time === undefined) return true;
  const milliseconds = time % 1000;
  if (milliseconds === Math.floor(time / 1000) % 60) return true;
  return milliseconds === 0 && typeof written === "string" && !/[.,]/.test(written);
}

/** The instant, cut to whole seconds where the event's milliseconds are not real. */
export function readTime(written: InstantWire | undefined, precision: TimePrecision): UnixMillis | undefined {
  const time = written === undefined ? undefined : parseInstant(written);
  return time === undefined || precision === "ms" ? time : unixMillis(time - (time % 1000));
}
