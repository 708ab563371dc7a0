import { formatCount } from "../time/format.ts";
import type { ReceiverEntry } from "./receiver-row.tsx";

/** How loud a state is, as a severity number: a receiver that waits is no problem. */
const RECEIVER_LEVELS: Readonly<Record<ReceiverEntry["state"], number>> = {
  starting: 9,
  waiting: 9,
  receiving: 9,
  behind: 13,
  failing: 17,
  denied: 17,
  stopped: 9,
};

/** As loud as its state, and a warning where it waits for something that does not exist. */
export function levelOf({ state, detail }: Pick<ReceiverEntry, "state" | "detail">): number {
  return state === "waiting" && detail !== null ? RECEIVER_LEVELS.behind : RECEIVER_LEVELS[state];
}

/** `1,204/min`, `3.5/min`; empty when nothing came. */
export function describeRate(perMinute: number): string {
  if (perMinute === 0) return "";
  if (perMinute < 0.1) return "< 0.1/min";
  return `${perMinute < 10 ? Number(perMinute.toFixed(1)) : formatCount(Math.round(perMinute))}/min`;
}

/** `2 control message, 14 digest file`. */
export function describeDropped(dropped: ReceiverEntry["dropped"]): string {
  return Object.entries(dropped)
    .map(([reason, count]) => `${formatCount(count)} ${reason.replaceAll("_", " ")}`)
    .join(", ");
}
