import { parseFreeRange } from "./free-text.ts";

export type Zone = "local" | "utc";

/** A time range as the URL holds it: `-15m`, `now`, an ISO instant or an epoch. No `to` means now. */
export interface RangeText {
  readonly from: string;
  readonly to?: string | undefined;
}

/** A range in milliseconds since the epoch. */
export interface ResolvedRange {
  readonly fromMs: number;
  readonly toMs: number;
  /** True when it moves with the clock. */
  readonly isRelative: boolean;
}

export const DEFAULT_FROM = "-1h";

export const PRESETS: readonly { readonly from: string; readonly label: string }[] = [
  { from: "-5m", label: "5 min" },
  { from: "-15m", label: "15 min" },
  { from: "-1h", label: "1 h" },
  { from: "-4h", label: "4 h" },
  { from: "-24h", label: "24 h" },
  { from: "-7d", label: "7 d" },
];

const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
const RELATIVE = /^-(\d{1,6})([smhdw])$/;
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)$/i;

/** Milliseconds of one bound; undefined when it is none of the forms the URL may hold. */
export function parseBound(text: string, nowMs: number): number | undefined {
  if (text === "now") return nowMs;
  const relative = RELATIVE.exec(text);
  if (relative !== null) return nowMs - Number(relative[1]) * (UNIT_MS[relative[2] ?? ""] ?? 0);
  if (/^\d{10}$/.test(text)) return Number(text) * 1000;
  if (/^\d{13}$/.test(text)) return Number(text);
  return ISO.test(text) ? finite(Date.parse(text)) : undefined;
}

/** The range in milliseconds. A bound that cannot be read falls back to the default; a range is never inverted. */
export function resolveRange(range: RangeText, nowMs: number): ResolvedRange {
  const toMs = parseBound(range.to ?? "now", nowMs) ?? nowMs;
  const fromMs = parseBound(range.from, nowMs) ?? toMs - 3_600_000;
  const isRelative = RELATIVE.test(range.from) || range.from === "now";
  return fromMs < toMs ? { fromMs, toMs, isRelative } : { fromMs: toMs, toMs: fromMs + 1, isRelative };
}

/** Reads what a person typed into the time field; undefined when it is not understood. */
export function parseRange(
  text: string,
  clock: { readonly nowMs: number; readonly zone: Zone },
): RangeText | undefined {
  const trimmed = text.trim();
  if (RELATIVE.test(trimmed)) return { from: trimmed };
  return parseFreeRange(trimmed.toLowerCase(), clock);
}

/** The range in words, for the button that opens the picker. */
export function describeRange(range: RangeText): string | undefined {
  const match = RELATIVE.exec(range.from);
  if (match === null || (range.to !== undefined && range.to !== "now")) return undefined;
  const unit: Readonly<Record<string, string>> = { s: "s", m: "min", h: "h", d: "d", w: "weeks" };
  return `last ${match[1]} ${unit[match[2] ?? ""] ?? ""}`;
}

/** The range zoomed out around its middle, in ISO instants. */
export function widenRange(range: ResolvedRange, factor: number): RangeText {
  const middle = (range.fromMs + range.toMs) / 2;
  const half = ((range.toMs - range.fromMs) * factor) / 2;
  return absoluteRange(middle - half, middle + half);
}

export function absoluteRange(fromMs: number, toMs: number): RangeText & { readonly to: string } {
  return { from: new Date(Math.floor(fromMs)).toISOString(), to: new Date(Math.ceil(toMs)).toISOString() };
}

function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}
