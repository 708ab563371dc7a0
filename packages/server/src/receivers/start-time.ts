import { parseInstant } from "@fourwire/core";
import { z } from "zod";
import { durationSchema } from "./duration.ts";

const DAY_MS = 86_400_000;

/** Where a receiver begins that has no position yet. */
export type StartTime =
  | { readonly kind: "now" }
  | { readonly kind: "oldest" }
  | { readonly kind: "ago"; readonly ms: number }
  | { readonly kind: "at"; readonly time: number };

/** `now`, `oldest`, a duration before now (`7d`), or a time (`2026-11-20T00:00:00Z`). */
export const startTimeSchema = z
  .union(
    [
      z.enum(["now", "oldest"]).transform((kind): StartTime => ({ kind })),
      durationSchema({ minMs: 0, maxMs: 3650 * DAY_MS }).transform((ms): StartTime => ({ kind: "ago", ms })),
      z.iso.datetime({ offset: true }).transform((text): StartTime => ({ kind: "at", time: parseInstant(text) ?? 0 })),
    ],
    { error: "now, oldest, a duration before now (7d), or a time (2026-11-20T00:00:00Z)" },
  )
  .describe("where to begin without a position: now, oldest, a duration before now (7d), or a time");

/** The instant to begin at, in Unix milliseconds, never before `oldestTime` or after `nowTime`. */
export function startInstant(start: StartTime, nowTime: number, oldestTime: number): number {
  return Math.min(nowTime, Math.max(oldestTime, wantedInstant(start, nowTime, oldestTime)));
}

function wantedInstant(start: StartTime, nowTime: number, oldestTime: number): number {
  switch (start.kind) {
    case "now":
      return nowTime;
    case "oldest":
      return oldestTime;
    case "ago":
      return nowTime - start.ms;
    case "at":
      return start.time;
  }
}
