import { z } from "zod";

const UNIT_MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

const FORM = "a duration is a number and a unit: 250ms, 30s, 5m, 2h, 1d";

const DURATION = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)$/;

/** A span of time in the configuration: `250ms`, `30s`, `5m`, `2h`, `1d`. Parsed to milliseconds, `min` to `max`. */
export function durationSchema(bounds: { readonly minMs: number; readonly maxMs: number }) {
  return z
    .string(FORM)
    .regex(DURATION, FORM)
    .transform(parseDuration)
    .refine((ms) => ms >= bounds.minMs && ms <= bounds.maxMs, {
      error: `must be between ${durationText(bounds.minMs)} and ${durationText(bounds.maxMs)}`,
    });
}

function parseDuration(text: string): number {
  const [, amount, unit] = DURATION.exec(text) ?? [];
  const unitMs = Object.entries(UNIT_MS).find(([name]) => name === unit)?.[1] ?? 0;
  return Math.round(Number(amount) * unitMs);
}

/** The shortest exact way to write a duration. */
export function durationText(ms: number): string {
  for (const unit of ["d", "h", "m", "s"] as const) {
    if (ms >= UNIT_MS[unit] && ms % UNIT_MS[unit] === 0) return `${ms / UNIT_MS[unit]}${unit}`;
  }
  return `${ms}ms`;
}
