import type { ReactNode } from "react";
import { formatInstantIn, toMillis } from "../time/format.ts";
import type { Zone } from "../time/range.ts";
import { useSecond } from "../time/use-second.ts";

export interface SinceProps {
  /** ISO instant; null shows nothing. */
  readonly time: string | null;
  /** The instant up to which it is counted; undefined counts on, second by second. */
  readonly atMs: number | undefined;
  /** How far the server's clock is ahead of this computer's. */
  readonly clockOffsetMs: number;
  readonly zone: Zone;
}

/** How long something lasts: `4:12`, `1:03:40`, `2 d 4 h`. */
export function Since({ time, atMs, clockOffsetMs, zone }: SinceProps): ReactNode {
  const nowMs = useSecond();
  if (time === null) return null;
  const elapsedMs = (atMs ?? nowMs + clockOffsetMs) - toMillis(time);
  return (
    <time className="since" dateTime={time} title={`since ${formatInstantIn(time, zone)}`}>
      {formatElapsed(elapsedMs)}
    </time>
  );
}

const SECOND_MS = 1000;
const DAY_MS = 86_400_000;

/** A running time in the form of a stopwatch; days in words. Never negative: clocks differ by a little. */
export function formatElapsed(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / SECOND_MS));
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  if (ms >= 2 * DAY_MS) return `${Math.floor(hours / 24)} d ${hours % 24} h`;
  const tail = `${hours > 0 ? pad(minutes) : minutes}:${pad(rest)}`;
  return hours > 0 ? `${hours}:${tail}` : tail;
}

function pad(value: number): string {
  return String(value).padStart(2, "0");
}
