import { formatClock, instantParts } from "./format.ts";
import type { Zone } from "./range.ts";

export interface Tick {
  readonly time: number;
  readonly label: string;
}

const STEPS_MS: readonly number[] = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000,
  900_000, 1_800_000, 3_600_000, 7_200_000, 14_400_000, 21_600_000, 43_200_000, 86_400_000, 172_800_000, 604_800_000,
  2_592_000_000,
];

export interface TickRequest {
  readonly fromMs: number;
  readonly toMs: number;
  readonly width: number;
  readonly zone: Zone;
  /** Least distance between two ticks in pixels. */
  readonly gap?: number;
}

/** Ticks at round times of the zone, no closer than `gap`. */
export function timeTicks({ fromMs, toMs, width, zone, gap = 110 }: TickRequest): readonly Tick[] {
  const wanted = ((toMs - fromMs) * gap) / Math.max(1, width);
  const step = STEPS_MS.find((candidate) => candidate >= wanted) ?? STEPS_MS.at(-1) ?? 1;
  const shift = zone === "utc" ? 0 : -new Date(fromMs).getTimezoneOffset() * 60_000;
  const ticks: Tick[] = [];
  for (let time = Math.ceil((fromMs + shift) / step) * step - shift; time <= toMs; time += step) {
    ticks.push({ time, label: labelOf(time, step, zone) });
  }
  return ticks;
}

function labelOf(time: number, step: number, zone: Zone): string {
  if (step < 1000) return formatClock(time, zone, true);
  if (step < 60_000) return formatClock(time, zone);
  const parts = instantParts(time, zone);
  const minute = parts.clock.slice(0, 5);
  if (step >= 86_400_000) return parts.date;
  return minute === "00:00" ? `${parts.date} ${minute}` : minute;
}
